"""Words that describe whom they mean: agencies by their state, governments by their seat, «we», a report's subject."""

from __future__ import annotations

import pytest
from tests.reading import said, shipped

INTERVIEW = """# A talk about Gaia

In the evening we met an engineer of Airbus Defence and Space, retired for a year.

**What was your part?**

We built Gaia.
"""
REPORT = """# A telescope on its way

A space telescope rose from Cape Canaveral on a Falcon 9 on Saturday, to applause.

Euclid, as it is called, will map dark matter. One camera was supplied by CNES.
"""


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("Jason-1 was developed by the French and American space agencies.", "cnes nasa"),
        ("Jason-1 was developed by the space agencies of France and India.", "cnes isro"),
        ("Jason-1 was developed by Italy's space agency.", "asi"),
        ("CNES and its Indian counterpart developed Jason-1.", "cnes isro"),
        ("Jason-1 was developed by the Japanese agency.", "jaxa"),
        ("Jason-1 was developed by the Japanese weather agency.", ""),
        ("Jason-1 was developed by no Indian agency.", ""),
        ("Jason-1 was developed by a Korean space agency.", ""),
    ],
)
def test_an_agency_is_told_by_its_state(sentence: str, facts: str) -> None:
    agencies = {fact.split()[2] for fact in said(sentence) if fact.startswith("jason-1 developedBy")}
    assert agencies & {agency for agencies in shipped()[1].agencies.values() for agency in agencies} == set(
        facts.split()
    )


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Jason-1 is old. Paris paid for it.", "jason-1 fundedBy france"),
        ("Jason-1 was funded by Washington.", "jason-1 fundedBy united-states"),
        ("The Soviet Union was large. Moscow funded Venera 7.", "venera-7 fundedBy soviet-union"),
        (INTERVIEW, "gaia developedBy airbus-defence-and-space"),
        ("NASA and CNES built Jason-1, the Canadian agency contributing parts.", "jason-1 hasParticipant csa"),
        ("Jason-1 was developed by NASA and CNES, the Canadian and British agencies.", "jason-1 developedBy nasa"),
        (REPORT, "euclid launchVehicle falcon-9"),
        (REPORT, "euclid hasParticipant cnes"),
        (
            "NASA and ISRO agreed. Rain fell. It fell hard. Birds sang. The two agencies developed Jason-1.",
            "jason-1 developedBy isro",
        ),
        ("NASA and ISRO agreed. The two partners developed Jason-1.", "jason-1 developedBy isro"),
        ("Canada asked Brazil for help. Jason-1 was funded by the latter.", "jason-1 fundedBy brazil"),
        ("Canada asked Brazil for help. Jason-1 was funded by the former.", "jason-1 fundedBy canada"),
        ("Jason-1 was funded by five states: Austria, Canada and Spain.", "jason-1 fundedBy spain"),
    ],
)
def test_a_description_stands_for_what_it_means(text: str, fact: str) -> None:
    assert fact in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "Jason-1 was shown in Paris, and Paris is far from the sea.",
        "NASA, ISRO and JAXA met. The two partners developed Jason-1.",
        "Canada asked Brazil and Spain for help. Jason-1 was funded by the latter.",
        INTERVIEW.replace("We built Gaia.", "They built Gaia."),
        REPORT.replace("Euclid, as", "The good news, as"),
    ],
)
def test_what_is_not_clear_is_left_open(text: str) -> None:
    assert said(text) == set()


def test_agencies_and_seats_are_those_of_the_tables() -> None:
    _, words, tables, _ = shipped()
    known = {(fact.value, fact.entity) for fact in tables.facts if fact.property == "agencyOf"}
    assert {(state, agency) for state, agencies in words.agencies.items() for agency in agencies} <= known
    assert {state for states in words.governments.values() for state in states} <= set(tables.entities)
