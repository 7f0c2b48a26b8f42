"""What the tests of the site share: a server in a thread, and a client that follows nothing and believes nothing."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from spacekg.server import Server


@contextmanager
def served(app: Callable) -> Iterator[str]:
    """Serve an app on a free port of this machine; yields its address."""
    server = Server(app, "127.0.0.1", 0)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server.address
    finally:
        server.stop()
        thread.join()


@contextmanager
def listening() -> Iterator[tuple[int, list[str]]]:
    """Listen where nobody should call; yields the port, and a list of who did."""
    hits: list[str] = []
    ear = socket.create_server(("127.0.0.1", 0))

    def count() -> None:
        while True:
            try:
                connection, peer = ear.accept()
            except OSError:
                return
            hits.append(str(peer))
            connection.close()

    thread = threading.Thread(target=count)
    thread.start()
    yield ear.getsockname()[1], hits
    ear.shutdown(socket.SHUT_RDWR)
    ear.close()
    thread.join()


@dataclass(frozen=True)
class Answer:
    """What came back, as it was sent."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get_content_type()

    @property
    def location(self) -> str:
        return self.headers["Location"] or ""


def ask(address: str, path: str, accept: str | None = None, method: str = "GET", **headers: str) -> Answer:
    """Send one request line as it is written, so that hostile paths arrive as they are."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    try:
        connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
        for name, value in {**({} if accept is None else {"Accept": accept}), **headers}.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()
