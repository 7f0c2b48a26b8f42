"""Every shipped query is a question with keywords, and has the answer that a person found right in the documents."""

from __future__ import annotations

import csv
import re

import pytest
from tests import asking

from spacekg.cli import releases
from spacekg.declared import Declared
from spacekg.release import Release
from spacekg.store import Store


@pytest.fixture(scope="module")
def store(shipped_release: Release, rules: Declared) -> Store:
    return releases.stored(shipped_release, rules, releases.OWN_MACHINE)


@pytest.fixture(scope="module")
def reversed_store(shipped_release: Release, rules: Declared) -> Store:
    """The same quads, put in the other way round: what an answer owes to chance shows."""
    return Store(reversed(list(shipped_release.quads())), shipped_release.id, {}, rules.prefixes, releases.OWN_MACHINE)


@pytest.mark.parametrize("name", asking.QUESTIONS)
def test_the_answer_is_the_one_that_was_reviewed(store: Store, rules: Declared, name: str) -> None:
    answer = asking.rows(store, name, rules)
    expected = (asking.ANSWERS / f"{name}.csv").read_text(encoding="utf-8")
    assert asking.written(answer) == expected, "after a review: python tools/answers.py"
    assert len(answer) - 1 == asking.counts()[name]


@pytest.mark.parametrize("name", asking.QUESTIONS)
def test_the_order_of_the_data_does_not_show_in_the_answer(
    store: Store, reversed_store: Store, rules: Declared, name: str
) -> None:
    assert asking.rows(reversed_store, name, rules) == asking.rows(store, name, rules)


def test_every_question_has_an_answer_and_every_answer_a_question() -> None:
    assert [path.stem for path in sorted(asking.ANSWERS.glob("*.csv"))] == asking.QUESTIONS
    assert sorted(asking.counts()) == asking.QUESTIONS
    assert all(number > 0 for number in asking.counts().values())


def test_the_fourteen_competency_questions_are_asked() -> None:
    with (asking.ANSWERS.parent / "competency.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["number"]) for row in rows] == list(range(1, 15))
    assert {name for row in rows for name in row["queries"].split()} <= set(asking.QUESTIONS)
    assert all(row["queries"] for row in rows)


@pytest.mark.parametrize("name", asking.QUESTIONS)
def test_a_query_is_written_to_be_read(rules: Declared, name: str) -> None:
    first, second, *body = rules.query(name).text.splitlines()
    assert re.fullmatch(r"# [A-Z].+\?", first)
    assert re.fullmatch(r"# keywords: \S.*[^,]", second)
    assert body[-1].startswith("ORDER BY")
    assert all(len(line) <= 120 for line in (first, second, *body))


@pytest.mark.parametrize("name", asking.QUESTIONS)
def test_no_two_rows_are_the_same(store: Store, rules: Declared, name: str) -> None:
    _, *answer = asking.rows(store, name, rules)
    assert len({tuple(row) for row in answer}) == len(answer)


def test_no_two_queries_ask_the_same(rules: Declared) -> None:
    assert len({rules.query(name).question for name in asking.QUESTIONS}) == len(asking.QUESTIONS)
