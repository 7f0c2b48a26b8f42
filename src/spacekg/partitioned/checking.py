"""checking  piles of what is stated and what follows → the report of the whole graph, each shard checked for itself."""

from __future__ import annotations

from functools import partial

from pyoxigraph import Quad

from spacekg import validation
from spacekg.partitioned import piles
from spacekg.partitioned.following import Place, Spread
from spacekg.partitioned.neighbours import Meeting, meet
from spacekg.validation import Evidence, Report, Violation


def check(place: Place, shapes: list[Quad], spread: Spread) -> Report:
    """Hold all shards against the shapes and the ontology: the report is that of `validation.check` of all quads."""
    meeting = Meeting(place, (place.stated, place.inferred), "checked", validation.backwards(shapes))
    meet(meeting, spread)
    every = range(place.number)
    found = {each for told in spread(partial(_check, meeting, shapes), every) for each in told}
    things = validation.to_explain(found)
    evidence = spread(partial(_about, place, things), every) if things else ()
    return validation.explained(found, [each for told in evidence for each in told])


def _check(meeting: Meeting, shapes: list[Quad], shard: int) -> set[Violation]:
    ontology = piles.quads([meeting.place.ontology.read_bytes()])
    number = meeting.place.number
    return validation.find(
        [*meeting.own(shard), *meeting.told(shard)],
        shapes,
        ontology,
        lambda thing: piles.owner(thing.encode(), number) == shard,
    )


def _about(place: Place, things: list[str], shard: int) -> list[Evidence]:
    return validation.about(piles.quads(piles.lines(place.stated, shard)), things)
