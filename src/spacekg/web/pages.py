"""pages     what people see first: what this is, a search box, who works with whom, questions and their answers."""

from __future__ import annotations

import math
from itertools import islice

from flask import Blueprint, Response, render_template, request

from spacekg import dumps, formats
from spacekg.answers import Engine, Row
from spacekg.errors import ReleaseError, UnknownQueryError
from spacekg.web import discovery, examples, graphs, negotiation, pictures, reading, responses
from spacekg.web.examples import Example
from spacekg.web.resources import Site
from spacekg.web.shelf import Written

BEGINNING = ("jwst_participants", "nasa_and_esa", "disputed_claims")
"""The questions that the home page leads to, where they are shipped."""
WHOLE = (("All of it (Turtle)", ".ttl.gz"), ("All of it (JSON-LD)", ".jsonld.gz"))
"""What the download buttons say, and how the names of their files end."""
SHOWN = 200
"""Rows of an answer that a page shows."""
FIRST = 20
"""Documents that the home page leads to."""
LISTED = 100
"""Documents, or named graphs, that a page lists."""
Files = tuple[tuple[str, str], ...]


def blueprint(engine: Engine, base_url: str, site: Site) -> Blueprint:
    """Make the pages over an engine."""
    part = Blueprint("pages", __name__)

    @part.get("/")
    def home() -> Response:
        address = f"{base_url or request.url_root}sparql"
        files = _files(site)
        page = site.shelf.fetch(("home", address, files), lambda: _home(engine, site, address, files))
        return responses.whole(page.content, responses.PAGE, vary="Accept")

    @part.get("/documents")
    def documents() -> Response:
        known = site.entities
        total = known.number_of_documents
        parts = max(1, math.ceil(total / LISTED))
        part = reading.number(parts)
        found = known.documents((part - 1) * LISTED, LISTED)
        page = render_template("documents.html", documents=found, total=total, part=part, parts=parts, size=LISTED)
        return responses.whole(page.encode(), responses.PAGE)

    @part.get("/queries")
    def queries() -> Response:
        accept = negotiation.accepted(request)
        offered = ["text/html", "application/xhtml+xml", *(each.media_type for each in formats.GRAPHS)]
        if accept.best_match(offered) in offered[2:]:
            return graphs.written(site, "queries", negotiation.choose((), accept, formats.GRAPHS), "Accept")
        page = render_template("queries.html", summary=engine.summary, examples=examples.listed(engine))
        return responses.whole(page.encode(), responses.PAGE, vary="Accept")

    @part.get("/queries/<path:name>.rq")
    def text(name: str) -> Response:
        return Response(engine.shipped(name), content_type="application/sparql-query")

    @part.get("/queries/<name>")
    def question(name: str) -> Response:
        page = site.shelf.fetch(("question", name), lambda: _answered(engine, name))
        return responses.whole(page.content, responses.PAGE)

    return part


def _files(site: Site) -> Files:
    """Give the label and address of those of a release's files, where they were written, that hold all of it."""
    try:
        found = dumps.find(site.published.release) if site.published.release else None
    except ReleaseError:  # the page of the dumps tells of the damage
        found = None
    whole = [file for file, told in found.files.items() if told["part"] == "all"] if found else []
    named = [(label, file) for label, ending in WHOLE for file in whole if file.endswith(ending)]
    return tuple((label, f"{site.root}release/latest/{file}") for label, file in named)


def _home(engine: Engine, site: Site, address: str, files: Files) -> Written:
    known = site.entities
    ties, standing = known.overview.network(), known.overview.standing()
    listed = examples.listed(engine)
    first = [example for name in BEGINNING for example in listed if example.name == name] or listed[:3]
    page = render_template(
        "home.html",
        summary=engine.summary,
        address=address,
        files=files,
        markup=discovery.dataset_markup(known.dataset()),
        graphs=dict(islice(engine.summary.graphs.items(), LISTED)),
        documents=known.documents(0, FIRST),
        all_documents=known.number_of_documents,
        examples=first,
        ties=ties,
        network=pictures.ring(ties) if ties else None,
        counts={"names": known.number, "claims": sum(standing.values()), **standing},
    )
    return Written(page.encode(), ())


def _answered(engine: Engine, name: str) -> Written:
    """Write a question with its answer.

    Raises:
        UnknownQueryError: no shipped question has that name.
    """
    text = engine.shipped(name)
    try:
        rows = engine.answer_named(name)
    except UnknownQueryError:  # it answers with a graph, or yes or no
        rows = []
    shown = Example(name, examples.question(name, text), text)
    columns = list(dict.fromkeys(column for row in rows for column in row))
    page = render_template("question.html", example=shown, columns=columns, rows=_cells(rows), total=len(rows))
    return Written(page.encode(), ())


def _cells(rows: list[Row]) -> list[dict[str, str]]:
    return [{name: getattr(term, "value", str(term)) for name, term in row.items()} for row in rows[:SHOWN]]
