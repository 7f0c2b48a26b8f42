"""piles     lines of quads in a pile for each shard, in which all is that is said of a thing or a claim.

Whoever writes has a file, in which its lines for all shards lie one shard behind the other, below a table of where each
begins. So there are as many files as writers, and not one for each pair of a writer and a shard.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import accumulate
from pathlib import Path

import pyoxigraph
from pyoxigraph import Quad, RdfFormat

from spacekg.shards.cutting import CLAIM, THING

HELD = 32_000_000
"""How many bytes are held before they are written."""
PLACE = struct.calcsize("<Q")
"""How many bytes of the table say where a shard begins; the next ones say where it ends."""


def owner(term: bytes, number: int) -> int:
    """Which of so many shards has what is said of a term, which is written as in N-Quads."""
    return zlib.crc32(term[:THING] if term.startswith(CLAIM) else term) % number


class Piles:
    """Takes lines for so many shards, and writes them to a file of one name, or to several where they are many.

    Who writes has a name of its own, without a full stop, so that several write at once; the same name writes anew
    what it wrote before.
    """

    def __init__(self, folder: Path, name: str, number: int) -> None:
        self._folder, self._name, self._number = folder, name, number
        self._held: dict[int, list[bytes]] = defaultdict(list)
        self._size = 0
        self._files = 0
        self.begun: set[int] = set()
        """The shards that were given anything."""

    def put(self, shard: int, line: bytes) -> None:
        """Put a line on the pile of a shard."""
        self._held[shard].append(line)
        self._size += len(line)
        if self._size > HELD:
            self._write()

    def flush(self) -> None:
        """Write what is held; after it, nothing more is put."""
        if self._held:
            self._write()
        left = self._files
        while (old := self._path(left)).exists():  # of one who began the same, and did not come to the end
            old.unlink()
            left += 1

    def _write(self) -> None:
        self.begun.update(self._held)
        piled = [b"".join(self._held.get(shard, ())) for shard in range(self._number)]
        places = accumulate(map(len, piled), initial=PLACE * (self._number + 1))
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._path(self._files).open("wb") as file:
            file.write(struct.pack(f"<{self._number + 1}Q", *places))
            file.writelines(piled)
        self._files += 1
        self._held.clear()
        self._size = 0

    def _path(self, at: int) -> Path:
        return self._folder / f"{self._name}.{at:04}"


def pile(folder: Path, name: str, quads: Iterable[Quad], number: int) -> None:
    """Put each quad on the pile of the shard that has its subject."""
    target = Piles(folder, name, number)
    for quad in quads:
        target.put(owner(str(quad.subject).encode(), number), line(quad))
    target.flush()


def written(folder: Path, shard: int) -> Iterator[tuple[str, bytes]]:
    """Read what each writer put on the pile of a shard, by the names of the writers, in their order."""
    for path in sorted(folder.glob("*.*")):
        with path.open("rb", buffering=0) as file:
            file.seek(PLACE * shard)
            begin, end = struct.unpack("<2Q", file.read(2 * PLACE))
            if begin < end:
                file.seek(begin)
                yield path.name.partition(".")[0], file.read(end - begin)


def lines(folder: Path, shard: int) -> Iterator[bytes]:
    """Read the lines of a shard, writer by writer."""
    for _, piled in written(folder, shard):
        yield from io.BytesIO(piled)


def quads(folder: Path, shard: int) -> Iterator[Quad]:
    """Read the lines of a shard as quads; blank nodes keep their names."""
    for _, piled in written(folder, shard):
        yield from parsed(piled)


def parsed(text: bytes) -> Iterator[Quad]:
    """Read lines of quads; blank nodes keep their names."""
    return pyoxigraph.parse(text, format=RdfFormat.N_QUADS)


def stated(folder: Path, shard: int) -> Iterator[bytes]:
    """Read what the lines of a shard state, as text without the graphs: much faster than as quads."""
    for each in lines(folder, shard):
        said = each[:-3]
        triple, _, graph = said.rpartition(b" ")
        named = graph.startswith(b"<") and b'"' not in graph and triple.count(b" ") > 1
        yield triple if named else said


def line(quad: Quad) -> bytes:
    """Write a quad as a line."""
    return f"{quad} .\n".encode()
