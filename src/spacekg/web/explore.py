"""explore   /explore: who works with whom, missions in time and programmes as trees, each with filters and a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request

from spacekg import exploration
from spacekg.answers import Engine, Row
from spacekg.errors import BadQueryError
from spacekg.exploration import Filter, Part
from spacekg.web import pictures, responses
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
        "programmes",
        exploration.PROGRAMMES,
        ("decade",),
        "Programmes and their parts",
        "What belongs to which programme, by the date at which it began.",
    ),
)
LABELS = {"kind": "Kind", "decade": "Decade", "status": "Status"}
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

    @part.get("")
    def index() -> Response:
        return responses.whole(render_template("explore.html", views=list(views.values())).encode(), responses.PAGE)

    @part.get(f"/<any({','.join(views)}):name>")
    def view(name: str) -> Response:
        asked = {each: [*filter(None, request.args.getlist(each))] for each in views[name].filters}
        page = site.shelf.fetch(("explore", name, str(asked)), lambda: _written(engine, views[name], asked))
        return responses.whole(page.content, responses.PAGE)

    return part


def _written(engine: Engine, view: View, asked: Mapping[str, list[str]]) -> Written:
    """Write a view of what fits the filters.

    Raises:
        BadQueryError: a filter is given twice, or a value that nothing has.
    """
    text = engine.shipped(view.query)
    everything = engine.answer_text(text)
    fields = [_field(name, everything, asked[name]) for name in view.filters]
    chosen = {field.name: (field.chosen,) for field in fields if field.chosen}
    query = exploration.question(text, Filter(**chosen))
    rows = engine.answer_text(query) if chosen else everything
    page = render_template(
        f"explore_{view.name}.html", view=view, fields=fields, query=query, most=WIDE, **_shown(view, rows)
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
    if view.name == "programmes":
        return {"parts": exploration.parts(rows), **_trees(exploration.parts(rows))}
    pairs = exploration.pairs(rows)
    ties = exploration.ties(pairs)
    if view.name == "network":
        return {"pairs": pairs, "ties": ties, "network": pictures.ring(ties) if ties else None}
    everybody = exploration.agents(ties)
    shown = everybody[:MOST_FIELDS]
    counts = {(tie.first.iri, tie.second.iri): tie.together for tie in exploration.among(ties, shown)}
    counts |= {(second, first): together for (first, second), together in counts.items()}
    return {"pairs": pairs, "agents": shown, "counts": counts, "left_out": len(everybody) - len(shown)}


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
