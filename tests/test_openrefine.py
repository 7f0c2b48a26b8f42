"""OpenRefine itself matches a column with our service and fetches more columns from it. `make openrefine`.

OPENREFINE is the folder of an OpenRefine with its `server` and `webapp`, such as /usr/share/openrefine of Debian.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.asked import served
from tests.test_web_reconcile import rows

from spacekg import publication, store, web
from spacekg.declared import Declared
from spacekg.matching.scoring import Matcher, Query
from spacekg.reconciliation import register
from spacekg.release import Release

FOLDER = Path(os.environ.get("OPENREFINE", "/nowhere"))
START = "com.google.refine.Refine"
EVERY = json.dumps({"facets": [], "mode": "row-based"})
NAMES = [each["name"] for file in ("acronyms.csv", "languages.csv", "typos.csv", "nothing.csv") for each in rows(file)]
COLUMNS = ("wikidata", "launchDate", "country", "partners", "claims")

pytestmark = [
    pytest.mark.skipif(not (FOLDER / "webapp").is_dir(), reason="OPENREFINE names no folder of OpenRefine"),
    pytest.mark.skipif(not shutil.which("java"), reason="there is no java"),
]


@dataclass(frozen=True)
class Refine:
    """A running OpenRefine, told what to do by the commands that its pages send."""

    client: httpx.Client

    def get(self, command: str, **fields: str) -> Any:
        return self.client.get(command, params=fields).raise_for_status().json()

    def post(self, command: str, where: dict[str, str], **sent: Any) -> httpx.Response:
        return self.client.post(command, params={"csrf_token": self.get("get-csrf-token")["token"], **where}, **sent)

    def begin(self, table: list[list[str]]) -> str:
        """Make a project of a table; gives its id."""
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(table)
        fields = {"project-name": "a list", "format": "text/line-based/*sv", "options": '{"separator": ","}'}
        file = {"project-file": ("list.csv", text.getvalue().encode(), "text/csv; charset=UTF-8")}
        answer = self.post("create-project-from-upload", {}, data=fields, files=file)
        return httpx.URL(answer.headers["Location"]).params["project"]

    def do(self, command: str, project: str, **fields: str) -> None:
        """Have a command done, and wait for it as its pages do."""
        answer = self.post(command, {"project": project}, data={"engine": EVERY, **fields})
        assert answer.json()["code"] in ("ok", "pending"), answer.text
        limit = time.monotonic() + 120
        while self.get("get-processes", project=project)["processes"]:
            assert time.monotonic() < limit
            time.sleep(0.2)  # as its pages do: it does not say when it is done

    def rows(self, project: str) -> list[list[Any]]:
        """Give the cells of all rows, each with what it is reconciled with, as its pages get them."""
        found = self.get("get-rows", project=project, start="0", limit="10000")
        recons = found["pool"]["recons"]
        return [
            [{**cell, "r": recons.get(str(cell.get("r")), {})} if cell else None for cell in each["cells"]]
            for each in found["rows"]
        ]

    def reconcile(self, project: str, service: dict[str, Any], where: str, kind: str, **beside: str) -> None:
        columns = [
            {"column": name, "propertyID": property, "propertyName": property} for name, property in beside.items()
        ]
        config = {
            "mode": "standard-service",
            "service": where,
            "identifierSpace": service["identifierSpace"],
            "schemaSpace": service["schemaSpace"],
            "type": {"id": kind, "name": kind} if kind else None,
            "autoMatch": True,
            "columnDetails": columns,
            "limit": 0,
        }
        self.do("reconcile", project, columnName="name", config=json.dumps(config))

    def extend(self, project: str, service: dict[str, Any], where: str) -> None:
        wanted = {"properties": [{"id": each, "name": each} for each in COLUMNS]}
        spaces = {name: service[name] for name in ("identifierSpace", "schemaSpace")}
        extension, index = json.dumps(wanted), "1"
        self.do("extend-data", project, baseColumnName="name", endpoint=where, columnInsertIndex=index,
                extension=extension, **spaces)  # fmt: skip


@pytest.fixture(scope="module")
def refine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Refine]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    work = tmp_path_factory.mktemp("openrefine")
    settings = {"data_dir": work, "webapp": "webapp", "port": port, "interface": "127.0.0.1", "host": "127.0.0.1"}
    options = [f"-Drefine.{name}={value}" for name, value in {**settings, "headless": "true"}.items()]
    command = ["java", "-Xmx512m", *options, "-cp", "server/*", START]
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}/command/core/", timeout=60)
    with (work / "log").open("wb") as said, subprocess.Popen(command, stdout=said, stderr=said, cwd=FOLDER) as server:
        try:
            running, limit = Refine(client), time.monotonic() + 180
            while not _answers(running):
                assert server.poll() is None and time.monotonic() < limit, (work / "log").read_text()
                time.sleep(0.5)  # Java says nowhere that its server listens
            yield running
        finally:
            server.terminate()
            client.close()


@pytest.fixture(scope="module")
def site(rules: Declared, shipped_release: Release) -> Iterator[str]:
    queries = {query.name: query.text for query in rules.queries.values()}
    engine = store.open_file(shipped_release.graph, shipped_release.id, queries, rules.prefixes)
    published, names = publication.read(rules, shipped_release), register.read(shipped_release, rules)
    with served(web.create_app(engine, published=published, register=names)) as address:
        yield address


@pytest.mark.parametrize("path", ["reconcile", "reconcile/wikidata"])
def test_a_column_is_matched_as_by_the_matcher(refine: Refine, site: str, matcher: Matcher, path: str) -> None:
    names = [name for name in dict.fromkeys(NAMES) if name.strip() == name and name]
    project = refine.begin([["name"], *([name] for name in names)])
    service = _manifest(site, path)
    refine.reconcile(project, service, f"{site}{path}", "")
    cells = {row[0]["v"]: row[0].get("r", {}) for row in refine.rows(project)}
    assert len(cells) >= 600
    matches = 0
    for name, recon in cells.items():
        (best, *_) = [each for each in matcher.match(Query(name)) if each.match] or [None]
        wanted = (best.record.qid if "wikidata" in path else best.record.id) if best else ""
        assert (recon.get("m") or {}).get("id", "") == wanted, name
        matches += bool(wanted)
    assert matches > 250
    print(f"{len(cells)} names, {matches} matched by OpenRefine at /{path}")


@pytest.mark.parametrize("path", ["reconcile", "reconcile/wikidata"])
def test_other_columns_decide_and_columns_are_fetched(refine: Refine, site: str, path: str) -> None:
    table = [["name", "state"], ["CSA", "Canada"], ["ISA", "Iran"], ["NASA", "United States"]]
    project, service = refine.begin(table), _manifest(site, path)
    refine.reconcile(project, service, f"{site}{path}", "SpaceAgency", state="country")
    matched = [row[0]["r"]["m"]["name"] for row in refine.rows(project)]
    assert matched == ["Canadian Space Agency", "Iranian Space Agency", "National Aeronautics and Space Administration"]
    refine.extend(project, service, f"{site}{path}")
    found = refine.rows(project)
    first = {name: found[0][place] for place, name in enumerate((*table[0], *COLUMNS))}
    assert first["wikidata"]["r"]["m"]["id"] == "Q212227"
    assert first["country"]["v"] == "Canada"
    assert isinstance(first["claims"]["v"], int)
    assert len(found) > len(table) - 1  # partners are several to an agency, each in a row of its own


def test_a_launch_date_comes_as_a_date(refine: Refine, site: str) -> None:
    project, service = refine.begin([["name"], ["James Webb Space Telescope"]]), _manifest(site, "reconcile")
    refine.reconcile(project, service, f"{site}reconcile", "")
    refine.extend(project, service, f"{site}reconcile")
    cell = refine.rows(project)[0][1 + COLUMNS.index("launchDate")]
    assert (cell["t"], cell["v"]) == ("date", "2021-12-25T00:00:00Z")


def _manifest(site: str, path: str) -> Any:
    return httpx.get(f"{site}{path}").json()


def _answers(running: Refine) -> bool:
    try:
        return bool(running.get("get-version"))
    except (httpx.HTTPError, ValueError):
        return False
