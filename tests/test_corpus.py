"""Reading many documents: the same whoever reads them and however often, and one bad document is told by its name."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.poison import NOWHERE, Deadly, Endless
from tests.reading import document, shipped

from spacekg import corpus, pipeline
from spacekg.corpus import extraction, shelf, written
from spacekg.corpus.extraction import Tools
from spacekg.errors import DocumentError
from spacekg.model import Document
from spacekg.reference import Entity, Reference
from spacekg.release import Release

SENTENCES = (
    "NASA and ESA built the Hubble Space Telescope together.",
    "The Canadian Space Agency (CSA) did not launch Planck, and Progress is slow.",
    "According to JAXA, it was launched in 2009 with sixteen countries.",
    "\n\n## Partners\n\n- Cassini–Huygens: NASA, ESA\n",
    "\n\n| Mission | Agency |\n|---|---|\n| Planck | ESA |\n\n",
    "In 2020, Japan and Canada signed an agreement on the Moon.",
)
DOCUMENTS = [document(" ".join(SENTENCES[i:]), f"text-{i}") for i in range(len(SENTENCES))]


def poisoned(entities: Callable[[dict[str, Entity]], dict[str, Entity]] = dict) -> Reference:
    """The shipped tables with a name whose entity breaks the reading."""
    _, _, tables, _ = shipped()
    return replace(tables, names=(*tables.names, NOWHERE), entities=entities(dict(tables.entities)))


def read(means: corpus.Means, documents: list[Document] = DOCUMENTS, tables: Reference | None = None) -> corpus.Corpus:
    _, words, known, _ = shipped()
    return corpus.extract(documents, tables or known, words, means)


def test_processes_and_what_is_kept_change_nothing(tmp_path: Path) -> None:
    alone = read(corpus.Means())
    assert len(alone.claims) > 10
    assert read(corpus.Means(tmp_path / "kept", processes=2, worth=1)) == alone
    assert len(list((tmp_path / "kept").iterdir())) == len(DOCUMENTS)
    assert read(corpus.Means(tmp_path / "kept")) == alone


def test_a_document_says_the_same_alone_and_among_others() -> None:
    together = read(corpus.Means())
    for one in DOCUMENTS:
        assert read(corpus.Means(), [one]).claims == tuple(c for c in together.claims if c.passage.document is one)


def test_what_is_kept_is_used_unless_it_is_damaged(tmp_path: Path) -> None:
    first = read(corpus.Means(tmp_path), DOCUMENTS[:1])
    (kept,) = tmp_path.iterdir()
    _, _, text = kept.read_bytes().partition(b"\n")
    told = json.loads(text)
    told["claims"] = []
    changed = json.dumps(told, separators=(",", ":"))
    shelf.Shelf(tmp_path, kept_edition()).put(DOCUMENTS[0], changed)
    assert read(corpus.Means(tmp_path), DOCUMENTS[:1]).claims == ()
    for damage in (b"", b"\xff\n{}", kept.read_bytes()[:-1]):
        kept.write_bytes(damage)
        assert read(corpus.Means(tmp_path), DOCUMENTS[:1]) == first
        assert kept.read_bytes().endswith(text)


def kept_edition() -> str:
    _, words, tables, _ = shipped()
    return shelf.edition(tables, words.declared.folder)


def test_what_is_no_longer_asked_for_is_removed_and_nothing_else(tmp_path: Path) -> None:
    read(corpus.Means(tmp_path), DOCUMENTS[:3])
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    read(corpus.Means(tmp_path), DOCUMENTS[:1])
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".json", ".txt"]


def test_another_word_name_or_ontology_makes_another_edition(tmp_path: Path) -> None:
    _, words, tables, _ = shipped()
    folder = tmp_path / "declared"
    shutil.copytree(words.declared.folder / "ontology", folder / "ontology")
    shutil.copytree(words.declared.folder / "data" / "lexicon", folder / "data" / "lexicon")
    editions = {kept_edition(), shelf.edition(tables, folder)}
    assert len(editions) == 1
    editions.add(shelf.edition(replace(tables, names=(*tables.names, NOWHERE)), folder))
    for name in ("data/lexicon/signings.csv", "ontology/space.ttl"):
        with (folder / name).open("a", encoding="utf-8") as stream:
            stream.write("\n")
        editions.add(shelf.edition(tables, folder))
    assert len(editions) == 4


def test_a_folder_that_cannot_be_written_keeps_nothing_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    assert read(corpus.Means(tmp_path / "file" / "below"), DOCUMENTS[:1]).claims


def test_a_document_that_breaks_a_rule_is_named_and_the_rest_is_kept(tmp_path: Path) -> None:
    bad = document("NASA launched Poisonium.", "poison")
    with pytest.raises(DocumentError, match=r"^poison: .*KeyError.*no-such-entity"):
        read(corpus.Means(tmp_path), [*DOCUMENTS, bad], poisoned())
    assert len(list(tmp_path.iterdir())) == len(DOCUMENTS)


@pytest.mark.parametrize(
    ("entities", "seconds", "trouble"), [(Deadly, 120.0, "ends the process"), (Endless, 0.5, "takes more than 1 sec")]
)
def test_a_document_that_takes_its_reader_down_is_named(
    monkeypatch: pytest.MonkeyPatch,
    entities: Callable[[dict[str, Entity]], dict[str, Entity]],
    seconds: float,
    trouble: str,
) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent.parent))  # where the process finds the poison
    bad = document("NASA launched Poisonium.", "poison")
    with pytest.raises(DocumentError, match=rf"^poison: reading it {trouble}[^;]*; take out") as raised:
        read(corpus.Means(processes=1, worth=1, seconds=seconds), [bad], poisoned(entities))
    assert "text-" not in str(raised.value)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.sampled_from(SENTENCES), max_size=8))
def test_what_is_written_down_is_what_was_read(parts: list[str]) -> None:
    _, words, tables, _ = shipped()
    one = document(" ".join(parts))
    read = extraction.extract([one], Tools(tables, words))[0]
    text = written.dump(read)
    assert written.load(text, one) == read
    assert written.dump(written.load(text, one)) == text


def test_a_second_build_of_the_same_documents_reads_none_and_gives_the_same_bytes(shipped_release: Release) -> None:
    known, _, tables, _ = shipped()
    out = shipped_release.folder.parent
    kept = {path: path.stat().st_mtime_ns for path in (out / corpus.FOLDER).iterdir()}
    before = shipped_release.graph.read_bytes(), shipped_release.manifest
    again = pipeline.build([known.folder / "data" / "documents"], out, known, tables, lambda _: None)
    assert (again.graph.read_bytes(), again.manifest) == before
    assert {path: path.stat().st_mtime_ns for path in (out / corpus.FOLDER).iterdir()} == kept
