"""exploration  shipped queries and a filter → who works with whom, missions in time, parts of programmes."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal

from spacekg.answers import Row
from spacekg.entities import rows as reading
from spacekg.entities.overview import Tie
from spacekg.entities.values import Named

PAIRS, MISSIONS, PROGRAMMES = "explore/pairs", "explore/missions", "explore/programmes"
SITES = "explore/sites"
"""The shipped queries that pages and pictures are made of."""
UNKNOWN = "unknown"
"""The year and the decade of what has no date."""
STATUSES = ("accepted", "uncertain", "disputed")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows are wanted: by the values that one of their columns may have; an empty one allows all."""

    kind: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    decade: tuple[str, ...] = ()
    status: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two that work together in something; `kind` is the last part of the IRI of the type of collaboration."""

    first: Named
    second: Named
    work: Named
    kind: Named
    decade: str
    status: str


@dataclass(frozen=True, slots=True)
class Mission:
    """A mission with its dates as they are known (a year, a month or a day), and how many agents are named with it."""

    thing: Named
    kind: str
    begin: str
    end: str
    agents: int


@dataclass(frozen=True, slots=True)
class Part:
    """What is part of a programme, and when it began, empty where that is not known."""

    programme: Named
    thing: Named
    begin: str


@dataclass(frozen=True, slots=True)
class Departures:
    """How many launches left from a place on Earth in a decade, and where it is in degrees of WGS 84."""

    site: Named
    latitude: float
    longitude: float
    decade: str
    launches: int


def question(text: str, wanted: Filter) -> str:
    """Ask a shipped query for some of its rows only, by a VALUES clause behind it: the text can be sent anywhere."""
    chosen = {name: getattr(wanted, name) for name in ("kind", "year", "decade", "status") if getattr(wanted, name)}
    if not chosen:
        return text
    names = " ".join(f"?{name}" for name in chosen)
    rows = "\n".join(
        f"  ({' '.join(str(Literal(value)) for value in row)})" for row in itertools.product(*chosen.values())
    )
    return f"{text.rstrip()}\nVALUES ({names}) {{\n{rows}\n}}\n"


def pairs(rows: Iterable[Row]) -> list[Pair]:
    """Read the rows of the query `PAIRS`."""
    return [
        Pair(
            reading.in_short(row, "first"),
            reading.in_short(row, "second"),
            reading.named(row, "work"),
            Named(reading.text(row, "kind"), reading.text(row, "kindName")),
            reading.text(row, "decade"),
            reading.text(row, "status"),
        )
        for row in rows
    ]


def missions(rows: Iterable[Row]) -> list[Mission]:
    """Read the rows of the query `MISSIONS`."""
    return [
        Mission(
            reading.named(row, "mission"),
            reading.text(row, "kind"),
            reading.text(row, "begin"),
            reading.text(row, "end"),
            int(reading.text(row, "agents")),
        )
        for row in rows
    ]


def parts(rows: Iterable[Row]) -> list[Part]:
    """Read the rows of the query `PROGRAMMES`."""
    return [
        Part(reading.named(row, "programme"), reading.named(row, "part"), reading.text(row, "begin")) for row in rows
    ]


def departures(rows: Iterable[Row]) -> list[Departures]:
    """Read the rows of the query `SITES`."""
    return [
        Departures(
            reading.named(row, "site"),
            float(reading.text(row, "latitude")),
            float(reading.text(row, "longitude")),
            reading.text(row, "decade"),
            int(reading.text(row, "launches")),
        )
        for row in rows
    ]


def ties(found: Iterable[Pair]) -> list[Tie]:
    """Count in how many works each two are together, the closest first: a work of several kinds counts once."""
    works: dict[tuple[Named, Named], set[str]] = {}
    for pair in found:
        works.setdefault((pair.first, pair.second), set()).add(pair.work.iri)
    counted = [Tie(first, second, len(together)) for (first, second), together in works.items()]
    return sorted(counted, key=lambda tie: (-tie.together, tie.first.iri, tie.second.iri))


def agents(found: Sequence[Tie]) -> list[Named]:
    """List those who work together, those with the most ties first."""
    weights: dict[Named, int] = {}
    for tie in found:
        for thing in (tie.first, tie.second):
            weights[thing] = weights.get(thing, 0) + tie.together
    return sorted(weights, key=lambda thing: (-weights[thing], thing.iri))


def among(found: Sequence[Tie], kept: Sequence[Named]) -> list[Tie]:
    """Keep the ties between some of those who work together."""
    inside = {thing.iri for thing in kept}
    return [tie for tie in found if tie.first.iri in inside and tie.second.iri in inside]


def foremost(found: Sequence[Mission], most: int) -> list[Mission]:
    """Keep the missions with which the most agents are named, of those the earliest; in the order of their dates."""
    best = sorted(found, key=lambda mission: (-mission.agents, mission.begin, mission.thing.iri))[:most]
    return sorted(best, key=lambda mission: (mission.begin, mission.thing.iri))


def span(mission: Mission) -> tuple[float, float]:
    """Give the beginning and the end of a mission as years with a fraction; without an end, both are the beginning."""
    begin = moment(mission.begin)
    return begin, max(begin, moment(mission.end)) if mission.end else begin


def moment(date: str) -> float:
    """Give a date as a year with a fraction: a year alone is its first day, and months are taken as equally long."""
    year, month, day = ([int(part) for part in date[:10].split("-")] + [1, 1])[:3]
    return year + (month - 1) / 12 + (day - 1) / 372
