"""facts     description → what a page shows of it: names, headings with their facts, links to other datasets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import Literal

from spacekg.declared import RDF, SKG, SKOS
from spacekg.entities.values import Claim, Description, Named, Statement

MORE = "More"
MOST = 100
"""Values of one property that a page shows; its files have all of them."""
FOAF = "http://xmlns.com/foaf/0.1/"
TEXTS = tuple(f"{SKOS}{name}" for name in ("definition", "scopeNote", "example"))
SUMMARIES = ("http://purl.org/dc/terms/description", *TEXTS, "http://www.w3.org/2000/01/rdf-schema#comment")
ALSO = (f"{SKOS}altLabel", f"{SKG}acronym")
ELSEWHERE = (
    f"{SKOS}exactMatch",
    f"{SKOS}closeMatch",
    f"{FOAF}homepage",
    "http://www.w3.org/2000/01/rdf-schema#seeAlso",
)
UNSHOWN = frozenset(
    {f"{RDF}type", f"{SKOS}prefLabel", f"{SKOS}hiddenLabel", "http://www.w3.org/2000/01/rdf-schema#label"}
    | {*SUMMARIES, *ALSO, *ELSEWHERE}
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One property of a thing with all its values."""

    predicate: Named
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the facts under it."""

    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a page says of a thing before its claims."""

    summaries: tuple[Literal, ...]
    also: tuple[Literal, ...]
    elsewhere: tuple[Statement, ...]
    sections: tuple[Section, ...]


def arrange(description: Description, order: Sequence[tuple[str, str]]) -> Facts:
    """Put the statements of a description under headings; `order` has pairs of heading and property IRI."""
    by_property: dict[str, list[Statement]] = {}
    for statement in description.statements:
        by_property.setdefault(statement.predicate.iri, []).append(statement)
    titles = dict.fromkeys(title for title, _ in order)
    listed = {iri for _, iri in order}
    sections = [
        Section(title, _facts([iri for heading, iri in order if heading == title], by_property)) for title in titles
    ]
    rest = [iri for iri in sorted(by_property) if iri not in listed and iri not in UNSHOWN]
    sections.append(Section(MORE, _facts(rest, by_property)))
    return Facts(
        summaries=_texts(SUMMARIES, by_property),
        also=_texts(ALSO, by_property),
        elsewhere=tuple(statement for iri in ELSEWHERE for statement in by_property.get(iri, ())),
        sections=tuple(section for section in sections if section.facts),
    )


def order(claim: Claim) -> tuple[str, ...]:
    """Bring claims that say the same together."""
    return claim.subject.name, claim.predicate.name, _text(claim.object), claim.iri


def sentence(claim: Claim) -> str:
    """Write what a claim says."""
    return f"{claim.subject.name} {claim.predicate.name} {_text(claim.object)}"


def _facts(iris: Sequence[str], by_property: dict[str, list[Statement]]) -> tuple[Fact, ...]:
    found = [by_property[iri] for iri in iris if iri in by_property]
    return tuple(Fact(statements[0].predicate, tuple(sorted(statements, key=_shown))) for statements in found)


def _texts(iris: Sequence[str], by_property: dict[str, list[Statement]]) -> tuple[Literal, ...]:
    values = [statement.value for iri in iris for statement in by_property.get(iri, ())]
    return tuple({value.value: value for value in values if isinstance(value, Literal)}.values())


def _shown(statement: Statement) -> str:
    return _text(statement.value).casefold()


def _text(value: Named | Literal) -> str:
    return value.name if isinstance(value, Named) else value.value
