"""Since when and until when: what is at work, and what is silent."""

from __future__ import annotations

import pytest
from tests.reading import read_text

from spacekg.model import Value


def ends(text: str) -> set[tuple[str, str, str]]:
    said = [c for c in read_text(text) if c.predicate in {"startDate", "endDate"}]
    return {(c.subject, c.predicate, c.object.text) for c in said if isinstance(c.object, Value)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rosetta operated from 2004 to 2016.", {("rosetta", "startDate", "2004"), ("rosetta", "endDate", "2016")}),
        ("Planck served until 2013.", {("planck", "endDate", "2013")}),
        ("Gaia flew between 2013 and 2025.", {("gaia", "startDate", "2013"), ("gaia", "endDate", "2025")}),
        ("SAOCOM 1A has been at work since October 2018.", {("saocom-1a", "startDate", "2018-10")}),
        ("Phobos 2 fell silent in March 1989.", {("phobos-2", "endDate", "1989-03")}),
        ("Envisat has been silent since April 2012.", {("envisat", "endDate", "2012-04")}),
        ("Gaia has been popular since 2013.", set()),
        ("Planck waited until 2009.", set()),
        ("Euclid has been in space since 1 July 2023.", set()),
    ],
)
def test_a_period_has_the_ends_that_are_said(text: str, expected: set[tuple[str, str, str]]) -> None:
    assert ends(text) == expected


def test_in_space_since_is_the_day_of_the_launch() -> None:
    (claim,) = [c for c in read_text("Euclid has been in space since 1 July 2023.") if isinstance(c.object, Value)]
    assert (claim.subject, claim.predicate, claim.object.text) == ("euclid", "launchDate", "2023-07-01")  # type: ignore[union-attr]  # a Value by the line above
