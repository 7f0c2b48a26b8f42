"""log       one JSON line for each request: who, what, how long, and what became of it."""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
from datetime import UTC, datetime

from flask import Flask, Response, g, request

from spacekg.web.metrics import Metrics, Told
from spacekg.web.running import TEXT

LOGGER = "spacekg.requests"
HEADER = "X-Request-Id"
ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
"""An id that whoever asks may give their request, so that their log and ours can be read together."""
PATH = 300
OK = "ok"


class Formatter(logging.Formatter):
    """Writes a record as one line of JSON, so that no text that a client sends can look like another line."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record; a message that is a dict becomes the fields of the line."""
        fields = record.msg if isinstance(record.msg, dict) else {"message": record.getMessage()}
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"time": at, "level": record.levelname.lower(), **fields}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line)


def register(app: Flask, metrics: Metrics) -> None:
    """Give each request of an app an id, and log and count it when it is answered."""

    @app.before_request
    def begin() -> None:
        given = request.headers.get(HEADER, "")
        g.began = time.monotonic()
        g.id = given if ID.fullmatch(given) else secrets.token_hex(8)

    @app.after_request
    def end(response: Response) -> Response:
        response.headers[HEADER] = g.id
        told = Told(g.get("outcome", OK), time.monotonic() - g.began, g.get("rows", 0), response.content_length or 0)
        metrics.request(response.status_code)
        if "query" in g:
            metrics.query(told)
        logging.getLogger(LOGGER).info(_line(response, told))
        return response


def _line(response: Response, told: Told) -> dict[str, object]:
    line: dict[str, object] = {
        "id": g.id,
        "client": request.remote_addr,
        "method": request.method,
        "path": request.path[:PATH],
        "status": response.status_code,
        "outcome": told.outcome,
        "seconds": round(told.seconds, 4),
        "bytes": told.size,
    }
    if "query" in g:
        line |= {"rows": told.rows, "query_sha256": g.digest, "query": g.query[:TEXT]}
    return line
