"""operation what outlives a release: the clients' places and time, the running queries, the counters."""

from __future__ import annotations

import time
from dataclasses import dataclass

from flask import request

from spacekg import steps
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
)
from spacekg.steps import Steps
from spacekg.web import log
from spacekg.web.log import Visit
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

    def answer(self, asked: Request, caller: Caller = NOBODY) -> Answer:  # noqa: ARG002  # the request says who asks
        """Answer what the request at hand asks; see `answering_of`."""
        return steps.finish(self.answering_of(log.visit(request.environ), asked))

    def answering_of(self, noted: Visit, asked: Request) -> Steps[Answer]:
        """Answer what a request asks, step by step; see `Engine.answer`.

        Raises:
            TooManyError: the client has too many queries, or has used up its time.
            StoppedError: whoever runs the server stopped the query.
        """
        noted.query = asked.query if noted.query is None else noted.query
        client, gone = client_at(noted.client or ""), noted.gone
        run = Run(noted.id, client, asked.query)
        began = time.monotonic()
        with self._operation.turnstile.passed(client) as passage, self._operation.running.entered(run):
            try:
                answer = yield from self._engine.answering(asked, Caller(client, lambda: run.stopped or gone()))
                passage.seconds = answer.seconds or time.monotonic() - began
            except BusyError:
                raise
            except Exception as error:  # whatever became of it, its time was used
                passage.seconds = time.monotonic() - began
                if run.stopped and isinstance(error, AbandonedError):
                    raise StoppedError(
                        "whoever runs this server stopped the query: ask for less, or ask them"
                    ) from None
                raise
        noted.rows = answer.rows
        return answer

    def answer_own(self, asked: Request) -> Answer:
        """Answer a question of the site itself, which nobody is charged for."""
        return self._engine.answer_own(asked)
