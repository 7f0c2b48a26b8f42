"""Ways of saying a relation without a verb of its own: hyphens, brackets, captions, verbs left out, cargo and tasks."""

from __future__ import annotations

import pytest
from tests.reading import rows, said

TRAPS = [sentence for style, sentence, _ in rows("wordings.tsv") if style == "trap"]


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
        ("Airbus built Gaia and Thales Alenia Space built Euclid.", {"euclid developedBy thales-alenia-space"}),
        ("It was in the shadow of Dawn, built by Northrop Grumman.", {"dawn developedBy northrop-grumman-corporation"}),
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
        "None of the cameras of Juno came from ESA.",
        "Dawn has a camera larger than that of Juno, which is small.",
        "The rival of Airbus built Juno.",
        "Airbus or Boeing built the tanks of Juno.",
        "Airbus built Gaia, not Juno.",
        "Switzerland watched the launch of Juno, and Italy a game of football.",
    ],
)
def test_the_same_words_elsewhere_say_nothing_of_it(text: str) -> None:
    assert not {fact for fact in said(text) if fact.startswith(("juno ", "euclid ")) and "rdf:type" not in fact}


@pytest.mark.parametrize("sentence", TRAPS)
def test_a_trap_states_no_fact(sentence: str) -> None:
    assert said(sentence) == set()


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("Airbus built Gaia and Thales Alenia Space built Euclid.", {"euclid developedBy airbus"}),
        ("NASA runs Juno and ESA Gaia.", {"gaia operator nasa"}),
        ("Lockheed Martin, and not Boeing, built Juno.", {"juno developedBy boeing"}),
        ("India paid less for Mangalyaan than NASA for MAVEN.", {"maven fundedBy india"}),
    ],
)
def test_what_one_clause_says_is_not_said_of_the_names_of_the_next(text: str, facts: set[str]) -> None:
    assert not facts & said(text)
