"""Dates: written in several ways, completed from what stands before them, and at the head of a timeline's entries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reading import document, read_text

from spacekg import passages
from spacekg.claims import dates
from spacekg.model import Value


def found(text: str) -> list[str]:
    return [date.value for passage in passages.split(document(text)) for date in dates.find(passage)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("It left on 4 May 1989.", ["1989-05-04"]),
        ("It left on May 4th, 1989, at noon.", ["1989-05-04"]),
        ("It left on Nov. 17, 2025.", ["2025-11-17"]),
        ("It left on 2018-10-20.", ["2018-10-20"]),
        ("It left in Sept. 1975.", ["1975-09"]),
        ("It left in 2009 and landed on 4 May.", ["2009", "2009-05-04"]),
        ("It left in 2009.\n\nIt landed on May 4.", ["2009", "2009-05-04"]),
        ("It left in 2009. In May it landed.", ["2009", "2009-05"]),
        ("- **1992** It left on 10 August. In October it landed.", ["1992", "1992-08-10", "1992-10"]),
        ("It landed on 4 May.", []),
        ("## Then\n\nIt left in 2009.\n\n## Later\n\nIt landed on 4 May.", ["2009"]),
        ("It left in 2009 and landed on 4 May of the year after.", ["2009"]),
        ("- 2021–22: it left on 21 October.", []),
        ("In 2009 they may march.", ["2009"]),
    ],
)
def test_a_date_has_the_year_that_the_text_gives_it(text: str, values: list[str]) -> None:
    assert found(text) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("KOUROU, July 10, 2024 — It flew on Tuesday evening.", ["2024-07-10", "2024-07-09"]),
        (
            "*Kourou, 10 July 2024*\n\nIt rose this morning. It was fuelled yesterday.",
            ["2024-07-10"] * 2 + ["2024-07-09"],
        ),
        ("KOUROU, July 10, 2024 — It will fly on Tuesday.", ["2024-07-10"]),
        ("It left in 2009. It is used today, and on Sundays.", ["2009"]),
        ("- Launched: Kourou, 9 July 2024\n\nToday it circles the Moon.", ["2024-07-09"]),
    ],
)
def test_a_day_is_counted_from_the_dateline_and_from_nothing_else(text: str, values: list[str]) -> None:
    assert found(text) == values


@given(st.text())
def test_every_date_stands_in_its_passage(text: str) -> None:
    for passage in passages.split(document(text)):
        for date in dates.find(passage):
            assert passage.start <= date.start < date.end <= passage.end


@pytest.mark.parametrize(
    ("text", "subject", "name", "value"),
    [
        ("- **2004** Rosetta left Kourou on an Ariane 5.", "rosetta", "launchDate", "2004"),
        ("- 2 March 2004: Rosetta is launched.", "rosetta", "launchDate", "2004-03-02"),
        ("- **2004** Rosetta from Kourou on an Ariane 5.", "rosetta", "launchDate", "2004"),
        (
            "The day was 2 March 2004, when an Ariane 5 lifted Rosetta from Kourou.",
            "rosetta",
            "launchDate",
            "2004-03-02",
        ),
        ("Ariane 6 made its maiden flight on 9 July 2024.", "ariane-6", "startDate", "2024-07-09"),
        ("India flew Aditya-L1 in September 2023.", "aditya-l1", "launchDate", "2023-09"),
    ],
)
def test_what_happened_then_has_the_date(text: str, subject: str, name: str, value: str) -> None:
    said = {(c.subject, c.predicate, c.object.text) for c in read_text(text) if isinstance(c.object, Value)}
    assert (subject, name, value) in said


@pytest.mark.parametrize(
    "text",
    [
        "- **2014** Rosetta, which had been launched by ESA, reaches its comet.",
        "- **2012** KOMPSAT-3 was the first customer of the H-IIA from abroad.",
        "ESA flew Rosetta past Mars in 2007.",
    ],
)
def test_a_look_back_or_another_event_has_not(text: str) -> None:
    assert not [c for c in read_text(text) if c.predicate in {"launchDate", "startDate"}]
