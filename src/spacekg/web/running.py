"""running   /queries/running lists the queries that are being answered; whoever runs the server may stop one."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import Blueprint, Request, Response, jsonify, request

from spacekg.errors import SpacekgError

TEXT = 2_000
"""Characters of a query that a list or a log shows."""
PASSED_ON = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")
"""What a proxy adds: with one of these, the request comes from elsewhere, whatever its address says."""


class NotOperatorError(SpacekgError):
    """What only whoever runs the server may do was asked by somebody else."""


class UnknownRunError(SpacekgError):
    """No query with this id is being answered."""


@dataclass(slots=True)
class Run:
    """A query that is being answered."""

    request: str
    """Id of the request; whoever asks may choose it, so it need not be the only one of its kind."""
    client: str
    query: str
    began: float = field(default_factory=time.monotonic)
    stopped: bool = False
    id: str = field(default_factory=lambda: secrets.token_hex(8))


class Running:
    """The queries that are being answered."""

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}
        self._changing = threading.Lock()

    @contextmanager
    def entered(self, run: Run) -> Iterator[None]:
        """Keep a query in the list while it is answered."""
        with self._changing:
            self._runs[run.id] = run
        try:
            yield
        finally:
            with self._changing:
                del self._runs[run.id]

    def all(self) -> list[Run]:
        """List the queries, the oldest first."""
        with self._changing:
            return sorted(self._runs.values(), key=lambda run: run.began)

    def stop(self, id: str) -> None:
        """Have a query stopped; whoever asked it is told.

        Raises:
            UnknownRunError: it is not being answered, perhaps no longer.
        """
        with self._changing:
            if id not in self._runs:
                raise UnknownRunError("no query with this id is being answered: /queries/running lists those that are")
            self._runs[id].stopped = True


@dataclass(frozen=True, slots=True)
class Operator:
    """How whoever runs the server is known: by a token, or by asking from the machine itself."""

    token: str = ""
    """Empty when nobody has one."""
    local: bool = True
    """Whether requests from this machine are the operator's; not when a proxy on it passes on those of others."""

    def check(self, asked: Request) -> None:
        """Let only the operator go on.

        Raises:
            NotOperatorError: it is somebody else.
        """
        given = asked.headers.get("Authorization", "").removeprefix("Bearer ")
        known = bool(self.token) and hmac.compare_digest(given.encode(), self.token.encode())
        if not known and not (self.local and _from_here(asked)):
            raise NotOperatorError(
                "only whoever runs this server may do that: ask from the machine it runs on, or send its token as "
                "`Authorization: Bearer …` (see docs/limits.md)"
            )


def digest(query: str) -> str:
    """Name a query in lists and logs, where it may be cut short."""
    return hashlib.sha256(query.encode(errors="surrogatepass")).hexdigest()[:16]


def blueprint(running: Running, operator: Operator) -> Blueprint:
    """Make the list of running queries."""
    part = Blueprint("running", __name__)

    @part.get("/queries/running")
    def listed() -> Response:
        operator.check(request)
        now = time.monotonic()
        response = jsonify([_shown(run, now) for run in running.all()])
        response.headers["Cache-Control"] = "no-store"
        return response

    @part.delete("/queries/running/<id>")
    def stop(id: str) -> Response:
        operator.check(request)
        running.stop(id)
        return Response(status=204)

    return part


def _shown(run: Run, now: float) -> dict[str, object]:
    return {
        "id": run.id,
        "request": run.request,
        "client": run.client,
        "seconds": round(now - run.began, 3),
        "query_sha256": digest(run.query),
        "query": run.query[:TEXT],
    }


def _from_here(asked: Request) -> bool:
    """Whether a request was made on this machine: not by a page of another site, and not passed on by a proxy."""
    host = asked.host.rpartition(":")[0] or asked.host
    return (
        (asked.remote_addr or "") in ("127.0.0.1", "::1")
        and host.strip("[]") in ("localhost", "127.0.0.1", "::1")
        and asked.headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin")
        and "Origin" not in asked.headers
        and not any(name in asked.headers for name in PASSED_ON)
    )
