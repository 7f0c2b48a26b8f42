"""Judging: what a closed list, a date or another document contradicts is disputed, what cannot be is doubted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.reading import document, shipped

from spacekg import disputes
from spacekg.model import Claim, Coined, Passage, PassageKind, Polarity, Status, Value
from spacekg.reference import ClosedList

DOCUMENT = document("Somebody said so.", "one")
PASSAGE = Passage(DOCUMENT, 0, len(DOCUMENT.text), PassageKind.SENTENCE)
WORKED = Coined("collaboration-on-jwst", "Collaboration", ("collaboration on", ("jwst",)), (("concerns", "jwst"),))
AGREED = Coined("agreement-of-nasa-jaxa", "Agreement", ("agreement of", ("jaxa", "nasa")))


def claim(subject: str, predicate: str, value: str | Value, **other: object) -> Claim:
    made = Claim(PASSAGE, 0, len(DOCUMENT.text), subject, predicate, value, "test", 0.9)
    return replace(made, **other)  # type: ignore[arg-type]


def judged(*claims: Claim) -> list[tuple[Status, str]]:
    known, _, tables, _ = shipped()
    closed = ClosedList("jwst", "hasParticipant", ("nasa", "esa", "csa"), "2022-07-12", "curated", "", ("SpaceAgency",))
    tables = replace(tables, closed=(*(c for c in tables.closed if c.entity != "jwst"), closed))
    return [(each.status, each.reason) for each in disputes.judge(claims, tables, known)]


def statuses(*claims: Claim) -> list[Status]:
    return [status for status, _ in judged(*claims)]


def test_what_nothing_contradicts_stays_as_it_is() -> None:
    said = claim("jwst", "hasParticipant", "esa")
    known, _, tables, _ = shipped()
    assert disputes.judge([said], tables, known) == [said]


@pytest.mark.parametrize(
    ("value", "status"),
    [("jaxa", Status.DISPUTED), ("csa", Status.ACCEPTED), ("canada", Status.ACCEPTED), ("nobody", Status.ACCEPTED)],
)
def test_a_closed_list_disputes_whom_it_leaves_out_and_should_have(value: str, status: Status) -> None:
    ((found, reason),) = judged(claim("jwst", "hasParticipant", value))
    assert found is status
    assert ("2022-07-12" in reason) == (status is Status.DISPUTED)


@pytest.mark.parametrize(
    ("member", "host", "status"),
    [
        ("slovenia", "esa", Status.ACCEPTED),
        ("brazil", "esa", Status.DISPUTED),
        ("brazil", "isecg", Status.ACCEPTED),
        ("esa", "brazil", Status.ACCEPTED),
        ("asi", "esa", Status.ACCEPTED),
    ],
)
def test_a_closed_list_that_is_read_backwards_disputes_subjects(member: str, host: str, status: Status) -> None:
    ((found, reason),) = judged(claim(member, "memberOf", host))
    assert found is status
    assert ("member of: the reference lists all, and Brazil is not" in reason) == (status is Status.DISPUTED)


def test_a_closed_list_holds_for_collaborations_and_agreements_on_its_subject() -> None:
    assert statuses(claim(WORKED.id, "hasParticipant", "jaxa", coined=(WORKED,))) == [Status.DISPUTED]
    concerned = claim(AGREED.id, "concerns", "jwst", coined=(AGREED,))
    signed = claim(AGREED.id, "signatory", "jaxa", coined=(AGREED,))
    assert statuses(concerned, signed) == [Status.DISPUTED, Status.DISPUTED], "a sentence falls as a whole"


@pytest.mark.parametrize(
    ("date", "status"),
    [
        ("1957", Status.ACCEPTED),
        ("1957-10", Status.ACCEPTED),
        ("1957-10-05", Status.DISPUTED),
        ("1958", Status.DISPUTED),
    ],
)
def test_a_date_is_held_against_the_reference_as_precisely_as_it_is(date: str, status: Status) -> None:
    assert statuses(claim("sputnik-1", "launchDate", Value(date, "xsd:date"))) == [status]


def test_what_another_sentence_denies_is_disputed() -> None:
    said = claim("planck", "operator", "esa")
    denied = replace(said, polarity=Polarity.DENIED, status=Status.UNCERTAIN, reason="the text denies it")
    assert [status for status, _ in judged(said, denied)] == [Status.DISPUTED, Status.UNCERTAIN]
    assert "«one» denies it" in judged(said, denied)[0][1]
    assert judged(said, replace(denied, confidence=0.7))[0] == (Status.ACCEPTED, "")


@pytest.mark.parametrize(
    ("kind", "status"),
    [("SpaceAgency", Status.ACCEPTED), ("NationalSpaceAgency", Status.ACCEPTED), ("Rover", Status.UNCERTAIN)],
)
def test_a_class_that_cannot_be_is_doubted(kind: str, status: Status) -> None:
    assert statuses(claim("nasa", "rdf:type", kind)) == [status]


def test_an_end_outside_domain_or_range_is_doubted() -> None:
    (_, reason), *_ = judged(claim("planck", "operator", "mars"))
    assert "operator wants a" in reason
    assert statuses(claim("mars", "signatory", "nasa")) == [Status.UNCERTAIN]
    assert statuses(claim("planck", "noSuchProperty", "mars")) == [Status.ACCEPTED]


def test_a_doubted_claim_is_not_judged_again() -> None:
    held = claim("jwst", "hasParticipant", "jaxa", status=Status.UNCERTAIN, reason="planned")
    assert judged(held) == [(Status.UNCERTAIN, "planned")]
