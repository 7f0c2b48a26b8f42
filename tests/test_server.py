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


def test_stopping_at_any_moment_writes_to_nothing_that_is_closed(caplog: pytest.LogCaptureFixture) -> None:
    failures: list[BaseException] = []

    def stop(running: Server) -> None:
        try:
            running.stop()
        except OSError as error:
            failures.append(error)

    for _ in range(25):
        running = Server(hello, "127.0.0.1", 0)
        thread = threading.Thread(target=running.run)
        thread.start()
        host, port = running.address.removeprefix("http://").rstrip("/").split(":")
        asking = [socket.create_connection((host, int(port))) for _ in range(5)]
        for channel in asking:
            channel.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        stopping = [threading.Thread(target=stop, args=(running,)) for _ in range(3)]
        for each in stopping:
            each.start()
        for each in [*stopping, thread]:
            each.join(20)
            assert not each.is_alive()
        running.stop()
        for channel in asking:
            channel.close()
    assert not failures
    assert "Bad file descriptor" not in caplog.text


def test_what_was_begun_is_finished_when_it_is_told_to_stop() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(_environ: dict, start_response: Callable) -> list[bytes]:
        begun.set()
        go_on.wait(20)
        start_response("200 OK", [("Content-Length", "5")])
        return [b"whole"]

    running = Server(slow, "127.0.0.1", 0)
    thread = threading.Thread(target=running.run)
    thread.start()
    host, port = running.address.removeprefix("http://").rstrip("/").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as channel:
        channel.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        begun.wait(20)
        running.stop()
        go_on.set()
        answer = b""
        while chunk := channel.recv(65536):
            answer += chunk
    thread.join(20)
    assert answer.endswith(b"whole")


def test_a_proxy_is_believed_who_asks_and_nobody_else() -> None:
    def who(environ: dict, start_response: Callable) -> list[bytes]:
        start_response("200 OK", [])
        return [environ["REMOTE_ADDR"].encode()]

    seen = []
    for proxy in ("", "127.0.0.1", "192.0.2.9"):
        running = Server(who, "127.0.0.1", 0, proxy)
        thread = threading.Thread(target=running.run)
        thread.start()
        request = urllib.request.Request(running.address, headers={"X-Forwarded-For": "192.0.2.1"})
        with urllib.request.urlopen(request) as response:
            seen.append(response.read().decode())
        running.stop()
        thread.join(20)
    assert seen == ["127.0.0.1", "192.0.2.1", "127.0.0.1"]
