"""concise   describe  found triples → concise bounded descriptions, with the labels of everything they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Triple

from spacekg.declared import RDFS

Graph = NamedNode | BlankNode | DefaultGraph
_LABEL = NamedNode(f"{RDFS}label")


def describe(found: Iterable[Triple], data: pyoxigraph.Store, graphs: Sequence[Graph]) -> Iterator[Triple]:
    """Complete what pyoxigraph says of some resources: it gives their triples and stops at blank nodes.

    Whatever is said of a blank node among the objects belongs to the description, and so on from there; then the
    labels of all IRIs in it. Only the given graphs are asked. A triple may come more than once.
    """
    waiting = list(found)
    blank: set[BlankNode] = set()
    named: set[NamedNode] = set()
    while waiting:
        triple = waiting.pop()
        yield triple
        named.update(term for term in triple if isinstance(term, NamedNode))
        node = triple.object
        if isinstance(node, BlankNode) and node not in blank:
            blank.add(node)
            waiting += _said(data, graphs, node, None)
    for term in named:
        yield from _said(data, graphs, term, _LABEL)


def _said(
    data: pyoxigraph.Store, graphs: Sequence[Graph], subject: NamedNode | BlankNode, predicate: NamedNode | None
) -> Iterator[Triple]:
    for graph in graphs:
        for quad in data.quads_for_pattern(subject, predicate, None, graph):
            yield quad.triple
