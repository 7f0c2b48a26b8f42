"""A sentence that cannot be true beside what is known is held back, and the graph is published without it."""

from __future__ import annotations

from functools import partial

from tests.reading import read_text, shipped

from spacekg import graph, settling
from spacekg.model import Status

CIRCLE = "Roscosmos is the successor of Rosaviakosmos. Rosaviakosmos is the successor of Roscosmos."


def settled(text: str) -> settling.Settled:
    known, _, tables, _ = shipped()
    claims = read_text(text)
    assemble = partial(
        graph.assemble,
        links=(),
        documents={claim.passage.document.name: claim.passage.document for claim in claims}.values(),
        declared=known,
        entities=tables.entities,
    )
    return settling.settle(claims, assemble, [*known.ontology, *known.vocab], known)


def test_claims_that_contradict_the_ontology_together_are_held_back() -> None:
    result = settled(CIRCLE)
    circle = [claim for claim in result.claims if claim.predicate == "successorOf"]
    assert len(circle) == 2
    assert {claim.status for claim in circle} == {Status.UNCERTAIN}
    assert all("break a rule" in claim.reason for claim in circle)
    assert result.report.conforms


def test_a_sound_text_is_left_as_it_is() -> None:
    text = "Roscosmos is the successor of Rosaviakosmos."
    before = [claim for claim in read_text(text) if claim.status is Status.ACCEPTED]
    after = [claim for claim in settled(text).claims if claim.status is Status.ACCEPTED]
    assert len(before) == len(after) > 0
