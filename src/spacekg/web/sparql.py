"""sparql    the SPARQL 1.1 Protocol: /sparql answers queries, describes itself, and shows a form to people."""

from __future__ import annotations

import json
from dataclasses import replace

from flask import Blueprint, Response, request

from spacekg import formats, guard, linting
from spacekg.answers import Limits, QuerySyntaxError, Request
from spacekg.errors import BadQueryError
from spacekg.guard import Scan
from spacekg.web import description, editor, front, negotiation, parameters, responses, versions
from spacekg.web.linter import HEADER, Linter
from spacekg.web.operation import Counted
from spacekg.web.parameters import Parameters


def blueprint(engine: Counted, base_url: str, linter: Linter) -> Blueprint:
    """Make the endpoint over an engine."""
    part = Blueprint("sparql", __name__)

    @part.route("/sparql", methods=["GET", "POST"])
    def endpoint() -> Response:
        asked, address = parameters.read(request), f"{base_url or request.url_root}sparql"
        if asked.query is not None:
            return _answered(engine, linter, replace(asked, base=address), asked.query)
        accept = negotiation.accepted(request)
        if not asked.formats and negotiation.prefers_html(accept):
            return editor.page(engine)
        format = negotiation.choose(asked.formats, accept, formats.GRAPHS)
        tag = responses.tag(engine.summary.release, address, format.media_type)
        return responses.unchanged(tag) or responses.tagged(
            description.write(engine.summary, engine.limits, address, format), format.content_type, tag
        )

    return part


def _answered(engine: Counted, linter: Linter, asked: Parameters, query: str) -> Response:
    engine.note(query)
    scan = guard.scan(query, engine.limits)
    question = _question(asked, query, scan)
    format = question.graph if scan.makes_graph else question.results
    datasets = (sorted(question.default_graphs), sorted(question.named_graphs))
    version = versions.asked(request, tuple(format.accepted()))
    tag = responses.tag(
        engine.summary.release, query.strip(), asked.base, *map(json.dumps, datasets), format.media_type, version
    )
    if not scan.repeatable:
        tag = ""
    unchanged = responses.unchanged(tag)
    if unchanged is not None:
        return unchanged
    try:
        answer = engine.answer(question)
    except QuerySyntaxError as error:
        raise linter.explained(error, query) from None
    response = responses.tagged(answer.content, versions.content_type(answer, request), tag)
    response.headers["Query-Limits"] = _limits(engine.limits, asked)
    if asked.lint:
        _lint(linter, response, query)
    if answer.format in (formats.CSV, formats.TSV):
        # A spreadsheet runs formulas it opens from a page; a file it opens after asking.
        response.headers["Content-Disposition"] = f'attachment; filename="answer{answer.format.suffix}"'
    return response


def _lint(linter: Linter, response: Response, query: str) -> None:
    """Say in a header what is probably wrong in the query."""
    if not linter.ready:
        request.environ[front.PASSING] = True
    findings = linter.unasked(query)
    if findings:
        response.headers[HEADER] = linting.as_header(findings)


def _limits(limits: Limits, asked: Parameters) -> str:
    """Say what an answer could have been at most: a larger one is an error, and never cut short."""
    return f"rows={limits.rows}, bytes={limits.answer_bytes}, seconds={limits.allow(asked.seconds):g}"


def _question(asked: Parameters, query: str, scan: Scan) -> Request:
    if not query.strip():
        raise BadQueryError("the query is empty: /queries has some to begin with")
    accept = negotiation.accepted(request)
    question = Request(
        query,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
        seconds=asked.seconds,
        began=asked.began,
        base=asked.base,
    )
    if scan.makes_graph:
        graph = negotiation.choose(asked.formats, accept, formats.TRIPLES)
        return replace(question, graph=graph)
    return replace(question, results=negotiation.choose(asked.formats, accept, formats.RESULTS))
