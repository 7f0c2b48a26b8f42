"""The generated corpus: the same documents in any size, and a gold of what stands in them."""

from __future__ import annotations

import csv
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from tests.reading import shipped

from spacekg import documents

SCRIPT = Path(__file__).parent.parent / "benchmarks" / "scale" / "corpus.py"


@pytest.fixture
def generator(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    if not SCRIPT.is_file():
        pytest.skip("the benchmarks are not in a source distribution")
    monkeypatch.setattr(sys, "path", [*sys.path])  # the script adds a folder
    spec = importlib.util.spec_from_file_location("scale_corpus", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_larger_corpus_begins_with_the_smaller_one(generator: ModuleType, tmp_path: Path) -> None:
    known, _, tables, _ = shipped()
    for number in (2, 4):
        generator.write(number, tmp_path / f"{number}.jsonl", tmp_path / f"{number}.tsv", tables, known)
    for ending in ("jsonl", "tsv"):
        assert (tmp_path / f"4.{ending}").read_bytes().startswith((tmp_path / f"2.{ending}").read_bytes())
    assert len(documents.read([tmp_path / "4.jsonl"]).documents) == 4


def test_each_fact_names_what_stands_in_its_document(generator: ModuleType, tmp_path: Path) -> None:
    known, _, tables, _ = shipped()
    generator.write(3, tmp_path / "out.jsonl", tmp_path / "gold.tsv", tables, known)
    texts = {each.name: each.text for each in documents.read([tmp_path / "out.jsonl"]).documents}
    with (tmp_path / "gold.tsv").open(encoding="utf-8", newline="") as stream:
        facts = [*csv.DictReader(stream, delimiter="\t")]
    assert len(facts) == 9
    for fact in facts:
        for end in ("subject", "object"):
            assert tables.entities[fact[end]].label in texts[fact["document"]]
