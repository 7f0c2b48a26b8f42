"""The W3C suites for SPARQL, through our store and over HTTP; tests/conformance/known.csv says what fails and why."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "conformance"
HARNESS = Path(__file__).parents[2] / "shared" / "conformance" / "harness"
SUITES = {
    "query": ("run.py", "--no-update"),
    "protocol": ("over_http.py", "protocol"),
    "graph store": ("over_http.py", "gsp"),
    "service description": ("over_http.py", "sd"),
}

needs_suites = pytest.mark.skipif(not HARNESS.is_dir(), reason="the W3C suites are not beside this checkout")


def known() -> dict[str, str]:
    with (HERE / "known.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["reason"] for row in csv.DictReader(file)}


def run(suite: str, folder: Path) -> dict[str, str]:
    """Run a suite; give what became of each of its tests that was not skipped."""
    script, *options = SUITES[suite]
    environment = {**os.environ, "RESULTS": str(folder), "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, str(HERE / script), str(HARNESS), *options]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100, check=False)
    (written,) = folder.glob("*.json") or [pytest.fail(done.stderr[-2000:])]
    tests = json.loads(written.read_text())["tests"]
    return {test["id"].removeprefix("sparql/"): test["status"] for test in tests if test["status"] != "skip"}


@needs_suites
@pytest.mark.parametrize(("suite", "number"), [("query", 830), ("protocol", 34), ("graph store", 14)])
def test_what_fails_is_known_and_what_is_known_fails(suite: str, number: int, tmp_path: Path) -> None:
    outcomes = run(suite, tmp_path)
    assert len(outcomes) == number
    failing = {name for name, status in outcomes.items() if status != "pass"}
    listed = known().keys() & outcomes.keys()
    assert failing - listed == set(), "these fail and are not in known.csv"
    assert listed - failing == set(), "these pass: take them out of known.csv"


@needs_suites
def test_the_service_description_is_right(tmp_path: Path) -> None:
    assert set(run("service description", tmp_path).values()) == {"pass"}


def test_every_failure_has_a_reason() -> None:
    listed = known()
    assert listed
    assert list(listed) == sorted(listed)
    assert all(len(reason) > 20 for reason in listed.values())
