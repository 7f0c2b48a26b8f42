"""looks     a graph and what shapes ask → which things look alike to a shape, so that it says the same of them.

A shape that counts values and looks at their classes sees no more of a thing than that. So one of all that look alike
is enough to know what it says, and there are few different looks, however many things.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import chain

from pyoxigraph import Literal, NamedNode, Quad, Triple

from spacekg import declared
from spacekg.validation import terms
from spacekg.validation.demands import CLASSES, DATATYPE, WORDS, Demand, Step
from spacekg.validation.terms import Term

TYPE = NamedNode(f"{declared.RDF}type")
SUBCLASS = NamedNode(f"{declared.RDFS}subClassOf")
Look = tuple[str, ...]
Links = dict[Term, dict[Term, None]]
"""Things, and what each is joined to, once each and in the order in which that was told."""


class Surroundings:
    """The graph as shapes see it: what stands one step away from a thing."""

    def __init__(self, data: Iterable[Quad], demands: Sequence[Demand], ontology: Iterable[Quad]) -> None:
        steps = [step for demand in demands for step in demand.steps]
        properties = {step.property for step in steps if not step.inverse}.union(*(each.properties for each in demands))
        self._ahead: dict[Term, Links] = {each: defaultdict(dict) for each in (*properties, TYPE)}
        self._behind: dict[Term, Links] = {step.property: defaultdict(dict) for step in steps if step.inverse}
        self._of_class: Links = defaultdict(dict)
        self._wider: dict[Term, list[Triple]] = defaultdict(list)
        self._narrower: Links = defaultdict(dict)
        for subject, predicate, value, _ in data:
            if predicate in self._ahead:
                self._ahead[predicate][subject][value] = None
            if predicate in self._behind:
                self._behind[predicate][value][subject] = None
        for thing, kinds in self._ahead[TYPE].items():
            for kind in kinds:
                self._of_class[kind][thing] = None
        for quad in ontology:
            if quad.predicate == SUBCLASS and isinstance(quad.object, NamedNode):
                self._wider[quad.subject].append(quad.triple)
                self._narrower[quad.object][quad.subject] = None
        self._eye = cache(lambda sees: cache(partial(self._seen, sees)))
        self._above = cache(lambda kind: tuple(self._climb(kind)))

    def alike(self, demand: Demand, own: Callable[[str], bool]) -> list[list[NamedNode]]:
        """The own things that a demand is about, those together that look alike to it; a report names no others."""
        groups: dict[object, list[NamedNode]] = defaultdict(list)
        itself = self._eye(demand.itself)
        views = [(self._links(step), self._eye(step.sees)) for step in demand.steps]
        for thing in self._things(demand):
            if isinstance(thing, NamedNode) and own(str(thing)):
                look = tuple(tuple(sorted(map(eye, links.get(thing, ())))) for links, eye in views)
                groups[itself(thing), look].append(thing)
        return list(groups.values())

    def values(self, demand: Demand, thing: NamedNode) -> list[tuple[Term, Look]]:
        """Give what a shape may find wrong with a thing, each with its look: its values, or the thing itself."""
        if demand.along is None:
            return [(thing, ())]
        eye = self._eye(demand.along.sees)
        return [(value, eye(value)) for value in self._links(demand.along).get(thing, ())]

    def near(self, demand: Demand, thing: NamedNode) -> Iterator[Triple]:
        """Give all that a shape looks at when it is asked about a thing."""
        if CLASSES in demand.itself:
            yield from self._classes(thing)
        for step in demand.steps:
            for value in self._links(step).get(thing, ()):
                if step.inverse and not isinstance(value, Literal):
                    yield Triple(value, step.property, thing)
                else:
                    yield Triple(thing, step.property, value)
                if CLASSES in step.sees:
                    yield from self._classes(value)

    def _things(self, demand: Demand) -> dict[Term, None]:
        aims = [*demand.classes]
        for aim in aims:
            aims += [narrower for narrower in self._narrower.get(aim, ()) if narrower not in aims]
        found: list[Iterable[Term]] = [self._of_class.get(aim, {}) for aim in aims]
        found += [self._ahead[each] for each in demand.properties]
        return dict.fromkeys(chain.from_iterable(found))

    def _links(self, step: Step) -> Mapping[Term, Mapping[Term, None]]:
        return (self._behind if step.inverse else self._ahead)[step.property]

    def _classes(self, node: Term) -> Iterator[Triple]:
        if not isinstance(node, Literal):
            for kind in self._ahead[TYPE].get(node, ()):
                yield Triple(node, TYPE, kind)
                yield from self._above(kind)

    def _climb(self, kind: Term) -> Iterator[Triple]:
        kinds = [kind]
        for each in kinds:
            for wider in self._wider.get(each, ()):
                yield wider
                if wider.object not in kinds:
                    kinds.append(wider.object)

    def _seen(self, sees: frozenset[str], value: Term) -> Look:
        return tuple(self._aspects(sees, value))

    def _aspects(self, sees: frozenset[str], value: Term) -> Iterator[str]:
        yield type(value).__name__
        if CLASSES in sees:
            yield from sorted(map(str, self._ahead[TYPE].get(value, ())))
        if WORDS in sees:
            yield str(value)
        elif DATATYPE in sees and isinstance(value, Literal):
            read = terms.literal(value)
            yield from (value.datatype.value, value.language or "", str(read.ill_typed), type(read.value).__name__)
