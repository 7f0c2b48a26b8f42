"""`spacekg store` and `spacekg serve --store`, as whoever runs them sees them: a real server, killed and guarded."""

from __future__ import annotations

import base64
import gzip
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests import backing, fronts
from tests.backing import Running
from tests.endpoints import BINARY

from spacekg import cli
from spacekg.backends import kinds
from spacekg.declared import Declared

START, MISSING = backing.SERVERS["oxigraph"]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)
NOWHERE = "sparql+http://127.0.0.1:9"
LOGIN = "Basic " + base64.b64encode(b"me:a secret").decode()


@dataclass(frozen=True)
class Done:
    """What a command printed and exited with."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def spacekg(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process."""

    def run(*arguments: object) -> Done:
        return Done(cli.run([str(argument) for argument in arguments]), *capsys.readouterr())

    return run


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """An empty server of others."""
    (tmp_path / "server").mkdir()
    server = START(tmp_path / "server")
    try:
        server.start()
        yield server
    finally:
        server.stop()


def at(address: str) -> tuple[str, str]:
    return "--store", f"sparql+{address}"


def test_a_release_is_loaded_listed_and_dropped(
    spacekg: Run, running: Running, rules: Declared, tmp_path: Path
) -> None:
    made, store = fronts.published(tmp_path / "out", rules, 10), at(running.address)
    loaded = spacekg("store", "load", *store, "--release", tmp_path / "out")
    assert (loaded.code, loaded.out.split()[0]) == (0, made.id)
    assert "10 triples in 1 graphs" in loaded.out
    assert spacekg("store", "list", *store).out == loaded.out
    again = spacekg("store", "load", *store, "--release", tmp_path / "out")
    assert (again.code, "there already" in again.err) == (2, True)
    assert spacekg("store", "drop", *store, made.id) == Done(0, "", "")
    assert spacekg("store", "list", *store) == Done(0, "", "")
    gone = spacekg("store", "drop", *store, made.id)
    assert (gone.code, gone.err) == (3, f"spacekg: release {made.id} is not in the store\n")


def test_a_release_is_loaded_from_its_shards_and_not_from_a_damaged_one(
    spacekg: Run, running: Running, rules: Declared, tmp_path: Path
) -> None:
    made, store = fronts.published(tmp_path / "out", rules, 10), at(running.address)
    cut = "shards", "--number", 3, "--to", tmp_path / "cut", "--release", tmp_path / "out"
    place = tmp_path / "cut" / f"{made.id}-3"
    assert spacekg(*cut).code == 0
    damaged = place / "graph-00001-of-00003.nq"
    damaged.write_bytes(damaged.read_bytes().replace(b"thing-5", b"thing-x"))
    failed = spacekg("store", "load", *store, "--shards", place)
    assert (failed.code, damaged.name in failed.err) == (2, True)
    assert spacekg("store", "list", *store) == Done(0, "", "")
    assert spacekg(*cut).code == 0
    loaded = spacekg("store", "load", *store, "--shards", place)
    assert (loaded.code, loaded.out.split()[0]) == (0, made.id)
    assert "10 triples in 1 graphs" in loaded.out
    assert spacekg("store", "list", *store).out == loaded.out


def test_a_release_comes_by_the_bulk_loader_of_the_server_and_is_counted_before_it_is_there(
    spacekg: Run, rules: Declared, tmp_path: Path
) -> None:
    made, file, server = fronts.published(tmp_path / "out", rules, 10), tmp_path / "bulk.nq.gz", tmp_path / "server"
    plain = tmp_path / "bulk.nq"
    for each in (file, plain):
        written = spacekg("store", "write", "--release", tmp_path / "out", each)
        assert written == Done(0, f"{each}: 20 quads\n", "")
    assert gzip.decompress(file.read_bytes()) == plain.read_bytes()
    server.mkdir()
    running = START(server)
    half = tmp_path / "half.nq"
    half.write_text("".join(plain.read_text().splitlines(keepends=True)[:15]))
    for loaded, code in ((half, 3), (file, 0)):
        subprocess.run(
            [BINARY, "load", "--location", server / "store", "--file", loaded], check=True, capture_output=True
        )
        try:
            running.start()
            store = at(running.address)
            marked = spacekg("store", "mark", *store, "--release", tmp_path / "out")
            assert (marked.code, marked.out[:16]) == (code, "" if code else made.id)
            assert spacekg("store", "list", *store).out == marked.out
            if code:
                assert "5 triples of 10" in marked.err
                continue
            with fronts.front(tmp_path / "log", *store, "--release", str(tmp_path / "out")) as front:
                assert front.counted() == 10
            assert "there already" in spacekg("store", "mark", *store, "--release", tmp_path / "out").err
        finally:
            running.stop()


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (("--store", NOWHERE), 3, "did not answer"),
        (("--store", "http://127.0.0.1:9"), 3, "sparql+http"),
        (("--store", "sparql+http://me:secret@127.0.0.1:9"), 3, kinds.USER),
        (("--store", NOWHERE, "--kind", "mysql"), 3, "choose one of oxigraph, fuseki"),
    ],
)
def test_what_cannot_be_a_store_is_one_line_with_a_code(
    spacekg: Run, rules: Declared, tmp_path: Path, options: tuple[str, ...], code: int, says: str
) -> None:
    fronts.published(tmp_path, rules, 2)
    for command in (("store", "load"), ("serve", "--port", str(fronts.free_port()))):
        done = spacekg(*command, *options, "--release", tmp_path)
        assert (done.code, done.out, done.err.count("\n")) == (code, "", 1)
        assert says in done.err
        assert "secret@" not in done.err


def test_a_server_of_another_kind_is_no_store(spacekg: Run, running: Running, rules: Declared, tmp_path: Path) -> None:
    fronts.published(tmp_path / "out", rules, 2)
    done = spacekg("store", "load", *at(running.address), "--kind", "virtuoso", "--release", tmp_path / "out")
    assert (done.code, done.err.count("\n")) == (3, 1)
    assert "/sparql-graph-crud-auth refused PUT (HTTP 404)" in done.err


def test_a_release_that_is_not_in_the_store_is_not_served(
    spacekg: Run, running: Running, rules: Declared, tmp_path: Path
) -> None:
    fronts.published(tmp_path / "out", rules, 2)
    done = spacekg("serve", *at(running.address), "--port", fronts.free_port(), "--release", tmp_path / "out")
    assert (done.code, "spacekg store load" in done.err) == (3, True)


class Gate(BaseHTTPRequestHandler):
    """Lets in who has the login; at one request to write, the server behind it is killed."""

    protocol_version = "HTTP/1.1"
    behind: Running
    dies_at: int
    written = 0

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.close_connection = True
        if self.headers.get("Authorization") != LOGIN:
            self._answer(401, b"who are you?", "text/plain")
            return
        if self.path.startswith("/store"):
            type(self).written += 1
            if self.written == self.dies_at:
                self.behind.stop()
        self._pass_on(body)

    do_PUT = do_DELETE = do_POST

    def _pass_on(self, body: bytes) -> None:
        headers = {name: self.headers[name] for name in ("Accept", "Content-Type") if name in self.headers}
        passed = urllib.request.Request(self.behind.address + self.path, body, headers, method=self.command)
        try:
            with urllib.request.urlopen(passed, timeout=60) as answer:
                self._answer(answer.status, answer.read(), answer.headers["Content-Type"] or "text/plain")
        except urllib.error.HTTPError as error:
            self._answer(error.code, error.read(), "text/plain")
        except OSError:
            self.connection.close()

    def _answer(self, status: int, content: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def guarded(running: Running, dies_at: int = 0) -> Iterator[str]:
    """Put a gate before a server; yields its address."""
    gate = ThreadingHTTPServer(("127.0.0.1", 0), type("Guard", (Gate,), {"behind": running, "dies_at": dies_at}))
    thread = threading.Thread(target=gate.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{gate.server_address[1]}"
    finally:
        gate.shutdown()
        thread.join()
        gate.server_close()


def test_a_missing_login_is_told_and_the_right_one_is_never_shown(
    spacekg: Run, running: Running, rules: Declared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fronts.published(tmp_path / "out", rules, 10)
    with guarded(running) as address:
        refused = spacekg("store", "load", *at(address), "--release", tmp_path / "out")
        assert (refused.code, refused.err.count("\n")) == (3, 1)
        assert kinds.USER in refused.err
        assert kinds.PASSWORD in refused.err
        monkeypatch.setenv(kinds.USER, "me")
        monkeypatch.setenv(kinds.PASSWORD, "a secret")
        loaded = spacekg("store", "load", *at(address), "--release", tmp_path / "out")
        assert loaded.code == 0
        log = tmp_path / "log"
        with fronts.front(log, *at(address), "--release", str(tmp_path / "out")) as front:
            assert front.counted() == 10
        shown = loaded.out + loaded.err + log.read_text()
        assert "a secret" not in shown
        assert LOGIN.split()[1] not in shown


@pytest.mark.parametrize("moment", [2, 3])
def test_a_server_that_dies_while_it_loads_has_no_release_and_is_loaded_again(
    spacekg: Run, running: Running, rules: Declared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    made = fronts.published(tmp_path / "out", rules, 10)
    monkeypatch.setenv(kinds.USER, "me")
    monkeypatch.setenv(kinds.PASSWORD, "a secret")
    with guarded(running, moment) as address:
        broken = spacekg("store", "load", *at(address), "--release", tmp_path / "out")
    assert (broken.code, broken.out) == (3, "")
    running.start()
    assert spacekg("store", "list", *at(running.address)).out == ""
    loaded = spacekg("store", "load", *at(running.address), "--release", tmp_path / "out")
    assert (loaded.code, loaded.out.split()[0]) == (0, made.id)


def test_a_release_is_awaited_until_it_is_in_the_store_and_the_store_may_be_restarted(
    spacekg: Run, running: Running, rules: Declared, tmp_path: Path
) -> None:
    out, store, log = tmp_path / "out", at(running.address), tmp_path / "log"
    fronts.published(out, rules, 10)
    assert spacekg("store", "load", *store, "--release", out).code == 0
    with fronts.front(log, *store, "--release", str(out)) as front:
        made = fronts.published(out, rules, 11)
        fronts.wait_for(lambda: "is awaited" in log.read_text())
        assert front.counted() == 10
        assert spacekg("store", "load", *store, "--release", out).code == 0
        fronts.wait_for(lambda: front.counted() == 11)
        assert log.read_text().count("is awaited") == 1
        running.stop()
        # What was answered before is kept; /health is asked anew.
        with pytest.raises(urllib.error.HTTPError) as down:
            urllib.request.urlopen(f"{front.address}health", timeout=20)
        assert down.value.code == 503
        assert front.counted() == 11
        running.start()
        with urllib.request.urlopen(f"{front.address}health", timeout=20) as answer:
            assert made.id in answer.read().decode()
