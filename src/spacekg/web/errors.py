"""errors    the one table from an error to its HTTP status; every one is sent as application/problem+json."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from spacekg import answers, entities, errors, formats, linting
from spacekg.linking import upload
from spacekg.reconciliation import problems
from spacekg.web import log, negotiation
from spacekg.web.finding import Found
from spacekg.web.graph_store import UnknownGraphError
from spacekg.web.linter import ExplainedError
from spacekg.web.negotiation import NotAcceptableError
from spacekg.web.running import NotOperatorError, UnknownRunError

ASKED = 100
"""Characters of an address that a page repeats."""
PROBLEMS = "https://w3id.org/spacekg/problem/"


@dataclass(frozen=True, slots=True)
class Problem:
    """A row of the table: the status, the last part of the problem's IRI, and when to come back."""

    status: int
    name: str
    title: str
    retry_after: int = 0


# Looked up along the error's ancestors, so the nearest class decides.
TABLE: dict[type[Exception], Problem] = {
    answers.QuerySyntaxError: Problem(400, "query-syntax", "The query cannot be read"),
    errors.BadQueryError: Problem(400, "bad-query", "The query cannot be answered"),
    upload.ListTooLargeError: Problem(413, "list-too-large", "The list is too large"),
    errors.TableError: Problem(400, "bad-list", "The list cannot be linked"),
    problems.BadBatchError: Problem(400, "bad-batch", "The request cannot be read"),
    answers.ForbiddenQueryError: Problem(403, "forbidden-query", "This endpoint does not do that"),
    errors.UnknownQueryError: Problem(404, "unknown-query", "There is no such query"),
    UnknownGraphError: Problem(404, "unknown-graph", "There is no such graph"),
    problems.UnknownIdError: Problem(404, "unknown-id", "Nothing has this name or id"),
    entities.UnknownThingError: Problem(404, "unknown-name", "Nothing has this name"),
    entities.WithdrawnError: Problem(410, "withdrawn", "This name was withdrawn"),
    NotAcceptableError: Problem(406, "not-acceptable", "There is no such format"),
    errors.UnknownFormatError: Problem(406, "unknown-format", "There is no such format"),
    formats.InexpressibleError: Problem(406, "inexpressible", "The format cannot hold the answer"),
    problems.BatchTooLargeError: Problem(413, "batch-too-large", "The request asks too much at once"),
    answers.QueryTooLargeError: Problem(413, "query-too-large", "The query is too large"),
    answers.AnswerTooLargeError: Problem(413, "answer-too-large", "The answer is too large"),
    answers.TooManyError: Problem(429, "too-many", "Too many queries of one client", retry_after=2),
    answers.SpentError: Problem(429, "spent", "The time of one client is used up", retry_after=30),
    answers.BusyError: Problem(503, "busy", "Too many queries are waiting", retry_after=2),
    answers.LostWorkerError: Problem(503, "lost-worker", "The query was given up", retry_after=5),
    errors.BackendError: Problem(503, "store", "The store does not answer", retry_after=5),
    answers.AbandonedError: Problem(503, "abandoned", "Nobody waits for the answer"),
    answers.StoppedError: Problem(503, "stopped", "The query was stopped"),
    answers.DeadlineError: Problem(504, "deadline", "The query took too long", retry_after=30),
    NotOperatorError: Problem(403, "not-operator", "Only the operator may do that"),
    UnknownRunError: Problem(404, "unknown-run", "No such query is running"),
    errors.SpacekgError: Problem(500, "failure", "The request failed"),
}

_ADVICE = {
    404: "there is nothing at this address: begin at /",
    405: "{method} is not done here: use one of {allowed}",
    413: "the request sends too much: a query may have 64 KB",
}


def register(app: Flask, like: Callable[[str], Sequence[Found]]) -> None:
    """Send every error of an app as a problem; what is in no table is logged and told to nobody.

    People who come to an address where nothing is see a page instead, with the things that `like` finds for its end.
    """

    @app.errorhandler(errors.SpacekgError)
    def known(error: errors.SpacekgError) -> Response:
        return problem(error)

    @app.errorhandler(entities.UnknownThingError)
    def unknown(error: entities.UnknownThingError) -> Response:
        people = negotiation.prefers_html(negotiation.accepted(request))
        return _missing(like, error.name) if people else problem(error)

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> HTTPException | Response:
        if isinstance(error, RequestRedirect):
            return error
        status = error.code or 500
        if status == 404 and negotiation.prefers_html(negotiation.accepted(request)):
            return _missing(like, request.path)
        allowed = ", ".join(sorted({*(getattr(error, "valid_methods", None) or ()), "OPTIONS"}))
        detail = _ADVICE.get(status, error.description or error.name).format(method=request.method, allowed=allowed)
        response = _response(Problem(status, f"http-{status}", error.name), detail, {})
        if status == 405:
            response.headers["Allow"] = allowed
        return response

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Response:
        app.logger.error("%s %s", request.method, request.path, exc_info=error)
        return _response(TABLE[errors.SpacekgError], "the fault is on this side, and it has been noted", {})


def row_of(error: errors.SpacekgError) -> Problem:
    """Give the row of the table that an error of ours, or its nearest ancestor, has."""
    return next(TABLE[ancestor] for ancestor in type(error).__mro__ if ancestor in TABLE)


def problem(error: errors.SpacekgError) -> Response:
    """Write an error of ours as a problem, with the status that the table has for it."""
    row = row_of(error)
    if isinstance(error, answers.SpentError):
        row = replace(row, retry_after=error.retry_after)
    return _response(row, str(error), _details(error))


def _missing(like: Callable[[str], Sequence[Found]], path: str) -> Response:
    """Tell people that nothing is there, what there is of similar names, and where to go on."""
    asked = re.sub(r"[-_/.]+", " ", path.rstrip("/").rpartition("/")[2]).strip()[:ASKED]
    response = Response(render_template("missing.html", near=like(asked), asked=asked), 404)
    response.content_type = "text/html; charset=utf-8"
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept")
    return response


def _details(error: errors.SpacekgError) -> dict[str, Any]:
    if isinstance(error, ExplainedError):
        place = {"line": error.line, "column": error.column} if error.line else {}
        return {**place, "lint": linting.as_json(error.findings)}
    if isinstance(error, answers.QuerySyntaxError) and error.line:
        return {"line": error.line, "column": error.column}
    if isinstance(error, NotAcceptableError):
        return {"variants": error.variants}
    if isinstance(error, answers.CostlyError) and error.hints:
        return {"hints": list(error.hints)}
    if isinstance(error, entities.UnknownThingError):
        return {"near": list(error.near)}
    return {}


def _response(problem: Problem, detail: str, details: dict[str, Any]) -> Response:
    content = {
        "type": PROBLEMS + problem.name,
        "title": problem.title,
        "status": problem.status,
        "detail": detail,
        **details,
    }
    log.visit(request.environ).outcome = problem.name
    response = Response(json.dumps(content, ensure_ascii=False) + "\n", problem.status)
    response.content_type = "application/problem+json"
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept")
    if problem.retry_after:
        response.headers["Retry-After"] = str(problem.retry_after)
    return response
