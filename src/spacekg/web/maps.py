"""maps      where launches left from → where dots and names stand on a map: the same input, the same map."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from spacekg.entities.values import Named
from spacekg.exploration import Departures
from spacekg.web.pictures import shortened

WIDTH, NORTH, SOUTH = 720, 84, -60
"""Units across, and the latitudes at its edges: as static/land.svg, an equirectangular map of two units a degree."""
HEIGHT = (NORTH - SOUTH) * 2
LEAST, GREATEST = 3.0, 16.0
"""Radius of the smallest and of the largest dot."""
NAMED = 14
"""How many of the largest dots have their name beside them, where there is room."""
LETTER, LINE = 6, 12
"""How wide a letter and how high a line is, roughly."""
LONGEST = 26


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map: `label` is empty where it has no room, and ends at `text_x` where `align` says so."""

    thing: Named
    x: int
    y: int
    radius: float
    launches: int
    label: str = ""
    text_x: int = 0
    align: str = "start"


Box = tuple[float, float, float, float]


def spots(found: Sequence[Departures]) -> list[Spot]:
    """Put a dot at each place, its area as the launches that left from there; the largest first."""
    launches: dict[tuple[Named, float, float], int] = {}
    for each in found:
        key = each.site, each.latitude, each.longitude
        launches[key] = launches.get(key, 0) + each.launches
    ordered = sorted(launches.items(), key=lambda pair: (-pair[1], pair[0][0].iri))
    most = max(launches.values(), default=1)
    taken: list[Box] = []
    placed = []
    for at, ((thing, latitude, longitude), number) in enumerate(ordered):
        x = round((longitude + 180) * 2)
        y = round((NORTH - min(max(latitude, SOUTH), NORTH)) * 2)
        spot = Spot(thing, x, y, round(max(LEAST, GREATEST * math.sqrt(number / most)), 1), number)
        placed.append(_named(spot, taken) if at < NAMED else spot)
    return placed


def _named(spot: Spot, taken: list[Box]) -> Spot:
    """Write the name at the right of a dot, else at its left, else not at all."""
    label = shortened(spot.thing.name, LONGEST)
    for align, side in (("start", 1), ("end", -1)):
        x = round(spot.x + side * (spot.radius + 3))
        left = x if side == 1 else x - LETTER * len(label)
        box = left, spot.y - LINE / 2, left + LETTER * len(label), spot.y + LINE / 2
        if left >= 0 and box[2] <= WIDTH and not any(_overlap(box, other) for other in taken):
            taken += [box, (spot.x - spot.radius, spot.y - spot.radius, spot.x + spot.radius, spot.y + spot.radius)]
            return Spot(spot.thing, spot.x, spot.y, spot.radius, spot.launches, label, x, align)
    return spot


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
