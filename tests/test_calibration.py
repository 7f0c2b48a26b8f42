"""Confidence of rules: never sure, never lower for being right, and a wrong table is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis.strategies import integers
from tests.reading import document, shipped

from spacekg import claims, links, mentions, passages
from spacekg.errors import DeclarationError
from spacekg.lexicon import rows
from spacekg.lexicon.calibration import Calibration
from spacekg.model import Status


@given(integers(0, 50), integers(1, 50))
def test_a_confidence_is_a_probability_that_grows_with_what_was_right(right: int, wrong: int) -> None:
    counts = {"v-build": (right, right + wrong), "n-part": (3, 4)}
    better = {**counts, "v-build": (right + 1, right + wrong)}
    now, then = Calibration(counts).confidence("v-build", 0.9), Calibration(better).confidence("v-build", 0.9)
    assert 0 < now < then <= 1


def test_a_rule_never_seen_leans_on_its_family() -> None:
    calibration = Calibration({"v-build": (99, 100), "n-part": (1, 100)})
    assert calibration.confidence("v-new", 0.5) > calibration.confidence("n-new", 0.5) + 0.5


def test_without_counts_the_declared_confidence_stands() -> None:
    assert Calibration({}).confidence("v-build", 0.85) == 0.85


@pytest.mark.parametrize("row", ["v-build,3,2", "v-build,x,2", "v-build,0,0"])
def test_a_wrong_count_is_refused_with_its_place(tmp_path: Path, row: str) -> None:
    path = tmp_path / "calibration.csv"
    path.write_text(f"rule,right,seen\n{row}\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"calibration\.csv:2"):
        rows.calibration(path)


def test_what_a_rule_says_that_was_right_too_seldom_is_no_fact() -> None:
    _, words, tables, index = shipped()
    pieces = passages.split(document("Planck was launched by ESA."))
    found = links.resolve(mentions.find(pieces, index), tables, words.kinds_of_noun).links
    for right, status in ((1, Status.UNCERTAIN), (99, Status.ACCEPTED)):
        counted = replace(words, calibration=Calibration({"v-launch": (right, 100)}))
        (claim,) = claims.extract(pieces, found, counted, tables.entities)
        assert (claim.rule, claim.status) == ("v-launch", status)


def test_every_town_lies_in_a_state_of_the_tables() -> None:
    _, words, tables, _ = shipped()
    assert {state for state in words.towns.values() if tables.entities[state].kind != "State"} == set()
