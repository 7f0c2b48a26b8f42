"""The tables of words: every pattern's own example is read as the pattern says, and a wrong row is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.reading import read_text

from spacekg import declared, lexicon
from spacekg.errors import DeclarationError
from spacekg.model import Status, Value

SHIPPED = declared.shipped()
KNOWN = declared.read(SHIPPED)
WORDS = lexicon.read(SHIPPED / "data" / "lexicon", KNOWN)
FRAMES = {frame.id: frame for group in (*WORDS.frames.values(), *WORDS.collaborations.values()) for frame in group} | {
    frame.id: frame for frame in WORDS.name_frames
}


@pytest.mark.parametrize("frame", [frame for frame in FRAMES.values() if frame.says], ids=lambda frame: frame.id)
def test_a_pattern_reads_its_own_example(frame: lexicon.Frame | lexicon.CollaborationFrame) -> None:
    found = read_text(frame.example)
    said = {
        (claim.subject, claim.predicate, claim.object.text if isinstance(claim.object, Value) else claim.object)
        for claim in found
        if claim.status is Status.ACCEPTED
    }
    assert set(frame.says) <= said


def test_every_pattern_has_an_example() -> None:
    assert [frame.id for frame in FRAMES.values() if not frame.example] == []


@pytest.mark.parametrize(
    ("table", "row", "trouble"),
    [
        ("frames.csv", "x,verb,do,agent,Agent,doesNotExist,patient,Agent,,0.9,,Text.,\n", "doesNotExist"),
        ("frames.csv", "x,verb,do,agent,NoClass,operator,patient,Agent,,0.9,,Text.,\n", "NoClass"),
        ("frames.csv", "x,prose,do,agent,Agent,operator,patient,Agent,,0.9,,Text.,\n", "part"),
        ("frames.csv", "x,verb,do,agent,Agent,operator,patient,Agent,,much,,Text.,\n", "confidence"),
        ("frames.csv", "x,verb,do\n", "columns"),
        ("cues.csv", "perhaps,adverb,maybe\n", "effect"),
        ("class_nouns.csv", "gizmo,Gizmo,yes\n", "Gizmo"),
    ],
)
def test_a_wrong_row_is_refused_with_its_place(tmp_path: Path, table: str, row: str, trouble: str) -> None:
    folder = tmp_path / "lexicon"
    shutil.copytree(SHIPPED / "data" / "lexicon", folder)
    path = folder / table
    lines = path.read_text(encoding="utf-8").count("\n") + 1
    with path.open("a", encoding="utf-8") as stream:
        stream.write(row)
    with pytest.raises(DeclarationError, match=rf"{table}:{lines}: .*{trouble}"):
        lexicon.read(folder, KNOWN)
