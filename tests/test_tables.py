"""The tables of data/reference are what the tool makes of the raw files, and keep their promises."""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from spacekg.reference import COLUMNS, Reference

ROOT = Path(__file__).resolve().parents[1]
TABLES = ROOT / "data" / "reference"
RAW = ROOT.parent / "shared" / "reference"
TOOL = ROOT / "tools" / "make_reference.py"
MERGED = "Q108845821\t10th Space Operations Squadron"
"""The beginning of the row of an item that has no other identifier."""
WRITTEN_EXCEPTIONS: dict[str, str] = {}
"""QID → why it belongs to two entities, or an entity's id → why it has two QIDs. None so far."""

needs_raw = pytest.mark.skipif(not RAW.is_dir(), reason="the raw extracts are not beside this checkout")
needs_words = pytest.mark.skipif(
    not all(map(importlib.util.find_spec, ("wordfreq", "english_words"))),
    reason="wordfreq and english-words are not installed",
)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def make(target: Path, kept: Path = TABLES, raw: Path = RAW) -> str:
    command = [sys.executable, TOOL, raw, kept, target]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@needs_raw
@needs_words
def test_the_tables_are_what_the_tool_makes(tmp_path: Path) -> None:
    printed = make(tmp_path)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    shipped = {path.name: path.read_bytes() for path in TABLES.iterdir() if path.is_file()}
    assert made.keys() == shipped.keys()
    assert [name for name, content in made.items() if content != shipped[name]] == []
    assert "left out" in printed


@needs_raw
@needs_words
def test_an_id_stays_when_the_label_changes(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "curated").symlink_to(TABLES / "curated")
    text = (TABLES / "identifiers.csv").read_text(encoding="utf-8")
    (kept / "identifiers.csv").write_text(text.replace("\nboeing,", "\nthe-boeing-company,"), encoding="utf-8")
    make(tmp_path, kept)
    labels = {row["id"]: row["label"] for row in rows(tmp_path / "entities.csv")}
    assert labels["the-boeing-company"] == "Boeing"
    assert "boeing" not in labels


@needs_raw
@needs_words
def test_an_id_stays_when_its_item_is_merged_into_another(tmp_path: Path) -> None:
    raw, target = tmp_path / "raw", tmp_path / "target"
    for folder in (raw / "wikidata", target):
        folder.mkdir(parents=True)
    for source in ("gcat", "ror", "iso"):
        (raw / source).symlink_to(RAW / source)
    for file in (RAW / "wikidata").iterdir():
        text = file.read_text(encoding="utf-8").replace(MERGED, MERGED.replace("Q1", "Q99").replace("10th", "Tenth"))
        (raw / "wikidata" / file.name).write_text(text, encoding="utf-8")
    (raw / "wikidata" / "moved.tsv").write_text("qid\ttarget\nQ108845821\tQ9908845821\nQ67\t\n", encoding="utf-8")
    make(target, raw=raw)
    items = {row["value"]: row["id"] for row in rows(target / "identifiers.csv") if row["scheme"] == "wikidata"}
    assert items["Q9908845821"] == "10th-space-operations-squadron"
    assert "Q108845821" not in items


@needs_raw
def test_every_wikidata_row_became_an_entity_or_is_left_out_with_a_reason(known: Reference) -> None:
    kept = {one.value for one in known.identifiers if one.scheme == "wikidata" and one.status == "verified"}
    left = {row["identifier"] for row in rows(TABLES / "left_out.csv")}
    for file in ("entities_verified", "space_objects", "space_organisations", "crewed_missions"):
        lines = (RAW / "wikidata" / f"{file}.tsv").read_text(encoding="utf-8").splitlines()[1:]
        items = {line.split("\t")[0] for line in lines}
        assert items - kept - left == set(), file


@needs_raw
def test_no_item_was_invented(known: Reference) -> None:
    seen = set()
    for path in (RAW / "wikidata", RAW / "ror", RAW / "iso"):
        for file in path.iterdir():
            seen |= set(
                file.read_text(encoding="utf-8").replace("|", "\t").replace("/", "\t").replace(",", "\t").split()
            )
    items = {one.value for one in known.identifiers if one.scheme == "wikidata"}
    assert items - seen == set()


def test_one_item_one_entity(known: Reference) -> None:
    items, entities = defaultdict(set), defaultdict(set)
    for one in known.identifiers:
        if one.scheme == "wikidata" and one.status == "verified":
            items[one.entity].add(one.value)
            entities[one.value].add(one.entity)
    assert [key for key, found in items.items() if len(found) > 1 and key not in WRITTEN_EXCEPTIONS] == []
    assert [key for key, found in entities.items() if len(found) > 1 and key not in WRITTEN_EXCEPTIONS] == []


def test_the_package_describes_the_tables() -> None:
    package = json.loads((TABLES / "datapackage.json").read_text(encoding="utf-8"))
    described = {resource["path"]: resource for resource in package["resources"]}
    assert described.keys() == {path.name for path in TABLES.glob("*.csv")}
    for file, columns in COLUMNS.items():
        assert tuple(field["name"] for field in described[file]["schema"]["fields"]) == columns
    for file, resource in described.items():
        assert resource["hash"] == f"sha256:{hashlib.sha256((TABLES / file).read_bytes()).hexdigest()}"


@pytest.mark.parametrize("file", ["entities", "names", "identifiers", "facts", "launches", "closed", "sources"])
def test_a_table_is_sorted_by_its_first_column(file: str) -> None:
    first = [next(iter(row.values())) for row in rows(TABLES / f"{file}.csv")]
    assert first == sorted(first)


def test_labels_hold_no_odd_dash() -> None:
    odd = [row["label"] for row in rows(TABLES / "entities.csv") if any(dash in row["label"] for dash in "‐‑‒―−")]
    assert odd == []


def test_gcat_is_attributed(known: Reference) -> None:
    gcat = next(source for source in known.sources if source.name == "gcat")
    assert "J. McDowell" in gcat.attribution
    assert gcat.attribution in (ROOT / "data" / "README.md").read_text(encoding="utf-8")


def test_the_tables_stay_small() -> None:
    assert sum(path.stat().st_size for path in TABLES.glob("*.csv")) < 8_000_000
