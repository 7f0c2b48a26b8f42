"""The server: it listens or says why not, and stops when told to."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable

import pytest

from spacekg import server
from spacekg.server import Server, ServerError

SERVE = """
import sys
from spacekg import server
def app(environ, start_response):
    start_response("200 OK", [])
    return [b"hello"]
with __import__("socket").socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
server.serve(app, "127.0.0.1", port, lambda address: print(address, flush=True))
print("ended", flush=True)
"""


def hello(_environ: dict, start_response: Callable) -> list[bytes]:
    start_response("200 OK", [])
    return [b"hello"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_until_a_signal_and_ends_cleanly_and_silently(number: signal.Signals) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", SERVE], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        with urllib.request.urlopen(address) as response:
            assert response.read() == b"hello"
            assert "Server" not in response.headers
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "ended\n", "")


def test_it_stops_from_another_thread() -> None:
    running = Server(hello, "127.0.0.1", 0)
    thread = threading.Thread(target=running.run)
    thread.start()
    with urllib.request.urlopen(running.address) as response:
        assert response.read() == b"hello"
    running.stop()
    thread.join(20)
    assert not thread.is_alive()
    with pytest.raises(OSError):
        urllib.request.urlopen(running.address)


def test_a_taken_port_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ServerError, match=rf"127\.0\.0\.1:{port}.*another port"):
            server.serve(hello, "127.0.0.1", port)


def test_port_zero_is_refused() -> None:
    with pytest.raises(ServerError, match="1 to 65535"):
        server.serve(hello, "127.0.0.1", 0)


@pytest.mark.parametrize(("host", "port"), [("192.0.2.1", 8000), ("no such host", 8000), ("127.0.0.1", 70000)])
def test_an_address_that_is_not_ours_is_said(host: str, port: int) -> None:
    with pytest.raises(ServerError, match=host):
        server.serve(hello, host, port)
