"""validation check     triples, shapes, ontology → report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store, Triple, Variable

from spacekg import declared
from spacekg.validation import shacl
from spacekg.validation.report import VIOLATION, Quote, Report, Violation

__all__ = ["Quote", "Report", "Violation", "check"]

CHECKS = f"{declared.BASE}checks/"
EXPLAINED = (VIOLATION, "Warning")
"""The severities whose claims are looked up: notes are many, and say what is missing rather than wrong."""
QUOTES = 5
"""How many claims are named as what may have led to a violation."""


def check(quads: Iterable[Quad], shapes: Iterable[Quad], ontology: Iterable[Quad]) -> Report:
    """Hold the graph against the shapes, and against what the ontology says cannot be.

    The graphs of `quads` are read as one; give it what was inferred as well, for contradictions show in it.
    """
    data, terms = list(quads), list(ontology)
    store = Store()
    store.bulk_extend(_into(declared.GRAPHS["ontology"], terms))
    store.bulk_extend(_into(DefaultGraph(), data))
    queries = declared.shipped() / "queries" / "checks"
    why = (queries / "why" / "claims_about.rq").read_text(encoding="utf-8")
    found = {*shacl.violations(data, list(shapes), terms), *_contradictions(store, queries)}
    return Report(tuple(sorted(_with_claims(each, store, why) for each in found)))


def _into(graph: NamedNode | DefaultGraph, quads: Iterable[Quad]) -> Iterator[Quad]:
    return (Quad(quad.subject, quad.predicate, quad.object, graph) for quad in quads)


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


def _with_claims(found: Violation, store: Store, why: str) -> Violation:
    """Name the claims that state what is wrong; where none does, those that speak of the thing it is wrong about."""
    if found.severity not in EXPLAINED or not found.focus.startswith("http"):
        return found
    about = list(_rows(store, why, thing=found.focus))
    exact = [row for row in about if row["predicate"] == found.path and row["object"] == found.value]
    quotes = dict.fromkeys(Quote(row["claim"], row["quote"]) for row in exact or about)
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
