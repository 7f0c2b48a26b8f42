"""partitions  count quads → VoID: the things of each class and the triples of each property, by graph and in all."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from spacekg.declared import GRAPHS, RDF
from spacekg.description.terms import DATASET, VOID, VOID_EXT, Triple, number, part

TYPE = f"{RDF}type"
ALIGNMENTS = GRAPHS["alignments"]

Names = Callable[[str], str]
Node = NamedNode | BlankNode | Literal | pyoxigraph.Triple
Row = tuple[Node, str, Node]


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted; of parts that share no subject, the sums are those of the whole."""

    graphs: Counter[str] = field(default_factory=Counter)
    """Triples of each named graph."""
    graph_classes: Counter[tuple[str, str]] = field(default_factory=Counter)
    graph_properties: Counter[tuple[str, str]] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)
    properties: Counter[str] = field(default_factory=Counter)
    uses: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Triples of each class and property."""
    values: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    """Triples of each class and property, by the sort of value (`class` or `datatype`) and its IRI."""
    totals: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Add what was counted elsewhere."""
        for each in fields(self):
            getattr(self, each.name).update(getattr(other, each.name))


def tally(quads: Iterable[Quad], near: Iterable[Quad] = (), objects: int | None = None) -> Tally:
    """Count quads: every named graph by class and by property, and the union of all by class, property and value.

    The union leaves out the alignments and counts a triple once however many graphs hold it, as the endpoint does.
    `near` has the classes of things that the quads name and do not describe; `objects` is how many different objects
    of the union are counted here, where it is not those of these quads.
    """
    found, union = Tally(), set[Row]()
    kinds: dict[Node, set[str]] = defaultdict(set)
    typed: set[tuple[str, str, Node]] = set()
    for quad in quads:
        subject, predicate, value, graph = quad.subject, quad.predicate.value, quad.object, quad.graph_name
        if isinstance(graph, NamedNode):
            found.graphs[graph.value] += 1
            found.graph_properties[graph.value, predicate] += 1
            if predicate == TYPE and isinstance(value, NamedNode):
                typed.add((graph.value, value.value, subject))
            if graph != ALIGNMENTS:
                union.add((subject, predicate, value))
        if predicate == TYPE and isinstance(value, NamedNode) and graph != ALIGNMENTS:
            kinds[subject].add(value.value)
    found.graph_classes.update((graph, kind) for graph, kind, _ in typed)
    found.classes.update(kind for each in kinds.values() for kind in each)
    _count_union(found, union, kinds, _kinds(near, kinds))
    found.totals["entities"] = len(kinds)
    found.totals["distinctSubjects"] = len({subject for subject, _, _ in union})
    found.totals["distinctObjects"] = len({value for _, _, value in union}) if objects is None else objects
    return found


def _kinds(near: Iterable[Quad], own: Mapping[Node, set[str]]) -> Mapping[Node, set[str]]:
    kinds: dict[Node, set[str]] = defaultdict(set, own)
    for quad in near:
        if quad.predicate.value == TYPE and isinstance(quad.object, NamedNode) and quad.subject not in own:
            kinds[quad.subject].add(quad.object.value)
    return kinds


def _count_union(
    found: Tally, union: Iterable[Row], kinds: Mapping[Node, set[str]], near: Mapping[Node, set[str]]
) -> None:
    for subject, predicate, value in union:
        found.properties[predicate] += 1
        for kind in kinds.get(subject, ()):
            found.uses[kind, predicate] += 1
            found.values.update((kind, predicate, *sort) for sort in _sorts(value, near))


def describe(found: Tally, name: Names) -> Iterator[Triple]:
    """Write what was counted as partitions.

    `name` turns the IRI of a term into its short name, of which the IRIs of the partitions are made.
    """
    yield from of_graphs(found, name)
    yield from _Writer(name).whole(found)


def of_graphs(found: Tally, name: Names) -> Iterator[Triple]:
    """Write what was counted of each named graph."""
    writer = _Writer(name)
    classes, properties = _by_graph(found.graph_classes), _by_graph(found.graph_properties)
    for graph, triples in found.graphs.items():
        node = NamedNode(graph)
        yield node, f"{VOID}triples", number(triples)
        yield from writer.classes(node, classes.get(graph, {}))
        yield from writer.properties(node, properties.get(graph, {}))


def _by_graph(counts: Counter[tuple[str, str]]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for (graph, term), triples in counts.items():
        found[graph][term] = triples
    return found


class _Writer:
    def __init__(self, name: Names) -> None:
        self._name = name

    def whole(self, found: Tally) -> Iterator[Triple]:
        totals = {"triples": found.properties.total(), "classes": len(found.classes), **found.totals}
        totals["properties"] = len(found.properties)
        yield from ((DATASET, f"{VOID}{key}", number(total)) for key, total in totals.items())
        yield from self.classes(DATASET, found.classes)
        yield from self.properties(DATASET, found.properties)
        yield from self._uses(found.uses)
        yield from self._values(found.values)

    def classes(self, whole: NamedNode, things: Mapping[str, int]) -> Iterator[Triple]:
        for kind, entities in things.items():
            node = part(whole, "class", self._slug(kind))
            yield whole, f"{VOID}classPartition", node
            yield node, f"{VOID}class", NamedNode(kind)
            yield node, f"{VOID}entities", number(entities)

    def properties(self, whole: NamedNode, properties: Mapping[str, int]) -> Iterator[Triple]:
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
