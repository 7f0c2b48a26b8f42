"""contents  a release → its graphs as a SPARQL server is to hold them, triple by triple; what is said of them there."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from pyoxigraph import Literal, NamedNode, Triple

from spacekg import united
from spacekg.backends.graphs import SOURCE, Stored
from spacekg.dumps import lines as dumped
from spacekg.dumps import splitting
from spacekg.release import Release

BLOCK = 1 << 20
"""Bytes that are packed at once: line by line takes several times as long."""
VOID, DCTERMS = "http://rdfs.org/ns/void#", "http://purl.org/dc/terms/"


class Graph(Protocol):
    """The quads of a release, wherever they lie."""

    @property
    def id(self) -> str:
        """The release's."""

    @property
    def sizes(self) -> Mapping[str, int]:
        """How many quads each graph has, by its IRI."""

    def lines(self) -> Iterator[bytes]:
        """Read them in order, as lines."""


def parts(graph: Graph, stored: Stored, work: Path) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Give the name of each graph in the server and its triples, each once and as a line of N-Triples.

    The first is the default graph, and `work` is an empty folder for files.
    """
    splitting.split(graph.lines(), work)
    yield stored.union, united_lines(graph)
    for iri, name in stored.names.items():
        yield name, _read(splitting.file_of(f"<{iri}>".encode(), work))


def united_lines(graph: Graph) -> Iterator[bytes]:
    """Give the triples of the default graph: all but the alignments."""
    left_out = f" <{united.ALIGNMENTS}> .".encode()
    return _triples(line for line in graph.lines() if not line.rstrip().endswith(left_out))


def about(release: str, stored: Stored, sizes: Mapping[str, int]) -> Iterator[bytes]:
    """Say that a release is in the server, and how many triples each of its graphs has there."""
    union, created = NamedNode(stored.union), datetime.now(UTC).isoformat(timespec="seconds")
    date = NamedNode("http://www.w3.org/2001/XMLSchema#dateTime")
    said = [
        Triple(union, NamedNode(f"{DCTERMS}identifier"), Literal(release)),
        Triple(union, NamedNode(f"{DCTERMS}created"), Literal(created, datatype=date)),
    ]
    for graph, name in {stored.union: stored.union, **stored.names}.items():
        said.append(Triple(union, NamedNode(f"{VOID}subset"), NamedNode(name)))
        said.append(Triple(NamedNode(name), NamedNode(SOURCE), NamedNode(graph)))
        said.append(Triple(NamedNode(name), NamedNode(f"{VOID}triples"), Literal(sizes[name])))
    return (f"{each} .\n".encode() for each in said)


def write(release: Release, path: Path) -> int:
    """Write a release as N-Quads for a server's own bulk loader, as gzip where the name ends so; give its lines.

    It says nowhere that the release is there: that is said when all of it was counted.

    Raises:
        OSError: the file cannot be written.
    """
    number = 0
    with ExitStack() as opened:
        file = opened.enter_context(path.open("wb"))
        if path.suffix == ".gz":
            packed = opened.enter_context(gzip.GzipFile("", "wb", 1, file, mtime=0))
            file = opened.enter_context(io.BufferedWriter(packed, BLOCK))
        for line in renamed(release, Stored(release.id, release.sizes)):
            file.write(line)
            number += 1
    return number


def renamed(release: Release, stored: Stored) -> Iterator[bytes]:
    """Give the triples of all graphs under the names that these have in a server, those of the default graph first."""
    end = f" <{stored.union}> .\n".encode()
    yield from (triple[:-3] + end for triple in united_lines(release))
    ends = {f"<{graph}>".encode(): f" <{name}> .\n".encode() for graph, name in stored.names.items()}
    for line in release.lines():
        *triple, graph = dumped.parted(line)
        if graph:
            yield b" ".join(triple) + ends[graph]


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from _triples(file)


def _triples(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Give the triples of sorted quads, each once."""
    return (triple + b" .\n" for triple in dumped.bare(lines))
