"""counting  piles of quads → what the description of the dataset counts of them, each shard counted for itself."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from spacekg import description
from spacekg.declared import GRAPHS
from spacekg.description import Links, Tally
from spacekg.partitioned import piles, saying
from spacekg.partitioned.following import Place, Spread
from spacekg.partitioned.neighbours import Meeting, meet
from spacekg.partitioned.piles import Piles

PER_GRAPH = ("graphs", "graph_classes", "graph_properties")
"""What of a tally is of single graphs, of which there is one for each document."""


def count(place: Place, known: Path, spread: Spread) -> tuple[Tally, Links]:
    """Count all shards: the sums are what is counted of all quads at once, without what is of single graphs.

    That is described right away, graph by graph, by the shard that a graph's name belongs to. `known` is the file of
    the tables and declarations.
    """
    meeting = Meeting(place, (place.stated, place.inferred, place.beside), "counted")
    meet(meeting, spread)
    every = range(place.number)
    found, links = Tally(), Counter[tuple[str, str]]()
    for told, linked in spread(partial(_count, meeting), every):
        found.add(told)
        links.update(linked)
    found.totals["distinctObjects"] = sum(spread(partial(_describe, place, known), every))
    return found, links


def _objects(place: Place) -> Path:
    return place.folder / "objects"


def _graphs(place: Place) -> Path:
    return place.folder / "graphs"


def _count(meeting: Meeting, shard: int) -> tuple[Tally, Links]:
    place = meeting.place
    own = list(chain(meeting.own(shard), piles.quads(place.aligned, shard)))
    objects = Piles(_objects(place), f"{shard:05}", place.number)
    for value in {quad.object for quad in own if quad.graph_name != GRAPHS["alignments"]}:
        mark = hashlib.sha256(str(value).encode()).hexdigest()[:32].encode()
        objects.put(piles.owner(mark, place.number), mark + b"\n")
    objects.flush()
    found = description.tally(own, meeting.told(shard), 0)
    _hand_on(place, found, shard)
    return found, description.links(own)


def _hand_on(place: Place, found: Tally, shard: int) -> None:
    """Move what was counted of each graph to the pile of that graph."""
    graphs = Piles(_graphs(place), f"{shard:05}", place.number)
    for name in PER_GRAPH:
        counted: Counter[Any] = getattr(found, name)
        for key, number in counted.items():
            graph = key if isinstance(key, str) else key[0]
            row = json.dumps([name, key, number])
            graphs.put(piles.owner(f"<{graph}>".encode(), place.number), f"{row}\n".encode())
        counted.clear()
    graphs.flush()


def _describe(place: Place, known: Path, shard: int) -> int:
    """Describe the graphs of this shard, and tell how many different objects were sent to it to be counted."""
    found = Tally()
    for row in piles.lines(_graphs(place), shard):
        name, key, number = json.loads(row)
        getattr(found, name)[key if isinstance(key, str) else tuple(key)] += number
    described = Piles(place.described, f"graphs-{shard:05}", place.number)
    for quad in description.of_graphs(found, saying.known(known)[1]):
        described.put(shard, piles.line(quad))
    described.flush()
    return len(set(piles.lines(_objects(place), shard)))
