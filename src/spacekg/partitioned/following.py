"""following  piles of what is stated → piles of what follows, each shard for itself, in rounds.

Every rule joins what is said at one thing: with what is said of the thing, and where the rule comes from elsewhere (a
chain, a transitive property, a class that asks for some value) with statements that lead to it. So a statement with
such a property lies also with the shard of its object; then each shard finds by itself all that follows at its things,
and sends it to the shards whose things that is about, until none finds anything new. After the first time a shard looks
only at what stands around that which it was sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from pyoxigraph import Literal, Quad, RdfFormat, Store, Triple

from spacekg import reasoning
from spacekg.partitioned import piles
from spacekg.partitioned.piles import Piles

Result = TypeVar("Result")
BLANK = b"_:"
IN_GRAPH = re.compile(rb'^(\S+ \S+ .+) <[^ "]*> \.$', re.MULTILINE)
"""A line in a named graph: behind two terms and a third stands one more, which is no type of a text."""


class Spread(Protocol):
    """Does one thing for each of some shards or parts, wherever, and gives the results in their order: `map` is one."""

    def __call__(self, function: Callable[[int], Result], numbers: Sequence[int], /) -> Iterable[Result]:
        """Do it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the piles lie, in how many shards, and the ontology as lines of quads."""

    folder: Path
    number: int
    ontology: Path

    @property
    def stated(self) -> Path:
        """The piles of what is stated, by subject."""
        return self.folder / "stated"

    @property
    def inferred(self) -> Path:
        """The piles of what follows, by subject."""
        return self.folder / "inferred"

    @property
    def beside(self) -> Path:
        """The piles of what is neither inferred from nor checked, and counted like all else."""
        return self.folder / "beside"

    @property
    def aligned(self) -> Path:
        """The piles of what other vocabularies would make of ours, which no union has."""
        return self.folder / "aligned"

    @property
    def described(self) -> Path:
        """The piles of what is said of single documents and graphs, and is not counted."""
        return self.folder / "described"

    @property
    def copies(self) -> Path:
        """The piles of stated quads that lie with their object too."""
        return self.folder / "copies"

    def sent(self, turn: int) -> Path:
        """The piles of what was found in a round, for the shards that it is about."""
        return self.folder / "sent" / f"{turn:03}"

    def shards_of(self, triple: Triple | Quad, joined: frozenset[str]) -> set[int]:
        """The shards that have to know a statement."""
        shards = {piles.owner(str(triple.subject).encode(), self.number)}
        if triple.predicate.value in joined and not isinstance(triple.object, Literal):
            shards.add(piles.owner(str(triple.object).encode(), self.number))
        return shards


def state(place: Place, quads: Iterable[Quad], name: str) -> None:
    """Put quads on the piles of what is stated, as the part that has this name."""
    joined = reasoning.joined(piles.parsed(place.ontology.read_bytes()))
    stated, copies = (Piles(folder, name, place.number) for folder in (place.stated, place.copies))
    for quad in quads:
        own = piles.owner(str(quad.subject).encode(), place.number)
        stated.put(own, piles.line(quad))
        for shard in place.shards_of(quad, joined) - {own}:
            copies.put(shard, piles.line(quad))
    stated.flush()
    copies.flush()


def infer(place: Place, spread: Spread) -> int:
    """Make the piles of what follows from what is stated, and tell how much that is."""
    shards = set(range(place.number))
    turn = 0
    while shards:
        turn += 1
        shards = set().union(*spread(partial(_round, place, turn), sorted(shards)))
    return sum(spread(partial(_collect, place, turn), range(place.number)))


def _round(place: Place, turn: int, shard: int) -> set[int]:
    """Find what follows in one shard, and send it where it belongs; returns the other shards that were sent some."""
    ontology = list(piles.parsed(place.ontology.read_bytes()))
    joined = reasoning.joined(ontology)
    store, new = _held(place, turn, shard)
    found: set[Triple] = set()
    if turn == 1:
        found = reasoning.closed(store, ontology)
    elif new:
        found = reasoning.extended(store, new, ontology)
    sent = Piles(place.sent(turn), f"{shard:05}", place.number)
    for triple in sorted(found, key=str):
        for target in place.shards_of(triple, joined) | {shard}:
            sent.put(target, f"{triple} .\n".encode())
    sent.flush()
    return sent.begun - {shard}


def _held(place: Place, turn: int, shard: int) -> tuple[Store, set[Triple]]:
    """What a shard knows, and what of it others have sent in the last round that it did not know then."""
    store, new = Store(), set[Triple]()
    folders = (place.stated, place.copies, *(place.sent(before) for before in range(1, turn - 1)))
    for folder in folders:
        for _, text in piles.written(folder, shard):
            _load(text, store)
    for writer, text in piles.written(place.sent(turn - 1), shard) if turn > 1 else ():
        if int(writer) == shard:
            _load(text, store)
        else:
            new.update(quad.triple for quad in piles.parsed(text))
    new = {triple for triple in new if Quad(*triple) not in store}
    store.extend(Quad(*triple) for triple in new)
    return store, new


def _load(text: bytes, store: Store) -> None:
    """Put statements into the default graph of a store.

    It reads text far faster than it takes objects, but gives blank nodes other names then.
    """
    plain, blank = text, b""
    if BLANK in text:
        lines = text.splitlines(keepends=True)
        plain, blank = (b"".join(line for line in lines if (BLANK in line) is odd) for odd in (False, True))
    store.load(input=IN_GRAPH.sub(rb"\1 .", plain), format=RdfFormat.N_TRIPLES, lenient=True)
    store.extend(Quad(*quad.triple) for quad in piles.parsed(blank))


def _collect(place: Place, turns: int, shard: int) -> int:
    """Write what was inferred about the things of a shard, sorted, and count it."""
    stated = {quad.triple for quad in piles.quads(place.stated, shard)}
    found = {
        quad.triple
        for turn in range(1, turns + 1)
        for quad in piles.quads(place.sent(turn), shard)
        if piles.owner(str(quad.subject).encode(), place.number) == shard
    }
    inferred, quads = Piles(place.inferred, f"{shard:05}", place.number), reasoning.as_inferred(found - stated)
    for quad in quads:
        inferred.put(shard, piles.line(quad))
    inferred.flush()
    return len(quads)
