"""joining   piles of quads → all of them in one order, as a release has them, in pieces that are each made alone.

Each shard sorts its own. Lines of all of them show where to cut, so that pieces are of about one size; then each shard
cuts, and whoever makes a piece merges what the shards have of it and counts it.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from pyoxigraph import BlankNode, Quad, Store

from spacekg import inventory, release
from spacekg.inventory import Inventory
from spacekg.partitioned import piles
from spacekg.partitioned.following import Place, Spread
from spacekg.partitioned.piles import Piles

SORTED, BLANK, PIECES = "sorted", "blank", "pieces"
SHOWN = 100
"""How many of its lines a shard shows, for the others to know where to cut."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A graph as pieces, which are its file when they lie one behind the other, and what was counted of them."""

    pieces: tuple[Path, ...]
    counted: Inventory

    def write(self, path: Path) -> Inventory:
        """Write the pieces one behind the other.

        Raises:
            OSError: they cannot be written.
        """
        return inventory.join(self.pieces, self.counted, path)


def join(place: Place, described: Iterable[Quad], spread: Spread) -> Joined:
    """Put the quads of all piles, and those of the description, in the order of a release.

    Statements with blank nodes are few, all of them of the ontology: they are named together.
    """
    every = range(place.number)
    shown = [line for lines in spread(partial(_sort, place), every) for line in lines]
    shown += _write(place, place.number, described)
    blank = chain.from_iterable(piles.parsed(path.read_bytes()) for path in sorted((place.folder / BLANK).glob("*")))
    named = b"".join(piles.line(quad) for quad in release.canonical(blank))
    _file(place, SORTED, place.number + 1).write_bytes(named)
    _bounds(place).write_text(json.dumps(_between(sorted(shown), place.number)), encoding="ascii")
    for _ in spread(partial(_cut, place), range(place.number + 2)):
        pass
    counted = Inventory()
    for each in spread(partial(_merge, place), every):
        counted.add(each)
    return Joined(tuple(_file(place, PIECES, each) for each in every), counted)


def _sort(place: Place, shard: int) -> list[str]:
    folders = (place.stated, place.inferred, place.beside, place.aligned, place.described)
    return _write(place, shard, chain.from_iterable(piles.quads(folder, shard) for folder in folders))


def _write(place: Place, shard: int, quads: Iterable[Quad]) -> list[str]:
    """Sort quads, and show some of them."""
    store = Store()  # brings literals into the form that a release has
    store.extend(quads)
    plain: list[bytes] = []
    blank: list[bytes] = []
    for quad in store:
        (blank if BlankNode in (type(quad.subject), type(quad.object)) else plain).append(piles.line(quad))
    plain.sort()
    for name, lines in ((SORTED, plain), (BLANK, blank)):
        _file(place, name, shard).write_bytes(b"".join(lines))
    return [line.decode() for line in plain[:: max(1, len(plain) // SHOWN)]]


def _between(shown: Sequence[str], number: int) -> list[str]:
    """Choose the lines at which so many pieces begin, but for the first one."""
    return [shown[at * len(shown) // number] for at in range(1, number)] if shown else []


def _cut(place: Place, shard: int) -> int:
    """Give the lines that a shard has sorted to the pieces they are of."""
    bounds = [bound.encode() for bound in json.loads(_bounds(place).read_text(encoding="ascii"))]
    cut = Piles(place.folder / "cut", f"{shard:05}", place.number)
    with _file(place, SORTED, shard).open("rb") as file:
        for line in file:
            cut.put(bisect_right(bounds, line), line)
    cut.flush()
    return shard


def _merge(place: Place, piece: int) -> Inventory:
    """Write a piece, each line once, and count it."""
    text, counted = b"".join(sorted(set(piles.lines(place.folder / "cut", piece)))), Inventory()
    _file(place, PIECES, piece).write_bytes(text)
    for quad in piles.parsed(text):
        counted.count(quad)
    return counted


def _bounds(place: Place) -> Path:
    return place.folder / "bounds.json"


def _file(place: Place, name: str, shard: int) -> Path:
    folder = place.folder / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{shard:05}"
