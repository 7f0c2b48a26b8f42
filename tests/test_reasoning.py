"""The rules derive what the ontology says, all of it, and nothing else."""

from __future__ import annotations

from pathlib import Path

import owlrl
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, parse, serialize

from spacekg import declared, reasoning
from spacekg.declared import OWL, RDF, SKG, SKOS, SKV, Declared
from spacekg.errors import DeclarationError

HERE = Path(__file__).parent
ID = f"{declared.BASE}id/"
RULES = sorted((declared.shipped() / "queries" / "rules").glob("*.rq"))
PREFIXES = f"""
@prefix skg: <{SKG}> . @prefix skv: <{SKV}> . @prefix id: <{ID}> . @prefix owl: <{OWL}> . @prefix rdf: <{RDF}> .
@prefix rdfs: <{declared.RDFS}> .
"""
VALUE = "[ owl:onProperty skg:p ; owl:hasValue id:v ]"
BOTH = "[ owl:intersectionOf ( skg:B skg:C ) ]"


@pytest.fixture(scope="module")
def ontology() -> tuple[Quad, ...]:
    return declared.read(declared.shipped()).ontology


@pytest.fixture(scope="module")
def sample() -> list[Quad]:
    return list(parse(path=HERE / "reasoning" / "sample.ttl"))


def turtle(text: str) -> list[Quad]:
    return list(parse(PREFIXES + text, format=RdfFormat.TURTLE))


def said(quads: list[Quad]) -> set[tuple[str, str, str]]:
    """The triples, their terms by local name."""
    names = [(q.subject.value, q.predicate.value, q.object.value) for q in quads]
    return {tuple(name.replace("#", "/").rpartition("/")[2] for name in triple) for triple in names}


def test_the_types_that_follow(ontology: tuple[Quad, ...], sample: list[Quad]) -> None:
    follows = said(reasoning.infer(sample, ontology))
    assert {
        ("nasa", "type", "NationalSpaceAgency"),
        ("esa", "type", "IntergovernmentalSpaceAgency"),
        ("jwst-mission", "type", "JointMission"),
        ("jwst-partnership", "type", "MultilateralCollaboration"),
        ("apollo-11", "type", "CrewedMission"),
        ("apollo", "type", "SpaceProgramme"),
        ("moon", "type", "CelestialBody"),
    } <= follows
    assert ("apollo-11", "type", "JointMission") not in follows
    assert ("esa", "type", "NationalSpaceAgency") not in follows


def test_the_links_that_follow(ontology: tuple[Quad, ...], sample: list[Quad]) -> None:
    assert {
        ("csa", "participatesIn", "jwst-partnership"),
        ("csa", "participatesIn", "jwst"),
        ("jwst", "hasParticipant", "csa"),
        ("canada", "representedIn", "jwst"),
        ("cargo", "collaborationType", "public-private-partnership"),
        ("cargo", "hasParticipant", "nasa"),
        ("node", "partOf", "iss"),
        ("iss", "hasPart", "node"),
        ("ussr", "competedWith", "usa"),
        ("ussr", "predecessorOf", "russia"),
        ("nasa", "altLabel", "NASA"),
    } <= said(reasoning.infer(sample, ontology))


def test_partners_collaborate_and_rivals_do_not(ontology: tuple[Quad, ...], sample: list[Quad]) -> None:
    pairs = {(s, o) for s, p, o in said(reasoning.infer(sample, ontology)) if p == "collaboratesWith"}
    partners = ("nasa", "esa", "csa")
    assert pairs == {(one, other) for one in partners for other in partners if one != other}


def test_owlrl_derives_the_same(ontology: tuple[Quad, ...], sample: list[Quad]) -> None:
    """All that owlrl says in our terms, and no more; what it says of OWL's own terms and of equality is noise."""
    text = serialize([quad.triple for quad in (*sample, *ontology)], format=RdfFormat.N_TRIPLES)
    closure = rdflib.Graph().parse(data=text, format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(closure)
    known = {quad.subject.value for quad in ontology} | {f"{SKOS}Concept"}
    theirs = {
        (str(s), str(p), str(o))
        for s, p, o in closure
        if str(s).startswith((ID, SKV))
        and (str(p) != f"{RDF}type" or str(o) in known)
        and str(p).startswith((SKG, RDF, SKOS))
    }
    stated = {(q.subject.value, q.predicate.value, q.object.value) for q in sample}
    ours = {(q.subject.value, q.predicate.value, q.object.value) for q in reasoning.infer(sample, ontology)}
    beyond_owl = {triple for triple in ours if triple[1] == f"{SKG}collaboratesWith"}
    unnamed = {triple for triple in theirs if not triple[2].startswith("http") and triple[1] == f"{RDF}type"}
    assert ours - beyond_owl == theirs - stated - unnamed


@pytest.mark.parametrize(
    ("rule", "axioms", "stated", "follows"),
    [
        ("subclass", "skg:A rdfs:subClassOf skg:B . skg:B owl:equivalentClass skg:C .", "id:x a skg:A .", "x type C"),
        ("subproperty", "skg:p rdfs:subPropertyOf skg:q .", "id:x skg:p id:y .", "x q y"),
        ("inverse", "skg:p owl:inverseOf skg:q .", "id:x skg:q id:y .", "y p x"),
        ("symmetric", "skg:p a owl:SymmetricProperty .", "id:x skg:p id:y .", "y p x"),
        ("transitive", "skg:p a owl:TransitiveProperty .", "id:x skg:p id:y . id:y skg:p id:z .", "x p z"),
        ("chain", "skg:r owl:propertyChainAxiom ( skg:p skg:q ) .", "id:x skg:p id:y . id:y skg:q id:z .", "x r z"),
        ("domain", "skg:p rdfs:domain skg:A .", "id:x skg:p 1 .", "x type A"),
        ("range", "skg:p rdfs:range skg:A .", "id:x skg:p id:y , 1 .", "y type A"),
        (
            "has_value",
            "skg:A rdfs:subClassOf [ owl:onProperty skg:p ; owl:hasValue id:v ] .",
            "id:x a skg:A .",
            "x p v",
        ),
        (
            "from_value",
            "[ owl:onProperty skg:p ; owl:hasValue id:v ] rdfs:subClassOf skg:A .",
            "id:x skg:p id:v .",
            "x type A",
        ),
        (
            "from_some",
            "[ owl:onProperty skg:p ; owl:someValuesFrom skg:B ] rdfs:subClassOf skg:A .",
            "id:x skg:p id:y . id:y a skg:B .",
            "x type A",
        ),
        (
            "from_both",
            "skg:A owl:equivalentClass [ owl:intersectionOf ( skg:B skg:C ) ] .",
            "id:x a skg:B , skg:C .",
            "x type A",
        ),
        ("to_both", "skg:A owl:equivalentClass [ owl:intersectionOf ( skg:B skg:C ) ] .", "id:x a skg:A .", "x type C"),
        (
            "collaborates_with",
            "",
            "id:c a skg:Collaboration ; skg:hasParticipant id:x , id:y .",
            "x collaboratesWith y",
        ),
    ],
)
def test_each_rule(rule: str, axioms: str, stated: str, follows: str) -> None:
    data = turtle(stated)
    assert tuple(follows.split()) in said(reasoning.infer(data, turtle(axioms)))
    without_the_first = data[1:] if len(data) > 1 else []
    assert tuple(follows.split()) not in said(reasoning.infer(without_the_first, turtle(axioms)))


def test_every_rule_is_tested_and_says_what_it_does() -> None:
    tested = {case[0] for case in test_each_rule.pytestmark[0].args[1]}
    assert {path.stem for path in RULES} == tested
    for path in RULES:
        first, *rest = path.read_text(encoding="utf-8").splitlines()
        assert first.startswith("# ") and first.endswith("."), path.name
        assert any(line.startswith("CONSTRUCT {") for line in rest), path.name


def test_classes_without_a_name_are_left_out(ontology: tuple[Quad, ...], sample: list[Quad]) -> None:
    follows = reasoning.infer(sample, ontology)
    assert not [quad for quad in follows if isinstance(quad.object, BlankNode)]
    assert f"{OWL}Thing" not in {quad.object.value for quad in follows}


def test_nothing_follows_about_the_ontology_itself(ontology: tuple[Quad, ...]) -> None:
    assert reasoning.infer(ontology, ontology) == []
    assert reasoning.infer([], ontology) == []


def test_the_vocabulary_states_all_that_follows_about_it(ontology: tuple[Quad, ...]) -> None:
    shipped: Declared = declared.read(declared.shipped())
    assert reasoning.infer(shipped.vocab, ontology) == []


def test_what_follows_stands_in_a_graph_of_its_own(ontology: tuple[Quad, ...], sample: list[Quad]) -> None:
    follows = reasoning.infer(sample, ontology)
    assert {quad.graph_name for quad in follows} == {NamedNode(f"{declared.BASE}graph/inferred")}
    assert follows == sorted(follows, key=str)
    assert not {quad.triple for quad in follows} & {quad.triple for quad in sample}


def test_without_rules_there_is_no_inference(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="no rules"):
        reasoning._rules(tmp_path)


PEOPLE = st.sampled_from(["a", "b", "c", "d"])
LINKS = st.sampled_from(
    ["partOf", "hasParticipant", "concerns", "agencyOf", "ledBy", "successorOf", "collaborationType"]
)
GRAPHS = st.lists(st.tuples(PEOPLE, LINKS, PEOPLE), max_size=8)


def graph(links: list[tuple[str, str, str]]) -> list[Quad]:
    return [Quad(NamedNode(ID + s), NamedNode(SKG + p), NamedNode(ID + o)) for s, p, o in links]


@settings(max_examples=25, deadline=None)
@given(GRAPHS)
def test_nothing_more_follows_from_what_follows(ontology: tuple[Quad, ...], links: list[tuple[str, str, str]]) -> None:
    follows = reasoning.infer(graph(links), ontology)
    assert reasoning.infer([*graph(links), *follows], ontology) == []


@settings(max_examples=25, deadline=None)
@given(GRAPHS, GRAPHS)
def test_more_said_means_no_less_follows(
    ontology: tuple[Quad, ...], some: list[tuple[str, str, str]], more: list[tuple[str, str, str]]
) -> None:
    few = {quad.triple for quad in reasoning.infer(graph(some), ontology)}
    many = {quad.triple for quad in (*reasoning.infer(graph([*more, *some]), ontology), *graph(more))}
    assert few <= many
