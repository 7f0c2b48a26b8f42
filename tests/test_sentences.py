"""Single sentences of many styles: what denies, plans or supposes something states no fact; most others are read."""

from __future__ import annotations

import pytest
from tests.reading import found, rows, said

ROWS = rows("sentences.tsv")
LEAST = 0.75
"""How many of the facts are found at least; benchmarks/extraction/sentences.py prints the figure."""


@pytest.mark.parametrize(("sentence", "facts"), [row[1:] for row in ROWS if row[0] == "trap"])
def test_a_trap_states_no_fact_but_its_own(sentence: str, facts: str) -> None:
    assert said(sentence) <= {fact.strip() for fact in facts.split(";")}


def test_most_facts_are_found() -> None:
    assert found(ROWS) >= LEAST


def test_a_period_has_a_start_and_an_end() -> None:
    assert said("The Apollo program ran from 1961 to 1972.") >= {
        "apollo-program startDate 1961",
        "apollo-program endDate 1972",
    }


def test_what_the_section_is_about_is_meant_where_the_sentence_names_nothing() -> None:
    text = "# Solar Orbiter\n\nSolar Orbiter watches the Sun.\n\n## Industry\n\nThe builder was Airbus in Stevenage."
    assert "solar-orbiter developedBy airbus" in said(text)
