"""Texts of two and three sentences: what a pronoun, a noun or a left-out subject stands for, and when nothing."""

from __future__ import annotations

import pytest
from tests.reading import read_text, rows, said

ROWS = [
    (style, text, {fact.strip() for fact in facts.split(";") if fact.strip()})
    for style, text, facts in rows("discourses.tsv")
]
LEAST = 0.88
"""How many of the facts are found at least; benchmarks/extraction/sentences.py prints the figure."""


@pytest.mark.parametrize(("text", "facts"), [(text, facts) for style, text, facts in ROWS if style == "trap"])
def test_what_is_not_clear_states_nothing(text: str, facts: set[str]) -> None:
    assert said(text) == facts


def test_most_facts_are_found_and_hardly_another() -> None:
    wanted = found = false = 0
    for _, text, facts in ROWS:
        stated = said(text)
        wanted, found, false = wanted + len(facts), found + len(stated & facts), false + len(stated - facts)
    assert found >= LEAST * wanted
    assert false <= 2


def test_a_sheet_about_one_thing_tells_who_has_a_hand_in_it() -> None:
    sheet = "# Planck: key facts\n\n- Star trackers: Airbus Defence and Space\n- Rival proposal: SpaceX\n"
    assert {fact for fact in said(sheet) if "hasParticipant" in fact} == {
        "planck hasParticipant airbus-defence-and-space"
    }


def test_a_cell_may_go_on_behind_the_body_that_it_names() -> None:
    table = "# Planck\n\n| Instrument | Made by |\n|---|---|\n| Zorblax | Airbus, Toulouse |\n"
    assert "planck hasParticipant airbus" in said(table)


def test_another_speaker_answers_the_question() -> None:
    talk = "# On the air\n\n**Host:** And Planck itself?\n\n**Guest:** Built by Airbus Defence and Space.\n"
    assert "planck developedBy airbus-defence-and-space" in said(talk)
    assert said(talk.replace("Guest", "Host")) == set()


def test_a_body_taken_up_by_a_noun_has_a_hand_in_the_topic() -> None:
    text = "# Planck\n\nPlanck looked at old light. CNES was asked for a favour. The agency helped with its dishes."
    assert "planck hasParticipant cnes" in said(text)


def test_a_state_opens_an_entry_unless_it_is_a_place() -> None:
    assert said("# Planck: key facts\n\n- Star trackers: Italy\n") == {"planck hasParticipant italy"}
    assert said("# Planck: key facts\n\n- Ground station: Italy\n") == set()


def test_what_only_opens_or_counts_a_longer_name_is_not_the_craft() -> None:
    assert said("The Albert Einstein Institute built a laser.") == set()
    assert not read_text("Planck shared its ride with five satellites of Zorblax.")
