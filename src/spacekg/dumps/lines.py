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


def bare(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Give the triples of sorted quads, without the full stop, each once though several graphs hold it."""
    before = b""
    for line in lines:
        cut = line.rfind(b" <")
        triple = line[:cut]
        # The last IRI is a graph's unless it is in a text, or is the object: then too little stands before it.
        if not line.endswith(b"> .\n") or line.find(b'"', cut) > 0 or triple.count(b" ") < 2:
            triple = b" ".join(parted(line)[:3])
        if triple != before:
            yield triple
            before = triple


def united(lines: Iterable[bytes]) -> Iterator[Row]:
    """Give subject, predicate and object of those triples."""
    subject = predicate = value = end = b" "
    known: set[bytes] = set()
    for line in lines:
        first, second, rest = line.split(b" ", 2)
        # What ends in a space and a graph's IRI that was seen has that graph: no space comes before the type of a text
        # or an object that stands alone, and a text ends in a quotation mark.
        if rest.endswith(end):
            third = rest[: -len(end)]
        elif (tail := rest[rest.rfind(b" <") :]) in known:
            end, third = tail, rest[: -len(tail)]
        else:
            _, _, third, graph = parted(line)
            if graph:
                end = b" " + graph + b" .\n"
                known.add(end)
        if third != value or second != predicate or first != subject:
            yield first, second, third
            subject, predicate, value = first, second, third


def within(lines: Iterable[bytes], graphs: Iterable[bytes]) -> Iterator[bytes]:
    """Give the lines of some named graphs."""
    ends = tuple(b" " + graph + b" .\n" for graph in graphs)
    if len(ends) == 1:
        return (line for line in lines if line.endswith(ends[0]))
    wanted = frozenset(graphs)
    return (line for line in lines if parted(line)[3] in wanted)
