"""partitioned what documents say, in parts → the same graph as of all at once, while no process holds more than a part.

Documents are in parts of so many characters; quads are in shards by their subject. Every step is done for each part or
each shard alone, by whoever `spread` hands it to, and puts what others need of it into files; so all have to reach the
same folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pyoxigraph import Quad

from spacekg import backbone, description, durable, mappings, settling
from spacekg.corpus import Told
from spacekg.declared import Declared
from spacekg.errors import ReleaseError
from spacekg.partitioned import checking, counting, following, joining, piles, saying, telling
from spacekg.partitioned.following import Place, Spread
from spacekg.partitioned.joining import Joined
from spacekg.partitioned.saying import Blamed, Parts
from spacekg.partitioned.tallies import Tallies
from spacekg.reference import Reference
from spacekg.settling import ROUNDS
from spacekg.validation import Report

__all__ = ["Made", "Spread", "make", "workplace"]

CHARACTERS = 500_000
"""How much text is a part."""


@dataclass(frozen=True, slots=True)
class Made:
    """The graph in pieces, canonical and in order, and what a report tells of how it was made."""

    graph: Joined
    tallies: Tallies
    report: Report


@contextmanager
def workplace(out: Path) -> Iterator[Path]:
    """Give a folder for what is on the way, which is gone afterwards; so is that of a build that was killed.

    Raises:
        ReleaseError: it cannot be made, or the disk is full; what was published stays as it was.
    """
    try:
        with durable.workplace(out, ".parts-") as folder:
            yield folder
    except OSError as error:
        raise ReleaseError(f"{error.filename or out}: cannot write what is on the way: {error.strerror}") from error


def make(  # noqa: PLR0913  # what a graph is made from, in how many shards, where and by whom
    said: Told,
    reference: Reference,
    declared: Declared,
    folder: Path,
    *,
    shards: int,
    spread: Spread,
    tell: Callable[[str], None],
) -> Made:
    """Judge, assemble, infer, check, describe and sort; `folder` holds what is on the way, and the graph.

    Memory of a worker is that of one part or one shard, and of the tables. This process holds what is told for each
    document in the report, but no claims and no quads.
    """
    parts = Parts(folder / "parts")
    tell(f"putting {len(said.documents)} documents into parts")
    saying.part(zip(said.documents, said.texts, strict=True), parts, (reference, declared), CHARACTERS)
    for step in (partial(saying.share, parts), partial(telling.give, parts.talk)):
        for _ in spread(step, parts.numbers()):
            pass
    known = [*declared.ontology, *declared.vocab, *backbone.assemble(reference)]
    place, tallies, report = _settled(folder, shards, (parts, known, declared), spread, tell)
    piles.pile(place.beside, "beside", mappings.assemble(reference), shards)
    piles.pile(place.aligned, "aligned", declared.alignments, shards)
    tell("describing")
    counted = counting.count(place, parts.known, spread)
    described = description.describe(reference.sources, (), declared, counted)
    tell("putting all in order")
    return Made(joining.join(place, described, spread), tallies, report)


def _settled(
    folder: Path,
    shards: int,
    stated: tuple[Parts, Sequence[Quad], Declared],
    spread: Spread,
    tell: Callable[[str], None],
) -> tuple[Place, Tallies, Report]:
    """Do what `settling.settle` does: hold back what leads to a violation, and do it again."""
    parts, known, declared = stated
    blamed: list[Blamed] = []
    while True:
        place = Place(folder / f"round-{len(blamed)}", shards, folder / "ontology.nq")
        place.ontology.write_bytes(b"".join(map(piles.line, declared.ontology)))
        tell(f"assembling {len(parts.numbers())} parts")
        following.state(place, known, "known")
        tallies = Tallies(asserted=len(known))
        for each in spread(partial(assemble, place, parts, tuple(blamed)), parts.numbers()):
            tallies.add(each)
        tell(f"inferring and checking {shards} shards")
        tallies.inferred = following.infer(place, spread)
        report = checking.check(place, list(declared.shapes), spread)
        wrong = settling.blame(report)
        if not wrong or len(blamed) == ROUNDS:
            return place, tallies, report
        blamed.append(wrong)


def assemble(place: Place, parts: Parts, blamed: Sequence[Blamed], number: int) -> Tallies:
    """Put the quads of a part on their piles, and tell what is in the part."""
    read, quads = saying.assemble(parts, blamed, number)
    following.state(place, quads, f"part-{number:06}")
    piles.pile(place.described, f"part-{number:06}", description.of_documents(read.documents), place.number)
    return Tallies.of(read, len(quads))
