"""Clauses of one sentence: what one denies, plans or names is not said of another, and a verb left out is supplied."""

from __future__ import annotations

import pytest
from tests.reading import found, rows, said

ROWS = rows("clauses.tsv")
LEAST = 0.6
"""How many of the facts are found at least; benchmarks/extraction/sentences.py prints the figure."""
TRAPS_READ = 3
"""How many of the traps still say something that they do not state."""


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("Italy will build a telescope for Plato; NASA supplied the camera of Juno.", {"juno hasParticipant nasa"}),
        ("Canada declined to build a rover, but Norway had lent a radar to Juno.", {"juno hasParticipant norway"}),
        (
            "No European agency has a share in it, and Denmark had supplied a camera to Juno.",
            {"juno hasParticipant denmark"},
        ),
        ("Peru may buy a satellite; Hinode rode on an M-V.", {"hinode launchVehicle m-v"}),
        ("The lander was to be Russian, and Airbus is building a camera for Juno.", {"juno hasParticipant airbus"}),
        ("Israel has signed the Artemis Accords, China has not.", {"artemis-accords signatory israel"}),
        ("Neither Peru nor Chile built a rover; ESA built Huygens.", {"huygens developedBy esa"}),
    ],
)
def test_a_clause_keeps_its_facts_beside_one_that_doubts(text: str, facts: set[str]) -> None:
    assert facts <= said(text)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("It is a myth that NASA built Juno and that Norway had lent a radar to it.", "juno hasParticipant norway"),
        ("If Italy quits, Norway lends a radar to Juno.", "juno hasParticipant norway"),
        ("Norway would have lent a radar to Juno; NASA built Cassini.", "juno hasParticipant norway"),
    ],
)
def test_a_doubt_holds_for_all_that_belongs_to_its_clause(text: str, fact: str) -> None:
    assert fact not in said(text)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("# Juno\n\nIt rose in 2011. Norway lent a radar; Peru may yet lend another.", "juno hasParticipant norway"),
        (
            "# Juno\n\nIt rose in 2011. Peru has concluded agreements with Airbus by which they share instruments.",
            "juno hasParticipant peru",
        ),
        (
            "# Juno\n\nIt still observes. Planck and Herschel went up together. NASA had a share in both, through the "
            "Jet Propulsion Laboratory, which made detectors.",
            "juno hasParticipant jet-propulsion-laboratory",
        ),
        (
            "Under the Pact on Shared Skies, begun by ESA and CNES in 1999 and joined by Canada's agency, nine members "
            "give pictures. India and Chile belong to it.",
            "india memberOf csa",
        ),
        ("According to Airbus, Norway lent a radar to Juno; Canada had built Hinode.", "hinode developedBy canada"),
    ],
)
def test_what_a_clause_does_not_name_is_not_guessed(text: str, fact: str) -> None:
    assert fact not in said(text)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("Planck was built by ESA, Cassini by NASA.", {"planck developedBy esa", "cassini developedBy nasa"}),
        ("France signed the Artemis Accords in 2022, Chile in 2023.", {"artemis-accords signatory chile"}),
        ("Ariane 5 launched Rosetta in 2004, Vega LISA Pathfinder in 2015.", {"lisa-pathfinder launchVehicle vega"}),
        ("Ariane 5 launched Rosetta in 2004, Vega LISA Pathfinder in 2015.", {"lisa-pathfinder launchDate 2015"}),
        ("NASA launched Juno in 2011, Psyche in 2023.", {"psyche launchDate 2023", "psyche launchedBy nasa"}),
        ("Rosetta passed Mars in 2007, Lutetia in 2010.", {"rosetta target lutetia"}),
        ("Vega first flew in February 2012 and Vega C in July 2022.", {"vega-c startDate 2022-07"}),
        ("NASA paid 40 million dollars for Juno, ESA 30 million and JAXA the rest.", {"juno fundedBy jaxa"}),
        ("Germany paid half of the cost of Juno, Italy a third.", {"juno fundedBy italy"}),
        ("ESA has signed the Artemis Accords, as has JAXA.", {"artemis-accords signatory jaxa"}),
        ("ESA did not build Cassini; NASA did.", {"cassini developedBy nasa"}),
    ],
)
def test_a_verb_that_is_left_out_is_that_of_the_clause_before(text: str, facts: set[str]) -> None:
    assert facts <= said(text)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Planck was built by ESA, Cassini by NASA.", "planck developedBy nasa"),
        ("Juno was launched by NASA in 2011, Gaia by ESA in 2013.", "juno launchDate 2013"),
        ("India launched Chandrayaan-3; Russia, Luna 25 in August.", "luna-25 hasParticipant india"),
        ("ESA has signed the Artemis Accords, and Peru has not.", "artemis-accords signatory peru"),
        ("ESA has not signed the Artemis Accords, nor has JAXA.", "artemis-accords signatory jaxa"),
        ("ESA pays more for Juno than NASA did.", "juno fundedBy nasa"),
        ("Arianespace launched Gaia from Kourou, France, in 2013.", "gaia launchedBy france"),
    ],
)
def test_the_names_of_such_a_clause_are_none_of_the_one_before(text: str, fact: str) -> None:
    assert fact not in said(text)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("Juno, a probe for which Norway had built parts, broke up.", {"juno hasParticipant norway"}),
        ("Juno is larger than Astron, a telescope to which France gave a camera.", {"astron hasParticipant france"}),
        ("The mole of InSight, made by DLR, never got deep enough.", {"insight hasParticipant dlr"}),
        ("Juno's camera was built by engineers in Norway.", {"juno hasParticipant norway"}),
        ("Of the eleven payloads aboard Juno, five were Indian.", {"juno hasParticipant india"}),
        ("SRON, maker of the camera of Juno, is old.", {"juno hasParticipant space-research-organisation-netherlands"}),
        ("XMM-Newton, Ariane 5, Kourou, 10 December 1999, still active", {"xmm-newton launchDate 1999-12-10"}),
        ("XMM-Newton, Ariane 5, Kourou, 10 December 1999, still active", {"xmm-newton launchVehicle ariane-5"}),
        (
            "Flight spare of the camera (Norway, Chile) of Juno.",
            {"juno hasParticipant norway", "juno hasParticipant chile"},
        ),
        ("Instruments of Juno: JADE (Norway); WAVES (Chile)", {"juno hasParticipant chile"}),
    ],
)
def test_what_stands_apart_is_told_of_the_name_before_it(text: str, facts: set[str]) -> None:
    assert facts <= said(text)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Juno is larger than Astron, a telescope to which France gave a camera.", "juno hasParticipant france"),
        ("SRON, maker of the camera of Juno, is old.", "juno developedBy space-research-organisation-netherlands"),
        ("Juno set off in December 2021.", "juno landingDate 2021-12"),
        ("Juno, tested near Kourou, December 1999", "juno launchDate 1999-12"),
        ("The camera of Juno was shown at Oslo (Norway).", "juno hasParticipant norway"),
        ("XMM-Newton, planned on Ariane 5, Kourou, December 1999", "xmm-newton launchVehicle ariane-5"),
    ],
)
def test_and_of_no_other(text: str, fact: str) -> None:
    assert fact not in said(text)


def test_a_satellite_with_the_name_of_a_moon_is_not_the_one_the_section_is_about() -> None:
    facts = said("# FORMOSAT-5\n\nTriton, which gauges winds, rode on a Vega from French Guiana in October 2023.")
    assert not {fact for fact in facts if fact.startswith("formosat-5 launch")}


def test_most_facts_of_the_sentences_are_found() -> None:
    assert found(ROWS) >= LEAST


def test_few_traps_say_what_they_do_not_state() -> None:
    traps = [(sentence, set(facts.split("; "))) for style, sentence, facts in ROWS if style == "trap"]
    assert sum(bool(said(sentence) - facts) for sentence, facts in traps) <= TRAPS_READ
