"""beside    answers made by the thread that reads all connections, as long as none of them keeps it waiting.

To hand a request to another thread and its answer back takes longer than most queries, so such an answer is made in
steps: while a worker is at one, this thread reads on. What takes long, or has to wait, goes to a thread of its own.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from waitress.task import ThreadedTaskDispatcher

from spacekg import repeats, steps
from spacekg.repeats import Reply
from spacekg.server.connections import BEGUN, Connection, Task
from spacekg.server.requests import Parser
from spacekg.steps import Need, Steps, Until, Wait

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOGGER = "spacekg.server"
PATIENCE = 0.1
"""Seconds that an answer waits for a worker before it is left to a thread, which waits for its client's turn."""
AT_A_TIME = 8
"""Requests that are begun before the connections, and the answers that came, are looked at again."""
TRIED = 4
"""Clients that are tried in vain when a worker is free, before all that wait are let wait on."""

_BEGIN = "spacekg.begin"


@dataclass(slots=True)
class _Begun:
    """An answer that is being made."""

    connection: Connection
    client: str
    work: Steps[Reply]
    end: float
    """When it goes on elsewhere, if nothing has come."""
    wait: Wait | None = None
    reply: Reply | None = None
    failed: Exception | None = None

    def finish(self) -> Reply:
        """Give the answer; what there is to do for it yet is done here."""
        if self.failed is not None:
            raise self.failed
        if self.reply is not None:
            return self.reply
        reply = steps.finish(self.work, self.wait)
        reply.end()
        return reply


class Threads(ThreadedTaskDispatcher):  # type: ignore[misc]  # waitress has no types
    """The threads of a server; what the thread that reads all connections has for them, it begins by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.reader = 0
        self.fresh: deque[Connection] = deque()

    def add_task(self, task: Connection) -> None:
        """Have a request answered."""
        if threading.get_ident() == self.reader:
            self.fresh.append(task)
        else:
            self.hand_over(task)

    def hand_over(self, task: Connection) -> None:
        """Have a request answered by a thread of its own."""
        super().add_task(task)


class Site:
    """What is served: answers a request, begins to, or goes on where an answer was begun."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Do what the environment says."""
        if environ.pop(_BEGIN, False):
            environ[BEGUN] = repeats.answering(self._app, environ)
            return ()
        begun: _Begun | None = environ.pop(BEGUN, None)
        if begun is None:
            return self._app(environ, start_response)
        reply = begun.finish()
        start_response(reply.status, list(reply.headers))
        return [reply.body]


class Beside:
    """The answers that are being made; all of it is called by the thread that reads all connections."""

    def __init__(self, threads: Threads, sockets: dict[int, Any]) -> None:
        self._threads = threads
        self._sockets = sockets
        self._placeless: deque[_Begun] = deque()
        self._awaited: dict[int, _Awaited] = {}

    def begin_here(self) -> None:
        """Say that this is the thread."""
        self._threads.reader = threading.get_ident()

    def waking(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Give what wakes this thread, but does nothing where it is awake: in itself."""
        return lambda: None if threading.get_ident() == self._threads.reader else wake()

    def seconds(self, most: float) -> float:
        """Give how long this thread may sleep, at most so many seconds."""
        if self._threads.fresh:
            return 0.0
        waiting = (*self._placeless, *(awaited.begun for awaited in self._awaited.values()))
        return max(0.0, min([most, *(begun.end - time.monotonic() for begun in waiting)])) if waiting else most

    def go_on(self) -> None:
        """Begin to answer what was read, and leave to others what takes too long."""
        for _ in range(min(AT_A_TIME, len(self._threads.fresh))):
            self._begin(self._threads.fresh.popleft())
        now = time.monotonic()
        for awaited in [each for each in self._awaited.values() if each.begun.end <= now]:
            self._forget(awaited)
            self._threads.hand_over(awaited.begun.connection)
        self._offer()
        while self._placeless and self._placeless[0].end <= now:
            self._threads.hand_over(self._placeless.popleft().connection)

    def end(self) -> None:
        """Give up whatever is not answered."""
        given_up = [*self._placeless, *(awaited.begun for awaited in self._awaited.values())]
        self._placeless.clear()
        for awaited in list(self._awaited.values()):
            self._forget(awaited)
        for begun in given_up:
            begun.work.close()

    def came(self, awaited: _Awaited) -> None:
        """Go on with an answer, for which something came."""
        if self._awaited.get(awaited.channel) is awaited:
            self._forget(awaited)
            self._step(awaited.begun, came=True)
            self._offer()

    def _begin(self, connection: Connection) -> None:
        """Begin to answer the request of a connection, or leave it to a thread of its own."""
        if not connection.requests:
            return
        request: Parser = connection.requests[0]
        if request.is_small:
            environ = {**Task(connection, request).get_environment(), _BEGIN: True}
            connection.server.application(environ, _start_nothing)
            work: Steps[Reply] | None = environ.get(BEGUN)
            if work is not None:
                begun = _Begun(connection, environ.get("REMOTE_ADDR", ""), work, time.monotonic() + PATIENCE)
                environ[BEGUN] = begun
                request.environ = environ
                self._step(begun)
                return
        self._threads.hand_over(connection)

    def _step(self, begun: _Begun, came: bool | None = None) -> None:
        try:
            begun.wait = next(begun.work) if came is None else begun.work.send(came)
        except StopIteration as end:
            begun.reply = end.value
            if begun.connection.requests:
                begun.connection.requests[0].reply = end.value
        except Exception as error:  # whatever it is, the server tells it
            begun.failed = error
        else:
            self._leave(begun)
            return
        if begun.connection.requests:
            begun.connection.service()
        if begun.reply is not None:
            _end(begun.reply)

    def _leave(self, begun: _Begun) -> None:
        """Leave an answer until what it waits for comes."""
        if begun.wait is Need.PLACE:
            self._placeless.append(begun)
        elif begun.wait is None or isinstance(begun.wait, Need):
            self._threads.hand_over(begun.connection)
        else:
            begun.end = time.monotonic() + begun.wait.seconds
            awaited = _Awaited(self, begun, begun.wait.channel.fileno())
            # Where it goes on after that, it has waited.
            begun.wait = Until(begun.wait.channel, 0)
            self._awaited[awaited.channel] = self._sockets[awaited.channel] = awaited

    def _offer(self) -> None:
        """Offer a place, if there is one, to those that wait, to each client once as long as there is none."""
        vain: set[str] = set()
        waiting, self._placeless = self._placeless, deque()
        while waiting and len(vain) < TRIED:
            begun = waiting.popleft()
            if begun.client in vain:
                self._placeless.append(begun)
                continue
            before = len(self._placeless)
            self._step(begun, came=True)
            if len(self._placeless) > before:
                vain.add(begun.client)
        self._placeless.extend(waiting)

    def _forget(self, awaited: _Awaited) -> None:
        del self._awaited[awaited.channel], self._sockets[awaited.channel]


class _Awaited:
    """A worker's channel among the sockets that the server listens to."""

    accepting = False

    def __init__(self, beside: Beside, begun: _Begun, channel: int) -> None:
        self._beside = beside
        self.begun = begun
        self.channel = channel

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def handle_read_event(self) -> None:
        self._beside.came(self)

    def handle_expt_event(self) -> None:
        self._beside.came(self)

    def handle_close(self) -> None:
        self._beside.came(self)

    def handle_error(self) -> None:
        self._beside.came(self)

    def close(self) -> None:
        """Leave the channel open: it is the worker's."""


def _end(reply: Reply) -> None:
    """Do what is left to do for an answer that is sent, or that nobody waits for any more."""
    try:
        reply.end()
    except Exception:  # whatever it is, nobody can be told it any more but whoever runs the server
        logging.getLogger(LOGGER).exception("an answer was sent, and what was left to do for it failed")


def _start_nothing(_status: str, _headers: list[tuple[str, str]], _failed: object = None) -> Callable[[bytes], object]:
    return lambda _: None
