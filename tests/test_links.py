"""Homonyms: decided by the noun beside a name, by what else is named, by fame; left open where nothing decides."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.reading import document, resolve_text, shipped

from spacekg import links, mentions, names, passages
from spacekg.links import Resolution
from spacekg.reference import Entity, Fact, Name


def meant(text: str, surface: str) -> tuple[str, str] | None:
    """Which entity the last mention of a name stands for, and why; None where it stays open."""
    found = [link for link in resolve_text(text).links if link.mention.surface == surface]
    return (found[-1].entity, found[-1].method) if found else None


@pytest.mark.parametrize(
    ("text", "surface", "entity"),
    [
        ("They flew on a Soyuz rocket.", "Soyuz rocket", ("soyuz-launch-vehicle", "unique")),
        ("They came home in a Soyuz capsule.", "Soyuz", ("soyuz-spacecraft", "kind")),
        ("The Soyuz programme began early.", "Soyuz programme", ("soyuz-programme", "unique")),
        ("They saw Soyuz.", "Soyuz", None),
        ("The planet Mercury is hot.", "Mercury", ("mercury", "kind")),
        ("Astronauts of the Mercury program met.", "Mercury program", ("project-mercury", "unique")),
        ("NASA sent the capsule Mercury up.", "Mercury", ("mercury-spacecraft", "kind")),
        ("They saw Mercury.", "Mercury", ("mercury", "preferred")),
        ("Jupiter's moon Europa has an ocean.", "Europa", ("europa", "kind")),
        ("The rocket Europa failed.", "Europa", ("europa-launch-vehicle", "kind")),
        ("They launched Planck.", "Planck", ("planck", "unique")),
        ("They fell trees in the Amazon.", "Amazon", None),
        ("Clouds hide the Amazon for months.", "Amazon", None),
        ("Amazon is to launch it.", "Amazon", ("amazon", "unique")),
        ("The Boeing capsule flew.", "Boeing", ("boeing", "unique")),
    ],
)
def test_a_homonym_is_decided_by_the_noun_beside_it(text: str, surface: str, entity: tuple[str, str] | None) -> None:
    assert meant(text, surface) == entity


def test_what_else_is_named_decides() -> None:
    assert meant("Canada sent a robot arm. The CSA built it.", "CSA") == ("csa", "unique")
    assert two_of_a_name((5, 4), "They saw Twin in Canada.").links[0].entity == "twin-1"


def test_a_name_that_the_document_defines_is_defined() -> None:
    assert meant("The James Webb Space Telescope (JAWST) is cold. JAWST flies.", "JAWST") == ("jwst", "defined")


@pytest.mark.parametrize(
    "text", ["Progress is slow.", "## Progress\n\nNothing.", "Hope is all we have.", "Dawn is early."]
)
def test_an_ordinary_word_with_its_capital_by_chance_stays_open(text: str) -> None:
    resolution = resolve_text(text)
    assert resolution.links == ()
    reasons = {links.reason_open(mention, shipped()[2]) for mention in resolution.open}
    assert all("ordinary word" in reason for reason in reasons)


def test_an_article_tells_a_place_from_a_company() -> None:
    left = resolve_text("They fell trees in the Amazon.").open
    assert [links.reason_open(mention, shipped()[2]) for mention in left] == [
        "no company has an article before its name"
    ]


def test_nothing_is_lost_between_links_and_open_mentions() -> None:
    text = "Progress is slow. CSA and NASA met. Soyuz flew. Mercury and Europa are far, and Planck is off."
    _, words, tables, index = shipped()
    found = mentions.find(passages.split(document(text)), index)
    resolution = links.resolve(found, tables, words.kinds_of_noun)
    assert sorted([link.mention.start for link in resolution.links] + [m.start for m in resolution.open]) == [
        mention.start for mention in found
    ]


def two_of_a_name(fame: tuple[int, int], text: str = "They saw Twin there.") -> Resolution:
    """Resolve «Twin», borne by a rover and by an agency of Canada that are known so well."""
    entities = {
        f"twin-{at}": Entity(f"twin-{at}", kind, f"Twin {at}", "", "curated", prominence)
        for at, (kind, prominence) in enumerate(zip(("Rover", "SpaceAgency"), fame, strict=True))
    }
    entities["canada"] = Entity("canada", "State", "Canada", "", "curated", 90)
    _, words, tables, _ = shipped()
    agency = Fact("twin-1", "agencyOf", "canada", "id", "", "curated")
    small = replace(tables, entities=entities, facts=(agency,))
    called = [("Twin", "twin-0"), ("Twin", "twin-1"), ("Canada", "canada")]
    index = names.index([Name(name, entity, "en", "label", "", "curated") for name, entity in called])
    pieces = passages.split(document(text))
    return links.resolve(mentions.find(pieces, index), small, words.kinds_of_noun)


@pytest.mark.parametrize(("fame", "method"), [((50, 2), "preferred"), ((5, 4), None), ((0, 0), None)])
def test_fame_decides_only_with_a_clear_lead(fame: tuple[int, int], method: str | None) -> None:
    resolution = two_of_a_name(fame)
    assert [link.method for link in resolution.links] == ([method] if method else [])
    assert [mention.candidates for mention in resolution.open] == ([] if method else [("twin-0", "twin-1")])


def test_why_a_name_stays_open_is_told() -> None:
    (mention,) = resolve_text("They saw Soyuz.").open
    assert links.reason_open(mention, shipped()[2]).startswith("may be any of 3, and the text favours none: Soyuz (Lau")
