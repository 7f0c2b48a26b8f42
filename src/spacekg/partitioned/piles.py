"""piles     lines of quads in a pile for each shard, in which all is that is said of a thing or a claim."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph
from pyoxigraph import Quad, RdfFormat

from spacekg.shards.cutting import CLAIM, THING

HELD = 32_000_000
"""How many bytes are held before they are written."""


def owner(term: bytes, number: int) -> int:
    """Which of so many shards has what is said of a term, which is written as in N-Quads."""
    return zlib.crc32(term[:THING] if term.startswith(CLAIM) else term) % number


class Piles:
    """Takes lines for shards, and writes those of a shard to a file of one name in the folder of that shard.

    Who writes has a name of its own, so that several write at once; the same name writes anew what it wrote before.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name
        self._held: dict[int, list[bytes]] = defaultdict(list)
        self._size = 0
        self.begun: set[int] = set()
        """The shards that were given anything."""

    def put(self, shard: int, line: bytes) -> None:
        """Put a line on the pile of a shard."""
        self._held[shard].append(line)
        self._size += len(line)
        if self._size > HELD:
            self.flush()

    def flush(self) -> None:
        """Write what is held."""
        for shard, lines in self._held.items():
            place = folder_of(self._folder, shard)
            place.mkdir(parents=True, exist_ok=True)
            with (place / self._name).open("ab" if shard in self.begun else "wb") as file:
                file.writelines(lines)
            self.begun.add(shard)
        self._held.clear()
        self._size = 0


def folder_of(folder: Path, shard: int) -> Path:
    """Give the folder in which the pile of a shard lies."""
    return folder / f"{shard:05}"


def lines(folder: Path, shard: int) -> Iterator[bytes]:
    """Read the lines of a shard, file by file."""
    for path in sorted(folder_of(folder, shard).glob("*")):
        with path.open("rb") as file:
            yield from file


def quads(found: Iterable[bytes]) -> Iterator[Quad]:
    """Read lines as quads; blank nodes keep their names."""
    return pyoxigraph.parse(b"".join(found), format=RdfFormat.N_QUADS)


def line(quad: Quad) -> bytes:
    """Write a quad as a line."""
    return f"{quad} .\n".encode()
