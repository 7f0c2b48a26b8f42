"""pages     what people see first: what this is, where the endpoint is, and questions to begin with."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request

from spacekg import formats
from spacekg.answers import Engine, is_question
from spacekg.web import discovery, graphs, negotiation, responses
from spacekg.web.resources import Site


@dataclass(frozen=True, slots=True)
class Example:
    """A shipped query as a page shows it."""

    name: str
    question: str
    text: str


def blueprint(engine: Engine, base_url: str, site: Site) -> Blueprint:
    """Make the pages over an engine."""
    part = Blueprint("pages", __name__)

    @part.get("/")
    def home() -> Response:
        address = f"{base_url or request.url_root}sparql"
        known = site.entities
        markup = discovery.dataset_markup(known.dataset())
        return _page("home.html", engine, address=address, markup=markup, documents=known.documents())

    @part.get("/queries")
    def queries() -> Response:
        accept = negotiation.accepted(request)
        offered = ["text/html", "application/xhtml+xml", *(each.media_type for each in formats.GRAPHS)]
        if accept.best_match(offered) in offered[2:]:
            return graphs.written(site, "queries", negotiation.choose((), accept, formats.GRAPHS), "Accept")
        return _page("queries.html", engine)

    @part.get("/queries/<path:name>.rq")
    def text(name: str) -> Response:
        return Response(engine.shipped(name), content_type="application/sparql-query")

    return part


def _page(template: str, engine: Engine, **shown: object) -> Response:
    questions = [(name, text) for name, text in sorted(engine.queries.items()) if is_question(name)]
    examples = [Example(name, _question(name, text), text) for name, text in questions]
    page = render_template(template, summary=engine.summary, examples=examples, **shown)
    return responses.whole(page.encode(), responses.PAGE, vary="Accept")


def _question(name: str, text: str) -> str:
    """Take a query's question from the comment in its first line, or make one of its name."""
    first = text.lstrip().partition("\n")[0]
    return first.lstrip("# ").strip() if first.startswith("#") else name.replace("_", " ")
