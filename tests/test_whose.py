"""Whose a craft is where no verb says so: titles, halves of adjectives, brackets, and verbs that share their ends."""

from __future__ import annotations

import pytest
from tests.reading import found, rows, said

from spacekg import declared, lexicon, reference

ROWS = rows("constructions.tsv")
LEAST = 0.75
"""How many of the facts are found at least; benchmarks/extraction/sentences.py prints the figure."""


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("The Franco-German hopper MASCOT bounced.", {"mascot hasParticipant france", "mascot hasParticipant germany"}),
        ("The Sino-Brazilian satellite CBERS-1 is old.", {"cbers-1 hasParticipant china"}),
        ("Nozomi, Japan's first probe to Mars, was lost.", {"nozomi hasParticipant japan"}),
        ("SMART-1 was Swedish work.", {"smart-1 hasParticipant sweden"}),
        ("Denmark's telltale on Phoenix showed the wind.", {"phoenix hasParticipant denmark"}),
        ("The Outer Planets group heard of Europe (Columbus) alone.", {"columbus hasParticipant europe"}),
        ("SELENE mapped the Moon for JAXA.", {"selene hasParticipant jaxa"}),
        ("Mio was designed and built in Japan.", {"mercury-magnetospheric-orbiter hasParticipant japan"}),
        ("Geotail was Japan's, with NASA as partner.", {"geotail hasParticipant nasa"}),
        ("NASA launched and tracked Ulysses.", {"ulysses launchedBy nasa"}),
        ("Designed, built and flown by ESA, Ulysses is old.", {"ulysses developedBy esa"}),
        ("It was Astrium that built CryoSat-2.", {"cryosat-2 developedBy astrium"}),
        ("Boeing paid Airbus to build Zarya.", {"zarya developedBy airbus"}),
        ("Who built CryoSat-2? Astrium did.", {"cryosat-2 developedBy astrium"}),
        ("The company that built Gaia was Airbus.", {"gaia developedBy airbus"}),
        ("The first country to sign the Outer Space Treaty was Japan.", {"outer-space-treaty signatory japan"}),
        ("Gaia, ESA's star mapper, built by Airbus, was lost.", {"gaia developedBy airbus"}),
        ("Gaia was launched on a Soyuz from Kourou.", {"gaia launchVehicle soyuz-launch-vehicle"}),
        ("A Soyuz lifted Gaia from Kourou.", {"gaia launchVehicle soyuz-launch-vehicle"}),
        ("- **Akari**: Japan, with an old rocket; 2006.", {"akari hasParticipant japan"}),
        ("- Japan: Kibo and HTV-1.", {"kibo hasParticipant japan", "htv-1 hasParticipant japan"}),
        ("# Euclid\n\n## Who takes part?\n\nMost of Europe, plus Canada.", {"euclid hasParticipant canada"}),
        ("The data went to the French space agency.", {"cnes agencyOf france"}),
        ("In January 1978 Kosmos 954, a satellite, came down.", {"kosmos-954 landingDate 1978-01"}),
    ],
)
def test_it_is_told_whose_a_craft_is(text: str, facts: set[str]) -> None:
    assert facts <= said(text)


def test_what_two_agree_on_is_shared_by_them() -> None:
    text = "SVOM has been launched. The agreement on the mission was signed in August 2014 by CNES and CNSA."
    shared = {f"space-variable-objects-monitor hasParticipant {agency}" for agency in ("cnes", "cnsa")}
    assert shared <= said(text)


@pytest.mark.parametrize(
    "text",
    [
        "Uhuru was launched in 1970. It was Kenya's national day.",
        "Juno, Japan's rival, is old.",
        "Franco Malerba saw the satellite CBERS-1.",
        "Switzerland pays nothing for INTEGRAL.",
        "Who will build Hera? Airbus, perhaps.",
        "Airbus waited for ESA while Juno flew.",
        "# Euclid\n\n## Who takes part?\n\nNot Canada, for one.",
        "The cosmonauts were launched on a Soyuz, far from Airbus.",
    ],
)
def test_the_same_words_elsewhere_say_nothing_of_it(text: str) -> None:
    told = said(text)
    assert not {fact for fact in told if "hasParticipant" in fact or "developedBy" in fact or "fundedBy" in fact}


@pytest.mark.parametrize("sentence", [sentence for style, sentence, _ in ROWS if style == "trap"])
def test_a_trap_states_no_fact(sentence: str) -> None:
    assert not {fact for fact in said(sentence) if "rdf:type" not in fact}


def test_most_facts_are_found() -> None:
    assert found(ROWS) >= LEAST


def test_every_half_of_an_adjective_is_that_of_a_known_state() -> None:
    shipped = declared.shipped()
    halves = lexicon.read(shipped / "data" / "lexicon", declared.read(shipped)).halves
    assert set(halves.values()) <= set(reference.read(shipped / "data" / "reference").entities)
