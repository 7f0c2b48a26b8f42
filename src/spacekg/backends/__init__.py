"""backends  Backend: an engine whose statements are kept by a SPARQL server that somebody else runs."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import pyoxigraph
from pyoxigraph import QuerySolutions

from spacekg import formats, guard, hints, search, steps, writing
from spacekg.answers import (
    NOBODY,
    Answer,
    Caller,
    DeadlineError,
    Engine,
    Limits,
    Request,
    Summary,
)
from spacekg.backends import ahead, plain, refusals, rows
from spacekg.backends.graphs import HIDDEN, Dataset, Stored
from spacekg.backends.kinds import Server
from spacekg.backends.lines import LateError, Line
from spacekg.backends.replies import Reply
from spacekg.declared import Declared
from spacekg.scan import Scan
from spacekg.search import Index
from spacekg.steps import Need, Steps
from spacekg.store import posed
from spacekg.workers.desk import Desk

OWN = 2
"""Connections kept for the site's own questions."""
SMALL = 64 * 1024
"""Bytes of an answer that the thread which reads all connections may write anew; larger ones keep others waiting."""
_NODE = re.compile(rb'("type"\s*:\s*"bnode"\s*,\s*"value"\s*:\s*")nodeID://')
"""What Virtuoso begins the name of a blank node with; no such name may have a colon in it."""
_TRUTH = '{"head":{},"boolean":%s}'


@dataclass(frozen=True, slots=True)
class Connected:
    """What a release has in a server: the server, and what of the release is there."""

    server: Server
    stored: Stored
    summary: Summary
    answers: Mapping[str, bytes] = field(default_factory=dict)
    """Answers that were asked ahead, as JSON, by the names of their questions."""


class Backend(Engine):
    """One release in a SPARQL server elsewhere, behind the same guard, queue and limits as our own store.

    `index` gives the index of texts when the first query searches. The server keeps the limit of memory, if it has one.
    """

    held: tuple[str, ...] = ()
    """No walls stand around another server's queries, as far as anybody here knows."""

    def __init__(
        self,
        connected: Connected,
        rules: Declared,
        limits: Limits,
        index: Callable[[], Index],
        size: int = 8,
    ) -> None:
        super().__init__({query.name: query.text for query in rules.queries.values()}, limits)
        self._connected = connected
        self._prefixes = rules.prefixes
        self._index = index
        self._desk = self._staffed(size, limits.waiting)
        self._own_desk = self._staffed(OWN, 4 * limits.waiting)

    @property
    def summary(self) -> Summary:
        """Id of the release and size of each graph, as they were when it was loaded."""
        return self._connected.summary

    def state(self) -> Mapping[str, float]:
        """Count connections, those at rest, and the queries that wait for one."""
        return {
            "workers": self._desk.size + self._own_desk.size,
            "workers_idle": self._desk.idle + self._own_desk.idle,
            "queries_waiting": self._desk.waiting,
        }

    def answer(self, request: Request, caller: Caller = NOBODY) -> Answer:
        """Answer a request wholly or not at all, within the limits; see `Engine.answer`.

        Raises:
            BackendError: the server is not there, or does not answer as such a server does.
        """
        return steps.finish(self.answering(request, caller))

    def answering(self, request: Request, caller: Caller = NOBODY) -> Steps[Answer]:
        """Answer a request step by step; see `Engine.answering`."""
        return self._answered(self._desk, request, caller)

    def answer_own(self, request: Request) -> Answer:
        """Answer a question of the site itself: as it was asked ahead, or over connections that are kept for such."""
        if answer := ahead.found(self._connected.answers, request):
            return answer
        return steps.finish(self._answered(self._own_desk, request, NOBODY))

    def close(self) -> None:
        """Close the connections."""
        for desk in (self._desk, self._own_desk):
            for line in desk.cleared():
                line.close()

    def _staffed(self, size: int, waiting: int) -> Desk[Line]:
        lines = (Line(self._connected.server, 4 * self.limits.answer_bytes) for _ in range(size))
        return Desk(lines, waiting, self.limits.wait_seconds, self.limits.at_work)

    def _answered(self, desk: Desk[Line], request: Request, caller: Caller) -> Steps[Answer]:
        seconds = self.limits.allow(request.seconds)
        end = (request.began or time.monotonic()) + seconds
        try:
            return (yield from self._within(end, desk, request, caller))
        except LateError:
            raise self._late(request, seconds) from None

    def _within(self, end: float, desk: Desk[Line], request: Request, caller: Caller) -> Steps[Answer]:
        scan = request.scan or guard.scan(request.query, self.limits)
        if (query := plain.written(request.query)) != request.query:
            scan = guard.scan(query, self.limits)
            request = replace(request, query=query, scan=scan)
        if search.SEARCH in query:  # the index may have to be made first
            yield Need.THREAD
        asked = self._asked(request, scan)
        line = yield from desk.taking(caller, end)
        try:
            assert line is not None
            began = time.monotonic()
            accept = formats.N_TRIPLES.media_type if scan.makes_graph else formats.JSON.media_type
            reply = yield from line.asking(self._parameters(asked, end - began), accept, end, caller.gone)
            spent = time.monotonic() - began
            refusals.check(reply, asked, request)
        finally:
            desk.put(line, caller)
        if len(reply.content) > SMALL:
            yield Need.THREAD
        answer = self._written(reply, request, scan, asked)
        return Answer(answer.content, answer.format, answer.rows, spent)

    def _written(self, reply: Reply, request: Request, scan: Scan, asked: Dataset) -> Answer:
        """Write an answer anew in the format that was asked for, by which it is read to its end, or see that it is so.

        Raises:
            LateError, BackendError: it is not whole, or not in the format that was asked for.
        """
        try:
            refusals.check_rows(reply)
            if request.results is formats.JSON and not asked.hidden and rows.are_written(reply.content, scan.form):
                return writing.written(reply.content, formats.JSON, self.limits)
            return writing.write(_read(reply, scan, asked), request, self.limits, self._prefixes)
        except (SyntaxError, ValueError, KeyError, TypeError) as error:
            raise refusals.broken(reply, error) from None

    def _asked(self, request: Request, scan: Scan) -> Dataset:
        query, _, _ = posed(request, scan, self._index)
        asked = self._connected.stored.asked(query, request, scan)
        return asked.based(request.base) if request.base else asked

    def _parameters(self, asked: Dataset, seconds: float) -> list[tuple[str, str]]:
        return [
            ("query", asked.query),
            *(("default-graph-uri", graph) for graph in asked.default),
            *(("named-graph-uri", graph) for graph in asked.named),
            *self._connected.server.within(seconds).items(),
        ]

    def _late(self, request: Request, seconds: float) -> DeadlineError:
        advice = hints.find(request.query)
        return DeadlineError(
            f"the query was given up after {seconds:g} seconds: {'; '.join(advice or hints.OF_TIME)}", advice
        )


def _read(reply: Reply, scan: Scan, asked: Dataset) -> writing.Solved:
    if scan.makes_graph:
        return [quad.triple for quad in pyoxigraph.parse(reply.content, formats.N_TRIPLES.codec)]
    content = _without_hidden(reply.content) if asked.hidden else reply.content
    if b"nodeID://" in content:
        content = _NODE.sub(rb"\1", content)
    solved = pyoxigraph.parse_query_results(content, formats.JSON.codec)
    if scan.form == "ASK" and isinstance(solved, QuerySolutions):
        # Virtuoso answers with a row for yes and none for no.
        truth = "true" if any(True for _ in solved) else "false"
        return pyoxigraph.parse_query_results(_TRUTH % truth, formats.JSON.codec)
    return solved


def _without_hidden(content: bytes) -> bytes:
    """Take the variables out of rows that the query did not have."""
    if HIDDEN.encode() not in content:
        return content
    table = json.loads(content)
    table["head"]["vars"] = [name for name in table["head"].get("vars", []) if not name.startswith(HIDDEN)]
    for row in table.get("results", {}).get("bindings", []):
        for name in [name for name in row if name.startswith(HIDDEN)]:
            del row[name]
    return json.dumps(table).encode()
