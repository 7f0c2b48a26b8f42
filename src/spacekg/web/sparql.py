"""sparql    the SPARQL 1.1 Protocol: /sparql answers queries, describes itself, and shows a form to people."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import cast

from flask import Blueprint, Response, render_template, request

from spacekg import formats, guard
from spacekg.answers import Engine, Request, never
from spacekg.errors import BadQueryError
from spacekg.guard import Scan
from spacekg.web import description, negotiation, parameters
from spacekg.web.parameters import Parameters
from spacekg.web.turnstile import Turnstile


def blueprint(engine: Engine, base_url: str) -> Blueprint:
    """Make the endpoint over an engine."""
    part = Blueprint("sparql", __name__)
    turnstile = Turnstile(engine.limits.per_client)

    @part.route("/sparql", methods=["GET", "POST"])
    def endpoint() -> Response:
        asked = parameters.read(request)
        if asked.query is not None:
            return _answered(engine, turnstile, asked, asked.query)
        accept = negotiation.accepted(request)
        if not asked.formats and negotiation.prefers_html(accept):
            return _form(engine)
        format = negotiation.choose(asked.formats, accept, formats.GRAPHS)
        address = f"{base_url or request.url_root}sparql"
        tag = _tag(engine.summary.release, address, format.media_type)
        return _fresh(tag) or _sent(description.write(engine.summary, address, format), format.content_type, tag)

    return part


def _answered(engine: Engine, turnstile: Turnstile, asked: Parameters, query: str) -> Response:
    scan = guard.scan(query, engine.limits)
    question = _question(asked, query, scan)
    format = question.graph if scan.makes_graph else question.results
    datasets = (sorted(question.default_graphs), sorted(question.named_graphs))
    tag = _tag(engine.summary.release, query.strip(), *map(json.dumps, datasets), format.media_type)
    if not scan.repeatable:
        tag = ""
    unchanged = _fresh(tag)
    if unchanged is not None:
        return unchanged
    gone = cast(Callable[[], bool], request.environ.get("waitress.client_disconnected", never))
    with turnstile.passed(request.remote_addr or ""):
        answer = engine.answer(question, gone)
    response = _sent(answer.content, answer.format.content_type, tag)
    if answer.format in (formats.CSV, formats.TSV):
        # A spreadsheet runs formulas it opens from a page; a file it opens after asking.
        response.headers["Content-Disposition"] = f'attachment; filename="answer{answer.format.suffix}"'
    return response


def _question(asked: Parameters, query: str, scan: Scan) -> Request:
    if not query.strip():
        raise BadQueryError("the query is empty: /queries has some to begin with")
    accept = negotiation.accepted(request)
    if scan.makes_graph:
        graph = negotiation.choose(asked.formats, accept, formats.TRIPLES)
        return Request(query, graph=graph, default_graphs=asked.default_graphs, named_graphs=asked.named_graphs)
    results = negotiation.choose(asked.formats, accept, formats.RESULTS)
    return Request(query, results=results, default_graphs=asked.default_graphs, named_graphs=asked.named_graphs)


def _form(engine: Engine) -> Response:
    first = next((text for _, text in sorted(engine.queries.items())), "")
    page = render_template(
        "form.html", summary=engine.summary, limits=engine.limits, results=formats.RESULTS, query=first
    )
    return _sent(page.encode(), "text/html; charset=utf-8", "")


def _tag(*parts: str) -> str:
    """Name an answer: a release never changes, so the same request to it always gets the same bytes."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _fresh(tag: str) -> Response | None:
    """Give a 304 to those who have this answer already, before any work is done for it."""
    held = request.if_none_match
    if not tag or request.method == "POST" or held.star_tag or not held.contains(tag):
        return None
    response = Response(status=304)
    response.set_etag(tag)
    return _cacheable(response, tag)


def _sent(content: bytes, content_type: str, tag: str) -> Response:
    return _cacheable(Response(content, content_type=content_type), tag)


def _cacheable(response: Response, tag: str) -> Response:
    response.vary.add("Accept")
    response.headers["Cache-Control"] = "public, no-cache" if tag else "no-store"
    if tag:
        response.set_etag(tag)
    return response
