"""checking  piles of what is stated and what follows → the report of the whole graph, each shard checked for itself."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from pyoxigraph import Quad

from spacekg import validation
from spacekg.declared import RDF
from spacekg.partitioned import piles
from spacekg.partitioned.following import Place, Spread
from spacekg.partitioned.neighbours import Meeting, meet
from spacekg.partitioned.piles import Piles
from spacekg.shards import cutting
from spacekg.validation import Evidence, Report, Violation

SPEAKING = {f"<{RDF}{name}>".encode() for name in ("subject", "object")}
"""With which a claim speaks of things."""


def check(place: Place, shapes: list[Quad], spread: Spread) -> Report:
    """Hold all shards against the shapes and the ontology: the report is that of `validation.check` of all quads."""
    meeting = Meeting(place, (place.stated, place.inferred), "checked", validation.backwards(shapes))
    meet(meeting, spread)
    every = range(place.number)
    found = {each for told in spread(partial(_check, meeting, shapes), every) for each in told}
    evidence = spread(partial(_about, meeting), every)
    return validation.explained(found, [each for told in evidence for each in told])


def _explained(meeting: Meeting) -> Path:
    """The piles of things with which something is wrong, by who has statements that lead to them."""
    return meeting.place.folder / "explained"


def _check(meeting: Meeting, shapes: list[Quad], shard: int) -> set[Violation]:
    """Check the things of a shard, and tell whoever asked for one of them when its claims are wanted."""
    ontology = piles.parsed(meeting.place.ontology.read_bytes())
    number = meeting.place.number
    own = b"".join(stated + b" .\n" for stated in meeting.stated(shard))
    found = validation.find(
        [*piles.parsed(own), *meeting.told(shard)],
        shapes,
        ontology,
        lambda thing: piles.owner(thing.encode(), number) == shard,
    )
    things = {f"<{thing}>".encode() for thing in validation.to_explain(found)}
    wanted = Piles(_explained(meeting), f"{shard:05}", number)
    for asker, questions in piles.written(meeting.asked, shard):
        for question in things.intersection(questions.splitlines()):
            wanted.put(int(asker), question + b"\n")
    wanted.flush()
    return found


def _about(meeting: Meeting, shard: int) -> list[Evidence]:
    """Look only at the claims that speak of what is wrong, and their evidence: few of all that a shard has."""
    things = {line.strip() for line in piles.lines(_explained(meeting), shard)}
    if not things:
        return []
    folder = meeting.place.stated
    claims = set()
    for stated in piles.stated(folder, shard):
        _, predicate, value = stated.split(b" ", 2)
        if predicate in SPEAKING and value in things:
            claims.add(cutting.thing(stated))
    lines = (line for line in piles.lines(folder, shard) if cutting.thing(line) in claims)
    return validation.about(piles.parsed(b"".join(lines)), sorted(thing.strip(b"<>").decode() for thing in things))
