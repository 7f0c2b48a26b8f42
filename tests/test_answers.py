"""The limits that are promised, and what a table of answers looks like."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from spacekg.answers import AnswerTooLargeError, Limits, QuerySyntaxError
from spacekg.server import CONNECTIONS, FROM_ONE
from spacekg.web import LARGEST_REQUEST
from spacekg.web.errors import PROBLEMS, TABLE
from spacekg.web.negotiation import READ
from spacekg.writing import BoundedBuffer

PAGE = (Path(__file__).parent.parent / "docs" / "limits.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| ")][
    1:
]
UNITS = {"KB": 1024, "MB": 1_000_000, "GB": 1_000_000_000, "s": 1}


def numbers(text: str) -> set[float]:
    found = re.findall(r"(?<!UTF-)(\d[\d,]*)(?: (KB|MB|GB|s)\b)?", text)
    return {int(number.replace(",", "")) * UNITS.get(unit, 1) for number, unit in found}


def test_the_page_of_limits_says_what_the_limits_are() -> None:
    limits = Limits()
    promised = set().union(*(numbers(row[1]) for row in ROWS))
    held = {getattr(limits, field.name) for field in fields(limits)} | {
        *(LARGEST_REQUEST, CONNECTIONS, FROM_ONE, READ, 100)
    }
    assert promised == held


def test_the_page_of_limits_says_which_problem_comes_of_which() -> None:
    statuses = {problem.name: problem for problem in TABLE.values()}
    for _, _, over, name in ROWS:
        problem = statuses.get(name.strip("`"))
        if not name:
            continue
        if problem is not None:
            assert over.startswith(str(problem.status))
            assert ("Retry-After" in over) == bool(problem.retry_after)
        else:
            assert name == "`http-413`"
    assert PROBLEMS in PAGE


@pytest.mark.parametrize("chunks", [[b"12345", b"67890", b"x"], [b"12345678901"], [b""] * 9 + [b"x" * 11]])
def test_a_bounded_buffer_never_holds_more(chunks: list[bytes]) -> None:
    buffer = BoundedBuffer(10)
    with pytest.raises(AnswerTooLargeError, match="10 bytes"):
        for chunk in chunks:
            buffer.write(chunk)
    assert len(buffer.getvalue()) <= 10


def test_a_syntax_error_says_its_place_once() -> None:
    assert str(QuerySyntaxError("wrong", 2, 3)) == "line 2, column 3: wrong"
    assert str(QuerySyntaxError("wrong")) == "wrong"
