"""What is published beside the graph, and the ids that are no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from spacekg import publication
from spacekg.declared import SKG, Declared
from spacekg.errors import DeclarationError
from spacekg.release import Release


def table(folder: Path, *rows: str) -> Path:
    path = folder / "retired.csv"
    path.write_text("\n".join(["id,status,replacement", *rows]) + "\n", encoding="utf-8")
    return path


def test_an_id_that_moved_twice_leads_straight_to_where_it_is_now(tmp_path: Path) -> None:
    rows = ["first,renamed,second", "second,merged,third", "lost,withdrawn,", "dead,merged,lost"]
    retired = publication.read_retired(table(tmp_path, *rows))
    assert retired == {"first": "third", "second": "third", "lost": "", "dead": ""}


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        (["a,renamed,"], ":2"),
        (["a,withdrawn,b"], ":2"),
        (["a,lost,b"], ":2"),
        (["a,merged,b", "a,merged,c"], ":3"),
        ([",merged,b"], ":2"),
        (["a,merged,b", "b,merged,a"], "circle"),
        (["a,merged,a"], "circle"),
    ],
)
def test_a_wrong_row_is_said_with_its_place(tmp_path: Path, rows: list[str], place: str) -> None:
    with pytest.raises(DeclarationError, match=place):
        publication.read_retired(table(tmp_path, *rows))


def test_a_missing_table_is_said(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match=r"retired\.csv"):
        publication.read_retired(tmp_path / "retired.csv")


def test_the_shipped_tables_speak_of_what_there_is(rules: Declared) -> None:
    published = publication.read(rules)
    assert published.texts == {}
    for _, iri in published.sections:
        assert iri.removeprefix(SKG) in rules.properties
    known = {line.split(",")[0] for line in (rules.folder / "data/reference/entities.csv").read_text().splitlines()}
    for retired, replacement in published.retired.items():
        assert retired not in known
        assert not replacement or replacement in known


def test_the_texts_of_a_release_are_shown(rules: Declared, shipped_release: Release) -> None:
    published = publication.read(rules, shipped_release)
    assert published.texts
    assert all(text == shipped_release.text(name) for name, text in published.texts.items())
