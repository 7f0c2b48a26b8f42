"""lines     canonical N-Quads, a line each → their terms as bytes, without making objects of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

Row = tuple[bytes, bytes, bytes]
"""Subject, predicate and object as N-Quads writes them."""


def parted(line: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """Part a line into subject, predicate, object and the name of its graph, which is empty for the default graph.

    Only canonical N-Quads are understood: one space between terms, and a space and a full stop at the end.
    """
    subject, predicate, rest = line.split(b" ", 2)
    rest = rest.rstrip(b"\n")[:-2]
    value, _, graph = rest.rpartition(b" ")
    # No IRI has a quotation mark in it; the end of a typed text may look like an IRI but for that.
    named = value and (graph.startswith(b"_:") or (graph.startswith(b"<") and graph.endswith(b">")))
    if named and b'"' not in graph:
        return subject, predicate, value, graph
    return subject, predicate, rest, b""


def united(lines: Iterable[bytes]) -> Iterator[Row]:
    """Give the triples of sorted quads, each once: whichever graphs hold it, they stand together."""
    before: Row = (b"", b"", b"")
    for line in lines:
        subject, predicate, value, _ = parted(line)
        row = (subject, predicate, value)
        if row != before:
            yield row
            before = row


def within(lines: Iterable[bytes], graphs: Iterable[bytes]) -> Iterator[bytes]:
    """Give the lines of some named graphs."""
    ends = tuple(b" " + graph + b" .\n" for graph in graphs)
    if len(ends) == 1:
        return (line for line in lines if line.endswith(ends[0]))
    wanted = frozenset(graphs)
    return (line for line in lines if parted(line)[3] in wanted)
