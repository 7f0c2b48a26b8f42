"""united    load quads → a store that has them and, as its default graph, their union, each triple once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat

ALIGNMENTS = "https://w3id.org/spacekg/graph/alignments"
"""The one graph that the default graph leaves out: what other vocabularies would make of ours."""

_BLANK = b"_:"


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
    union = (Quad(quad.subject, quad.predicate, quad.object) for quad in data if _in_union(quad))
    data.bulk_extend(list(union))
    return United(data)


def load_canonical(path: Path) -> United:
    """Load a file of canonical N-Quads that are all in named graphs; others are read one by one.

    Lines are cut and joined as they are, since a Python object for each quad, twice, is what takes most of the time
    otherwise. pyoxigraph gives blank nodes other names when it loads text by itself, so lines that may have one are
    not among these.

    Raises:
        OSError, SyntaxError: it cannot be read.
    """
    lines = path.read_bytes().splitlines()
    if not all(line.endswith(b"> .") for line in lines):
        return load(pyoxigraph.parse(path=path, format=RdfFormat.N_QUADS))
    plain, few = [line for line in lines if _BLANK not in line], [line for line in lines if _BLANK in line]
    data = pyoxigraph.Store()
    data.bulk_load(input=b"\n".join(plain), format=RdfFormat.N_QUADS)
    if next(data.quads_for_pattern(None, None, None, DefaultGraph()), None) is not None:
        return load(pyoxigraph.parse(path=path, format=RdfFormat.N_QUADS))
    data.bulk_load(input=_triples(plain), format=RdfFormat.N_TRIPLES)
    others = list(pyoxigraph.parse(input=b"\n".join(few), format=RdfFormat.N_QUADS))
    data.bulk_extend([*others, *(Quad(*list(quad)[:3]) for quad in others if _in_union(quad))])
    return United(data)


def _triples(lines: Iterable[bytes]) -> bytes:
    """Cut the graph off each line; what several graphs say stands once."""
    left_out = f"<{ALIGNMENTS}>".encode()
    cut = (line[:-2].rpartition(b" ") for line in lines)
    return b"".join({b"%s .\n" % triple for triple, _, graph in cut if graph != left_out})


def _in_union(quad: Quad) -> bool:
    return isinstance(quad.graph_name, NamedNode) and quad.graph_name.value != ALIGNMENTS
