"""Ends of facts named sentences before: a noun with the adjective of a state, «one of them», «the first», a caption."""

from __future__ import annotations

import pytest
from tests.reading import read_text, rows, said

ROWS = rows("ends.tsv")
LEAST = 0.65
"""How many of the facts are found at least; benchmarks/extraction/sentences.py prints the figure."""


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (
            "Hayabusa came home. The Japanese probe had visited the asteroid Itokawa.",
            {"hayabusa target itokawa", "hayabusa hasParticipant japan"},
        ),
        (
            "JAXA has Hayabusa2. NASA has OSIRIS-REx. The American probe was built by Lockheed Martin.",
            {"osiris-rex developedBy lockheed-martin"},
        ),
        ("Juno is old. The NASA probe was built by Lockheed Martin.", {"juno developedBy lockheed-martin"}),
        (
            "Akari is cold. A European craft, Gaia, is not. The European craft was built by NEC.",
            {"gaia developedBy nec"},
        ),
        ("Ten countries joined the Interkosmos programme. Cuba was one of them.", {"interkosmos hasParticipant cuba"}),
        ("Ten agencies built Cassini. Among them was ASI.", {"cassini developedBy asi"}),
        (
            "The ISS has two partner agencies. They are ESA and JAXA.",
            {"iss hasParticipant esa", "iss hasParticipant jaxa"},
        ),
        ("Gaia is old. Among the partners is Italy.", {"gaia hasParticipant italy"}),
        ("Russia joined the talks on the ISS. The partners are ESA and JAXA.", {"iss hasParticipant jaxa"}),
        ("**ROSAT.** A German X-ray telescope.", {"rosat rdf:type SpaceTelescope", "rosat hasParticipant germany"}),
        (
            "Spektr-RG carried two telescopes, one Russian and one German.",
            {"spektr-rg hasParticipant russia", "spektr-rg hasParticipant germany"},
        ),
        (
            "Vega 1 and Giotto met the comet. The Soviet Union had built the first, ESA operated the second.",
            {"vega-1 developedBy soviet-union", "giotto operator esa"},
        ),
        ("Juno is old. Launch was on 5 August 2011.", {"juno launchDate 2011-08-05"}),
        (
            "Boeing built Beresheet. A Falcon 9 took it up. Later it hit the Moon.",
            {"beresheet developedBy boeing", "beresheet target moon"},
        ),
        ("Gaia is old. ESA launched it on an Ariane 5. Its builder was NEC.", {"gaia developedBy nec"}),
        ("CBERS-1 is old. Its successor was CBERS-2. It left Taiyuan in 2003.", {"cbers-2 launchDate 2003"}),
        ("Planck and Herschel rose. Both spacecraft visited Mars.", {"planck target mars"}),
        ("ESA, NASA and ASI met. All three agencies take part in Cassini.", {"cassini hasParticipant asi"}),
        ("The Artemis Accords are new. India signed in 2023.", {"artemis-accords signatory india"}),
        ("The Artemis Accords are new. They were signed by India.", {"artemis-accords signatory india"}),
        (
            "The Artemis Accords are new. India joined the agreement, and Japan signed it.",
            {"artemis-accords signatory japan"},
        ),
        ("Japan signed the Outer Space Treaty at once.", {"outer-space-treaty signatory japan"}),
        (
            "Jiuquan is remote. Shenzhou 8 took off from the site in 2011.",
            {"shenzhou-8 launchSite jiuquan-satellite-launch-center"},
        ),
        ("Jiuquan is remote. Shenzhou 8 took off there.", {"shenzhou-8 launchSite jiuquan-satellite-launch-center"}),
        ("Gaia is old. Its antenna was built in Spain.", {"gaia hasParticipant spain"}),
        ("Gaia is old. On board was a camera from Spain.", {"gaia hasParticipant spain"}),
        ("Gaia is old. The camera is Spanish.", {"gaia hasParticipant spain"}),
        ("Rosetta is old. The lander, Philae, bounced.", {"philae partOf rosetta"}),
    ],
)
def test_what_was_named_before_is_an_end_of_the_fact(text: str, facts: set[str]) -> None:
    assert facts <= said(text)


@pytest.mark.parametrize(
    "text",
    [
        "Akari was cold. Its rival was colder. The telescope was launched by NASA.",
        "Cluster II had a predecessor. It was built by NEC.",
        "Hinode and Akari look up. The Japanese satellite was built by NEC.",
        "Gaia had a friend. The American probe was lost before it was built by NEC.",
        "Ariane 5 is reliable. The American rocket was built by NEC.",
        "Ten countries refused to join the Interkosmos programme. Cuba was one of them.",
        "Ten countries may join the Interkosmos programme. Cuba is one of them.",
        "Ten countries joined the Interkosmos programme. Cuba was not one of them.",
        "ESA, NASA and ASI met. The five agencies built Cassini.",
        "Hope was there. **Planck.** Another telescope.",
        "Galileo was Europe's answer. Someone designed it; NASA pays for it.",
        "The Artemis Accords are new. China started a programme.",
        "Gaia and Euclid are old. NASA bought the second of its boats.",
    ],
)
def test_what_stays_open_is_no_end_of_a_fact(text: str) -> None:
    assert said(text) == set()


def test_whose_partners_they_are_is_not_the_topic() -> None:
    assert not [claim for claim in read_text("Gaia is old. NASA's partners are Italy and Japan.") if claim.coined]


def test_most_facts_are_found_and_few_others() -> None:
    wanted = found = false = 0
    for _, text, cell in ROWS:
        facts, stated = {fact.strip() for fact in cell.split(";") if fact.strip()}, said(text)
        wanted, found, false = wanted + len(facts), found + len(stated & facts), false + len(stated - facts)
    assert found >= LEAST * wanted
    assert false <= wanted * (1 - LEAST) / 5
