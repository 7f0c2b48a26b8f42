"""The lists in tests/linking: who is sure is right."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from rapidfuzz.distance import OSA

from spacekg.matching.scoring import Candidate, Matcher, Query

FOLDER = Path(__file__).parent / "linking"
LISTS = sorted(FOLDER.glob("*.csv"))
LEAST = {
    "acronyms": 0.85,
    "catalogue": 0.40,
    "columns": 0.80,
    "descriptions": 0.95,
    "languages": 0.90,
    "other_names": 0.70,
    "typos": 0.85,
}
"""The share of the names of a list that must be found, a little below what was measured."""

Row = dict[str, str]


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def best(matcher: Matcher, row: Row) -> Candidate | None:
    beside = dict(part.split("=") for part in row["with"].split("; ") if part)
    kind = beside.pop("type", "")
    found = matcher.match(Query(row["name"], kind, tuple(beside.items())))
    return found[0] if found and found[0].match else None


@pytest.fixture(scope="module")
def outcomes(matcher: Matcher) -> list[tuple[str, Row, Candidate | None]]:
    return [(path.stem, row, best(matcher, row)) for path in LISTS for row in rows(path)]


def test_the_lists_are_long_enough_and_say_what_is_expected(matcher: Matcher) -> None:
    every = [row for path in LISTS for row in rows(path)]
    assert len(every) >= 600
    assert sum(not row["expected"] for row in every) >= 200
    for row in every:
        if row["id"]:
            record = matcher.index.records[row["id"]]
            assert row["expected"] == (record.qid or f"local:{record.id}"), row


def test_no_name_stands_in_the_index_as_it_is(matcher: Matcher) -> None:
    names = {(form.record, form.text.casefold()) for form in matcher.index.forms if form.kind != "description"}
    listed = [row for path in LISTS if path.stem != "columns" for row in rows(path)]
    assert not [row for row in listed if (row["id"], row["name"].casefold()) in names]


def test_a_typo_is_one_letter_away_from_a_label(matcher: Matcher) -> None:
    labels = {(form.record, form.text) for form in matcher.index.forms if form.kind == "label"}
    for row in rows(FOLDER / "typos.csv"):
        near = [OSA.distance(row["name"], text) for record, text in labels if record == row["id"]]
        assert min(near) == 1, row


def test_of_the_sure_ones_98_in_100_are_right(outcomes: list[tuple[str, Row, Candidate | None]]) -> None:
    sure = [(row, found) for _, row, found in outcomes if found]
    wrong = [(row["name"], found.record.id, found.score) for row, found in sure if found.record.id != row["id"]]
    assert len(wrong) <= 0.02 * len(sure), wrong
    assert not [each for each in wrong if each[2] == 100]


def test_names_that_mean_nothing_here_are_left_alone(outcomes: list[tuple[str, Row, Candidate | None]]) -> None:
    matched = [(row["name"], found.record.id) for name, row, found in outcomes if name == "nothing" and found]
    assert len(matched) <= 2, matched


def test_of_each_list_enough_is_found(outcomes: list[tuple[str, Row, Candidate | None]]) -> None:
    wanted = Counter(name for name, row, _ in outcomes if row["id"])
    right = Counter(name for name, row, found in outcomes if found and found.record.id == row["id"])
    for name, least in LEAST.items():
        assert right[name] >= least * wanted[name], f"{name}: {right[name]} of {wanted[name]}"
