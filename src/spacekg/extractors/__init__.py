"""extractors extend    what the rules read, plug-ins → the same with the plug-ins' claims, checked and merged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import metadata

from pyoxigraph import Literal, NamedNode

from spacekg.corpus import Corpus
from spacekg.declared import RDFS, Declared
from spacekg.errors import ExtractorError
from spacekg.extractors import merging
from spacekg.extractors.checks import Desk, Refused, can_be_stated
from spacekg.extractors.protocol import Extraction, Extractor, Known, Stated, Term, Terms
from spacekg.extractors.standing import Standing
from spacekg.lexicon import rows
from spacekg.model import Claim, Document, Link, Passage, Refusal
from spacekg.reference import Reference

__all__ = ["Extended", "Extraction", "Extractor", "Stated", "Terms", "extend", "load"]

GROUP = "spacekg.extractors"
COMMENT = NamedNode(f"{RDFS}comment")


@dataclass(frozen=True, slots=True)
class Extended:
    """All claims, those of the rules and those of plug-ins, and what each plug-in did, for the report."""

    claims: tuple[Claim, ...]
    report: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    refused: tuple[Refusal, ...] = ()
    """What the rules and the plug-ins found and nothing is claimed of."""


def load(names: Iterable[str]) -> list[Extractor]:
    """Make the plug-ins of these names.

    Raises:
        ExtractorError: none of that name is installed, or what it needs is not.
    """
    installed = {point.name: point for point in metadata.entry_points(group=GROUP)}
    plugins = []
    for name in names:
        if name not in installed:
            known = ", ".join(sorted(installed)) or "none"
            raise ExtractorError(f"no extractor is called {name!r}; installed: {known}")
        try:
            plugins.append(installed[name].load()())
        except ModuleNotFoundError as error:
            raise ExtractorError(
                f"the extractor {name} needs {error.name}: install it with pip install 'spacekg[{name}]'"
            ) from error
    return plugins


def extend(
    read: Corpus,
    documents: Sequence[Document],
    plugins: Sequence[Extractor],
    reference: Reference,
    declared: Declared,
) -> Extended:
    """Let every plug-in read every document, refuse what its quotes do not bear out, and merge the rest.

    The report has for each plug-in how many claims it stated, how many were refused and why, how many agree or
    disagree with what was there, and the numbers it gives itself. Those that are believed read first, so that one
    that is not finds all that it may agree with.

    Raises:
        ExtractorError: a plug-in cannot work at all.
    """
    report: dict[str, dict[str, object]] = {}
    vocabulary = _vocabulary(declared) if plugins else Terms((), (), (), ())
    counts = rows.calibration(declared.folder / "data" / "lexicon" / "plugins.csv").counts if plugins else {}
    standings = {plugin.name: Standing.of(plugin.name, counts) for plugin in plugins}
    for plugin in sorted(plugins, key=lambda plugin: bool(standings[plugin.name].doubt)):
        claims: list[Claim] = []
        refused: list[Refusal] = []
        numbers: dict[str, float] = {}
        for document, desk in _desks(read, documents, standings[plugin.name], reference, declared):
            extraction = plugin.extract(document, _terms(desk, vocabulary))
            for name, value in extraction.numbers.items():
                numbers[name] = round(numbers.get(name, 0) + value, 9)
            claims += _checked(extraction.stated, desk, plugin.name, refused)
        merged, agreed, disagreed = merging.merge(read.claims, claims)
        read = replace(read, claims=tuple(merged), refused=(*read.refused, *refused))
        report[plugin.name] = {
            "stated": len(claims) + len(refused),
            "taken": len(claims),
            "refused": dict(sorted(Counter(each.reason for each in refused).items())),
            "agreed": agreed,
            "disagreed": disagreed,
            **dict(sorted(numbers.items())),
        }
    return Extended(read.claims, report, read.refused)


def _desks(
    read: Corpus, documents: Iterable[Document], standing: Standing, reference: Reference, declared: Declared
) -> Iterable[tuple[Document, Desk]]:
    passages: dict[str, list[Passage]] = {}
    links: dict[str, list[Link]] = {}
    for passage in read.passages:
        passages.setdefault(passage.document.name, []).append(passage)
    for link in read.links:
        links.setdefault(link.mention.passage.document.name, []).append(link)
    for document in documents:
        name = document.name
        yield document, Desk(document, passages.get(name, []), links.get(name, []), reference, declared, standing)


def _checked(stated: Iterable[Stated], desk: Desk, rule: str, refused: list[Refusal]) -> list[Claim]:
    """The claims that stand, each triple of a passage once."""
    found: dict[tuple[object, ...], Claim] = {}
    for each in stated:
        try:
            claim = desk.claim(each, rule)
        except Refused as reason:
            refused.append(_refusal(each, desk, rule, str(reason)))
            continue
        key = (claim.passage.start, claim.subject, claim.predicate, claim.object)
        if key in found:
            refused.append(_refusal(each, desk, rule, "stated twice"))
        else:
            found[key] = claim
    return list(found.values())


def _refusal(stated: Stated, desk: Desk, rule: str, reason: str) -> Refusal:
    """Keep the words that a plug-in quotes, with their place where they stand there."""
    start, end = stated.start, stated.end
    if not (0 <= start < end and desk.document.text[start:end] == stated.quote):
        start = end = -1
    return Refusal(desk.document.name, start, end, stated.quote, rule, reason)


def _vocabulary(declared: Declared) -> Terms:
    """The properties and concepts that claims about any document may use."""
    comments = {
        quad.subject.value: quad.object.value
        for quad in declared.ontology
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal) and quad.predicate == COMMENT
    }
    own = [each for each in declared.properties.values() if can_be_stated(each)]
    ranges = {each.range for each in own}
    concepts = [each for each in declared.concepts.values() if each.kind in ranges]
    return Terms(
        (),
        tuple(Term(each.name, each.domain, each.range, comments.get(declared.iri(each.name), "")) for each in own),
        tuple(Known(c.id, c.labels[0] if c.labels else c.id, c.kind) for c in concepts),
        (),
    )


def _terms(desk: Desk, vocabulary: Terms) -> Terms:
    entities = desk.reference.entities
    named = sorted({link.entity for link in desk.links} & entities.keys())
    known = tuple(Known(name, entities[name].label, entities[name].kind) for name in named)
    return replace(vocabulary, passages=tuple(desk.passages), entities=known)
