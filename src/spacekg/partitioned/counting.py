"""counting  piles of quads → what the description of the dataset counts of them, each shard counted for itself."""

from __future__ import annotations

import hashlib
from collections import Counter
from functools import partial
from itertools import chain
from pathlib import Path

from spacekg import description
from spacekg.declared import GRAPHS
from spacekg.description import Links, Tally
from spacekg.partitioned import piles
from spacekg.partitioned.following import Place, Spread
from spacekg.partitioned.neighbours import Meeting, meet
from spacekg.partitioned.piles import Piles


def count(place: Place, spread: Spread) -> tuple[Tally, Links]:
    """Count all shards: the sums are what is counted of all quads at once."""
    meeting = Meeting(place, (place.stated, place.inferred, place.beside), "counted")
    meet(meeting, spread)
    every = range(place.number)
    found, links = Tally(), Counter[tuple[str, str]]()
    for told, linked in spread(partial(_count, meeting), every):
        found.add(told)
        links.update(linked)
    found.totals["distinctObjects"] = sum(spread(partial(_different, place), every))
    return found, links


def _objects(place: Place) -> Path:
    return place.folder / "objects"


def _count(meeting: Meeting, shard: int) -> tuple[Tally, Links]:
    place = meeting.place
    own = list(chain(meeting.own(shard), piles.quads(piles.lines(place.aligned, shard))))
    objects = Piles(_objects(place), f"{shard:05}")
    for value in {quad.object for quad in own if quad.graph_name != GRAPHS["alignments"]}:
        mark = hashlib.sha256(str(value).encode()).hexdigest()[:32].encode()
        objects.put(piles.owner(mark, place.number), mark + b"\n")
    objects.flush()
    return description.tally(own, meeting.told(shard), 0), description.links(own)


def _different(place: Place, shard: int) -> int:
    """How many different objects were sent to this shard to be counted."""
    return len(set(piles.lines(_objects(place), shard)))
