"""explore   /explore: who works with whom, missions in time, launch sites, programmes; with filters and a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, current_app, render_template, request

from spacekg import exploration
from spacekg.answers import Engine, Row
from spacekg.entities.overview import Tie
from spacekg.errors import BadQueryError
from spacekg.exploration import Filter, Part
from spacekg.web import maps, pictures, responses, templating
from spacekg.web.resources import Site
from spacekg.web.shelf import Written

MOST_FIELDS, MOST_SPANS = 24, 40
"""How many rows a matrix and a timeline have room for."""


@dataclass(frozen=True, slots=True)
class View:
    """A page: the query behind it, the columns it can be filtered by, and what stands in its heading."""

    name: str
    query: str
    filters: tuple[str, ...]
    title: str
    about: str


VIEWS = (
    View(
        "network",
        exploration.PAIRS,
        ("kind", "decade", "status"),
        "Who works with whom",
        "Agencies, states and companies that take part in the same collaboration, mission, programme or craft.",
    ),
    View(
        "matrix",
        exploration.PAIRS,
        ("kind", "decade", "status"),
        "How often each two work together",
        "In how many collaborations, missions, programmes and craft each two take part.",
    ),
    View(
        "timeline",
        exploration.MISSIONS,
        ("kind", "decade"),
        "Missions in time",
        "Missions of which a launch or a beginning is known, until their end or landing where that is known.",
    ),
    View(
        "sites",
        exploration.SITES,
        ("decade",),
        "Where launches left from",
        "Launch sites, by how many of the launches known here left from them.",
    ),
    View(
        "programmes",
        exploration.PROGRAMMES,
        ("decade",),
        "Programmes and their parts",
        "What belongs to which programme, by the date at which it began.",
    ),
)
LABELS = {"kind": "Kind", "decade": "Decade", "status": "Status"}
MOVED = "cytoscape.js"
"""The script that lets a network be moved, where the build fetched it."""
WIDE = 100
"""Rows of the table below a picture that are written at once; the query has them all."""


@dataclass(frozen=True, slots=True)
class Field:
    """A filter in the form of a page: its name, what can be chosen with what it is called, and what is chosen."""

    name: str
    label: str
    choices: Mapping[str, str]
    chosen: str


def blueprint(engine: Engine, site: Site) -> Blueprint:
    """Make the pages on which a graph is explored, as far as the release ships their queries."""
    part = Blueprint("explore", __name__, url_prefix="/explore")
    views = {view.name: view for view in VIEWS if view.query in engine.queries}
    if not views:
        return part

    @cache
    def everything(query: str) -> list[Row]:
        return engine.answer_text(engine.shipped(query))

    @part.get("")
    def index() -> Response:
        return responses.whole(render_template("explore.html", views=list(views.values())).encode(), responses.PAGE)

    @part.get(f"/<any({','.join(views)}):name>")
    def view(name: str) -> Response:
        asked = {each: [*filter(None, request.args.getlist(each))] for each in views[name].filters}
        page = site.shelf.fetch(("explore", name, str(asked)), lambda: _written(engine, everything, views[name], asked))
        return responses.whole(page.content, responses.PAGE)

    return part


def _written(
    engine: Engine, everything: Callable[[str], list[Row]], view: View, asked: Mapping[str, list[str]]
) -> Written:
    """Write a view of what fits the filters.

    Raises:
        BadQueryError: a filter is given twice, or a value that nothing has.
    """
    rows = everything(view.query)
    fields = [_field(name, rows, asked[name]) for name in view.filters]
    chosen = {field.name: (field.chosen,) for field in fields if field.chosen}
    query = exploration.question(engine.shipped(view.query), Filter(**chosen))
    # The same as to ask the query, which would bring all of it together again.
    kept = [row for row in rows if all(_value(row, name) in values for name, values in chosen.items())]
    page = render_template(
        f"explore_{view.name}.html", view=view, views=VIEWS, fields=fields, query=query, most=WIDE, **_shown(view, kept)
    )
    return Written(page.encode(), ())


def _field(name: str, rows: Sequence[Row], given: list[str]) -> Field:
    choices = {_value(row, name): _value(row, f"{name}Name") or _spelled(name, _value(row, name)) for row in rows}
    if name == "status":
        choices |= {each: each for each in exploration.STATUSES}
    ordered = dict(sorted(choices.items(), key=lambda pair: pair[1]))
    if len(given) > 1 or any(value not in ordered for value in given):
        shown = ", ".join(value[:40] for value in given[:3])
        raise BadQueryError(f"{name}={shown!a}: choose one of {', '.join(ordered)}, or leave it out")
    assumed = exploration.STATUSES[0] if name == "status" else ""
    return Field(name, LABELS[name], ordered, given[0] if given else assumed)


def _shown(view: View, rows: Sequence[Row]) -> dict[str, object]:
    """Arrange the rows as the view shows them."""
    if view.name == "timeline":
        missions = exploration.missions(rows)
        return {"missions": missions, "chart": pictures.spans(exploration.foremost(missions, MOST_SPANS))}
    if view.name == "sites":
        return {"departures": exploration.departures(rows), "spots": maps.spots(exploration.departures(rows))}
    if view.name == "programmes":
        return {"parts": exploration.parts(rows), **_trees(exploration.parts(rows))}
    pairs = exploration.pairs(rows)
    ties = exploration.ties(pairs)
    if view.name == "network":
        return {"pairs": pairs, "network": pictures.ring(ties) if ties else None, **_moving(ties)}
    everybody = exploration.agents(ties)
    shown = everybody[:MOST_FIELDS]
    counts = {(tie.first.iri, tie.second.iri): tie.together for tie in exploration.among(ties, shown)}
    counts |= {(second, first): together for (first, second), together in counts.items()}
    return {"pairs": pairs, "agents": shown, "counts": counts, "left_out": len(everybody) - len(shown)}


def _moving(ties: Sequence[Tie]) -> dict[str, object]:
    """Give what the script draws, where there is one: who, with their pages, and the pairs by their places in that."""
    agents = exploration.agents(ties)
    at = {thing.iri: number for number, thing in enumerate(agents)}
    drawn = {
        "agents": [[templating.plain(thing.name), templating.href(thing.iri)] for thing in agents],
        "ties": [[at[tie.first.iri], at[tie.second.iri], tie.together] for tie in ties],
    }
    return {"drawn": drawn, "moved": Path(current_app.static_folder or "", "vendor", MOVED).is_file()}


def _trees(parts: Sequence[Part]) -> dict[str, object]:
    """Give the programmes that are part of no other, and what is below each; what is part of itself ends there."""
    below: dict[str, list[Part]] = {}
    for part in parts:
        below.setdefault(part.programme.iri, []).append(part)
    inside = {part.thing.iri for part in parts}
    programmes = {part.programme.iri: part.programme for part in parts}
    roots = [thing for iri, thing in programmes.items() if iri not in inside] or list(programmes.values())
    return {"roots": sorted(roots, key=lambda thing: (-len(below[thing.iri]), thing.name)), "below": below}


def _value(row: Row, name: str) -> str:
    return str(getattr(row.get(name), "value", ""))


def _spelled(name: str, value: str) -> str:
    return f"{value}s" if name == "decade" and value != exploration.UNKNOWN else value
