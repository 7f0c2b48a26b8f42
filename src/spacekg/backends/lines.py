"""lines     Line: one connection to a SPARQL server, kept open; what is asked on it can be given up at any moment."""

from __future__ import annotations

import base64
import http.client
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import quote_plus, urlsplit

from spacekg import agent, steps
from spacekg.answers import AbandonedError
from spacekg.backends.kinds import Server
from spacekg.backends.replies import Incoming, Reply
from spacekg.errors import BackendError
from spacekg.steps import Need, Steps, Until
from spacekg.workers.desk import LOOK_UP

PIECE = 65_536
_SENT_AS = tuple(quote_plus(bytes([number])) for number in range(256))
"""How a form has each byte of a text."""
_NOT_YET = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class LateError(Exception):
    """There was no answer in time."""


class Line:
    """A connection; it is made when it is used first, and anew after whatever went wrong on it.

    SPARQLWrapper opens a connection for each query and waits until it is answered, which cannot be given up.
    """

    alive = True

    def __init__(self, server: Server, most: int) -> None:
        self._server = server
        self._most = most
        parts = urlsplit(server.query)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(parts.hostname or "", parts.port)
        headers = {
            "Host": parts.netloc,
            "User-Agent": agent.name(),
            "Accept-Encoding": "identity",
            "Content-Type": "application/x-www-form-urlencoded",
            **_login(server),
        }
        said = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._head = f"POST {parts.path or '/'} HTTP/1.1\r\n{said}"

    def ask(self, parameters: list[tuple[str, str]], accept: str, until: float, gone: Callable[[], bool]) -> Reply:
        """Send a query and read its whole answer; see `asking`."""
        return steps.finish(self.asking(parameters, accept, until, gone))

    def asking(
        self, parameters: list[tuple[str, str]], accept: str, until: float, gone: Callable[[], bool]
    ) -> Steps[Reply]:
        """Send a query and read its whole answer step by step, until a moment of `time.monotonic`.

        Raises:
            LateError: it took longer.
            AbandonedError: whoever asked has gone away.
            AnswerTooLargeError: the answer is larger than it may be.
            BackendError: the server is not there, or broke off.
        """
        body = form(parameters)
        message = f"{self._head}Accept: {accept}\r\nContent-Length: {len(body)}\r\n\r\n".encode("latin-1") + body
        if self._connection.sock is not None and steps.ready(self._connection.sock, 0):
            # Over there it was closed while it rested, perhaps with a word about that, which is no answer.
            self.close()
        for fresh in (self._connection.sock is None, True):
            try:
                yield from self._send(message, until)
                return (yield from self._read(until, gone))
            except (http.client.RemoteDisconnected, ConnectionError) as error:
                self.close()
                if fresh:
                    raise _unreachable(error) from None
                # A server may close a connection that rested for a while, just when it is used again.
            except TimeoutError:
                self.close()
                raise LateError from None
            except (http.client.HTTPException, OSError) as error:
                self.close()
                raise _unreachable(error) from None
            except BaseException:  # whatever it is, the connection is in the middle of an answer
                self.close()
                raise
        raise AssertionError("a fresh connection is the last one")

    def close(self) -> None:
        """Close the connection, by which the server learns that nobody waits any more."""
        self._connection.close()

    def _send(self, message: bytes, until: float) -> Steps[None]:
        """Send head and body at once; http.client sends them one after the other, which wakes the server twice."""
        if self._connection.sock is None:
            yield Need.THREAD
            self._connect(_left(until))
        channel, sent = self._connection.sock, 0
        with suppress(*_NOT_YET):
            sent = channel.send(message)
        if sent < len(message):
            yield Need.THREAD
            channel.settimeout(_left(until))
            channel.sendall(message[sent:])
            channel.setblocking(False)

    def _connect(self, seconds: float) -> None:
        self._connection.timeout = seconds
        self._connection.connect()
        self._connection.sock.setblocking(False)

    def _read(self, until: float, gone: Callable[[], bool]) -> Steps[Reply]:
        channel, answer = self._connection.sock, Incoming(self._most)
        while not answer.whole:
            # What TLS has read already is no longer to be waited for.
            waiting = not (isinstance(channel, ssl.SSLSocket) and channel.pending())
            if waiting and not (yield Until(channel, min(LOOK_UP, _left(until)))):
                _look_up(until, gone)
                continue
            with suppress(*_NOT_YET):
                answer.feed(channel.recv(PIECE))
            if not answer.whole:
                _look_up(until, gone)
        if not answer.stays:
            self.close()
        return answer.reply


def form(parameters: list[tuple[str, str]]) -> bytes:
    """Write parameters as `urlencode` does, which takes four times as long."""
    sent = [(name, [_SENT_AS[byte] for byte in value.encode()]) for name, value in parameters]
    return "&".join([f"{name}={''.join(value)}" for name, value in sent]).encode()


def _left(until: float) -> float:
    """Seconds until then; a little when there are none, so that it is the server's lateness that is noticed."""
    return max(0.001, until - time.monotonic())


def _look_up(until: float, gone: Callable[[], bool]) -> None:
    if time.monotonic() >= until:
        raise TimeoutError
    if gone():
        raise AbandonedError("whoever asked has gone away, so the query was stopped")


def _login(server: Server) -> dict[str, str]:
    """Say who asks, where a server wants it with a query; one with Digest lets everybody ask."""
    if server.kind.login == "bearer" and server.password:
        return {"Authorization": f"Bearer {server.password}"}
    if server.kind.login == "basic" and server.user:
        return {"Authorization": "Basic " + base64.b64encode(f"{server.user}:{server.password}".encode()).decode()}
    return {}


def _unreachable(error: Exception) -> BackendError:
    reason = "it broke off in the middle" if isinstance(error, http.client.IncompleteRead) else str(error)
    return BackendError(f"the store did not answer ({reason or type(error).__name__}): tell whoever runs this site")
