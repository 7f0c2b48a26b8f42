"""pages     what people see first: what this is, where the endpoint is, and questions to begin with."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request

from spacekg.answers import Engine


@dataclass(frozen=True, slots=True)
class Example:
    """A shipped query as a page shows it."""

    name: str
    question: str
    text: str


def blueprint(engine: Engine, base_url: str) -> Blueprint:
    """Make the pages over an engine."""
    part = Blueprint("pages", __name__)

    @part.get("/")
    def home() -> Response:
        address = f"{base_url or request.url_root}sparql"
        return _page("home.html", engine, address)

    @part.get("/queries")
    def queries() -> Response:
        return _page("queries.html", engine, "")

    @part.get("/queries/<name>.rq")
    def text(name: str) -> Response:
        return Response(engine.shipped(name), content_type="application/sparql-query")

    return part


def _page(template: str, engine: Engine, address: str) -> Response:
    examples = [Example(name, _question(name, text), text) for name, text in sorted(engine.queries.items())]
    page = render_template(template, summary=engine.summary, examples=examples, address=address)
    response = Response(page, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _question(name: str, text: str) -> str:
    """Take a query's question from the comment in its first line, or make one of its name."""
    first = text.lstrip().partition("\n")[0]
    return first.lstrip("# ").strip() if first.startswith("#") else name.replace("_", " ")
