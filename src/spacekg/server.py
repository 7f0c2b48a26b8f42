"""server    serve     an app → answers over HTTP, until it is told to stop."""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any

import waitress
from waitress.trigger import trigger

from spacekg.errors import SpacekgError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

THREADS = 48
"""More than there are places for queries that wait, so that a flood of them leaves threads for everything else."""


class ServerError(SpacekgError):
    """The server cannot listen where it was told to."""


class Server:
    """A server that listens already, and answers once it runs; port 0 takes any free port."""

    def __init__(self, app: WSGIApplication, host: str, port: int) -> None:
        self._sockets: dict[int, Any] = {}
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
                max_request_body_size=2_000_000,
                channel_timeout=60,
                clear_untrusted_proxy_headers=True,
            )
        except OSError as error:
            raise ServerError(_cannot_listen(host, port, error)) from None
        except ValueError as error:
            raise ServerError(f"cannot listen at {host}: {error}: name an address of this machine") from None

    @property
    def address(self) -> str:
        """The address it listens at, with its last slash; the first one when there are several."""
        listening = getattr(self._server, "effective_listen", None)
        host, port = listening[0] if listening else (self._server.effective_host, self._server.effective_port)
        return f"http://{f'[{host}]' if ':' in host else host}:{port}/"

    def run(self) -> None:
        """Answer until another thread calls `stop` or a signal handler raises SystemExit."""
        self._server.run()
        self._server.task_dispatcher.shutdown()

    def stop(self) -> None:
        """Close every connection and end `run`, from whichever thread."""
        for waker in [item for item in self._sockets.values() if isinstance(item, trigger)]:
            waker.pull_trigger(self._close_all)

    def _close_all(self) -> None:
        for item in list(self._sockets.values()):
            item.close()


def serve(app: WSGIApplication, host: str, port: int, ready: Callable[[str], None] = lambda _: None) -> None:
    """Answer over HTTP until SIGTERM or SIGINT; `ready` is given the address once it can be asked.

    Raises:
        ServerError: the port is taken, forbidden or none, or the host is none of this machine.
    """
    if not 1 <= port <= 65535:
        raise ServerError(f"cannot listen at {host}:{port}: choose a port from 1 to 65535")
    server = Server(app, host, port)
    before = {number: signal.signal(number, _leave) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        ready(server.address)
        server.run()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _cannot_listen(host: str, port: int, error: OSError) -> str:
    return f"cannot listen at {host}:{port} ({error.strerror or error}): choose another port or stop what uses this one"
