"""Apache Jena Fuseki loads the Turtle dump of a release and counts what its N-Triples dump has. `make fuseki`."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

JAR, DUMPS = os.environ.get("FUSEKI", ""), os.environ.get("DUMPS", "")
COUNTS = "SELECT ?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p"

pytestmark = [
    pytest.mark.skipif(not Path(JAR or "/nowhere").is_file(), reason="FUSEKI names no jar of jena-fuseki-server"),
    pytest.mark.skipif(not Path(DUMPS or "/nowhere").is_dir(), reason="DUMPS names no folder that spacekg dumps wrote"),
    pytest.mark.skipif(not shutil.which("java"), reason="there is no java"),
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    (dump,) = Path(DUMPS).glob("*-all.ttl.gz")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--localhost", "--ping", f"--port={port}", f"--file={dump.resolve()}"]
    command = ["java", "-Xmx2g", "-jar", JAR, *options, "/all"]
    log = tmp_path_factory.mktemp("fuseki") / "log"
    with log.open("wb") as said, subprocess.Popen(command, stdout=said, stderr=said, cwd=log.parent) as server:
        try:
            limit = time.monotonic() + 180
            while not _answers(port):
                assert server.poll() is None and time.monotonic() < limit, log.read_text()
                time.sleep(0.2)  # Java says nowhere that its server listens
            yield f"http://127.0.0.1:{port}/all/sparql"
        finally:
            server.terminate()


def test_every_property_has_as_many_triples_as_in_the_n_triples(address: str) -> None:
    (dump,) = Path(DUMPS).glob("*-all.nt.gz")
    with gzip.open(dump, "rb") as lines:
        wanted = Counter(line.split(b" ", 2)[1][1:-1].decode() for line in lines if not line.startswith(b"#"))
    query = urllib.parse.urlencode({"query": COUNTS, "format": "json"})
    with urllib.request.urlopen(f"{address}?{query}", timeout=60) as answer:
        rows = json.load(answer)["results"]["bindings"]
    assert {row["p"]["value"]: int(row["n"]["value"]) for row in rows} == wanted
    print(f"{wanted.total():,} triples of {len(wanted)} properties")


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/$/ping", timeout=1):
            return True
    except OSError:
        return False
