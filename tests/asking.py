"""What the tests of the shipped queries and `tools/answers.py` share: each question with its answer as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from spacekg import declared, formats
from spacekg.answers import Request
from spacekg.declared import Declared
from spacekg.store import Store

ANSWERS = Path(__file__).parent / "answers"
COUNTS = ANSWERS / "counts.tsv"
"""How many rows each answer has; of a long one, only the first are kept."""
KEPT = 60
QUESTIONS = sorted(path.stem for path in (declared.shipped() / "queries").glob("*.rq"))

Rows = list[list[str]]


def rows(store: Store, name: str, rules: Declared) -> Rows:
    """The answer to a shipped query: the names of its columns, then its rows."""
    content = store.answer(Request(rules.query(name).text, results=formats.CSV)).content
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def written(answer: Rows) -> str:
    """An answer as its file holds it: the columns and the first rows."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(answer[: KEPT + 1])
    return text.getvalue()


def counts() -> dict[str, int]:
    """How many rows each answer must have."""
    lines = COUNTS.read_text(encoding="utf-8").splitlines()
    return {name: int(number) for name, number in (line.split("\t") for line in lines)}


def answers(store: Store, rules: Declared) -> Iterator[tuple[str, Rows]]:
    """Every shipped question with its answer."""
    for name in QUESTIONS:
        yield name, rows(store, name, rules)
