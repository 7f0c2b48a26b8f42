"""connections  what a server does at each connection: who may open one, what is read, what is written."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from waitress.channel import HTTPChannel
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import build_http_date

from spacekg import repeats
from spacekg.repeats import SENT, Reply, Sent
from spacekg.server.requests import KNOWN, Parser

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

FROM_ONE = 400
"""Open connections from one address, unless a proxy stands there."""
IDLE = 30
"""Seconds that a connection may stay open without a request, or a request take to arrive."""
LINGER, DRAINED = 5.0, 1 << 26
"""Seconds and bytes for which the rest of a refused request is thrown away, so that its sender comes to read why."""

BEGUN = "spacekg.begun"
"""Where in the environment of a request stands its answer, if that is being made already."""
_PROBLEM = "https://w3id.org/spacekg/problem/"
_ADVICE = {
    400: "this is not HTTP as a client writes it",
    413: "the request sends too much: a query may have 64 KB",
    431: "the address and headers have more than 256 KB: send the query by POST",
    501: "send the body as it is, with its length",
}


class Problem(ErrorTask):  # type: ignore[misc]  # waitress has no types
    """What is answered to a request that never reaches the site: a problem, as the site answers them."""

    def execute(self) -> None:
        """Answer, and close the connection."""
        error = self.request.error
        detail = _ADVICE.get(error.code, "the fault is on this side, and it has been noted")
        content = {
            "type": f"{_PROBLEM}http-{error.code}", "title": error.reason, "status": error.code, "detail": detail,
        }  # fmt: skip
        body = json.dumps(content).encode() + b"\n"
        self.status = f"{error.code} {error.reason}"
        self.response_headers += [
            ("Content-Type", "application/problem+json"),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        self.set_close_on_finish()
        self.channel.refused = True
        self.content_length = len(body)
        self.write(body)


class Task(WSGITask):  # type: ignore[misc]  # waitress has no types
    """What a thread does for a request; the site is told what was sent, so that it knows it again."""

    def get_environment(self) -> dict[str, Any]:
        """Give the environment of the request, which is made once."""
        if self.request.environ is None:
            self.request.environ = super().get_environment()
            if self.request.whole:
                self.request.environ[SENT] = self.channel.named(self.request.whole)
        environ: dict[str, Any] = self.request.environ
        return environ

    def write(self, data: bytes) -> None:
        """Write the head and what comes with it in one piece."""
        with self.channel.joined():
            super().write(data)


class Sending:
    """What is done for a request whose answer is made: it is sent as it is, in one piece."""

    close_on_finish = wrote_header = False

    def __init__(self, connection: Connection, request: Parser, reply: Reply) -> None:
        self.request = request
        self._connection = connection
        self._reply = reply

    def service(self) -> None:
        """Send it.

        Raises:
            ValueError: a header would be more than a line.
        """
        head = self._reply.head
        if not head.count(b"\r") == head.count(b"\n") == len(self._reply.headers) + 1:
            raise ValueError("a header has the end of a line in it")
        self._connection.send_whole(head, self._reply.body)


class Connection(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """A connection; a request on it has only so long to arrive.

    What was asked before is answered by the thread that reads: to hand it to another one takes longer than that.
    """

    error_task_class = Problem
    parser_class = Parser
    begun = 0.0
    refused = False
    lingers = 0.0
    drained = 0
    admission: Admission
    held: list[bytes] | None = None

    def task_class(self, _: Connection, request: Parser) -> Task | Sending:
        """Give what is to be done for a request: to send its answer, if there is a whole one, else to have it made."""
        reply = request.reply
        if reply is not None and reply.is_whole and request.stays and request.command in ("GET", "POST"):
            return Sending(self, request, reply)
        return Task(self, request)

    def received(self, data: bytes) -> bool:
        """Answer at once what was asked before; read everything else."""
        if self.request is None:
            self.begun = time.monotonic()
            if len(data) <= KNOWN and data.startswith(b"GET ") and self._is_at_rest() and self._answered(data):
                return True
        return bool(super().received(data))

    @contextmanager
    def joined(self) -> Iterator[None]:
        """Send what is written meanwhile in one piece."""
        held: list[bytes] = []
        self.held = held
        try:
            yield
        finally:
            self.held = None
        super().write_soon(b"".join(held))

    def write_soon(self, data: Any) -> int:
        """Send, or hold back what is to be sent in one piece with more."""
        if self.held is None:
            return int(super().write_soon(data))
        self.held.append(data)
        return len(data)

    def named(self, content: bytes) -> Sent:
        """Name what was sent by all that an answer may depend on."""
        there = self.addr[0]
        return Sent(there if there == self.admission.proxy else "", content)

    def _is_at_rest(self) -> bool:
        """Whether nothing is being answered; whoever ends an answer first writes or closes, then says it is over."""
        return not (self.requests or self.total_outbufs_len or self.will_close or self.close_when_flushed)

    def _answered(self, data: bytes) -> bool:
        answer = repeats.again(self.admission.site, self.named(data), self.addr[0])
        if answer is None:
            return False
        self.send_whole(answer.head, answer.body)
        return True

    def send_whole(self, head: bytes, body: bytes) -> None:
        """Send an answer in the thread that reads: at once what its client takes, behind what is still to be sent."""
        content = b"%sDate: %s\r\n\r\n%s" % (head, _date(int(time.time())), body)
        sent = 0 if self.total_outbufs_len else self.send(content)
        if sent < len(content) and self.connected:
            self.write_soon(content[sent:])

    def service(self) -> None:
        """Answer one request; one that nobody waits for any more is given up."""
        request = self.requests[0]
        try:
            super().service()
        finally:
            begun = request.environ.pop(BEGUN, None) if request.environ else None
            if begun is not None:
                begun.work.close()

    def readable(self) -> bool:
        """Whether there may be more to read; a request that takes too long ends its connection."""
        if self.lingers:
            return True
        if self.request is not None and time.monotonic() - self.begun > IDLE:
            self.will_close = True
        return bool(super().readable())

    def writable(self) -> bool:
        """Whether there is something to send, or the connection to close."""
        return bool(super().writable()) and time.monotonic() > self.lingers

    def handle_read(self) -> None:
        """Read; after a refusal only to throw it away."""
        if not self.lingers:
            super().handle_read()
            return
        self.drained += len(rest := self.recv(1 << 16))
        if not rest or self.drained > DRAINED:
            self.handle_close()

    def handle_close(self) -> None:
        """Close; after a refusal not at once, for to close with something unread takes the answer from the client."""
        if self.refused and self.connected and not self.lingers:
            with suppress(OSError):
                self.socket.shutdown(socket.SHUT_WR)
                self.lingers = time.monotonic() + LINGER
                return
        super().handle_close()


class Admission:
    """Makes a connection for each client that comes, unless it has too many."""

    def __init__(self, site: WSGIApplication, proxy: str) -> None:
        self.site = site
        self.proxy = proxy

    def __call__(self, server: Any, channel: Any, address: Any, adjustments: Any, map: dict[int, Any]) -> None:
        """Make a connection, or close what would be one too many."""
        there = address[0]
        open_ones = sum(each.addr[0] == there for each in server.active_channels.values())
        if open_ones >= FROM_ONE and there != self.proxy:
            channel.close()
        else:
            Connection(server, channel, address, adjustments, map=map).admission = self


@lru_cache(maxsize=2)
def _date(second: int) -> bytes:
    return str(build_http_date(second)).encode()
