"""Any RDF files as a store: endings, blank nodes, prefixes, damage; and the command that serves them."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from spacekg import formats, rdf_files
from spacekg.answers import Limits, Request
from spacekg.errors import ReleaseError, UnknownFormatError

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
FILES = {
    "a.ttl": "PREFIX ex: <http://example.org/> ex:a ex:p [ ex:q 1 ] . <#here> ex:p 2 .",
    "b.nt": "_:x <http://example.org/p> _:x .",
    "c.nt": "_:x <http://example.org/p> _:x .",
    "d.trig": "<http://example.org/g> { <http://example.org/a> <http://example.org/p> 3 }",
    "e.owl": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:o="http://example.org/">'
    '<rdf:Description rdf:about="http://example.org/a"><o:p>4</o:p></rdf:Description></rdf:RDF>',
    "f.jsonld": '{"@id": "http://example.org/a", "http://example.org/p": 5}',
}


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return [tmp_path / name for name in FILES]


def count(paths: list[Path]) -> int:
    answer = rdf_files.load(paths, {}, {}, Limits()).answer(Request(COUNT))
    return int(json.loads(answer.content)["results"]["bindings"][0]["n"]["value"])


def test_every_format_is_read_and_blank_nodes_stay_apart(paths: list[Path]) -> None:
    assert count(paths) == 3 + 1 + 1 + 1 + 1 + 1
    opened = rdf_files.load(paths, {}, {}, Limits())
    assert dict(opened.summary.graphs) == {"http://example.org/g": 1}
    assert opened.summary.release == rdf_files.load(paths, {}, {}, Limits()).summary.release
    assert opened.summary.release != rdf_files.load(paths[:-1], {}, {}, Limits()).summary.release


def test_prefixes_come_from_the_files(paths: list[Path]) -> None:
    assert rdf_files.prefixes(paths)["ex"] == "http://example.org/"


def test_damage_and_unknown_endings_are_told(tmp_path: Path) -> None:
    (tmp_path / "broken.ttl").write_text("this is no Turtle")
    (tmp_path / "table.xlsx").write_text("")
    for asked in (rdf_files.prefixes, lambda paths: rdf_files.load(paths, {}, {}, Limits())):
        with pytest.raises(ReleaseError, match=r"broken\.ttl"):
            asked([tmp_path / "broken.ttl"])
        with pytest.raises(UnknownFormatError, match="xlsx"):
            asked([tmp_path / "table.xlsx"])


def test_the_command_serves_them(paths: list[Path]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "spacekg",
        "serve",
        "--port",
        str(port),
        "--workers",
        "1",
        "--rdf",
        *map(str, paths),
    ]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as server:
        try:
            assert server.stdout is not None
            first = server.stdout.readline()
            assert first == f"6 files, 8 triples at http://127.0.0.1:{port}/\n"
            asked = urllib.parse.urlencode({"query": "SELECT ?o { <http://example.org/a> ex:p ?o }"})
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/sparql?{asked}", timeout=20)
            (finding,) = json.loads(refused.value.read())["lint"]
            assert finding["suggestions"] == ["PREFIX ex: <http://example.org/>"]
            asked = urllib.parse.urlencode({"query": COUNT, "format": formats.CSV.name})
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/sparql?{asked}", timeout=20) as answer:
                assert answer.read() == b"n\r\n8\r\n"
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(20)
