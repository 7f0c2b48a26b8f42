"""server    serve     an app → answers over HTTP, until it is told to stop."""

from __future__ import annotations

import json
import logging
import signal
import sys
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from types import FrameType
from typing import TYPE_CHECKING, Any

import waitress
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask, WSGITask
from waitress.trigger import trigger
from waitress.utilities import build_http_date

from spacekg import repeats
from spacekg.errors import SpacekgError
from spacekg.repeats import SENT, Sent

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

THREADS = 48
"""More than there are places for queries that wait, so that a flood of them leaves threads for everything else."""
CONNECTIONS = 800
"""Open connections, idle ones included; fewer than the 1,024 files that most systems let a process open."""
FROM_ONE = 400
"""Open connections from one address, unless a proxy stands there."""
BODY = 2_000_000
"""Bytes of a request that are taken before it is refused unread; the site has a lower limit with a better answer."""
IDLE = 30
"""Seconds that a connection may stay open without a request, or a request take to arrive."""
TURN = 0.0005
"""Seconds that a thread may keep Python to itself while others wait; a light request has to wait for some ten turns."""
KNOWN = 8_192
"""Bytes of a request that may be known again as it was sent."""
GRACE = 3.0
"""Seconds that what is being answered has when the server is told to stop."""

_PROBLEM = "https://w3id.org/spacekg/problem/"
_ADVICE = {
    400: "this is not HTTP as a client writes it",
    413: "the request sends too much: a query may have 64 KB",
    431: "the address and headers have more than 256 KB: send the query by POST",
    501: "send the body as it is, with its length",
}


class ServerError(SpacekgError):
    """The server cannot listen where it was told to."""


class Server:
    """A server that listens already, and answers once it runs; port 0 takes any free port.

    `proxy` is the address of a proxy that says in X-Forwarded-For who asks; nobody else is believed.
    """

    def __init__(self, app: WSGIApplication, host: str, port: int, proxy: str = "") -> None:
        # It logs, with a traceback, that a client or the whole server went away while it answered.
        logging.getLogger("waitress").addHandler(logging.NullHandler())
        self._sockets: dict[int, Any] = {}
        self._stopped = False
        self._pulling = threading.RLock()
        believed = {"trusted_proxy": proxy, "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"}}
        try:
            self._server = waitress.create_server(
                app,
                map=self._sockets,
                host=host,
                port=port,
                threads=THREADS,
                ident="",
                # Without looking ahead nobody notices that a client has gone away.
                channel_request_lookahead=1,
                max_request_body_size=BODY,
                # By default the 101st idle connection silences the server.
                connection_limit=CONNECTIONS,
                asyncore_use_poll=True,
                channel_timeout=IDLE,
                cleanup_interval=5,
                # A thread that has made an answer never waits for whoever reads it slowly.
                outbuf_high_watermark=1 << 28,
                # Nobody but the site looks at them, and it only takes them for a sign that a proxy is there.
                clear_untrusted_proxy_headers=bool(proxy),
                **(believed if proxy else {}),
            )
        except OSError as error:
            raise ServerError(_cannot_listen(host, port, error)) from None
        except ValueError as error:
            raise ServerError(f"cannot listen at {host}: {error}: name an address of this machine") from None
        for listening in self._listening():
            listening.channel_class = _Admission(app, proxy)

    @property
    def address(self) -> str:
        """The address it listens at, with its last slash; the first one when there are several."""
        listening = getattr(self._server, "effective_listen", None)
        host, port = listening[0] if listening else (self._server.effective_host, self._server.effective_port)
        return f"http://{f'[{host}]' if ':' in host else host}:{port}/"

    def run(self) -> None:
        """Answer until `stop` is called, then finish what was begun, but not for long."""
        while not self._stopped:
            self._turn()
        for listening in self._listening():
            wasyncore.dispatcher.close(listening)
        end = time.monotonic() + GRACE
        while time.monotonic() < end and any(channel.requests or channel.total_outbufs_len for channel in self._open()):
            self._turn()
        for channel in self._open():
            channel.handle_close()
        self._server.task_dispatcher.shutdown(timeout=GRACE)
        # Who pulls a trigger that is closed writes to whatever has its number by then, so while one of the threads
        # lives, or another one is about to stop us, they stay open.
        if not self._server.task_dispatcher.threads:
            with self._pulling:
                wasyncore.close_all(self._sockets)

    def stop(self) -> None:
        """Have `run` end, from whichever thread or from a signal handler."""
        with self._pulling:
            if not self._stopped:
                self._stopped = True
                for waker in [item for item in list(self._sockets.values()) if isinstance(item, trigger)]:
                    waker.pull_trigger()

    def _turn(self) -> None:
        wasyncore.loop(timeout=1.0, map=self._sockets, use_poll=True, count=1)

    def _listening(self) -> list[BaseWSGIServer]:
        return [item for item in list(self._sockets.values()) if isinstance(item, BaseWSGIServer)]

    def _open(self) -> list[HTTPChannel]:
        return [item for item in list(self._sockets.values()) if isinstance(item, HTTPChannel)]


def serve(
    app: WSGIApplication, host: str, port: int, ready: Callable[[str], None] = lambda _: None, proxy: str = ""
) -> None:
    """Answer over HTTP until SIGTERM or SIGINT; `ready` is given the address once it can be asked.

    Raises:
        ServerError: the port is taken, forbidden or none, or the host is none of this machine.
    """
    if not 1 <= port <= 65535:
        raise ServerError(f"cannot listen at {host}:{port}: choose a port from 1 to 65535")
    server = Server(app, host, port, proxy)

    def leave(_number: int, _frame: FrameType | None) -> None:
        server.stop()

    turn = sys.getswitchinterval()
    sys.setswitchinterval(TURN)
    before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        ready(server.address)
        server.run()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        sys.setswitchinterval(turn)


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
    admission: _Admission

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
        if self.request is not None and time.monotonic() - self.begun > IDLE:
            self.will_close = True
        return bool(super().readable())


class _Admission:
    """Makes a connection for each client that comes, unless it has too many."""

    def __init__(self, site: WSGIApplication, proxy: str) -> None:
        self.site = site
        self.proxy = proxy

    def __call__(self, server: Any, channel: Any, address: Any, adjustments: Any, map: dict[int, Any]) -> None:
        there = address[0]
        open_ones = sum(each.addr[0] == there for each in server.active_channels.values())
        if open_ones >= FROM_ONE and there != self.proxy:
            channel.close()
        else:
            _Channel(server, channel, address, adjustments, map=map).admission = self


@lru_cache(maxsize=2)
def _date(second: int) -> bytes:
    return str(build_http_date(second)).encode()


def _cannot_listen(host: str, port: int, error: OSError) -> str:
    return f"cannot listen at {host}:{port} ({error.strerror or error}): choose another port or stop what uses this one"
