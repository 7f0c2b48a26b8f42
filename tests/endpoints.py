"""What the tests of remote endpoints share: a SPARQL server with an extract, and a proxy that has faults."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

BINARY = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")


@contextmanager
def sparql_server(extract: Path) -> Iterator[str]:
    """Run an Oxigraph server that holds one file; yields the address of its query endpoint."""
    assert BINARY
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    with subprocess.Popen([BINARY, "serve", "--bind", place], stderr=subprocess.PIPE, text=True) as server:
        try:
            assert "Listening" in next(line for line in server.stderr or () if place in line)
            headers = {"Content-Type": "text/turtle"}
            load = urllib.request.Request(f"http://{place}/store?default", extract.read_bytes(), headers, method="POST")
            urllib.request.urlopen(load, timeout=20).close()
            yield f"http://{place}/query"
        finally:
            server.kill()


Fault = Callable[["Handler", bytes], None]


@dataclass
class Proxy:
    """Passes queries on; each fault in `faults` spoils one answer, and `asked` holds every query in its order.

    The query with the number `stop_at` (from 1) gets no answer until `go_on` is set; then `stopped` is set.
    """

    target: str
    faults: deque[Fault] = field(default_factory=deque)
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    stop_at: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    address: str = ""


@contextmanager
def proxied(target: str) -> Iterator[Proxy]:
    """Run a proxy before an endpoint."""
    proxy = Proxy(target)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Proxying", (Handler,), {"proxy": proxy}))
    server.daemon_threads = True
    proxy.address = f"http://127.0.0.1:{server.server_address[1]}/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield proxy
    finally:
        proxy.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()


class Handler(BaseHTTPRequestHandler):
    """Passes one query on, or spoils its answer."""

    proxy: Proxy
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        proxy = self.proxy
        proxy.asked.append(parse_qs(body.decode())["query"][0])
        proxy.agents.add(self.headers["User-Agent"])
        self.close_connection = True
        if len(proxy.asked) == proxy.stop_at:
            proxy.stopped.set()
            proxy.go_on.wait(60)
            return
        headers = {name: self.headers[name] for name in ("Accept", "Content-Type")}
        try:
            with urllib.request.urlopen(urllib.request.Request(proxy.target, body, headers), timeout=20) as response:
                content = response.read()
        except urllib.error.HTTPError as error:
            self.answer(error.code, error.read(), "text/plain")
            return
        fault = proxy.faults.popleft() if proxy.faults else pass_on
        fault(self, content)

    def answer(self, status: int, content: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def pass_on(handler: Handler, content: bytes) -> None:
    """Have no fault."""
    handler.answer(200, content, "application/sparql-results+json")


def refuse(status: int, words: str = "not now", **headers: str) -> Fault:
    """Answer with a status instead."""
    return lambda handler, _: handler.answer(status, words.encode(), "text/plain", **headers)


def be_silent(handler: Handler, _content: bytes) -> None:
    """Give no answer for as long as the test lasts."""
    handler.proxy.go_on.wait(60)


def cut_in_the_middle(handler: Handler, content: bytes) -> None:
    """Promise the whole body and close the connection half-way."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/sparql-results+json")
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content[: len(content) // 2])


def cut_a_chunk(handler: Handler, content: bytes) -> None:
    """Send the body in chunks and close the connection before the last."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/sparql-results+json")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    half = content[: len(content) // 2]
    handler.wfile.write(f"{len(half):x}\r\n".encode() + half + b"\r\n")


def end_early(handler: Handler, content: bytes) -> None:
    """Send half of the body as if it were the whole."""
    pass_on(handler, content[: len(content) // 2])


def send_a_page(handler: Handler, _content: bytes) -> None:
    """Answer 200 with a web page, as a gateway does."""
    handler.answer(200, b"<!DOCTYPE html><h1>Maintenance</h1>", "text/html")


def hang_up(handler: Handler, _content: bytes) -> None:
    """Close the connection without a word."""
    handler.connection.close()
