"""uses       how often a release uses each term, and on what."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad, Triple

from spacekg.declared import BASE, GRAPHS, RDF, RDFS, SKG, SKOS, SKV
from spacekg.ontology_docs.facts import Value
from spacekg.ontology_docs.terms import Phrase, Ref

EXAMPLES = 5
DECLARED = frozenset(GRAPHS.values())
DOCUMENTS = f"{BASE}graph/document/"
MENTIONS = "https://schema.org/mentions"
NAMES = (f"{SKOS}prefLabel", f"{RDFS}label")


@dataclass(frozen=True, slots=True)
class Use:
    """How many things are of a class, statements have a property or name a concept, and some of them."""

    count: int
    examples: tuple[Phrase, ...]


def count(quads: Iterable[Quad]) -> Mapping[str, Use]:
    """Count by the IRI of a term; each triple counts once, in however many graphs it stands.

    The examples are those that documents speak of before those that only tables have.
    """
    data = dict.fromkeys(quad.triple for quad in _in_order(quads))
    names: dict[Value, str] = dict(_names(data))
    found: defaultdict[str, list[Phrase]] = defaultdict(list)
    numbers: Counter[str] = Counter()
    for triple in data:
        for term in _terms(triple.predicate.value, triple.object):
            numbers[term] += 1
            if len(found[term]) < EXAMPLES:
                found[term].append(_phrase(triple.subject, triple.object, term, names))
    return {term: Use(numbers[term], tuple(found[term])) for term in sorted(numbers)}


def _in_order(quads: Iterable[Quad]) -> list[Quad]:
    usable = [quad for quad in quads if quad.graph_name not in DECLARED]
    mentioned = {quad.object for quad in usable if quad.predicate.value == MENTIONS}
    return sorted(usable, key=lambda quad: (_distance(quad, mentioned), str(quad)))


def _distance(quad: Quad, mentioned: set[Value]) -> int:
    """How far a statement is from the documents: said in one, about what one names, or neither."""
    return 0 if str(quad.graph_name).startswith(f"<{DOCUMENTS}") else 1 if quad.subject in mentioned else 2


def _names(triples: Iterable[Triple]) -> Iterator[tuple[Value, str]]:
    for triple in triples:
        value = triple.object
        if triple.predicate.value in NAMES and isinstance(value, Literal) and value.language in ("en", None):
            yield triple.subject, value.value


def _terms(predicate: str, value: Value) -> list[str]:
    """The terms of ours that a triple uses."""
    if predicate == f"{RDF}type":
        return [value.value] if isinstance(value, NamedNode) and value.value.startswith(SKG) else []
    used = [predicate] if predicate.startswith(SKG) else []
    return [*used, value.value] if used and isinstance(value, NamedNode) and value.value.startswith(SKV) else used


def _phrase(subject: Value, value: Value, term: str, names: Mapping[Value, str]) -> Phrase:
    """A thing of a class, a subject and a value of a property, or a subject that has a concept as value."""
    one = _ref(subject, names)
    is_statement = term.startswith(SKG) and not _is_class(term)
    return (one, Ref(" → "), _ref(value, names)) if is_statement else (one,)


def _is_class(term: str) -> bool:
    return term.removeprefix(SKG)[:1].isupper()


def _ref(value: Value, names: Mapping[Value, str]) -> Ref:
    if isinstance(value, Literal):
        return Ref(value.value)
    iri = value.value if isinstance(value, NamedNode) else ""
    return Ref(names.get(value, iri.removeprefix(BASE).removeprefix(SKV)), iri)
