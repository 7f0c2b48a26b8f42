"""The dataset and every named graph are described: origin, terms, size, what is in them and how to ask."""

from __future__ import annotations

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from spacekg import description, store
from spacekg.answers import table
from spacekg.declared import BASE, RDF, SKG, Declared
from spacekg.description import DATASET, partitions
from spacekg.model import Document
from spacekg.reference import Source
from spacekg.release import Release
from spacekg.store import Store

VOID = "http://rdfs.org/ns/void#"
SOURCE = Source("atlas", "An atlas", "https://example.org/terms", "The Atlas", "https://example.org/", "2025-01-02")
DOCUMENT = Document("note", "text/plain", "", "", "", "A note")
ATLAS, NOTE = NamedNode(f"{BASE}graph/reference/atlas"), NamedNode(f"{BASE}graph/document/note")


def described(rules: Declared, quads: list[Quad]) -> dict[tuple[str, str], set[str]]:
    """What is said, by the end of the subject's IRI and the end of the predicate's."""
    found: dict[tuple[str, str], set[str]] = {}
    for quad in description.assemble([SOURCE], [DOCUMENT], rules, quads):
        key = (quad.subject.value.removeprefix(BASE), quad.predicate.value.replace("#", "/").rpartition("/")[2])
        found.setdefault(key, set()).add(quad.object.value)
    return found


def test_a_source_and_a_document_are_described(rules: Declared) -> None:
    stated = described(rules, [])
    assert stated["graph/reference/atlas", "license"] == {"https://example.org/terms"}
    assert stated["graph/reference/atlas", "bibliographicCitation"] == {"The Atlas"}
    assert stated["graph/document/note", "source"] == {"https://w3id.org/spacekg/document/note"}
    assert ("graph/document/note", "license") not in stated
    assert stated["graph/inferred", "license"] == {description.OWN_LICENCE}
    parts = stated["dataset", "hasPart"]
    titled = {f"{BASE}{subject}" for subject, predicate in stated if predicate == "title" and subject[:5] == "graph"}
    assert parts == titled


def test_the_dataset_says_what_it_is_in_three_vocabularies_and_where_it_comes_from(rules: Declared) -> None:
    stated = described(rules, [])
    assert {iri.rpartition("#")[2].rpartition("/")[2] for iri in stated["dataset", "type"]} == {"Dataset", "Entity"}
    assert len(stated["dataset", "type"]) == 4
    for predicate in ("title", "name", "description", "license", "versionInfo", "version", "modified", "creator"):
        assert stated["dataset", predicate], predicate
    assert stated["dataset", "wasDerivedFrom"] == {f"{BASE}document/note", ATLAS.value}
    assert stated["dataset", "sparqlEndpoint"] == {f"{BASE}sparql"}
    assert {key[0] for key in stated if key[1] == "namespace"} == {f"dataset#prefix-{name}" for name in rules.prefixes}


def test_links_are_counted_by_dataset_and_sort_once_each_and_without_the_alignments(rules: Declared) -> None:
    item, name = NamedNode("http://www.wikidata.org/entity/Q1"), NamedNode("https://ror.org/1")
    exact, close = (NamedNode(f"http://www.w3.org/2004/02/skos/core#{match}Match") for match in ("exact", "close"))
    probe, term = NamedNode(f"{BASE}id/probe"), NamedNode(f"{SKG}SpaceProbe")
    quads = [
        Quad(probe, exact, item, ATLAS),
        Quad(probe, exact, item, NOTE),
        Quad(probe, close, name, ATLAS),
        Quad(probe, exact, NamedNode("https://example.org/1"), ATLAS),
        Quad(term, exact, item, NamedNode(f"{BASE}graph/alignments")),
    ]
    stated = described(rules, quads)
    counts = {
        subject[14:]: triples
        for (subject, said), triples in stated.items()
        if said == "triples" and "#links" in subject
    }
    assert counts == {"wikidata-exact": {"1"}, "wikidata-close": {"0"}, "ror-exact": {"0"}, "ror-close": {"1"}}
    assert stated["dataset#links-wikidata-exact", "linkPredicate"] == {exact.value}
    assert stated["dataset#links-ror-close", "objectsTarget"] == {f"{BASE}dataset#other-ror"}
    assert {f"{BASE}dataset#links-{sort}" for sort in counts} == stated["dataset", "subset"] - stated[
        "dataset", "hasPart"
    ]


def test_every_query_for_people_is_an_example(rules: Declared) -> None:
    shown = [quad for quad in description.assemble([], [], rules, []) if quad.graph_name == description.EXAMPLES]
    texts = {quad.object.value for quad in shown if quad.predicate.value.endswith("shacl#select")}
    asked = {query.text for query in rules.queries.values() if "/" not in query.name and "\nSELECT" in query.text}
    assert texts == asked
    assert texts
    comments = {quad.object.value for quad in shown if quad.predicate.value.endswith("#comment")}
    assert "Who takes part in the James Webb Space Telescope?" in comments


def test_an_example_says_which_columns_its_answer_has(rules: Declared) -> None:
    shown = [quad for quad in description.assemble([], [], rules, []) if quad.graph_name == description.EXAMPLES]
    columns: dict[str, set[str]] = {}
    for quad in shown:
        if quad.predicate.value.endswith("result-set#resultVariable"):
            columns.setdefault(quad.subject.value.removeprefix(f"{BASE}queries#"), set()).add(quad.object.value)
    assert columns["jwst_participants-result"] == {"participant", "name"}
    results = {quad.object.value for quad in shown if quad.predicate.value.endswith("test-manifest#result")}
    assert {result.removeprefix(f"{BASE}queries#") for result in results} == set(columns)


def test_a_graph_is_partitioned_by_class_and_property_and_their_union_by_both(rules: Declared) -> None:
    kind, operator = NamedNode(f"{RDF}type"), NamedNode(f"{SKG}operator")
    probe, north, moon = (NamedNode(f"{BASE}id/{name}") for name in ("probe", "north", "moon"))
    quads = [
        Quad(probe, kind, NamedNode(f"{SKG}SpaceProbe"), ATLAS),
        Quad(north, kind, NamedNode(f"{SKG}SpaceAgency"), NOTE),
        Quad(probe, operator, north, ATLAS),
        Quad(probe, operator, north, NOTE),
        Quad(probe, NamedNode(f"{SKG}rule"), Literal("x"), NOTE),
        Quad(moon, kind, NamedNode("https://schema.org/Place"), NamedNode(f"{BASE}graph/alignments")),
    ]
    stated = described(rules, quads)
    assert stated["graph/reference/atlas", "triples"] == {"2"}
    assert stated["graph/reference/atlas#class-SpaceProbe", "entities"] == {"1"}
    assert stated["graph/document/note#property-operator", "triples"] == {"1"}
    assert (stated["dataset", "triples"], stated["dataset", "entities"]) == ({"4"}, {"2"})
    use = "dataset#class-SpaceProbe-operator"
    assert stated["dataset#class-SpaceProbe", "propertyPartition"] >= {f"{BASE}{use}"}
    assert stated[use, "triples"] == {"1"}
    assert stated[f"{use}-SpaceAgency", "class"] == {f"{SKG}SpaceAgency"}
    assert stated["dataset#class-SpaceProbe-rule-xsd-string", "datatype"] == {"http://www.w3.org/2001/XMLSchema#string"}
    assert ("dataset#class-schema-Place", "class") not in stated


NODES = st.sampled_from([NamedNode(f"{BASE}id/{name}") for name in "abc"] + [BlankNode("b")])
VALUES = NODES | st.sampled_from([Literal("x"), Literal("y", language="en")])
KINDS = st.sampled_from([NamedNode(f"{SKG}SpaceProbe"), NamedNode("https://example.org/K")])
TYPED = st.builds(
    lambda node, kind, graph: Quad(node, NamedNode(f"{RDF}type"), kind, graph), NODES, KINDS, st.just(NOTE)
)
OTHER = st.builds(
    lambda node, value, graph: Quad(node, NamedNode(f"{SKG}operator"), value, graph),
    NODES, VALUES, st.sampled_from([NOTE, ATLAS]),
)  # fmt: skip


@given(st.lists(TYPED | OTHER, max_size=20, unique=True))
def test_the_partitions_are_what_sparql_counts(quads: list[Quad]) -> None:
    counted = {
        (subject.value, predicate): int(value.value)
        for subject, predicate, value in partitions.describe(
            partitions.tally(quads), lambda iri: iri.rpartition("#")[2]
        )
        if predicate in (f"{VOID}triples", f"{VOID}entities")
    }
    rows = _rows(quads, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert counted[DATASET.value, f"{VOID}triples"] == int(rows[0]["n"].value)  # type: ignore[union-attr]
    probes = f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a <{SKG}SpaceProbe> }}"
    assert counted.get((f"{DATASET.value}#class-SpaceProbe", f"{VOID}entities"), 0) == int(
        _rows(quads, probes)[0]["n"].value  # type: ignore[union-attr]
    )


def _rows(quads: list[Quad], query: str) -> list[dict]:
    data = pyoxigraph.Store()
    data.bulk_extend(Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    solved = data.query(query)
    assert isinstance(solved, pyoxigraph.QuerySolutions)
    return table(solved)


@pytest.fixture(scope="module")
def engine(rules: Declared, shipped_release: Release) -> Store:
    queries = {query.name: query.text for query in rules.queries.values()}
    return store.open_file(shipped_release.graph, shipped_release.id, queries, rules.prefixes)


def test_editors_find_partitions_examples_and_prefixes_by_query(engine: Store, rules: Declared) -> None:
    uses = engine.answer_named("metadata/void")
    found = {(row["subjectClass"].value, row["prop"].value) for row in uses}  # type: ignore[union-attr]
    assert (f"{SKG}SpaceMission", f"{SKG}hasParticipant") in found
    assert any("objectClass" in row for row in uses)
    assert any("objectDatatype" in row for row in uses)
    examples = engine.answer_named("metadata/examples")
    assert len(examples) == sum("/" not in name for name in rules.queries)
    labelled = engine.answer_named("metadata/void_labels")
    assert len(labelled) == len(uses), "one row for each use: a term has one label and one comment"
    named = {row["prop"].value: row["propLabel"].value for row in labelled if "propLabel" in row}  # type: ignore[union-attr]
    assert named[f"{SKG}hasParticipant"] == "has participant"
    prefixes = {row["prefix"].value: row["namespace"].value for row in engine.answer_named("metadata/prefixes")}  # type: ignore[union-attr]
    assert prefixes == dict(rules.prefixes)


def test_every_named_graph_of_a_release_is_described(shipped_release: Release) -> None:
    parts = {
        quad.object.value  # type: ignore[union-attr]
        for quad in shipped_release.quads()
        if quad.predicate.value.endswith("hasPart") and quad.subject == DATASET
    }
    assert shipped_release.manifest["quads"].keys() <= parts
