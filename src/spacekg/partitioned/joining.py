"""joining   piles of quads → all of them in one order, as a release has them, without holding more than one pile."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from contextlib import ExitStack
from functools import partial
from itertools import chain, groupby
from pathlib import Path

from pyoxigraph import BlankNode, Quad, Store

from spacekg import release
from spacekg.partitioned import piles
from spacekg.partitioned.following import Place, Spread

SORTED, BLANK = "sorted", "blank"


def join(place: Place, described: Iterable[Quad], spread: Spread) -> Path:
    """Write the quads of all piles, and those of the description, to one file as a release has them.

    Each shard sorts its own. Statements with blank nodes are few, all of them of the ontology: they are named together.
    """
    for _ in spread(partial(_sort, place), range(place.number)):
        pass
    _write(place, place.number, described)
    blank = chain.from_iterable(
        piles.quads(piles.lines(place.folder / BLANK, each)) for each in range(place.number + 1)
    )
    named = piles.folder_of(place.folder / SORTED, place.number + 1)
    named.mkdir(parents=True)
    (named / SORTED).write_bytes(b"".join(piles.line(quad) for quad in release.canonical(blank)))
    target = place.folder / release.GRAPH
    with ExitStack() as opened, target.open("wb") as whole:
        files = [opened.enter_context(path.open("rb")) for path in sorted((place.folder / SORTED).glob("*/*"))]
        whole.writelines(line for line, _ in groupby(heapq.merge(*files)))
    return target


def _sort(place: Place, shard: int) -> int:
    folders = (place.stated, place.inferred, place.beside, place.aligned)
    return _write(place, shard, chain.from_iterable(piles.quads(piles.lines(folder, shard)) for folder in folders))


def _write(place: Place, shard: int, quads: Iterable[Quad]) -> int:
    store = Store()  # brings literals into the form that a release has
    store.extend(quads)
    plain: list[bytes] = []
    blank: list[bytes] = []
    for quad in store:
        (blank if BlankNode in (type(quad.subject), type(quad.object)) else plain).append(piles.line(quad))
    for name, lines in ((SORTED, sorted(plain)), (BLANK, sorted(blank))):
        folder = piles.folder_of(place.folder / name, shard)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"".join(lines))
    return len(plain) + len(blank)
