"""HermiT, an OWL 2 DL reasoner, finds the ontology consistent and derives the classes that the rules derive."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from spacekg import declared, reasoning
from spacekg.declared import SKG, Declared
from spacekg.errors import DeclarationError
from spacekg.reasoning import Verdict

SAMPLE = Path(__file__).parent / "reasoning" / "sample.ttl"
ID = f"{declared.BASE}id/"
needs_java = pytest.mark.skipif(not shutil.which("java"), reason="HermiT needs Java")


@pytest.fixture(scope="module")
def shipped() -> Declared:
    return declared.read(declared.shipped())


@pytest.fixture(scope="module")
def verdict(shipped: Declared) -> Verdict:
    """What HermiT says of everything: core, alignments, vocabulary and a sample of data."""
    data = [*parse(path=SAMPLE), *shipped.vocab]
    return reasoning.check_dl(data, [*shipped.ontology, *shipped.alignments], individuals=400)


@needs_java
def test_all_is_consistent_and_no_class_is_empty(verdict: Verdict) -> None:
    assert verdict.ran
    assert verdict.consistent
    assert verdict.unsatisfiable == ()


@needs_java
def test_hermit_and_the_rules_derive_the_same_classes(shipped: Declared, verdict: Verdict) -> None:
    sample = list(parse(path=SAMPLE))
    both = (*sample, *reasoning.infer(sample, shipped.ontology))
    rules = {(q.subject.value, q.object.value) for q in both if q.predicate == reasoning.TYPE}
    hermit = {(thing, kind) for thing, kind in verdict.types if kind.startswith(SKG)}
    assert {pair for pair in hermit if pair[0].startswith(ID)} == {pair for pair in rules if pair[0].startswith(ID)}


@needs_java
@pytest.mark.parametrize(
    "wrong",
    [
        "id:nasa a skg:SpaceAgency , skg:SpaceMission .",
        "id:esa a skg:NationalSpaceAgency ; skg:agencyOf id:europe . id:europe a skg:StateGroup .",
        "id:moon a skg:Satellite . id:apollo skg:target id:moon .",
        "id:usa skg:competedWith id:usa .",
    ],
)
def test_hermit_finds_a_contradiction(shipped: Declared, wrong: str) -> None:
    data = parse(f"@prefix skg: <{SKG}> . @prefix id: <{ID}> . {wrong}", format=RdfFormat.TURTLE)
    verdict = reasoning.check_dl(data, shipped.ontology)
    assert verdict.ran
    assert not verdict.consistent
    assert "spacekg validate" in verdict.note


@needs_java
def test_an_ontology_that_hermit_cannot_read_is_an_error(shipped: Declared) -> None:
    date = NamedNode("http://www.w3.org/2001/XMLSchema#date")
    ranged = Quad(NamedNode(f"{SKG}launchDate"), NamedNode(f"{declared.RDFS}range"), date)
    with pytest.raises(DeclarationError, match="HermiT cannot read"):
        reasoning.check_dl([], [*shipped.ontology, ranged])


def test_without_java_hermit_is_skipped_with_one_sentence(shipped: Declared, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    verdict = reasoning.check_dl([], shipped.ontology)
    assert not verdict.ran
    assert verdict.note.startswith("HermiT was skipped")
    assert "default-jre-headless" in verdict.note
