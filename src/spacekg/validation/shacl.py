"""shacl     the door to pySHACL, which takes a fifth of a millisecond for each thing and shape.

A shape that only counts values and looks at their classes and datatypes says the same of all things that look alike
to it. So of those one is checked, and the others only if that one fails.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import pyshacl
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from spacekg import declared
from spacekg.validation.report import Violation

Term = NamedNode | BlankNode | Literal | Triple
SH = "http://www.w3.org/ns/shacl#"
TYPE = NamedNode(f"{declared.RDF}type")
SUBCLASS = NamedNode(f"{declared.RDFS}subClassOf")
TARGET_CLASS, TARGET_SUBJECTS, INVERSE = (
    NamedNode(f"{SH}{name}") for name in ("targetClass", "targetSubjectsOf", "inversePath")
)
BY_LOOKS = {
    *(f"{declared.RDF}{name}" for name in ("type", "first", "rest")),
    *(
        f"{SH}{name}"
        for name in "targetClass targetSubjectsOf property path inversePath class datatype nodeKind or "
        "minCount maxCount uniqueLang not qualifiedValueShape qualifiedMinCount message severity".split()
    ),
}
"""What a shape may say for which the words of a literal and the name of a thing make no difference."""


def violations(
    data: Iterable[Quad], shapes: Sequence[Quad], ontology: Iterable[Quad], own: Callable[[str], bool] = lambda _: True
) -> Iterator[Violation]:
    """Yield what pySHACL finds of the things that are `own`; they are given to it as N-Quads writes them.

    Shapes look one step far: at a thing, its values, and the classes of these.
    """
    around = _Surroundings(data, shapes, ontology)
    statements: dict[Term, list[Quad]] = defaultdict(list)
    for quad in shapes:
        statements[quad.subject].append(quad)
    for shape in sorted(
        {quad.subject for quad in shapes if quad.predicate in (TARGET_CLASS, TARGET_SUBJECTS)}, key=str
    ):
        part = list(_below(shape, statements))
        groups = around.alike(part, own)
        failed = {found.focus for found in _found(part, [group[0] for group in groups], around)}
        suspects = [thing for group in groups if _text(group[0]) in failed for thing in group]
        yield from _found(part, suspects, around)


def backwards(shapes: Iterable[Quad]) -> frozenset[str]:
    """Give the properties that shapes follow from their object to their subject."""
    followed = (quad.object for quad in shapes if quad.predicate == INVERSE)
    return frozenset(term.value for term in followed if isinstance(term, NamedNode))


class _Surroundings:
    """The graph as shapes see it: what stands one step away from a thing."""

    def __init__(self, data: Iterable[Quad], shapes: Iterable[Quad], ontology: Iterable[Quad]) -> None:
        named = {quad.object for quad in shapes} | {TYPE}
        inverse = backwards(shapes)
        self._subclasses = [q for q in ontology if q.predicate == SUBCLASS and isinstance(q.object, NamedNode)]
        self._steps: dict[Term, dict[Triple, None]] = defaultdict(dict)
        self._types: dict[Term, dict[Term, None]] = defaultdict(dict)
        self._subjects: dict[Term, dict[Term, None]] = defaultdict(dict)
        for quad in data:
            if quad.predicate == TYPE:
                self._types[quad.subject][quad.object] = None
                self._subjects[quad.object][quad.subject] = None
            elif quad.predicate in named:
                self._steps[quad.subject][quad.triple] = None
                self._subjects[quad.predicate][quad.subject] = None
                if quad.predicate.value in inverse:
                    self._steps[quad.object][quad.triple] = None

    def alike(self, shape: Sequence[Quad], own: Callable[[str], bool]) -> list[list[Term]]:
        """The own things that a shape is about, those together that look alike to it; all sorted."""
        by_looks = all(quad.predicate.value in BY_LOOKS for quad in shape)
        paths = {quad.object for quad in shape}
        groups: dict[object, list[Term]] = defaultdict(list)
        for thing in filter(lambda each: own(str(each)), self._targets(shape)):
            groups[self._looks(thing, paths) if by_looks else thing].append(thing)
        return list(groups.values())

    def graph(self, shape: Sequence[Quad], things: Iterable[Term]) -> rdflib.Graph:
        """What a shape needs to see of these things."""
        paths = {quad.object for quad in shape}
        triples = {step for thing in things for step in self._steps[thing] if step.predicate in paths}
        near = {*things, *(step.subject for step in triples), *(step.object for step in triples)}
        for node in near:
            if not isinstance(node, Literal):
                triples.update(Triple(node, TYPE, kind) for kind in self._types.get(node, ()))
        return _graph([*triples, *self._subclasses])

    def _targets(self, shape: Sequence[Quad]) -> list[Term]:
        aims = {quad.object for quad in shape if quad.predicate == TARGET_CLASS}
        while more := {quad.subject for quad in self._subclasses if quad.object in aims} - aims:
            aims |= more
        aims |= {quad.object for quad in shape if quad.predicate == TARGET_SUBJECTS}
        return sorted({thing for aim in aims for thing in self._subjects.get(aim, ())}, key=str)

    def _looks(self, thing: Term, paths: set[Term]) -> object:
        steps = [step for step in self._steps[thing] if step.predicate in paths]
        values = [(str(s.predicate), s.subject == thing, self._look(s.object, s.subject, thing)) for s in steps]
        return tuple(sorted(map(str, self._types.get(thing, ())))), tuple(sorted(values)), type(thing)

    def _look(self, value: Term, subject: Term, thing: Term) -> tuple[str, ...]:
        if isinstance(value, Literal):
            return "literal", value.datatype.value, value.language or "", str(_literal(value).ill_typed)
        other = value if subject == thing else subject
        return type(other).__name__, *sorted(map(str, self._types.get(other, ())))


def _below(shape: Term, statements: Mapping[Term, list[Quad]]) -> Iterator[Quad]:
    waiting, seen = [shape], {shape}
    while waiting:
        for quad in statements.get(waiting.pop(), ()):
            yield quad
            if quad.object in statements and quad.object not in seen:
                seen.add(quad.object)
                waiting.append(quad.object)


def _found(shape: Sequence[Quad], things: Sequence[Term], around: _Surroundings) -> Iterator[Violation]:
    if not things:
        return
    _, results, _ = pyshacl.validate(around.graph(shape, things), shacl_graph=_graph(shape), inplace=True)
    asked = {_text(thing) for thing in things}
    for result in results.subjects(rdflib.RDF.type, rdflib.URIRef(f"{SH}ValidationResult")):
        names = ("resultSeverity", "sourceShape", "focusNode", "resultPath", "value", "resultMessage")
        severity, source, focus, path, value, message = (_value(results, result, name) for name in names)
        if focus in asked:  # neighbours are there only to be looked at
            yield Violation(severity.rpartition("#")[2], source, focus, path, value, message)


def _graph(statements: Iterable[Quad | Triple]) -> rdflib.Graph:
    graph = rdflib.Graph(bind_namespaces="none")
    for each in statements:
        graph.add((_term(each.subject), _term(each.predicate), _term(each.object)))
    return graph


def _term(term: Term) -> rdflib.URIRef | rdflib.Literal | rdflib.BNode:
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    return _literal(term) if isinstance(term, Literal) else rdflib.BNode(_text(term))


def _literal(term: Literal) -> rdflib.Literal:
    datatype = None if term.language else term.datatype.value
    return rdflib.Literal(term.value, lang=term.language, datatype=datatype, normalize=False)


def _text(term: Term) -> str:
    return str(term) if isinstance(term, Triple) else term.value


def _value(results: rdflib.Graph, result: rdflib.term.Node, name: str) -> str:
    value = results.value(result, rdflib.URIRef(f"{SH}{name}"))
    return "" if value is None or isinstance(value, rdflib.BNode) else str(value)
