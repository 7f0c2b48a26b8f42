"""sparql    the SPARQL 1.1 Protocol: /sparql answers queries, describes itself, and shows a form to people."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from flask import Blueprint, Request, Response, request

from spacekg import formats, guard, linting, steps
from spacekg.answers import Limits, QuerySyntaxError
from spacekg.answers import Request as Question
from spacekg.errors import BadQueryError
from spacekg.formats import GraphFormat, ResultFormat
from spacekg.scan import Scan
from spacekg.steps import Need, Steps
from spacekg.web import description, editor, log, negotiation, parameters, responses, versions
from spacekg.web.bare import Asking
from spacekg.web.linter import HEADER, Linter
from spacekg.web.operation import Counted
from spacekg.web.parameters import Parameters
from spacekg.web.responses import Plain

_PLACE = ("wsgi.url_scheme", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "SCRIPT_NAME")
DONE = "spacekg.done"
"""Where in the environment of a request stands its answer, or the error that there is instead."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Answers queries, whoever passes them on."""

    engine: Counted
    base_url: str
    linter: Linter

    def read(self, request: Asking) -> Parameters:
        """Read what a request asks; see `parameters.read`."""
        return parameters.read(request, base=f"{self.base_url or _root(request)}sparql")

    def answering(self, request: Asking, asked: Parameters, query: str) -> Steps[Plain | Response]:
        """Answer the query that a request asks, step by step."""
        noted, engine = log.visit(request.environ), self.engine
        noted.query = query
        scan = guard.scan(query, engine.limits)
        question = _question(request, asked, query, scan)
        format = question.graph if scan.makes_graph else question.results

        def named() -> str:
            return _tag(request, engine.summary.release, question, format) if scan.repeatable else ""

        unchanged = responses.unchanged(request, named)
        if unchanged is not None:
            return unchanged
        try:
            answer, tag = yield from steps.meanwhile(engine.answering_of(noted, question), named)
        except QuerySyntaxError as error:
            yield Need.THREAD
            raise self.linter.explained(error, query) from None
        response = responses.plain(answer.content, versions.content_type(answer, request), tag)
        response.headers["Query-Limits"] = _limits(engine.limits, asked)
        if asked.lint:
            yield Need.THREAD
            _lint(self.linter, request, response, query)
        if answer.format in (formats.CSV, formats.TSV):
            # A spreadsheet runs formulas it opens from a page; a file it opens after asking.
            response.headers["Content-Disposition"] = f'attachment; filename="answer{answer.format.suffix}"'
        return response


def blueprint(endpoint: Endpoint) -> Blueprint:
    """Make the address of an endpoint."""
    part = Blueprint("sparql", __name__)
    engine = endpoint.engine

    @part.route("/sparql", methods=["GET", "POST"], endpoint="endpoint")
    def sparql() -> Response:
        done: Response | Exception | None = request.environ.get(DONE)
        if isinstance(done, Exception):
            raise done
        if done is not None:
            return done
        asked = endpoint.read(request)
        if asked.query is not None:
            answer = steps.finish(endpoint.answering(request, asked, asked.query))
            return answer.made() if isinstance(answer, Plain) else answer
        accept = negotiation.accepted(request)
        if not asked.formats and negotiation.prefers_html(accept):
            return editor.page(engine)
        format = negotiation.choose(asked.formats, accept, formats.GRAPHS)
        tag = responses.tag(engine.summary.release, asked.base, format.media_type)
        return responses.unchanged(request, lambda: tag) or responses.tagged(
            description.write(engine.summary, engine.limits, asked.base, format), format.content_type, tag
        )

    return part


def _root(request: Asking) -> str:
    """Give the address that a site was asked at; it is made once for all who ask there."""
    return _rooted(*(request.environ.get(name) for name in _PLACE))


@lru_cache(maxsize=64)
def _rooted(*place: str | None) -> str:
    return Request({name: value for name, value in zip(_PLACE, place, strict=True) if value is not None}).url_root


def _tag(request: Asking, release: str, question: Question, format: GraphFormat | ResultFormat) -> str:
    datasets = (
        json.dumps(sorted(graphs)) if graphs else "[]" for graphs in (question.default_graphs, question.named_graphs)
    )
    version = versions.asked(request, format)
    return responses.tag(release, question.query.strip(), question.base, *datasets, format.media_type, version)


def _lint(linter: Linter, request: Asking, response: Plain, query: str) -> None:
    """Say in a header what is probably wrong in the query."""
    if not linter.ready:
        request.environ[responses.PASSING] = True
    findings = linter.unasked(query)
    if findings:
        response.headers[HEADER] = linting.as_header(findings)


def _limits(limits: Limits, asked: Parameters) -> str:
    """Say what an answer could have been at most: a larger one is an error, and never cut short."""
    return f"rows={limits.rows}, bytes={limits.answer_bytes}, seconds={limits.allow(asked.seconds):g}"


def _question(request: Asking, asked: Parameters, query: str, scan: Scan) -> Question:
    if not query.strip():
        raise BadQueryError("the query is empty: /queries has some to begin with")
    accept = negotiation.accepted(request)
    graph, results = formats.TURTLE, formats.JSON
    if scan.makes_graph:
        graph = negotiation.choose(asked.formats, accept, formats.TRIPLES)
    else:
        results = negotiation.choose(asked.formats, accept, formats.RESULTS)
    return Question(
        query,
        results,
        graph,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
        seconds=asked.seconds,
        began=asked.began,
        base=asked.base,
        scan=scan,
    )
