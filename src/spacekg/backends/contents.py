"""contents  a release → its graphs as a SPARQL server is to hold them, triple by triple; what is said of them there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from pyoxigraph import Literal, NamedNode, Triple

from spacekg import united
from spacekg.backends.graphs import SOURCE, Stored
from spacekg.dumps import lines as dumped
from spacekg.dumps import splitting
from spacekg.release import Release

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


def write(release: Release, path: Path, work: Path) -> int:
    """Write a release as N-Quads for a server's own bulk loader; give the number of lines.

    It says nowhere that the release is there: that is said when all of it was counted.

    Raises:
        OSError: the file or the folder for files cannot be written.
    """
    number = 0
    with path.open("wb") as file:
        for name, triples in parts(release, Stored(release.id, release.sizes), work):
            end = f" <{name}> .\n".encode()
            for line in triples:
                file.write(line[:-3] + end)
                number += 1
    return number


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from _triples(file)


def _triples(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Give the triples of sorted quads, each once."""
    return (triple + b" .\n" for triple in dumped.bare(lines))
