"""Single sentences of many styles: what denies, plans or supposes something states no fact; most others are read."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.reading import read_text

from spacekg.model import Claim, Status, Value

TABLE = Path(__file__).parents[1] / "benchmarks" / "extraction" / "sentences" / "sentences.tsv"
with TABLE.open(encoding="utf-8", newline="") as stream:
    ROWS = [(row["style"], row["sentence"], row["facts"] or "") for row in csv.DictReader(stream, delimiter="\t")]
LEAST = 0.75
"""How many of the facts are found at least; benchmarks/extraction/sentences.py prints the figure."""


def said(sentence: str) -> set[str]:
    """The accepted claims of a sentence, written as the table writes facts."""
    return {_written(claim) for claim in read_text(sentence) if claim.status is Status.ACCEPTED and not claim.coined}


def _written(claim: Claim) -> str:
    value = claim.object.text if isinstance(claim.object, Value) else claim.object
    return f"{claim.subject} {claim.predicate} {value}"


@pytest.mark.parametrize(("sentence", "facts"), [row[1:] for row in ROWS if row[0] == "trap"])
def test_a_trap_states_no_fact_but_its_own(sentence: str, facts: str) -> None:
    assert said(sentence) <= {fact.strip() for fact in facts.split(";")}


def test_most_facts_are_found() -> None:
    wanted = [(sentence, fact.strip()) for _, sentence, facts in ROWS for fact in facts.split(";") if fact.strip()]
    found = {sentence: said(sentence) for sentence in {sentence for sentence, _ in wanted}}
    assert sum(fact in found[sentence] for sentence, fact in wanted) >= LEAST * len(wanted)


def test_a_period_has_a_start_and_an_end() -> None:
    assert said("The Apollo program ran from 1961 to 1972.") >= {
        "apollo-program startDate 1961",
        "apollo-program endDate 1972",
    }


def test_what_the_section_is_about_is_meant_where_the_sentence_names_nothing() -> None:
    text = "# Solar Orbiter\n\nSolar Orbiter watches the Sun.\n\n## Industry\n\nThe builder was Airbus in Stevenage."
    assert "solar-orbiter developedBy airbus" in said(text)
