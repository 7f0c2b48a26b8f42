"""straight  a query that asks for nothing unusual is answered without Flask, by what Flask's view calls as well."""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from http.client import OK
from typing import TYPE_CHECKING

from flask import Response

from spacekg import steps
from spacekg.repeats import Reply
from spacekg.steps import Need, Steps
from spacekg.web import compression, log
from spacekg.web.bare import Bare
from spacekg.web.headers import EVERYWHERE
from spacekg.web.metrics import Metrics
from spacekg.web.responses import Plain
from spacekg.web.sparql import DONE, Endpoint

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH = "/sparql"
BODY = 256 * 1024
"""Bytes of a request that are read here; one that sends more is Flask's."""
POSTED = ("application/x-www-form-urlencoded", "application/sparql-query")
_UNUSUAL = ("HTTP_IF_NONE_MATCH", "HTTP_CONTENT_ENCODING", "HTTP_TRANSFER_ENCODING", "HTTP_EXPECT")


@dataclass(frozen=True, slots=True)
class Straight:
    """A WSGI application before Flask's, which has all that a query needs no Flask for: places, log, headers.

    Flask turns errors into problems and compresses what is worth it; it is given what there is then.
    """

    app: WSGIApplication
    endpoint: Endpoint
    metrics: Metrics

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, of whatever kind."""
        work = self.answering(environ)
        if work is None:
            return self.app(environ, start_response)
        reply = steps.finish(work)
        reply.end()
        start_response(reply.status, list(reply.headers))
        return [reply.body]

    def answering(self, environ: WSGIEnvironment) -> Steps[Reply] | None:
        """Answer a query step by step; None for whatever is Flask's."""
        return self._steps(environ) if _is_usual(environ) else None

    def _steps(self, environ: WSGIEnvironment) -> Steps[Reply]:
        noted = log.visit(environ)
        request = Bare(environ)
        done: Plain | Response | Exception | None = None
        try:
            asked = self.endpoint.read(request)
            if asked.query is not None:
                done = yield from self.endpoint.answering(request, asked, asked.query)
        except Exception as error:  # whatever it is, Flask tells it
            _let_go(error)
            done = error
        if isinstance(done, Plain) and compression.spared(done.body, environ.get("HTTP_ACCEPT_ENCODING", "")):
            vary = f"{done.headers['Vary']}, Accept-Encoding"
            written = {**done.headers, "Vary": vary, **EVERYWHERE, log.HEADER: noted.id}
            telling = partial(log.end, self.metrics, request, OK, len(done.body))
            return Reply("200 OK", tuple(written.items()), done.body, (telling,))
        yield Need.THREAD
        if done is not None:
            environ[DONE] = done.made() if isinstance(done, Plain) else done
        return replied(self.app, environ)


def _let_go(error: BaseException | None) -> None:
    """Drop what the frames of an error hold: rows of the engine may not be dropped by another thread than theirs."""
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__


def replied(app: WSGIApplication, environ: WSGIEnvironment) -> Reply:
    """Have an application answer a request; gives the whole answer."""
    begun: list[tuple[str, list[tuple[str, str]]]] = []

    def begin(status: str, headers: list[tuple[str, str]], *_failed: object) -> object:
        begun.append((status, headers))
        return None

    body = whole(app(environ, begin))  # type: ignore[arg-type]  # nobody uses the writer that it returns
    status, headers = begun[-1]
    return Reply(status, tuple(headers), body)


def whole(content: Iterable[bytes]) -> bytes:
    """Join the content of an answer, and close it."""
    try:
        return b"".join(content)
    finally:
        close = getattr(content, "close", None)
        if close is not None:
            close()


def _is_usual(environ: WSGIEnvironment) -> bool:
    if environ["PATH_INFO"] != PATH or any(name in environ for name in _UNUSUAL):
        return False
    if environ["REQUEST_METHOD"] == "GET":
        return "query=" in environ["QUERY_STRING"]
    kind, length = environ.get("CONTENT_TYPE", ""), environ.get("CONTENT_LENGTH", "")
    sent = environ["REQUEST_METHOD"] == "POST" and kind.partition(";")[0].strip().lower() in POSTED
    return bool(sent and length.isascii() and length.isdigit() and int(length) <= BODY)
