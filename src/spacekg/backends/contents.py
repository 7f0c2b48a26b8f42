"""contents  a release → its graphs as a SPARQL server is to hold them, triple by triple; what is said of them there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from spacekg import united
from spacekg.backends.graphs import Stored
from spacekg.dumps import lines as dumped
from spacekg.dumps import splitting
from spacekg.release import Release

VOID, DCTERMS = "http://rdfs.org/ns/void#", "http://purl.org/dc/terms/"


def parts(release: Release, stored: Stored, work: Path) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Give the name of each graph in the server and its triples, each once and as a line of N-Triples.

    The first is the default graph, and `work` is an empty folder for files.
    """
    with release.graph.open("rb") as lines:
        splitting.split(lines, work)
    yield stored.union, united_lines(release)
    for graph, name in stored.names.items():
        yield name, _triples(splitting.file_of(f"<{graph}>".encode(), work))


def united_lines(release: Release) -> Iterator[bytes]:
    """Give the triples of the default graph: all but the alignments."""
    return _triples(release.graph, f" <{united.ALIGNMENTS}> .".encode())


def about(release: Release, stored: Stored, sizes: Mapping[str, int]) -> Iterator[bytes]:
    """Say that a release is in the server, and how many triples each of its graphs has there."""
    union, created = NamedNode(stored.union), datetime.now(UTC).isoformat(timespec="seconds")
    date = NamedNode("http://www.w3.org/2001/XMLSchema#dateTime")
    said = [
        Triple(union, NamedNode(f"{DCTERMS}identifier"), Literal(release.id)),
        Triple(union, NamedNode(f"{DCTERMS}created"), Literal(created, datatype=date)),
    ]
    for graph, name in {stored.union: stored.union, **stored.names}.items():
        said.append(Triple(union, NamedNode(f"{VOID}subset"), NamedNode(name)))
        said.append(Triple(NamedNode(name), NamedNode(f"{DCTERMS}source"), NamedNode(graph)))
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
        for name, triples in parts(release, Stored(release.id, release.manifest["quads"]), work):
            end = f" <{name}> .\n".encode()
            for line in triples:
                file.write(line[:-3] + end)
                number += 1
    return number


def _triples(path: Path, left_out: bytes = b"") -> Iterator[bytes]:
    """Read the triples of sorted quads, each once."""
    with path.open("rb") as file:
        kept: Iterable[bytes] = (line for line in file if not left_out or not line.rstrip().endswith(left_out))
        for triple in dumped.bare(kept):
            yield triple + b" .\n"
