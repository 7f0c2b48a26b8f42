"""partitions  count quads → VoID: the things of each class and the triples of each property, by graph and in all."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from spacekg.declared import GRAPHS, RDF
from spacekg.description.terms import DATASET, VOID, VOID_EXT, Triple, number, part

TYPE = f"{RDF}type"
ALIGNMENTS = GRAPHS["alignments"]

Names = Callable[[str], str]
Node = NamedNode | BlankNode | Literal | pyoxigraph.Triple
Row = tuple[Node, str, Node]


def count(quads: Iterable[Quad], name: Names) -> Iterator[Triple]:
    """Partition every named graph by class and by property, and the union of all by class, property and value.

    The union leaves out the alignments and counts a triple once however many graphs hold it, as the endpoint does.
    `name` turns the IRI of a term into its short name, of which the IRIs of the partitions are made.
    """
    graphs: dict[NamedNode, list[Row]] = defaultdict(list)
    kinds: dict[Node, set[str]] = defaultdict(set)
    for quad in quads:
        subject, predicate, value, graph = quad.subject, quad.predicate.value, quad.object, quad.graph_name
        if isinstance(graph, NamedNode):
            graphs[graph].append((subject, predicate, value))
        if predicate == TYPE and isinstance(value, NamedNode) and graph != ALIGNMENTS:
            kinds[subject].add(value.value)
    writer = _Writer(name)
    for graph, held in graphs.items():
        yield from writer.graph(graph, held)
    yield from writer.whole({row for graph, held in graphs.items() if graph != ALIGNMENTS for row in held}, kinds)


class _Writer:
    def __init__(self, name: Names) -> None:
        self._name = name

    def graph(self, graph: NamedNode, held: Iterable[Row]) -> Iterator[Triple]:
        things: dict[str, set[Node]] = defaultdict(set)
        properties: Counter[str] = Counter()
        for subject, predicate, value in held:
            properties[predicate] += 1
            if predicate == TYPE and isinstance(value, NamedNode):
                things[value.value].add(subject)
        yield graph, f"{VOID}triples", number(properties.total())
        yield from self._classes(graph, {kind: len(found) for kind, found in things.items()})
        yield from self._properties(graph, properties)

    def whole(self, union: Iterable[Row], kinds: Mapping[Node, set[str]]) -> Iterator[Triple]:
        things = Counter(kind for found in kinds.values() for kind in found)
        properties: Counter[str] = Counter()
        uses: Counter[tuple[str, str]] = Counter()
        values: Counter[tuple[str, str, str, str]] = Counter()
        subjects: set[Node] = set()
        objects: set[Node] = set()
        for subject, predicate, value in union:
            subjects.add(subject)
            objects.add(value)
            properties[predicate] += 1
            for kind in kinds.get(subject, ()):
                uses[kind, predicate] += 1
                values.update((kind, predicate, *sort) for sort in _sorts(value, kinds))
        totals = {"triples": properties.total(), "entities": len(kinds), "classes": len(things)}
        totals |= {"properties": len(properties), "distinctSubjects": len(subjects), "distinctObjects": len(objects)}
        yield from ((DATASET, f"{VOID}{key}", number(total)) for key, total in totals.items())
        yield from self._classes(DATASET, things)
        yield from self._properties(DATASET, properties)
        yield from self._uses(uses)
        yield from self._values(values)

    def _classes(self, whole: NamedNode, things: Mapping[str, int]) -> Iterator[Triple]:
        for kind, entities in things.items():
            node = part(whole, "class", self._slug(kind))
            yield whole, f"{VOID}classPartition", node
            yield node, f"{VOID}class", NamedNode(kind)
            yield node, f"{VOID}entities", number(entities)

    def _properties(self, whole: NamedNode, properties: Mapping[str, int]) -> Iterator[Triple]:
        for iri, triples in properties.items():
            yield from self._property(whole, part(whole, "property", self._slug(iri)), iri, triples)

    def _uses(self, uses: Mapping[tuple[str, str], int]) -> Iterator[Triple]:
        for (kind, iri), triples in uses.items():
            whole = part(DATASET, "class", self._slug(kind))
            yield from self._property(whole, NamedNode(f"{whole.value}-{self._slug(iri)}"), iri, triples)

    def _property(self, whole: NamedNode, node: NamedNode, iri: str, triples: int) -> Iterator[Triple]:
        yield whole, f"{VOID}propertyPartition", node
        yield node, f"{VOID}property", NamedNode(iri)
        yield node, f"{VOID}triples", number(triples)

    def _values(self, values: Mapping[tuple[str, str, str, str], int]) -> Iterator[Triple]:
        for (kind, iri, sort, other), triples in values.items():
            whole = part(DATASET, "class", self._slug(kind), self._slug(iri))
            node = NamedNode(f"{whole.value}-{self._slug(other)}")
            vocabulary = VOID if sort == "class" else VOID_EXT
            yield whole, f"{vocabulary}{sort}Partition", node
            yield node, f"{vocabulary}{sort}", NamedNode(other)
            yield node, f"{VOID}triples", number(triples)

    def _slug(self, iri: str) -> str:
        """Write a term so that it can stand in a fragment; one without a prefix is told by its hash."""
        name = self._name(iri)
        return hashlib.sha256(iri.encode()).hexdigest()[:12] if "/" in name else name.replace(":", "-")


def _sorts(value: Node, kinds: Mapping[Node, set[str]]) -> list[tuple[str, str]]:
    """Give what sort of value something is: its datatype, or its classes."""
    if isinstance(value, Literal):
        return [("datatype", value.datatype.value)]
    return [("class", kind) for kind in kinds.get(value, ())]
