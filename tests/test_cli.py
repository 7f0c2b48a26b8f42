"""The command line: what people see, what pipes get, and how each command ends."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from spacekg import cli, dumps
from spacekg.release import Release, open_release

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ARTICLE = """---
title: A small note
licence: CC BY 4.0
date: 2024
---

# A note

NASA and the European Space Agency developed the James Webb Space Telescope together.
"""


@dataclass(frozen=True)
class Done:
    """What a command printed and exited with."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def spacekg(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in this process, with its output going nowhere near a terminal."""

    def run(*arguments: object, stdin: str = "") -> Done:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        code = cli.run([str(argument) for argument in arguments])
        return Done(code, *capsys.readouterr())

    return run


@pytest.fixture(scope="module")
def folder(shipped_release: Release) -> Path:
    return shipped_release.folder.parent


def test_version_and_help(spacekg: Run) -> None:
    assert spacekg("--version").out.startswith("spacekg 0.")
    for command in ("build", "serve", "query", "queries", "export", "validate", "stats"):
        done = spacekg(command, "--help")
        assert done.code == 0
        assert f"spacekg {command}" in done.out.partition("Usage:")[2].partition("\n")[2], "shows no example"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["nonsense"], 2, "No such command"),
        (["query"], 2, "Missing argument"),
        (["serve", "--port", "99999"], 2, "--port"),
        (["build", "does-not-exist"], 2, "spacekg: does-not-exist: "),
        (["stats", "--release", "does-not-exist"], 2, "spacekg build --out does-not-exist"),
        (["query", "no_such_query"], 2, "no shipped query is called 'no_such_query'"),
        (["query", "no_such_file.rq"], 2, "no_such_file.rq: No such file"),
        (["query", COUNT, "--format", "klingon"], 2, "--format klingon: choose one of table, json"),
        (["export", "graph.xlsx"], 2, ".ttl"),
        (["query", COUNT, "--endpoint", "http://127.0.0.1:9/sparql"], 3, "127.0.0.1:9"),
    ],
)
def test_an_error_is_one_line_with_a_code(
    spacekg: Run, arguments: list[str], code: int, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = spacekg(*arguments)
    assert done.code == code
    assert says in done.err
    if done.err.startswith("spacekg: "):
        assert done.err.count("\n") == 1
    assert not list(tmp_path.iterdir())


class Terminal(io.StringIO):
    """A terminal that remembers what it shows."""

    def isatty(self) -> bool:
        return True


def test_build_tells_a_terminal_what_became_of_the_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "note.md").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "image.png").touch()
    screen = Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    assert cli.run(["build", str(tmp_path), "--out", str(tmp_path / "out"), "--dumps"]) == 0
    made = open_release(tmp_path / "out")
    assert made.text("note") == ARTICLE
    files = dumps.find(made)
    assert files is not None
    files.check()
    shown = re.sub("\x1b\\[[0-9;]*m", "", screen.getvalue())
    assert re.search(r"files ignored\s*│ 1", shown)
    assert f"spacekg serve --release {tmp_path / 'out'}" in shown


def test_a_bad_document_leaves_the_release_as_it_was(spacekg: Run, tmp_path: Path, folder: Path) -> None:
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4\nnot really")
    before = (folder / "current").read_bytes()
    done = spacekg("build", tmp_path, "--out", folder)
    assert done.code == 2
    assert "broken.pdf" in done.err
    assert (folder / "current").read_bytes() == before


def test_query_by_text_file_name_and_standard_input(spacekg: Run, tmp_path: Path, folder: Path) -> None:
    (tmp_path / "count.rq").write_text(COUNT, encoding="utf-8")
    answers = {
        spacekg("query", question, "--release", folder, stdin=stdin).out
        for question, stdin in ((COUNT, ""), (tmp_path / "count.rq", ""), ("-", COUNT))
    }
    assert len(answers) == 1
    header, number = answers.pop().split()
    assert header == "n"
    assert int(number) > 1000


def test_every_shipped_query_can_be_asked_by_its_name(spacekg: Run, folder: Path) -> None:
    listed = list(csv.DictReader(io.StringIO(spacekg("queries").out)))
    assert len(listed) >= 10
    first = spacekg("query", listed[0]["name"], "--release", folder)
    assert first.code == 0, first.err


@pytest.mark.parametrize(
    ("query", "format", "starts"),
    [
        (COUNT, "json", "{"),
        (COUNT, "xml", "<?xml"),
        (COUNT, "tsv", "?n"),
        ("ASK { ?s ?p ?o }", "table", "yes"),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(isIRI(?s)) } LIMIT 1", "ntriples", "<"),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 1", "json", "["),
    ],
)
def test_an_answer_comes_in_the_format_asked_for(
    spacekg: Run, folder: Path, query: str, format: str, starts: str
) -> None:
    done = spacekg("query", query, "--release", folder, "--format", format)
    assert done.code == 0, done.err
    assert done.out.startswith(starts)


def test_a_format_of_the_other_kind_is_refused(spacekg: Run, folder: Path) -> None:
    done = spacekg("query", COUNT, "--release", folder, "--format", "turtle")
    assert done.code == 2
    assert "gives rows: choose one of json, xml, csv, tsv" in done.err


def test_a_wrong_query_says_where(spacekg: Run, folder: Path) -> None:
    done = spacekg("query", "SELECT ?x\nWHERE { ?x ?y }", "--release", folder)
    assert done.code == 2
    assert "line 2, column" in done.err


def test_export_writes_what_the_release_holds(
    spacekg: Run, tmp_path: Path, folder: Path, shipped_release: Release
) -> None:
    done = spacekg("export", tmp_path / "graph.nq", "--release", folder)
    assert (done.code, done.out, done.err) == (0, "", "")
    exported = (tmp_path / "graph.nq").read_text(encoding="utf-8")
    assert sorted(exported.split("\n")) == sorted(shipped_release.graph.read_text(encoding="utf-8").split("\n"))


def test_stats_of_a_release(spacekg: Run, folder: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(spacekg("stats", "--release", folder).out)))
    numbers = {(row["what"], row["name"]): int(row["number"]) for row in rows}
    assert numbers["build", "documents"] >= 4
    assert numbers["claims", "accepted"] > numbers["claims", "disputed"] > 0
    assert numbers["class", "SpaceAgency"] > 5


def test_validate_says_yes_to_the_shipped_release(spacekg: Run, folder: Path) -> None:
    done = spacekg("validate", "--release", folder)
    assert done.code == 0, done.out


def test_a_damaged_release_is_refused(spacekg: Run, tmp_path: Path, shipped_release: Release) -> None:
    damaged = shutil.copytree(shipped_release.folder, tmp_path / shipped_release.id)
    (damaged / "graph.nq").write_text("", encoding="utf-8")
    done = spacekg("query", COUNT, "--release", damaged)
    assert done.code == 2
    assert "graph.nq: is not what the manifest says" in done.err


def test_a_reader_that_leaves_early_is_no_error(folder: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "spacekg", "query", "SELECT * { ?s ?p ?o }", "--release", str(folder)],
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
        timeout=60,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_an_interrupt_ends_without_a_traceback(tmp_path: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "spacekg", "query", "-", "--release", str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  # who runs tests may ignore it
    )
    wait_until_reading(running.pid)
    running.send_signal(signal.SIGINT)
    printed = running.communicate(timeout=60)
    assert running.returncode == 130
    assert b"Traceback" not in b"".join(printed)


def wait_until_reading(pid: int) -> None:
    """Return when a process waits for its standard input."""
    state = Path(f"/proc/{pid}/wchan")
    while "pipe" not in state.read_text(encoding="ascii"):
        os.sched_yield()


@contextmanager
def serving(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str, list[str]]]:
    """Serve a folder until it is interrupted; yields the process, its address, and the lines it prints."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen(
        [sys.executable, "-m", "spacekg", "serve", "--port", str(port), "--release", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        try:
            yield running, f"http://127.0.0.1:{port}/", [running.stdout.readline() for _ in range(5)]
        finally:
            running.send_signal(signal.SIGINT)


def test_serve_answers_until_it_is_interrupted(folder: Path) -> None:
    with serving(folder) as (running, address, (first, *limits)):
        assert address in first
        with urllib.request.urlopen(f"{address}health", timeout=30) as answer:
            assert json.load(answer)["release"] == open_release(folder).id
        running.send_signal(signal.SIGINT)
        rest, log = running.communicate(timeout=60)
    assert (running.returncode, rest) == (0, "")
    assert [line.partition(":")[0] for line in limits] == ["a query", "a client", "workers", "walls around a worker"]
    assert [json.loads(line)["path"] for line in log.splitlines()] == ["/health"]


@pytest.mark.parametrize("name", ["graph.nq", "names.jsonl"])
def test_serve_begins_with_a_whole_release_where_the_current_one_is_damaged(
    tmp_path: Path, shipped_release: Release, name: str
) -> None:
    shutil.copytree(shipped_release.folder, tmp_path / shipped_release.id)
    damaged = shutil.copytree(shipped_release.folder, tmp_path / ("0" * 16))
    (damaged / name).write_bytes((damaged / name).read_bytes().replace(b"NASA", b"ESA"))
    (tmp_path / "current").write_text(damaged.name, encoding="utf-8")
    with serving(tmp_path) as (running, address, (first, *_)):
        assert shipped_release.id in first
        with urllib.request.urlopen(f"{address}health", timeout=30) as answer:
            assert json.load(answer)["release"] == shipped_release.id
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=60)
    assert f"{name}: is not what the manifest says" in said
    assert f"until then release {shipped_release.id} is served" in said


def test_a_terminal_gets_a_table(folder: Path) -> None:
    printed = on_terminal("query", "SELECT ?craft { ?craft a skg:Rover } ORDER BY ?craft", "--release", str(folder))
    assert "skid:" in printed
    assert "┃ craft" in re.sub("\x1b\\[[0-9;]*m", "", printed)


def on_terminal(*arguments: str) -> str:
    """Run a command as a person at a terminal does."""
    ours, theirs = pty.openpty()
    with subprocess.Popen([sys.executable, "-m", "spacekg", *arguments], stdout=theirs, stderr=theirs):
        os.close(theirs)
        printed = b""
        while chunk := read(ours):
            printed += chunk
    os.close(ours)
    return printed.decode()


def read(descriptor: int) -> bytes:
    """Read what a terminal shows; nothing once its program has ended, which Linux reports as an error."""
    try:
        return os.read(descriptor, 65536)
    except OSError:
        return b""


def test_json_of_a_pipe_can_be_read(spacekg: Run, folder: Path) -> None:
    done = spacekg("query", "SELECT ?s { ?s ?p ?o } LIMIT 3", "--release", folder, "--format", "json")
    assert len(json.loads(done.out)["results"]["bindings"]) == 3
