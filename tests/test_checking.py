"""spacekg validate: what it finds, by which shape, in which sentence, in what time, and what it says without Java."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad

from spacekg import release
from spacekg.cli import run
from spacekg.declared import BASE, GRAPHS, RDF, SKG
from spacekg.release import Release

DOCUMENT = f"{BASE}graph/document/collaboration-on-space-projects"


@pytest.fixture(scope="module")
def wrong(shipped_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One document's graph, with a telescope that is an agency and the station as a participant of itself."""
    quads = [quad for quad in shipped_release.quads() if quad.graph_name == NamedNode(DOCUMENT)]
    station = NamedNode(f"{BASE}id/iss")
    quads += [
        Quad(station, NamedNode(f"{RDF}type"), NamedNode(f"{SKG}{kind}"), GRAPHS["ontology"])
        for kind in ("SpaceStation", "SpaceAsset", "Agent")
    ]
    quads.append(Quad(station, NamedNode(f"{SKG}partOf"), station, GRAPHS["ontology"]))
    return release.publish(quads, [], {}, {"counts": {}}, tmp_path_factory.mktemp("wrong")).folder


def rows(out: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(out, newline="")))


def test_a_violation_names_its_shape_its_claims_and_their_sentences(
    wrong: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["validate", "--release", str(wrong)]) == 1
    out, err = capsys.readouterr()
    found = [row for row in rows(out) if row["shape"] == "checks/disjoint_classes"]
    assert {row["about"] for row in found} == {"skid:iss"}
    assert all(re.fullmatch(r"skclaim:[0-9a-f]{24}", row["claim"]) for row in found)
    assert any("circles the Earth" in row["sentence"] for row in found)
    assert {row["value"] for row in rows(out) if row["shape"] == "checks/part_of_itself"} == {"skid:iss"}
    assert err.endswith("is wrong\n")


def test_what_was_found_and_the_time_stand_apart_from_the_table(
    shipped_release: Release, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["validate", "--release", str(shipped_release.folder)]) == 0
    out, err = capsys.readouterr()
    counted = {severity: sum(row["severity"] == severity for row in rows(out)) for severity in ("Violation", "Info")}
    assert err.startswith(f"shapes and ontology: {counted['Violation']} violations, ")
    assert f" warnings, {counted['Info']} notes in " in err
    assert " s)\n" in err
    assert err.endswith(f"release {shipped_release.id} is valid\n")
    assert {row["severity"] for row in rows(out) if row["claim"]} <= {"Violation", "Warning"}
    assert all(row["shape"] for row in rows(out))


def test_without_java_the_rest_goes_on_and_one_sentence_says_how_to_get_it(
    wrong: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    assert run(["validate", "--dl", "--release", str(wrong)]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len([line for line in lines if "HermiT" in line]) == 1
    assert "HermiT was skipped" in lines[1]
    assert "default-jre-headless" in lines[1]
