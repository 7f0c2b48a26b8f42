"""Declarations are read whole, and a wrong one is refused with its file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from spacekg import declared
from spacekg.errors import DeclarationError, UnknownQueryError

ONTOLOGY = """@prefix skg: <https://w3id.org/spacekg/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
skg:Agent a owl:Class ; rdfs:subClassOf prov:Agent .
skg:Company a owl:Class ; rdfs:subClassOf skg:Agent , [ a owl:Restriction ; owl:onProperty skg:leads ] .
skg:Launcher a owl:Class ; rdfs:subClassOf skg:Company .
skg:Comet a owl:Class .
skg:leads a owl:ObjectProperty ; rdfs:domain skg:Agent .
"""
VOCAB = """@prefix skg: <https://w3id.org/spacekg/ontology#> .
@prefix skv: <https://w3id.org/spacekg/vocab/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
skv:cost-sharing a skg:Goal, skos:Concept ; skos:altLabel "shared bill"@en ; skos:prefLabel "cost sharing"@en .
"""
SHAPE = """@prefix skg: <https://w3id.org/spacekg/ontology#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
<urn:shape> a sh:NodeShape ;
  sh:targetClass skg:Company ;
  sh:property [ sh:path skg:leads ; sh:maxCount 3 ] .
"""
PREFIXES = """prefix,namespace
skg,https://w3id.org/spacekg/ontology#
prov,http://www.w3.org/ns/prov#
"""
QUERY = "# Who leads what?\nSELECT ?who ?what WHERE { ?who <https://w3id.org/spacekg/ontology#leads> ?what }\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "ontology/space.ttl": ONTOLOGY,
        "ontology/vocab.ttl": VOCAB,
        "ontology/shapes/agents.ttl": SHAPE,
        "ontology/context.jsonld": '{"@context": {"skg": "https://w3id.org/spacekg/ontology#"}}',
        "data/lexicon/prefixes.csv": PREFIXES,
        "queries/who_leads.rq": QUERY,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_class_is_everything_above_it(folder: Path) -> None:
    found = declared.read(folder)
    assert found.classes["Launcher"] == {"Launcher", "Company", "Agent", "prov:Agent"}
    assert found.is_a("Launcher", "Agent")
    assert found.is_a("Launcher", "Launcher")
    assert not found.is_a("Agent", "Launcher")
    assert not found.is_a("Comet", "Agent")
    assert not found.is_a("Undeclared", "Agent")


def test_properties_have_domain_and_range(folder: Path) -> None:
    found = declared.read(folder)
    assert found.properties == {"leads": declared.Property("leads", "Agent", "")}
    assert found.has_property("leads")
    assert found.has_property("prov:wasDerivedFrom")
    assert not found.has_property("follows")
    assert not found.has_property("skg:follows")
    assert not found.has_property("unknown:follows")


def test_concepts_are_called_as_claims_write_them(folder: Path) -> None:
    concept = declared.Concept("vocab:cost-sharing", "Goal", ("cost sharing", "shared bill"))
    assert declared.read(folder).concepts == {"vocab:cost-sharing": concept}


def test_each_part_is_a_graph_of_its_own(folder: Path) -> None:
    found = declared.read(folder)
    for part, size in (("ontology", 12), ("vocab", 4), ("shapes", 5), ("alignments", 0)):
        quads = getattr(found, part)
        assert {quad.graph_name for quad in quads} <= {declared.GRAPHS[part]}
        assert len(quads) == size


def test_names_and_iris_are_each_others_reverse(folder: Path) -> None:
    found = declared.read(folder)
    for name in ("Company", "leads", "prov:Agent"):
        assert found.name(found.iri(name)) == name
    assert found.iri("vocab:cost-sharing") == "https://w3id.org/spacekg/vocab/cost-sharing"
    with pytest.raises(DeclarationError, match="no prefix 'nope'"):
        found.iri("nope:x")


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("ontology/space.ttl", ONTOLOGY + "skg:Agent a .\n", r"space\.ttl:10: "),
        ("ontology/extra.ttl", ONTOLOGY, r"extra\.ttl: expected one of space\.ttl"),
        ("ontology/shapes/agents.ttl", SHAPE.replace("skg:Company", "skg:Firm"), r"agents\.ttl:4: .*about Firm"),
        ("ontology/shapes/agents.ttl", SHAPE.replace("skg:leads", "skg:led"), r"agents\.ttl:5: .*about led"),
        ("ontology/context.jsonld", '{\n"@context": ]', r"context\.jsonld:2: "),
        ("queries/who_leads.rq", QUERY.partition("\n")[2], r"who_leads\.rq:1: .*says the question"),
        ("queries/who_leads.rq", "#\n" + QUERY, r"who_leads\.rq:1: .*says the question"),
        (
            "queries/who_leads.rq",
            "# Who?\nSELECT ?who\nWHERE { ?who ?leads }\n",
            r"who_leads\.rq:3: not a SPARQL query",
        ),
        ("queries/who_leads.rq", "# Who?\nSELECT * { ?a foo:b ?c }", r"who_leads\.rq:2: not a SPARQL query"),
        ("data/lexicon/prefixes.csv", PREFIXES + "skg,https://example.org/\n", r"prefixes\.csv:4: "),
        ("data/lexicon/prefixes.csv", PREFIXES + "empty,\n", r"prefixes\.csv:4: "),
    ],
)
def test_a_wrong_declaration_is_refused_with_its_place(folder: Path, name: str, text: str, says: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(DeclarationError, match=says):
        declared.read(folder)


def test_an_unknown_query_is_answered_with_the_nearest(folder: Path) -> None:
    found = declared.read(folder)
    assert found.query("who_leads").question == "Who leads what?"
    with pytest.raises(UnknownQueryError, match="did you mean who_leads"):
        found.query("who_led")
    with pytest.raises(UnknownQueryError, match="spacekg queries"):
        found.query("xyz")


@pytest.mark.parametrize("name", ["ontology", "data"])
def test_a_missing_folder_is_named(folder: Path, name: str) -> None:
    shutil.rmtree(folder / name)
    with pytest.raises(DeclarationError, match=name):
        declared.read(folder)


def test_the_shipped_declarations_are_consistent() -> None:
    found = declared.read(declared.shipped())
    assert found.is_a("NationalSpaceAgency", "Agent")
    assert found.has_property("hasParticipant")
    assert found.concepts["vocab:joint-development"].kind == "CollaborationType"
    assert len(found.queries) >= 10
    undeclared = {concept.kind for concept in found.concepts.values()} - set(found.classes)
    assert not undeclared
