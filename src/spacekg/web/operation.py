"""operation what outlives a release: the clients' places and time, the running queries, the counters."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import g, request

from spacekg.answers import (
    NOBODY,
    AbandonedError,
    Answer,
    BusyError,
    Caller,
    Engine,
    Limits,
    Request,
    StoppedError,
    Summary,
    never,
)
from spacekg.web.metrics import Metrics
from spacekg.web.running import Operator, Run, Running
from spacekg.web.turnstile import Turnstile, client_at


@dataclass(frozen=True, slots=True)
class Operation:
    """What all releases that a server serves, one after the other, have in common."""

    turnstile: Turnstile
    running: Running
    metrics: Metrics
    operator: Operator
    names: Turnstile
    """What asks for names passes another turnstile: it costs no query worker."""


def begin(limits: Limits, operator: Operator | None = None) -> Operation:
    """Begin to count."""
    running = Running()
    turnstile = Turnstile(limits.per_client, limits.client_seconds)
    names = Turnstile(limits.names_at_once, limits.names_seconds)
    return Operation(turnstile, running, Metrics(running), operator or Operator(), names)


class Counted(Engine):
    """An engine that counts queries for the client of the request at hand, and lists them while they run."""

    def __init__(self, engine: Engine, operation: Operation) -> None:
        super().__init__(engine.queries, engine.limits)
        self._engine = engine
        self._operation = operation

    @property
    def summary(self) -> Summary:
        """What the engine answers from."""
        return self._engine.summary

    def note(self, query: str) -> None:
        """Say which query a request asks, for the log and the counters, whatever becomes of it."""
        g.query = query
        g.digest = hashlib.sha256(query.encode(errors="surrogatepass")).hexdigest()[:16]

    def answer(self, asked: Request, caller: Caller = NOBODY) -> Answer:  # noqa: ARG002  # the request says who asks
        """Answer a request; see `Engine.answer`.

        Raises:
            TooManyError: the client has too many queries, or has used up its time.
            StoppedError: whoever runs the server stopped the query.
        """
        self.note(asked.query)
        client = client_at(request.remote_addr or "")
        gone = cast(Callable[[], bool], request.environ.get("waitress.client_disconnected", never))
        run = Run(g.id, client, g.digest, asked.query)
        began = time.monotonic()
        with self._operation.turnstile.passed(client), self._operation.running.entered(run):
            spent = 0.0
            try:
                answer = self._engine.answer(asked, Caller(client, lambda: run.stopped or gone()))
                spent = answer.seconds or time.monotonic() - began
            except BusyError:
                raise
            except Exception as error:  # whatever became of it, its time was used
                spent = time.monotonic() - began
                if run.stopped and isinstance(error, AbandonedError):
                    raise StoppedError(
                        "whoever runs this server stopped the query: ask for less, or ask them"
                    ) from None
                raise
            finally:
                self._operation.turnstile.charge(client, spent)
        g.rows = answer.rows
        return answer

    def answer_own(self, asked: Request) -> Answer:
        """Answer a question of the site itself, which nobody is charged for."""
        return self._engine.answer_own(asked)
