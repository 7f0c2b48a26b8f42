"""What parts tell each other: enough to judge each part's claims as all are judged at once, and not more."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.reading import document, shipped

from spacekg import disputes
from spacekg.model import Claim, Coined, Passage, PassageKind, Polarity, Status
from spacekg.partitioned import telling
from spacekg.partitioned.telling import Talk
from spacekg.reference import ClosedList, Entity, Reference

KINDS = {"nasa": "SpaceAgency", "esa": "SpaceAgency", "planck": "Spacecraft", "hubble": "Spacecraft"}
KNOWN = Reference(
    {name: Entity(name, kind, name, "", "", 1) for name, kind in KINDS.items()},
    names=(),
    identifiers=(),
    facts=(),
    launches=(),
    closed=tuple(
        ClosedList(craft, "hasParticipant", (agency,), "2026", "the list", "", ("SpaceAgency",))
        for craft, agency in (("planck", "esa"), ("hubble", "nasa"))
    ),
    sources=(),
)
THINGS = st.sampled_from([*KINDS, "deal"])
DEAL = st.builds(
    lambda kind, things: Coined("deal", kind, ("deal", ()), tuple(("concerns", thing) for thing in things)),
    st.sampled_from(["Collaboration", "Agreement", "Mission"]),
    st.lists(st.sampled_from(["planck", "hubble"]), max_size=2),
)
SAID = st.tuples(
    THINGS,
    st.sampled_from(["hasParticipant", "concerns", "launchedBy"]),
    THINGS,
    st.sampled_from(Polarity),
    st.lists(DEAL, max_size=1).map(tuple),
)


def claim(at: int, said: tuple[str, str, str, Polarity, tuple[Coined, ...]]) -> Claim:
    subject, predicate, value, polarity, coined = said
    where = Passage(document(f"Sentence {at}.", f"text-{at}"), 0, 10, PassageKind.SENTENCE)
    return Claim(where, 0, 10, subject, predicate, value, "rule", 0.9, polarity, coined=coined)


def told(folder: Path, parts: list[list[Claim]]) -> list[tuple[list[Claim], list[Claim]]]:
    talk = Talk(folder, len(parts))
    for number, claims in enumerate(parts):
        telling.put(talk, number, claims)
    for bucket in range(len(parts)):
        telling.give(talk, bucket)
    return [telling.heard(talk, number) for number in range(len(parts))]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(said=st.lists(SAID, max_size=12), size=st.integers(1, 4))
def test_each_part_is_judged_as_at_once(
    tmp_path_factory: pytest.TempPathFactory,
    said: list[tuple[str, str, str, Polarity, tuple[Coined, ...]]],
    size: int,
) -> None:
    declared, _, _, _ = shipped()
    claims = [claim(at, each) for at, each in enumerate(said)]
    parts = [claims[at : at + size] for at in range(0, len(claims), size)]
    at_once = disputes.judge(claims, KNOWN, declared)
    judged = []
    for own, (before, after) in zip(parts, told(tmp_path_factory.mktemp("talk"), parts), strict=True):
        around = disputes.judge([*before, *own, *after], KNOWN, declared)
        judged += around[len(before) : len(before) + len(own)]
    assert judged == at_once


def test_a_part_hears_of_others_what_speaks_of_the_same_and_of_what_is_replaced_the_last(tmp_path: Path) -> None:
    deal = (Coined("deal", "Agreement", ("deal", ())),)
    many = [claim(at, ("deal", "hasParticipant", "nasa", Polarity.AFFIRMED, deal)) for at in range(8)]
    denied = [claim(at, ("planck", "launchedBy", "esa", Polarity.DENIED, ())) for at in (8, 9)]
    others = [claim(10, ("hubble", "launchedBy", "nasa", Polarity.AFFIRMED, ()))]
    affirmed = [claim(11, ("planck", "launchedBy", "esa", Polarity.AFFIRMED, ()))]
    heard = told(tmp_path, [*([each] for each in many), denied, others, affirmed])
    assert [len(before) + len(after) for before, after in heard] == [1] * 7 + [0, 0, 0, 2]
    assert [each.passage.document.name for each in heard[0][1]] == ["text-7"]
    assert [each.passage.document.name for each in heard[-1][0]] == ["text-8", "text-9"]
    declared, _, _, _ = shipped()
    before, after = heard[-1]
    assert not after
    assert disputes.judge([*before, *affirmed], KNOWN, declared)[-1].status is Status.DISPUTED
