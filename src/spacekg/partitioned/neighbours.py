"""neighbours piles by subject → beside each pile what other shards know of the things that it names.

Checks and counts look one step far: at a thing, at its values, and at the classes of these. So each shard asks the
owners of its objects for their classes, and whether statements are there that a check of its own wants to see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from spacekg.declared import OWL, RDF, SKG, SKV
from spacekg.partitioned import piles
from spacekg.partitioned.following import Place, Spread
from spacekg.partitioned.piles import Piles

TYPE = f"<{RDF}type>".encode()
ASYMMETRIC = NamedNode(f"{OWL}AsymmetricProperty")
PARTS = tuple(f"<{RDF}{name}>".encode() for name in ("subject", "predicate", "object"))
STANDING = {
    f"<{SKG}{name}>".encode(): f"<{SKV}{value}>".encode()
    for name, value in (("status", "accepted"), ("polarity", "affirmed"))
}
CLAIMING = {*PARTS, *STANDING}


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

    def stated(self, shard: int) -> Iterator[bytes]:
        """Read what that states, as text."""
        for folder in self.folders:
            yield from piles.stated(folder, shard)

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
    asymmetric = _asymmetric(meeting.place.ontology)
    backwards = {f"<{each}>".encode() for each in meeting.backwards}
    asked, answered = (
        Piles(folder, name, number)
        for folder, name in ((meeting.asked, f"{shard:05}"), (meeting.answered, f"given-{shard:05}"))
    )
    questions: set[bytes] = set()
    claims: dict[bytes, dict[bytes, bytes]] = defaultdict(dict)
    for stated in meeting.stated(shard):
        subject, predicate, value = stated.split(b" ", 2)
        if predicate in CLAIMING:
            claims[subject][predicate] = value
        if value.startswith(b'"'):
            continue
        questions.add(value)
        if predicate in backwards:
            answered.put(piles.owner(value, number), stated + b" .\n")
        if predicate in asymmetric:
            questions.add(b" ".join((value, predicate, subject)))
    for question in sorted(questions.union(_affirmed(claims))):
        asked.put(piles.owner(question.partition(b" ")[0], number), question + b"\n")
    asked.flush()
    answered.flush()
    return set()


def _asymmetric(ontology: Path) -> set[bytes]:
    quads = piles.parsed(ontology.read_bytes())
    return {str(quad.subject).encode() for quad in quads if quad.object == ASYMMETRIC}


def _affirmed(claims: Mapping[bytes, Mapping[bytes, bytes]]) -> Iterator[bytes]:
    """Give the triples that accepted claims affirm."""
    for found in claims.values():
        standing = all(found.get(key) == value for key, value in STANDING.items())
        if standing and all(part in found for part in PARTS):
            yield b" ".join(found[part] for part in PARTS)


def _answer(meeting: Meeting, shard: int) -> set[int]:
    askers: dict[bytes, list[int]] = {}
    for asker, questions in piles.written(meeting.asked, shard):
        if int(asker) != shard:
            for question in questions.splitlines():
                askers.setdefault(question, []).append(int(asker))
    answered = Piles(meeting.answered, f"from-{shard:05}", meeting.place.number)
    for stated in meeting.stated(shard):
        subject, predicate, _ = stated.split(b" ", 2)
        asked = {*askers.get(stated, ())}
        if predicate == TYPE:
            asked.update(askers.get(subject, ()))
        for each in asked:
            answered.put(each, stated + b" .\n")
    answered.flush()
    return set()
