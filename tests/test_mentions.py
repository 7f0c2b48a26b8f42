"""Mentions: known names, and the short forms that a document gives to them itself."""

from __future__ import annotations

import pytest
from tests.reading import document

from spacekg import mentions, names, passages
from spacekg.model import Mention
from spacekg.reference import Name

INDEX = names.index(
    [
        Name("European Space Agency", "esa", "en", "label", "", "curated"),
        Name("Large Observatory", "large", "en", "label", "", "curated"),
        Name("LO Ground Station", "station", "en", "label", "", "curated"),
        Name("Mercury", "mercury-planet", "en", "label", "word", "curated"),
        Name("Mercury", "mercury-programme", "en", "hidden", "", "curated"),
        Name("Hermes", "hermes", "en", "hidden", "word", "curated"),
    ]
)


def find(text: str) -> list[Mention]:
    return mentions.find(passages.split(document(text)), INDEX)


def told(text: str) -> list[tuple[str, tuple[str, ...], str]]:
    return [(mention.surface, mention.candidates, mention.kind) for mention in find(text)]


def test_a_short_form_holds_in_the_whole_document_before_it_as_well() -> None:
    text = "The LO is large. The Large Observatory (LO) is old.\n\n- LO\n"
    assert told(text) == [
        ("LO", ("large",), "defined"),
        ("Large Observatory", ("large",), "label"),
        ("LO", ("large",), "defined"),
        ("LO", ("large",), "defined"),
    ]


@pytest.mark.parametrize(
    "text",
    ["The Large Observatory (ESO) and ESO.", "The Large Observatory (old) and old.", "LO is nothing.", "(LO) LO"],
)
def test_what_abbreviates_nothing_is_no_name(text: str) -> None:
    assert [surface for surface, _, kind in told(text) if kind == "defined"] == []


def test_a_short_form_of_one_document_means_nothing_in_the_next() -> None:
    first, second = document("The Large Observatory (LO).", "first"), document("The LO.", "second")
    found = mentions.find([*passages.split(first), *passages.split(second)], INDEX)
    assert {mention.passage.document.name for mention in found} == {"first"}


def test_where_names_overlap_the_longer_one_is_meant() -> None:
    text = "The Large Observatory (LO) has the LO Ground Station, and LO has more."
    assert [surface for surface, *_ in told(text)] == ["Large Observatory", "LO", "LO Ground Station", "LO"]


def test_names_that_nobody_shows_count_only_alone() -> None:
    (mention,) = find("They saw Mercury.")
    assert mention.candidates == ("mercury-planet",)
    assert mention.risky
    assert told("They saw Hermes.") == []
