"""Every folder of tests/cases is a document and the facts, no more and no fewer, that it must become."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from tests.reading import read_text, shipped

from spacekg import graph
from spacekg.model import Status

CASES = sorted(path.parent for path in (Path(__file__).parent / "cases").glob("*/graph.ttl"))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_a_document_becomes_its_graph(case: Path) -> None:
    known, *_ = shipped()
    claims = read_text((case / "document.md").read_text(encoding="utf-8"))
    expected = {
        (quad.subject, quad.predicate, quad.object) for quad in parse(path=case / "graph.ttl", format=RdfFormat.TURTLE)
    }
    assert set(graph.facts(claims, known)) == expected


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_every_claim_quotes_its_document(case: Path) -> None:
    text = (case / "document.md").read_text(encoding="utf-8")
    for claim in read_text(text):
        assert text[claim.start : claim.end] == claim.quote
        assert claim.quote
        assert (claim.status is Status.ACCEPTED) == (not claim.reason)
