"""The files of releases over HTTP: in parts, by permanent addresses, and what old releases said of things."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
import threading
import urllib.request
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import pyoxigraph
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Quad
from tests.serving import ask
from werkzeug.serving import make_server

from spacekg import cli, description, dumps, formats, web
from spacekg.declared import BASE, RDFS, Declared
from spacekg.dumps import Dumps, seeking
from spacekg.publication import Publication
from spacekg.reference import Reference
from spacekg.release import Release, publish
from spacekg.store import Store

GRAPH = NamedNode(f"{BASE}graph/reference/one")
VERSION = version("spacekg")
NAME = f"spacekg-{VERSION}-all.nq.gz"


def published(out: Path, label: str) -> Release:
    things = [NamedNode(f"{BASE}id/{name}") for name in ("iss", "iss-2", "mir", "a", "zarya")]
    return publish([Quad(each, NamedNode(f"{RDFS}label"), Literal(label), GRAPH) for each in things], [], {}, {}, out)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> list[Release]:
    out = tmp_path_factory.mktemp("kept")
    made = [published(out, label) for label in ("old", "new")]
    for release, moment in zip(made, (1_000_000_000, 1_500_000_000), strict=True):
        dumps.write(release, {})
        os.utime(release.folder, (moment, moment))
    return made


@pytest.fixture(scope="module")
def app(kept: list[Release]) -> Flask:
    queries = {}
    return web.create_app(Store(kept[1].quads(), kept[1].id, queries), published=Publication(release=kept[1]))


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def whole(release: Release) -> bytes:
    found = dumps.find(release)
    assert isinstance(found, Dumps)
    return found.path(NAME).read_bytes()


def test_latest_version_and_id_lead_to_the_same_file(client: FlaskClient, kept: list[Release]) -> None:
    for name in ("latest", VERSION, kept[1].id):
        answer = client.get(f"/release/{name}/{NAME}")
        assert answer.data == whole(kept[1])
        assert ("immutable" in answer.headers["Cache-Control"]) == (name == kept[1].id)
        assert answer.mimetype == "application/gzip"
        assert f"release/{kept[1].id}/dumps.json" in answer.headers["Link"]
    assert client.get(f"/release/{kept[0].id}/{NAME}").data == whole(kept[0]) != whole(kept[1])


def test_a_part_of_a_file_and_only_of_the_same_file(address: str, kept: list[Release]) -> None:
    content, path = whole(kept[1]), f"release/latest/{NAME}"
    first = ask(address, path)
    assert first.headers["accept-ranges"] == "bytes"
    tag = first.headers["etag"]
    for wanted, found in (("10-19", content[10:20]), ("10-", content[10:]), ("-7", content[-7:])):
        part = ask(address, path, [("Range", f"bytes={wanted}"), ("If-Range", tag)])
        assert (part.status, part.body) == (206, found)
        assert part.headers["content-range"].endswith(f"/{len(content)}")
    stale = ask(address, path, [("Range", "bytes=10-19"), ("If-Range", '"another"')])
    assert (stale.status, stale.body) == (200, content)
    for refused in (f"{len(content)}-", "0-1,5-6"):
        assert ask(address, path, [("Range", f"bytes={refused}")]).status == 416
    assert ask(address, path, [("If-None-Match", tag)]).status == 304
    assert ask(address, path, method="HEAD").headers["content-length"] == str(len(content))


@pytest.mark.parametrize(
    "path",
    [
        "latest/..%2f..%2fcurrent",
        "latest/%2e%2e/%2e%2e/current",
        "..%2f..%2f..%2fetc/passwd",
        f"../dumps/{NAME}",
        "latest/graphs",
        "latest/.lock",
        "0123456789abcdef/dumps.json",
        "9.9.9/dumps.json",
        "latest/data/id%2f..%2f..%2fcurrent.nq",
        "latest/data/unknown.nq",
        "latest/data/iss",
    ],
)
def test_nothing_else_is_given_away(address: str, path: str) -> None:
    answer = ask(address, f"release/{path}")
    assert answer.status == 404
    assert answer.kind == "application/problem+json"


def test_the_page_lists_files_and_releases(client: FlaskClient, kept: list[Release]) -> None:
    page = client.get("/dumps").text
    assert f'href="/release/latest/{NAME}"' in page
    assert all(f'href="/release/{release.id}"' in page for release in kept)
    assert f"/release/{kept[0].id}/{NAME}" in client.get(f"/release/{kept[0].id}").text
    assert 'href="/dumps"' in client.get("/downloads").text


def test_a_release_without_files_says_so(tmp_path: Path) -> None:
    release = published(tmp_path, "alone")
    client = web.create_app(Store([], release.id), published=Publication(release=release)).test_client()
    assert "spacekg dumps" in client.get("/dumps").text
    assert client.get(f"/release/latest/{NAME}").status_code == 404
    dumps.write(release, {})
    assert f'href="/release/latest/{NAME}"' in client.get("/dumps").text


def test_the_feed_has_each_release_the_newest_first(client: FlaskClient, kept: list[Release]) -> None:
    answer = client.get("/releases.atom")
    assert answer.mimetype == "application/atom+xml"
    atom = "{http://www.w3.org/2005/Atom}"
    entries = ET.fromstring(answer.text).findall(f"{atom}entry")
    assert [entry.findtext(f"{atom}id") for entry in entries] == [f"{BASE}release/{each.id}" for each in kept[::-1]]
    newest, first = entries
    assert newest.findtext(f"{atom}summary") == "What changed: 5 quads added, 5 removed."
    told = ET.fromstring(newest.findtext(f"{atom}content") or "")
    assert [each.text for each in told] == [
        "5 quads added, 5 removed",
        "entities: 5 changed",
        "entities changed: a, iss-2, iss, mir, zarya",
    ]
    assert first.find(f"{atom}content") is None


def test_an_old_release_tells_what_it_said_of_a_thing(client: FlaskClient, kept: list[Release]) -> None:
    for release, label in zip(kept, ("old", "new"), strict=True):
        answer = client.get(f"/release/{release.id}/data/iss.nq")
        (quad,) = pyoxigraph.parse(answer.data, format=formats.N_QUADS.codec)
        assert quad.object == Literal(label)
        assert "Memento-Datetime" in answer.headers


@pytest.mark.parametrize(
    ("moment", "which"),
    [("Sun, 09 Sep 2001 01:46:40 GMT", 0), ("Fri, 01 Jan 2010 00:00:00 GMT", 0), ("", 1), ("nonsense", 1)],
)
def test_the_release_of_a_moment(client: FlaskClient, kept: list[Release], moment: str, which: int) -> None:
    answer = client.get("/timegate/iss.ttl", headers={"Accept-Datetime": moment})
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/release/{kept[which].id}/data/iss.ttl"
    assert "Accept-Datetime" in answer.headers["Vary"]


def test_every_subject_is_found_in_the_file_and_no_other(kept: list[Release], tmp_path: Path) -> None:
    lines = kept[0].graph.read_bytes().splitlines(keepends=True)
    for line in lines:
        assert list(seeking.lines_of(kept[0].graph, line.split(b" ")[0])) == [line]
    for absent in (b"<a>", b"<z>", f"<{BASE}id/iss-1>".encode(), f"<{BASE}id/is>".encode()):
        assert list(seeking.lines_of(kept[0].graph, absent)) == []
    (tmp_path / "empty").touch()
    assert list(seeking.lines_of(tmp_path / "empty", b"<a>")) == []


def test_version_description_names_and_command_line_agree(rules: Declared, known: Reference, tmp_path: Path) -> None:
    described = description.assemble(known.sources, [], rules, [])
    release = publish(described, [], {}, {}, tmp_path)
    assert CliRunner().invoke(cli.spacekg, ["--version"]).output.strip() == f"spacekg {VERSION}"
    assert CliRunner().invoke(cli.spacekg, ["dumps", "--release", str(tmp_path)]).exit_code == 0
    made = dumps.find(release)
    assert isinstance(made, Dumps)
    told = {quad.object.value for quad in described if quad.predicate.value == "http://rdfs.org/ns/void#dataDump"}
    whole = {name for name, file in made.files.items() if file["part"] == "all"}
    assert told == {f"{BASE}release/{VERSION}/{name}" for name in whole}
    assert {quad.object.value for quad in described if quad.predicate.value.endswith("dcat#version")} == {VERSION}
    assert release.manifest["spacekg"] == made.manifest["version"] == VERSION
    first = gzip.decompress(made.path(NAME).read_bytes()).decode().partition("\n")[0]
    assert first == f"# spacekg {VERSION}, release {release.id}: all"


def test_the_home_page_leads_to_the_files_that_hold_all_of_it(client: FlaskClient) -> None:
    page = client.get("/").text
    links = re.findall(r'href="(/release/latest/[^"]+)"', page)
    assert links == [f"/release/latest/spacekg-{VERSION}-all.{ending}.gz" for ending in ("ttl", "jsonld")]
    assert all(client.get(link).status_code == 200 for link in links)


SERVE = """
import socket, sys
from pathlib import Path
from spacekg import server, web
from spacekg.publication import Publication
from spacekg.release import open_release
from spacekg.store import Store
release = open_release(Path(sys.argv[1]))
app = web.create_app(Store(release.quads(), release.id, {}), published=Publication(release=release))
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
server.serve(app, "127.0.0.1", port, lambda address: print(address, flush=True))
"""
LARGE = 300_000_000


def peak(pid: int) -> int:
    return int(Path(f"/proc/{pid}/status").read_text().partition("VmHWM:")[2].split()[0]) * 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells a peak of memory so")
def test_memory_does_not_grow_with_the_file_that_is_served(tmp_path: Path) -> None:
    release = published(tmp_path, "old")
    made = dumps.write(release, {})
    with (made.folder / NAME).open("r+b") as file:
        file.truncate(LARGE)  # no disk is used for what is not there
    manifest = json.loads((made.folder / dumps.MANIFEST).read_bytes())
    manifest["files"][NAME]["bytes"] = LARGE
    manifest["sha256"] = sha256(
        dumps._json({key: each for key, each in manifest.items() if key != "sha256"})
    ).hexdigest()
    (made.folder / dumps.MANIFEST).write_bytes(dumps._json(manifest))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", SERVE, str(release.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        try:
            assert server.stdout is not None
            file = f"{server.stdout.readline().strip()}release/latest/{NAME}"
            assert received(file, "bytes=0-9") == 10
            before = peak(server.pid)
            assert received(file, "bytes=0-") == LARGE
            assert received(file, f"bytes={LARGE // 2}-") == LARGE // 2
            assert peak(server.pid) - before < LARGE / 10
        finally:
            server.terminate()


def received(address: str, wanted: str) -> int:
    with urllib.request.urlopen(urllib.request.Request(address, headers={"Range": wanted})) as answer:
        assert answer.status == 206
        return sum(len(piece) for piece in iter(lambda: answer.read(1 << 20), b""))
