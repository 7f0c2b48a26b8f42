"""shacl     the door to pySHACL, which takes a tenth of a millisecond for each thing and shape.

So of all things that look alike to a shape one is checked, and what is found of it is said of the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain

import pyshacl
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, Triple

from spacekg.validation import demands, terms
from spacekg.validation.demands import SH, Demand
from spacekg.validation.looks import Surroundings
from spacekg.validation.report import Violation
from spacekg.validation.terms import Term

TARGET = NamedNode(f"{SH}targetNode")
Asked = Sequence[tuple[Demand, Sequence[NamedNode]]]
"""What is to be checked of which things."""
NAMES = [
    rdflib.URIRef(f"{SH}{name}")
    for name in ("resultSeverity", "sourceShape", "focusNode", "resultPath", "value", "resultMessage")
]


@dataclass(frozen=True, slots=True)
class _Result:
    """What pySHACL says, by which shape, and of which value, if there is any."""

    violation: Violation
    shape: rdflib.term.Node | None
    value: rdflib.term.Node | None


def violations(
    data: Iterable[Quad],
    shapes: Iterable[Quad],
    ontology: Iterable[Quad],
    own: Callable[[str], bool] = lambda _: True,
) -> Iterator[Violation]:
    """Yield what pySHACL finds of the things that are `own`; they are given to it as N-Quads writes them.

    Shapes look one step far: at a thing, its values, and the classes of these.
    """
    asked = demands.read(shapes)
    around = Surroundings(data, asked, ontology)
    mine = cache(own)
    groups = [(demand, group) for demand in asked for group in around.alike(demand, mine)]
    results = list(_found([(demand, group[:1]) for demand, group in groups], around))
    yield from (result.violation for result in results)
    silent: list[tuple[Demand, Sequence[NamedNode]]] = []
    for (demand, group), wrong in _by_group(groups, results):
        if demand.speaks:
            yield from (each for result in wrong for each in _likewise(result, demand, group, around))
        else:
            silent.append((demand, group[1:]))
    yield from (result.violation for result in _found(silent, around))


def _by_group(
    groups: Asked, results: Iterable[_Result]
) -> Iterator[tuple[tuple[Demand, Sequence[NamedNode]], list[_Result]]]:
    found: dict[tuple[object, str], list[_Result]] = defaultdict(list)
    for result in results:
        found[result.shape, result.violation.focus].append(result)
    for demand, group in groups:
        wrong = found.get((terms.term(demand.shape), _text(group[0])))
        if wrong and len(group) > 1:
            yield (demand, group), wrong


def _found(asked: Asked, around: Surroundings) -> Iterator[_Result]:
    targets = [Triple(demand.shape, TARGET, thing) for demand, things in asked for thing in things]
    if not targets:
        return
    near = {triple for demand, things in asked for thing in things for triple in around.near(demand, thing)}
    shapes = {quad.triple for demand, _ in asked for quad in demand.statements}
    _, results, _ = pyshacl.validate(terms.graph(near), shacl_graph=terms.graph(chain(shapes, targets)), inplace=True)
    for node in results.subjects(rdflib.RDF.type, rdflib.URIRef(f"{SH}ValidationResult")):
        told = [results.value(node, name) for name in NAMES]
        severity, shape, focus, path, value, message = map(_told, told)
        found = Violation(severity.rpartition("#")[2], shape, focus, path, value, message)
        yield _Result(found, told[1], told[4])


def _likewise(result: _Result, demand: Demand, group: Sequence[NamedNode], around: Surroundings) -> Iterator[Violation]:
    """Say of things what was found of the first of them, to which they look alike."""
    first, *others = group
    wrong = {look for value, look in around.values(demand, first) if terms.term(value) == result.value}
    for thing in others:
        if not wrong:  # it has no value, or one that all of them have
            yield replace(result.violation, focus=_text(thing))
        for value, look in around.values(demand, thing):
            if look in wrong:
                yield replace(result.violation, focus=_text(thing), value=_text(value))


def _told(node: rdflib.term.Node | None) -> str:
    return "" if node is None or isinstance(node, rdflib.BNode) else str(node)


def _text(term: Term) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else ""
