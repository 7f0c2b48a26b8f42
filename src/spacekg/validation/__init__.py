"""validation check     triples, shapes, ontology → report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store, Triple, Variable

from spacekg import declared
from spacekg.validation import shacl
from spacekg.validation.demands import backwards
from spacekg.validation.report import VIOLATION, Quote, Report, Violation

__all__ = ["Evidence", "Quote", "Report", "Violation", "about", "backwards", "check", "explained", "find", "to_explain"]

CHECKS = f"{declared.BASE}checks/"
EXPLAINED = (VIOLATION, "Warning")
"""The severities whose claims are looked up: notes are many, and say what is missing rather than wrong."""
QUOTES = 5
"""How many claims are named as what may have led to a violation."""
Own = Callable[[str], bool]
"""Whether a thing, written as in N-Quads, is one to check; others are there to be looked at."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """An accepted claim that speaks of a thing, and what it states."""

    thing: str
    quote: Quote
    predicate: str
    object: str


def check(quads: Iterable[Quad], shapes: Iterable[Quad], ontology: Iterable[Quad]) -> Report:
    """Hold the graph against the shapes, and against what the ontology says cannot be.

    The graphs of `quads` are read as one; give it what was inferred as well, for contradictions show in it.
    """
    data, terms = list(quads), list(ontology)
    store = _store(data, terms)
    found = _find(store, data, list(shapes), terms)
    return explained(found, _about(store, to_explain(found)))


def find(quads: Iterable[Quad], shapes: Iterable[Quad], ontology: Iterable[Quad], own: Own) -> set[Violation]:
    """Check a part of a graph, with what stands one step away from it; what is found of other things does not count."""
    data, terms = list(quads), list(ontology)
    return _find(_store(data, terms), data, list(shapes), terms, own)


def to_explain(found: Iterable[Violation]) -> list[str]:
    """Give the things of which it is worth to know the claims, sorted."""
    wrong = (each.focus for each in found if each.severity in EXPLAINED and each.focus.startswith("http"))
    return sorted(set(wrong))


def about(quads: Iterable[Quad], things: Iterable[str]) -> list[Evidence]:
    """Find the accepted claims of a part of a graph that speak of some things."""
    return _about(_store(list(quads), []), things)


def explained(found: Iterable[Violation], evidence: Iterable[Evidence]) -> Report:
    """Make the report: with each violation the claims that state it, or else those that speak of its thing."""
    known: dict[str, list[Evidence]] = defaultdict(list)
    for each in sorted(evidence, key=lambda each: (each.quote.claim, each.quote.sentence)):
        known[each.thing].append(each)
    return Report(tuple(sorted(_with_claims(each, known.get(each.focus, ())) for each in found)))


def _store(data: list[Quad], terms: list[Quad]) -> Store:
    store = Store()
    store.bulk_extend(_into(declared.GRAPHS["ontology"], terms))
    store.bulk_extend(_into(DefaultGraph(), data))
    return store


def _find(
    store: Store, data: list[Quad], shapes: list[Quad], terms: list[Quad], own: Own = lambda _: True
) -> set[Violation]:
    contradictions = _contradictions(store, declared.shipped() / "queries" / "checks")
    found = {each for each in contradictions if not each.focus.startswith("http") or own(f"<{each.focus}>")}
    return found | set(shacl.violations(data, shapes, terms, own))


def _about(store: Store, things: Iterable[str]) -> list[Evidence]:
    why = (declared.shipped() / "queries" / "checks" / "why" / "claims_about.rq").read_text(encoding="utf-8")
    return [
        Evidence(thing, Quote(row["claim"], row["quote"]), row["predicate"], row["object"])
        for thing in things
        for row in _rows(store, why, thing=thing)
    ]


def _into(graph: NamedNode | DefaultGraph, quads: Iterable[Quad]) -> Iterator[Quad]:
    for quad in quads:
        yield quad if quad.graph_name == graph else Quad(quad.subject, quad.predicate, quad.object, graph)


def _contradictions(store: Store, folder: Path) -> Iterator[Violation]:
    for path in sorted(folder.glob("*.rq")):
        query = path.read_text(encoding="utf-8")
        message = query.partition("\n")[0].lstrip("# ")
        for row in _rows(store, query):
            other = f" Here: {row['value']} and {row['other']}." if "other" in row else ""
            severity = row.get("severity", VIOLATION)
            yield Violation(
                severity, f"{CHECKS}{path.stem}", row["focus"], row["path"], row["value"], f"{message}{other}"
            )


def _with_claims(found: Violation, known: Sequence[Evidence]) -> Violation:
    if found.severity not in EXPLAINED:
        return found
    exact = [each for each in known if each.predicate == found.path and each.object == found.value]
    quotes = dict.fromkeys(each.quote for each in exact or known)
    return replace(found, claims=tuple(quotes)[:QUOTES])


def _rows(store: Store, query: str, **bound: str) -> Iterator[dict[str, str]]:
    values: dict[Variable, NamedNode | BlankNode | Literal | Triple] = {
        Variable(name): NamedNode(iri) for name, iri in bound.items()
    }
    answer = store.query(query, substitutions=values)
    assert isinstance(answer, QuerySolutions)  # every check is a SELECT, as a test makes sure
    names = [variable.value for variable in answer.variables]
    for row in answer:
        terms = ((name, row[name]) for name in names)
        yield {name: getattr(term, "value", str(term)) for name, term in terms if term is not None}
