"""The server: it listens or says why not, and stops when told to."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from spacekg import server
from spacekg.repeats import LARGEST, SENT, Repeat, Reply, Sent
from spacekg.server import Server, ServerError, connections
from spacekg.steps import Need, Steps, Until, Wait

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


class Remembering:
    """A site that answers at once what it was asked before, and tells by which thread."""

    def __init__(self, body: bytes = b"known") -> None:
        self._body = body
        self._known: dict[Sent, int] = {}

    def __call__(self, environ: dict, start_response: Callable) -> list[bytes]:
        start_response("200 OK", [("Content-Length", "3"), ("X-From", environ["REMOTE_ADDR"])])
        if SENT in environ:
            self._known[environ[SENT]] = threading.get_ident()
        return [b"new"]

    def again(self, sent: Sent, there: str) -> Repeat | None:
        if self._known.get(sent, threading.get_ident()) == threading.get_ident():
            return None
        return Repeat(
            f"HTTP/1.1 200 OK\r\nContent-Length: {len(self._body)}\r\nX-From: {there}\r\n".encode(), self._body
        )


def exchanged(channel: socket.socket, sent: bytes) -> tuple[bytes, bytes]:
    """Send something, and read one answer; gives its head and its body."""
    channel.sendall(sent)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += channel.recv(65536)
    head, _, body = answer.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split()[0])
    while len(body) < length:
        body += channel.recv(65536)
    assert len(body) == length
    return head, body


ONCE = b"GET /a HTTP/1.1\r\nHost: x\r\n"
SAME = ONCE + b"\r\n"


def test_what_is_sent_again_is_answered_by_the_thread_that_reads() -> None:
    with served(Remembering()) as (host, port), socket.create_connection((host, port), timeout=20) as channel:
        assert exchanged(channel, SAME)[1] == b"new"
        told = [exchanged(channel, SAME) for _ in range(20)]
        # A thread may have sent its answer and not yet have said that it is done; from then on it is another one's.
        bodies = [body for _, body in told]
        assert set(bodies[bodies.index(b"known") :]) == {b"known"}
        assert all(b"\r\nDate: " in head for head, _ in told)
        with socket.create_connection((host, port), timeout=20) as other:
            assert exchanged(other, SAME)[1] == b"known"


@pytest.mark.parametrize(
    "sent",
    [
        ONCE + b"Connection: close\r\n\r\n", SAME.replace(b"1.1", b"1.0"), SAME.replace(b"GET", b"POST"),
        ONCE + b"Content-Length: 1\r\n\r\nx",
        ONCE + b"X-Long: " + b"x" * 9_000 + b"\r\n\r\n", ONCE + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
)  # fmt: skip
def test_what_is_unusual_is_answered_by_another_thread_each_time(sent: bytes) -> None:
    with served(Remembering()) as (host, port):
        for _ in range(3):
            with socket.create_connection((host, port), timeout=20) as channel:
                assert exchanged(channel, sent)[1] == b"new"


def test_answers_come_in_the_order_of_what_was_sent() -> None:
    with served(Remembering()) as (host, port), socket.create_connection((host, port), timeout=20) as channel:
        exchanged(channel, SAME)
        channel.sendall(SAME + SAME.replace(b"/a", b"/b") + SAME)
        answers = b""
        while answers.count(b"new") + answers.count(b"known") < 3:
            answers += channel.recv(65536)
        channel.sendall(SAME[:20])
        assert exchanged(channel, SAME[20:])[1] == b"new"
        # A thread may have sent its answer and not yet have said that it is done.
        assert b"known" in {exchanged(channel, SAME)[1] for _ in range(20)}


def test_a_large_answer_that_is_sent_again_is_whole_for_a_slow_reader() -> None:
    large = bytes(range(256)) * (LARGEST // 256)
    with served(Remembering(large)) as (host, port), socket.socket() as channel:
        channel.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        channel.settimeout(20)
        channel.connect((host, port))
        assert [len(exchanged(channel, SAME)[1]) for _ in range(20)][-1] == len(large)
        assert exchanged(channel, SAME)[1] == large


def test_what_comes_through_a_proxy_is_known_by_that() -> None:
    site, names = Remembering(), []
    for proxy in ("127.0.0.1", "192.0.2.9"):
        with served(site, proxy) as (host, port), socket.create_connection((host, port), timeout=20) as channel:
            exchanged(channel, SAME)
            exchanged(channel, SAME)
            names.append({sent.proxy for sent in site._known})
    assert names == [{"127.0.0.1"}, {"127.0.0.1", ""}]


@contextmanager
def served(app: Callable, proxy: str = "") -> Iterator[tuple[str, int]]:
    running = Server(app, "127.0.0.1", 0, proxy)
    thread = threading.Thread(target=running.run)
    thread.start()
    host, port = running.address.removeprefix("http://").rstrip("/").split(":")
    try:
        yield host, int(port)
    finally:
        running.stop()
        thread.join(20)


def refused(length: int) -> bytes:
    return b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % length


def test_who_sends_too_much_before_reading_is_told_so() -> None:
    body = b"a" * 10_000_000
    with served(hello) as (host, port), socket.create_connection((host, port), timeout=20) as channel:
        channel.sendall(refused(len(body)) + body)
        assert channel.recv(65536).startswith(b"HTTP/1.1 413 ")


def test_who_never_stops_sending_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "DRAINED", 1 << 20)
    with served(hello) as (host, port), socket.create_connection((host, port), timeout=20) as channel:
        channel.sendall(refused(10**12))
        with pytest.raises(OSError, match=r"reset|pipe"):
            for _ in range(10_000):
                channel.sendall(b"a" * 65536)


def test_who_is_refused_and_says_nothing_more_keeps_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "LINGER", 0.2)
    with served(hello) as (host, port), socket.create_connection((host, port), timeout=20) as channel:
        channel.sendall(refused(10**12))
        while channel.recv(65536):
            pass
        with pytest.raises(OSError, match=r"reset|pipe"):
            for _ in range(100):
                time.sleep(0.1)
                channel.sendall(b"a")


LARGE = bytes(range(256)) * 20_000


class Stepping:
    """A site that answers in steps: each request says what it waits for, and whether that came is the answer."""

    def __init__(self) -> None:
        self.threads: list[int] = []
        self.given_up: list[str] = []
        self.begun, self.read = threading.Event(), threading.Event()
        self.ended: list[tuple[str, bool]] = []
        self.ours, self.theirs = socket.socketpair()

    def __call__(self, environ: dict, start_response: Callable) -> list[bytes]:
        return hello(environ, start_response)

    def answering(self, environ: dict) -> Steps[Reply] | None:
        return None if environ["PATH_INFO"] == "/hello" else self._steps(environ["PATH_INFO"])

    def _steps(self, path: str) -> Steps[Reply]:
        waits: dict[str, Wait] = {"/there": Until(self.ours, 20), "/late": Until(self.ours, 0.05)}
        waits |= {"/thread": Need.THREAD, "/place": Need.PLACE}
        came = None
        self.begun.set()
        try:
            if path == "/fails":
                raise ValueError(path)
            if path in waits:
                came = yield waits[path]
            while came and path == "/place":  # which never becomes free
                came = yield waits[path]
        except GeneratorExit:
            self.given_up.append(path)
            raise
        self.threads.append(threading.get_ident())
        body = LARGE if path == "/large" else f"{path} {came}".encode()
        more = (("X-Two", "lines\r\nX-More: 1"),) if path == "/lines" else ()
        left = (lambda: self._end(path),)
        return Reply("200 OK", (("Content-Length", str(len(body))), *more), body, left)

    def _end(self, path: str) -> None:
        """Do what is left to do for an answer: one waits until its client has read it."""
        self.ended.append((path, path != "/read" or self.read.wait(20)))
        if path == "/breaks":
            raise ValueError(path)


@contextmanager
def stepping() -> Iterator[tuple[Stepping, str, int]]:
    site = Stepping()
    running = Server(site, "127.0.0.1", 0)
    thread = threading.Thread(target=running.run)
    thread.start()
    try:
        assert thread.ident
        yield site, running.address, thread.ident
    finally:
        running.stop()
        thread.join(20)
        site.ours.close()
        site.theirs.close()
    assert not thread.is_alive()


@pytest.mark.parametrize(
    ("path", "came", "here"),
    [
        ("now", None, True),
        ("there", True, True),
        ("late", False, False),
        ("thread", True, False),
        ("place", False, False),
    ],
)
def test_what_waits_for_little_is_answered_by_the_thread_that_reads_and_all_else_by_another(
    path: str, came: bool | None, here: bool
) -> None:
    with stepping() as (site, address, reading):
        if path == "there":
            site.theirs.send(b"x")
        for _ in range(2):
            with urllib.request.urlopen(f"{address}{path}") as response:
                assert response.read().decode() == f"/{path} {came}"
        assert [thread == reading for thread in site.threads] == [here] * 2
        with urllib.request.urlopen(f"{address}hello") as response:
            assert response.read() == b"hello"


def test_what_fails_in_a_step_is_an_error_and_the_server_goes_on() -> None:
    with stepping() as (_, address, _reading):
        with pytest.raises(urllib.error.HTTPError) as raised:
            urllib.request.urlopen(f"{address}fails")
        assert raised.value.code == 500
        with urllib.request.urlopen(f"{address}now") as response:
            assert response.read() == b"/now None"


def test_what_is_left_to_do_for_an_answer_keeps_nobody_who_asked_waiting() -> None:
    with stepping() as (site, address, _):
        with urllib.request.urlopen(f"{address}read") as response:
            assert response.read() == b"/read None"
        site.read.set()
        with urllib.request.urlopen(f"{address}now"):
            assert site.ended[0] == ("/read", True)


@pytest.mark.parametrize("path", ["/now", "/thread", "/late", "/large", "/breaks"])
def test_what_is_left_to_do_is_done_once_wherever_an_answer_was_made(
    path: str, caplog: pytest.LogCaptureFixture
) -> None:
    with stepping() as (site, address, _):
        with urllib.request.urlopen(f"{address}{path[1:]}") as response:
            assert response.read()
        with urllib.request.urlopen(f"{address}hello") as response:
            assert response.read() == b"hello"
    assert site.ended == [(path, True)]
    assert [record.name for record in caplog.records if record.exc_info] == ["spacekg.server"] * (path == "/breaks")


def test_what_is_left_to_do_is_done_for_those_who_have_gone_too() -> None:
    with stepping() as (site, address, _):
        parts = urlsplit(address)
        with socket.create_connection((parts.hostname, parts.port)) as client:
            client.sendall(b"GET /there HTTP/1.1\r\nHost: x\r\n\r\n")
            assert site.begun.wait(20)
        with urllib.request.urlopen(f"{address}now"):
            site.theirs.send(b"x")
        with urllib.request.urlopen(f"{address}now"):
            assert ("/there", True) in site.ended


@pytest.mark.parametrize(
    ("sent", "stays", "body"),
    [
        (b"GET /now HTTP/1.1\r\nHost: x\r\n\r\n", True, b"/now None"),
        (b"POST /now HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx", True, b"/now None"),
        (b"GET /now HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n", True, b"/now None"),
        (b"GET /now HTTP/1.1\r\nHost: x\r\nConnection: Close\r\n\r\n", False, b"/now None"),
        (b"GET /now HTTP/1.0\r\n\r\n", False, b"/now None"),
    ],
)
def test_an_answer_made_in_steps_is_sent_as_the_request_wants_it(sent: bytes, stays: bool, body: bytes) -> None:
    with stepping() as (_, address, _reading):
        parts = urlsplit(address)
        with socket.create_connection((parts.hostname, parts.port), timeout=20) as client:
            client.sendall(sent)
            got = b""
            while not got.endswith(b"\r\n\r\n" + body):
                got += client.recv(10_000)
            head = got.removesuffix(body)
            assert head.startswith(b"HTTP/1.1 200 OK\r\n" if b"1.1" in sent else b"HTTP/1.0 200 OK\r\n")
            assert b"\r\nDate: " in head
            assert b"\r\nContent-Length: 9\r\n" in head
            assert (b"\r\nConnection: close\r\n" in head) is not stays
            if stays:
                client.sendall(b"GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
                assert b"200 OK" in client.recv(10_000)
            else:
                assert not client.recv(10_000)


def test_a_large_answer_made_in_steps_is_whole_for_a_slow_reader_and_keeps_nobody_waiting() -> None:
    with stepping() as (_, address, _reading), socket.socket() as client:
        parts = urlsplit(address)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(20)
        client.connect((parts.hostname, parts.port))
        client.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\nGET /now HTTP/1.1\r\nHost: x\r\n\r\n")
        with urllib.request.urlopen(f"{address}now") as response:
            assert response.read() == b"/now None"
        got = b""
        while not got.endswith(b"/now None"):
            got += client.recv(1 << 20)
        assert got.partition(b"\r\n\r\n")[2].startswith(LARGE + b"HTTP/1.1 200 OK\r\n")


def test_a_header_of_two_lines_is_never_sent() -> None:
    with stepping() as (_, address, _reading):
        parts = urlsplit(address)
        with socket.create_connection((parts.hostname, parts.port), timeout=20) as client:
            client.sendall(b"GET /lines HTTP/1.1\r\nHost: x\r\n\r\n")
            got = b""
            while piece := client.recv(10_000):
                got += piece
        assert got.startswith(b"HTTP/1.1 500 ")
        assert b"X-More" not in got


@pytest.mark.parametrize("path", ["there", "place"])
def test_who_goes_away_leaves_nothing_that_waits(path: str) -> None:
    with stepping() as (site, address, _):
        parts = urlsplit(address)
        with socket.create_connection((parts.hostname, parts.port)) as client:
            client.sendall(f"GET /{path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert site.begun.wait(20)
            with urllib.request.urlopen(f"{address}now") as response:
                assert response.read() == b"/now None"
    if path == "there":
        assert site.given_up == ["/there"]


def test_many_at_once_are_answered_in_steps_each_in_the_order_it_was_asked() -> None:
    with stepping() as (site, address, reading):
        parts = urlsplit(address)
        clients = [socket.create_connection((parts.hostname, parts.port)) for _ in range(20)]
        for client in clients:
            client.sendall(b"GET /now HTTP/1.1\r\nHost: x\r\n\r\nGET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
        for client in clients:
            got = b""
            while b"hello" not in got:
                got += client.recv(10_000)
            assert got.index(b"/now None") < got.index(b"hello")
            client.close()
        assert set(site.threads) == {reading}
