"""Ways of saying a relation without a verb of its own: hyphens, brackets, captions, verbs left out, cargo and tasks."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.reading import read_text

from spacekg.model import Status, Value

TABLE = Path(__file__).parents[1] / "benchmarks" / "extraction" / "sentences" / "wordings.tsv"
with TABLE.open(encoding="utf-8", newline="") as stream:
    TRAPS = [row["sentence"] for row in csv.DictReader(stream, delimiter="\t") if row["style"] == "trap"]


def said(text: str) -> set[str]:
    """The accepted claims of a text about things that it does not bring up itself."""
    found = [claim for claim in read_text(text) if claim.status is Status.ACCEPTED and not claim.coined]
    return {
        f"{claim.subject} {claim.predicate} {claim.object.text if isinstance(claim.object, Value) else claim.object}"
        for claim in found
    }


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("The Lockheed Martin-built MAVEN is old.", {"maven developedBy lockheed-martin"}),
        ("Euclid is an ESA-led mission.", {"euclid operator esa"}),
        ("The Mercury-bound BepiColombo has a long way to go.", {"bepicolombo target mercury"}),
        ("Juno (NASA) and Giotto (ESA, 1985) are old.", {"juno hasParticipant nasa", "giotto launchDate 1985"}),
        ("Ariel 1, 1962.", {"ariel-1 launchDate 1962"}),
        ("Germany supplied the camera of Dawn, and Italy the spectrometer.", {"dawn hasParticipant italy"}),
        ("NASA's Curiosity carries a Spanish weather station.", {"curiosity hasParticipant spain"}),
        ("The camera of Dawn was German.", {"dawn hasParticipant germany"}),
        ("Thales Alenia Space won the contract to build Euclid.", {"euclid developedBy thales-alenia-space"}),
        ("ESA entrusted the launch of Euclid to SpaceX.", {"euclid launchedBy spacex"}),
        ("Kibo forms part of the ISS.", {"kibo partOf iss"}),
        ("The year 1961 saw the birth of CNES.", {"cnes foundingDate 1961"}),
        ("The rover Perseverance has been on Mars since February 2021.", {"perseverance landingDate 2021-02"}),
    ],
)
def test_a_wording_is_read(text: str, facts: set[str]) -> None:
    assert facts <= said(text)


@pytest.mark.parametrize(
    "text",
    [
        "The NASA-led Artemis program is no mission of Juno.",
        "Juno (unlike NASA's Dawn) is far away.",
        "Airbus lost the contract to build Euclid to a rival.",
        "Switzerland watched the launch of Juno, and Italy a game of football.",
    ],
)
def test_the_same_words_elsewhere_say_nothing_of_it(text: str) -> None:
    assert not {fact for fact in said(text) if fact.startswith(("juno ", "euclid ")) and "rdf:type" not in fact}


@pytest.mark.parametrize("sentence", TRAPS)
def test_a_trap_states_no_fact(sentence: str) -> None:
    assert said(sentence) == set()
