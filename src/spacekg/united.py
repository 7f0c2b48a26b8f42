"""united    load quads → a store that has them and, as its default graph, their union, each triple once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat

ALIGNMENTS = "https://w3id.org/spacekg/graph/alignments"
"""The one graph that the default graph leaves out: what other vocabularies would make of ours."""

_BLANK = b"_:"
_GRAPH = re.compile(rb" <[^ ]*> \.\n")
"""The end of a line that is in a named graph; no IRI has a space, and no text a line of its own."""


@dataclass(frozen=True, slots=True)
class United:
    """A store whose default graph has every triple of its named graphs, without the alignments.

    pyoxigraph's own union counts a triple as often as there are graphs that hold it, so it is kept beside them.
    """

    data: pyoxigraph.Store


def load(quads: Iterable[Quad]) -> United:
    """Load quads, and put every triple of the named graphs beside what no named graph holds."""
    data = pyoxigraph.Store()
    data.bulk_extend(quads)
    return unite(data)


def unite(data: pyoxigraph.Store) -> United:
    """Put every triple of the named graphs of a store beside what no named graph holds.

    A graph goes over as text, since a Python object for each quad takes twice the time; one that may have blank nodes,
    whose names do not outlast text, goes as quads.
    """
    # In an order of ours: two stores of the same quads are to answer in the same order, and pyoxigraph's changes.
    for graph in sorted(filter(_is_united, data.named_graphs()), key=lambda each: each.value):
        triples = data.dump(format=RdfFormat.N_TRIPLES, from_graph=graph) or b""
        if _BLANK in triples:
            quads = data.quads_for_pattern(None, None, None, graph)
            data.bulk_extend([Quad(quad.subject, quad.predicate, quad.object) for quad in quads])
        else:
            data.load(input=triples, format=RdfFormat.N_TRIPLES, lenient=True)
    return United(data)


def load_canonical(quads: bytes) -> United:
    """Load canonical N-Quads that are all in named graphs; others are read one by one.

    The union is the same text with the graph cut off each line, since a Python object for each quad is what takes most
    of the time otherwise; IRIs are not checked again. pyoxigraph gives blank nodes other names when it loads text by
    itself, so lines that may have one are not among these.

    Raises:
        SyntaxError: they are not N-Quads.
    """
    plain, few = _apart(quads, _BLANK)
    triples, cut = _GRAPH.subn(b" .\n", _apart(plain, f" <{ALIGNMENTS}> .\n".encode())[0])
    data = pyoxigraph.Store()
    data.load(input=plain, format=RdfFormat.N_QUADS, lenient=True)
    stray = next(data.quads_for_pattern(None, None, None, DefaultGraph()), None)
    if stray is not None or cut != triples.count(b"\n") or not quads.endswith(b"\n"):
        return load(pyoxigraph.parse(input=quads, format=RdfFormat.N_QUADS))
    data.load(input=triples, format=RdfFormat.N_TRIPLES, lenient=True)
    others = list(pyoxigraph.parse(input=few, format=RdfFormat.N_QUADS))
    data.bulk_extend([*others, *(Quad(*list(quad)[:3]) for quad in others if _is_united(quad.graph_name))])
    return United(data)


def _apart(lines: bytes, mark: bytes) -> tuple[bytes, bytes]:
    """Give the lines without a mark, and those with it."""
    without, having, place = [], [], 0
    while (found := lines.find(mark, place)) >= 0:
        begin, end = lines.rfind(b"\n", place, found) + 1 or place, lines.find(b"\n", found) + 1 or len(lines)
        without.append(lines[place:begin])
        having.append(lines[begin:end])
        place = end
    return b"".join([*without, lines[place:]]), b"".join(having)


def _is_united(graph: NamedNode | BlankNode | DefaultGraph) -> bool:
    return isinstance(graph, NamedNode) and graph.value != ALIGNMENTS
