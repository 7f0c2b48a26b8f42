"""connections   bytes sent over a connection → requests for an app, and answers that it kept or that refuse."""

from __future__ import annotations

import json
import socket
import time
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import build_http_date

from spacekg import repeats
from spacekg.repeats import SENT, Sent

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

FROM_ONE = 400
"""Open connections from one address, unless a proxy stands there."""
IDLE = 30
"""Seconds that a connection may stay open without a request, or a request take to arrive."""
KNOWN = 8_192
"""Bytes of a request that may be known again as it was sent."""
LINGER, DRAINED = 5.0, 1 << 26
"""Seconds and bytes for which the rest of a refused request is thrown away, so that its sender comes to read why."""

_PROBLEM = "https://w3id.org/spacekg/problem/"
_ADVICE = {
    400: "this is not HTTP as a client writes it",
    413: "the request sends too much: a query may have 64 KB",
    431: "the address and headers have more than 256 KB: send the query by POST",
    501: "send the body as it is, with its length",
}


class _Problem(ErrorTask):  # type: ignore[misc]  # waitress has no types
    """What is answered to a request that never reaches the site: a problem, as the site answers them."""

    def execute(self) -> None:
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


class _Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """A request that is read; one that came at once and asks for nothing unusual can be known again by its bytes."""

    whole = b""

    def received(self, data: bytes) -> int:
        begun = self.header_plus or self.headers_finished
        consumed = int(super().received(data))
        if self.completed and not begun and consumed == len(data) <= KNOWN and self._is_plain():
            self.whole = data
        return consumed

    def _is_plain(self) -> bool:
        if self.error or self.empty or self.expect_continue or self.body_rcv is not None:
            return False
        stays = self.headers.get("CONNECTION", "keep-alive").lower() == "keep-alive"
        return bool(stays and self.command == "GET" and self.version == "1.1")


class _Task(WSGITask):  # type: ignore[misc]  # waitress has no types
    """What a thread does for a request; the site is told what was sent, so that it knows it again."""

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        if self.request.whole:
            environ[SENT] = self.channel.named(self.request.whole)
        return environ


class _Channel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """A connection; a request on it has only so long to arrive.

    What was asked before is answered by the thread that reads: to hand it to another one takes longer than that.
    """

    task_class = _Task
    error_task_class = _Problem
    parser_class = _Parser
    begun = 0.0
    refused = False
    lingers = 0.0
    drained = 0
    admission: Admission

    def received(self, data: bytes) -> bool:
        if self.request is None:
            self.begun = time.monotonic()
            if len(data) <= KNOWN and self._is_at_rest() and self._answered(data):
                return True
        return bool(super().received(data))

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
        content = b"%sDate: %s\r\n\r\n%s" % (answer.head, _date(int(time.time())), answer.body)
        rest = content[self.send(content) :]
        if rest and self.connected:
            self.write_soon(rest)
        return True

    def readable(self) -> bool:
        if self.lingers:
            return True
        if self.request is not None and time.monotonic() - self.begun > IDLE:
            self.will_close = True
        return bool(super().readable())

    def writable(self) -> bool:
        return time.monotonic() > self.lingers and bool(super().writable())

    def handle_read(self) -> None:
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
        """Take a client in, as waitress asks; the names are its own."""
        there = address[0]
        open_ones = sum(each.addr[0] == there for each in server.active_channels.values())
        if open_ones >= FROM_ONE and there != self.proxy:
            channel.close()
        else:
            _Channel(server, channel, address, adjustments, map=map).admission = self


@lru_cache(maxsize=2)
def _date(second: int) -> bytes:
    return str(build_http_date(second)).encode()
