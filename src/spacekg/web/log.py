"""log       one JSON line for each request: who, what, how long, and what became of it."""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from flask import Flask, Response, request

from spacekg.answers import never
from spacekg.web.bare import Asking
from spacekg.web.metrics import Metrics, Told
from spacekg.web.running import TEXT, digest

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

LOGGER = "spacekg.requests"
HEADER = "X-Request-Id"
ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
"""An id that whoever asks may give their request, so that their log and ours can be read together."""
PATH = 300
VISIT = "spacekg.visit"
"""Where in a request's environment stands what is noted of it."""
OK = "ok"


class Formatter(logging.Formatter):
    """Writes a record as one line of JSON, so that no text that a client sends can look like another line."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record; a message that is a dict becomes the fields of the line."""
        fields = record.msg if isinstance(record.msg, dict) else {"message": record.getMessage()}
        second, fraction = divmod(round(record.created * 1_000_000), 1_000_000)
        line = {"time": f"{_second(second)}.{fraction // 1000:03}+00:00", "level": record.levelname.lower(), **fields}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line)


@dataclass(frozen=True, slots=True)
class Asked:
    """The query that a request asks, and the rows of its answer."""

    query: str
    digest: str
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """A request and what became of it."""

    id: str
    client: str | None
    method: str
    path: str
    status: int
    told: Told
    asked: Asked | None = None


def identified(given: str) -> str:
    """Give the id of a request: the one it came with, if that looks like one."""
    return given if ID.fullmatch(given) else secrets.token_hex(8)


def write(metrics: Metrics, entry: Entry) -> None:
    """Log a request and count it."""
    metrics.request(entry.status)
    if entry.asked:
        metrics.query(entry.told)
    log = logging.getLogger(LOGGER)
    if log.isEnabledFor(logging.INFO):
        # As `info` does it, but for looking where in the code it was called.
        log.handle(log.makeRecord(LOGGER, logging.INFO, "", 0, _line(entry), (), None))


@dataclass(slots=True)
class Visit:
    """What is noted of a request while it is answered, by whoever finds it out."""

    id: str
    client: str | None
    gone: Callable[[], bool]
    """Whether nobody waits for the answer any more."""
    began: float
    outcome: str = OK
    query: str | None = None
    """Once it is known."""
    rows: int = 0

    @property
    def asked(self) -> Asked | None:
        """Its query, if it has one, as the log tells of it."""
        return None if self.query is None else Asked(self.query, digest(self.query), self.rows)


def visit(environ: WSGIEnvironment) -> Visit:
    """Give what is noted of a request; whoever asks first begins to note."""
    noted: Visit | None = environ.get(VISIT)
    if noted is None:
        gone = cast(Callable[[], bool], environ.get("waitress.client_disconnected", never))
        id = identified(environ.get("HTTP_X_REQUEST_ID", ""))
        noted = environ[VISIT] = Visit(id, environ.get("REMOTE_ADDR"), gone, time.monotonic())
    return noted


def end(metrics: Metrics, request: Asking, status: int, size: int) -> str:
    """Log and count a request that is answered; gives its id, for its answer."""
    noted = visit(request.environ)
    told = Told(noted.outcome, time.monotonic() - noted.began, noted.rows, size)
    write(metrics, Entry(noted.id, noted.client, request.method, request.path, status, told, noted.asked))
    return noted.id


def register(app: Flask, metrics: Metrics) -> None:
    """Give each request of an app an id, and log and count it when it is answered."""

    @app.before_request
    def begin() -> None:
        visit(request.environ)

    @app.after_request
    def answered(response: Response) -> Response:
        response.headers[HEADER] = end(metrics, request, response.status_code, response.content_length or 0)
        return response


@lru_cache(maxsize=2)
def _second(second: int) -> str:
    """Write a second of the epoch; most of them have many lines."""
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _line(entry: Entry) -> dict[str, object]:
    told, asked = entry.told, entry.asked
    line: dict[str, object] = {
        "id": entry.id,
        "client": entry.client,
        "method": entry.method,
        "path": entry.path[:PATH],
        "status": entry.status,
        "outcome": told.outcome,
        "seconds": round(told.seconds, 4),
        "bytes": told.size,
    }
    if asked:
        line |= {"rows": told.rows, "query_sha256": asked.digest, "query": asked.query[:TEXT]}
    return line
