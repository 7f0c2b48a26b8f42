"""Texts of two and three sentences: what a pronoun, a noun or a left-out subject stands for, and when nothing."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.test_sentences import said

TABLE = Path(__file__).parents[1] / "benchmarks" / "extraction" / "sentences" / "discourses.tsv"
with TABLE.open(encoding="utf-8", newline="") as stream:
    ROWS = [
        (row["style"], row["sentence"], {fact.strip() for fact in row["facts"].split(";") if fact.strip()})
        for row in csv.DictReader(stream, delimiter="\t")
    ]
LEAST = 0.88
"""How many of the facts are found at least; benchmarks/extraction/sentences.py prints the figure."""


@pytest.mark.parametrize("text", [text for style, text, _ in ROWS if style == "trap"])
def test_what_is_not_clear_states_nothing(text: str) -> None:
    assert said(text) == set()


def test_most_facts_are_found_and_hardly_another() -> None:
    wanted = found = false = 0
    for _, text, facts in ROWS:
        stated = said(text)
        wanted, found, false = wanted + len(facts), found + len(stated & facts), false + len(stated - facts)
    assert found >= LEAST * wanted
    assert false <= 2
