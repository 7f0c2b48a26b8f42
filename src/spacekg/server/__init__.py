"""server    serve     an app → answers over HTTP, until it is told to stop."""

from __future__ import annotations

import logging
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any

import waitress
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer
from waitress.trigger import trigger

from spacekg.errors import SpacekgError
from spacekg.server.beside import Beside, Site, Threads
from spacekg.server.connections import FROM_ONE, IDLE, Admission
from spacekg.server.requests import KNOWN

__all__ = ["FROM_ONE", "IDLE", "KNOWN", "Server", "ServerError", "serve"]

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

THREADS = 48
"""More than there are places for queries that wait, so that a flood of them leaves threads for everything else."""
CONNECTIONS = 800
"""Open connections, idle ones included; fewer than the 1,024 files that most systems let a process open."""
BODY = 2_000_000
"""Bytes of a request that are taken before it is refused unread; the site has a lower limit with a better answer."""
TURN = 0.0005
"""Seconds that a thread may keep Python to itself while others wait; a light request has to wait for some ten turns."""
GRACE = 3.0
"""Seconds that what is being answered has when the server is told to stop."""


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
        threads = Threads()
        self._beside = Beside(threads, self._sockets)
        believed = {"trusted_proxy": proxy, "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"}}
        try:
            self._server = waitress.create_server(
                Site(app),
                _dispatcher=threads,
                map=self._sockets,
                host=host,
                port=port,
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
        threads.set_thread_count(THREADS)
        for listening in self._listening():
            listening.channel_class = Admission(app, proxy)
            listening.pull_trigger = self._beside.waking(listening.pull_trigger)

    @property
    def address(self) -> str:
        """The address it listens at, with its last slash; the first one when there are several."""
        listening = getattr(self._server, "effective_listen", None)
        host, port = listening[0] if listening else (self._server.effective_host, self._server.effective_port)
        return f"http://{f'[{host}]' if ':' in host else host}:{port}/"

    def run(self) -> None:
        """Answer until `stop` is called, then finish what was begun, but not for long."""
        self._beside.begin_here()
        while not self._stopped:
            self._turn()
        for listening in self._listening():
            wasyncore.dispatcher.close(listening)
        end = time.monotonic() + GRACE
        while time.monotonic() < end and any(channel.requests or channel.total_outbufs_len for channel in self._open()):
            self._turn()
        for channel in self._open():
            channel.handle_close()
        self._beside.end()
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
        wasyncore.loop(timeout=self._beside.seconds(1.0), map=self._sockets, use_poll=True, count=1)
        self._beside.go_on()

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


def _cannot_listen(host: str, port: int, error: OSError) -> str:
    return f"cannot listen at {host}:{port} ({error.strerror or error}): choose another port or stop what uses this one"
