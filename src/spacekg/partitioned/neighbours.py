"""neighbours piles by subject → beside each pile what other shards know of the things that it names.

Checks and counts look one step far: at a thing, at its values, and at the classes of these. So each shard asks the
owners of its objects for their classes, and whether statements are there that a check of its own wants to see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from spacekg.declared import OWL, RDF, SKG, SKV
from spacekg.partitioned import piles
from spacekg.partitioned.following import Place, Spread
from spacekg.partitioned.piles import Piles

TYPE = f"{RDF}type"
ASYMMETRIC = NamedNode(f"{OWL}AsymmetricProperty")
PARTS = tuple(f"{RDF}{name}" for name in ("subject", "predicate", "object"))
Node = NamedNode | BlankNode | Literal | Triple
STANDING = {f"{SKG}status": f"{SKV}accepted", f"{SKG}polarity": f"{SKV}affirmed"}


@dataclass(frozen=True, slots=True)
class Meeting:
    """Which piles know each other, and where what they ask and answer lies."""

    place: Place
    folders: tuple[Path, ...]
    name: str
    backwards: frozenset[str] = frozenset()
    """Properties whose statements are wanted where their object is."""

    @property
    def asked(self) -> Path:
        """The piles of questions, by whom they are asked of: a thing, or a whole triple."""
        return self.place.folder / f"{self.name}-asked"

    @property
    def answered(self) -> Path:
        """The piles of answers, by who asked."""
        return self.place.folder / f"{self.name}-answered"

    def own(self, shard: int) -> Iterator[Quad]:
        """Read what a shard has itself."""
        for folder in self.folders:
            yield from piles.quads(folder, shard)

    def told(self, shard: int) -> Iterator[Quad]:
        """Read what a shard was answered."""
        return piles.quads(self.answered, shard)


def meet(meeting: Meeting, spread: Spread) -> None:
    """Have all shards ask and answer."""
    every = range(meeting.place.number)
    for step in (_ask, _answer):
        for _ in spread(partial(step, meeting), every):
            pass


def _ask(meeting: Meeting, shard: int) -> set[int]:
    number = meeting.place.number
    ontology = piles.parsed(meeting.place.ontology.read_bytes())
    asymmetric = {quad.subject for quad in ontology if quad.predicate.value == TYPE and quad.object == ASYMMETRIC}
    asked, answered = (
        Piles(folder, name, number)
        for folder, name in ((meeting.asked, f"{shard:05}"), (meeting.answered, f"given-{shard:05}"))
    )
    own = list(meeting.own(shard))
    linked = [quad for quad in own if not isinstance(quad.object, Literal)]
    for question in sorted({str(quad.object) for quad in linked}):
        _put(asked, question, number)
    for quad in linked:
        if quad.predicate.value in meeting.backwards:
            answered.put(piles.owner(str(quad.object).encode(), number), f"{quad.triple} .\n".encode())
        if quad.predicate in asymmetric:
            _put(asked, f"{quad.object} {quad.predicate} {quad.subject}", number)
    for question in _stated(own):
        _put(asked, question, number)
    asked.flush()
    answered.flush()
    return set()


def _stated(quads: Iterable[Quad]) -> Iterator[str]:
    """Give the triples that accepted claims affirm."""
    claims: dict[object, dict[str, Node]] = defaultdict(dict)
    for quad in quads:
        if quad.predicate.value in (*PARTS, *STANDING):
            claims[quad.subject][quad.predicate.value] = quad.object
    for found in claims.values():
        standing = all(getattr(found.get(key), "value", "") == value for key, value in STANDING.items())
        if standing and all(part in found for part in PARTS):
            yield " ".join(str(found[part]) for part in PARTS)


def _put(asked: Piles, question: str, number: int) -> None:
    asked.put(piles.owner(question.partition(" ")[0].encode(), number), f"{question}\n".encode())


def _answer(meeting: Meeting, shard: int) -> set[int]:
    askers: dict[bytes, list[int]] = {}
    for asker, questions in piles.written(meeting.asked, shard):
        if int(asker) != shard:
            for question in questions.splitlines():
                askers.setdefault(question, []).append(int(asker))
    answered = Piles(meeting.answered, f"from-{shard:05}", meeting.place.number)
    for quad in meeting.own(shard):
        triple = str(quad.triple).encode()
        asked = {*askers.get(triple, ())}
        if quad.predicate.value == TYPE:
            asked.update(askers.get(str(quad.subject).encode(), ()))
        for each in asked:
            answered.put(each, triple + b" .\n")
    answered.flush()
    return set()
