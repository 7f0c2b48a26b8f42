"""pictures  who is linked to whom → where dots, lines and names stand: the same input, the same drawing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spacekg import exploration
from spacekg.entities.overview import Tie
from spacekg.entities.values import Named
from spacekg.exploration import Mission

MOST = 26
"""How many a ring shows: those with the most ties."""
SIDE = 9
"""How many neighbours stand on each side of a thing."""
LONGEST = 36
"""Characters of a name that have room."""
ROW, WIDTH, RADIUS, NAMES = 40, 760, 165, 240
"""Height of a row, width of a drawing, radius of a ring, room for names beside a chart, in units of the drawing."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A thing in a drawing: where it is, where its name is, and how that is aligned: start, middle or end."""

    thing: Named
    x: int
    y: int
    text_x: int
    text_y: int
    align: str
    label: str
    word: str = ""
    """How it is linked to the one in the centre."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line in a drawing, as the value of the attribute `d` of a path, and its width."""

    path: str
    width: float


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing; `left_out` counts the things that had no room."""

    width: int
    height: int
    dots: tuple[Dot, ...]
    lines: tuple[Line, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Bar:
    """A mission in a drawing: from where to where it goes, and how far down."""

    thing: Named
    kind: str
    begin: int
    end: int
    y: int
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of missions in time; `ticks` are pairs of a place and the year that is there."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[int, str], ...]


def ring(ties: Sequence[Tie]) -> Picture:
    """Put those with the most ties on a ring, close partners beside each other, and bend their ties to the middle."""
    order, left_out = _order(ties)
    middle_x, middle_y = WIDTH // 2, RADIUS + 45
    dots = {thing.iri: _on_ring(thing, at / len(order), middle_x, middle_y) for at, thing in enumerate(order)}
    lines = [
        Line(_bent(dots[tie.first.iri], dots[tie.second.iri], middle_x, middle_y), min(1 + tie.together * 0.8, 7))
        for tie in ties
        if tie.first.iri in dots and tie.second.iri in dots
    ]
    return Picture(WIDTH, 2 * middle_y, tuple(dots.values()), tuple(lines), left_out)


def neighbours(centre: Named, before: Sequence[tuple[str, Named]], behind: Sequence[tuple[str, Named]]) -> Picture:
    """Put a thing in the centre, what links to it at its left, and what it links to at its right.

    Neighbours are pairs of how they are linked and the thing.
    """
    rows = max(len(before[:SIDE]), len(behind[:SIDE]), 2)
    height, middle = rows * ROW + 40, (rows * ROW + 40) // 2
    half = WIDTH // 2
    left = _column(before[:SIDE], half - 110, height, "end")
    right = _column(behind[:SIDE], half + 110, height, "start")
    own = Dot(centre, half, middle, half, middle - 16, "middle", shortened(centre.name, 24))
    lines = [
        Line(f"M{half} {middle}C{(half + dot.x) // 2} {middle} {(half + dot.x) // 2} {dot.y} {dot.x} {dot.y}", 1.5)
        for dot in (*left, *right)
    ]
    left_out = len(before) + len(behind) - len(left) - len(right)
    return Picture(WIDTH, height, (own, *left, *right), tuple(lines), left_out)


def spans(missions: Sequence[Mission]) -> Chart | None:
    """Put missions below each other, the years from left to right; nothing without missions."""
    if not missions:
        return None
    ends = [exploration.span(mission) for mission in missions]
    first, last = int(min(begin for begin, _ in ends)), int(max(end for _, end in ends)) + 1
    step = next(each for each in (1, 2, 5, 10, 20, 50, 100, 1000) if (last - first) / each <= 9)
    years = range(-(-first // step) * step, last + 1, step)
    scale = (WIDTH - NAMES - 20) / (last - first)
    places = [[round(NAMES + (year - first) * scale) for year in span] for span in ends]
    bars = [
        Bar(mission.thing, mission.kind, begin, end, 34 + row * 22, shortened(mission.thing.name, 30))
        for row, (mission, (begin, end)) in enumerate(zip(missions, places, strict=True))
    ]
    ticks = tuple((round(NAMES + (year - first) * scale), str(year)) for year in years)
    return Chart(WIDTH, 34 + len(bars) * 22, tuple(bars), ticks)


def shortened(name: str, most: int = LONGEST) -> str:
    """Cut a name that has no room."""
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def _order(ties: Sequence[Tie]) -> tuple[list[Named], int]:
    agents = exploration.agents(ties)
    near: dict[tuple[str, str], int] = {}
    for tie in ties:
        near[tie.first.iri, tie.second.iri] = near[tie.second.iri, tie.first.iri] = tie.together
    order, waiting = agents[:1], agents[1:MOST]
    while waiting:
        # Of those that are equally close, the one with the most ties: they wait in that order.
        closest = max(waiting, key=lambda thing: near.get((order[-1].iri, thing.iri), 0))
        waiting.remove(closest)
        order.append(closest)
    return order, max(len(agents) - MOST, 0)


def _on_ring(thing: Named, turn: float, middle_x: int, middle_y: int) -> Dot:
    angle = math.tau * (turn - 0.25)
    along, down = math.cos(angle), math.sin(angle)
    align = "middle" if abs(along) < 0.12 else "start" if along > 0 else "end"
    return Dot(
        thing,
        round(middle_x + RADIUS * along),
        round(middle_y + RADIUS * down),
        round(middle_x + (RADIUS + 13) * along),
        round(middle_y + (RADIUS + 18) * down) + 4,
        align,
        shortened(thing.name, 30),
    )


def _bent(one: Dot, other: Dot, middle_x: int, middle_y: int) -> str:
    x, y = (one.x + other.x + 2 * middle_x) // 4, (one.y + other.y + 2 * middle_y) // 4
    return f"M{one.x} {one.y}Q{x} {y} {other.x} {other.y}"


def _column(pairs: Iterable[tuple[str, Named]], x: int, height: int, align: str) -> list[Dot]:
    placed = list(pairs)
    first = (height - (len(placed) - 1) * ROW) // 2
    text = x + (-10 if align == "end" else 10)
    return [
        Dot(thing, x, first + at * ROW, text, first + at * ROW + 1, align, shortened(thing.name), word)
        for at, (word, thing) in enumerate(placed)
    ]
