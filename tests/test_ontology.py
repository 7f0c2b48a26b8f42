"""The ontology is what a reviewer would ask for: pitfalls, profile, metadata, alignments, context."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store, parse, serialize
from rdflib import Graph

from spacekg import declared
from spacekg.declared import OWL, RDF, SKG, SKOS, Declared
from spacekg.model import Modality, Polarity, Status

HERE = Path(__file__).parent
PITFALLS = sorted((HERE / "pitfalls").glob("*.rq"))
BUILT_IN = ("http://www.w3.org/2001/XMLSchema#", "https://creativecommons.org/", declared.BASE)


@pytest.fixture(scope="module")
def shipped() -> Declared:
    return declared.read(declared.shipped())


@pytest.fixture(scope="module")
def store(shipped: Declared) -> Store:
    store = Store()
    store.extend([*shipped.ontology, *shipped.vocab, *shipped.alignments])
    return store


@pytest.fixture(scope="module")
def waivers() -> dict[str, dict[str, str]]:
    """Pitfall → term → why it is none there."""
    found: dict[str, dict[str, str]] = {}
    with (HERE / "pitfalls" / "waivers.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["pitfall"], {})[row["term"]] = row["reason"]
    return found


def terms(store: Store, query: str) -> set[str]:
    answer = store.query(query, use_default_graph_as_union=True)
    assert isinstance(answer, QuerySolutions)
    return {row["term"].value for row in answer}


@pytest.mark.parametrize("path", PITFALLS, ids=lambda path: path.stem)
def test_no_pitfall_but_those_waived(store: Store, waivers: dict[str, dict[str, str]], path: Path) -> None:
    found = {term.replace(SKG, "skg:") for term in terms(store, path.read_text(encoding="utf-8"))}
    assert found == set(waivers.get(path.stem, {}))


@pytest.mark.parametrize("path", PITFALLS, ids=lambda path: path.stem)
def test_every_pitfall_would_be_found(store: Store, path: Path) -> None:
    broken = Store()
    broken.extend(store)
    broken.load(path=HERE / "pitfalls" / "broken.trig")
    query = path.read_text(encoding="utf-8")
    assert terms(broken, query) - terms(store, query) != set()


def test_every_waiver_gives_a_reason_for_a_known_pitfall(waivers: dict[str, dict[str, str]]) -> None:
    assert set(waivers) <= {path.stem for path in PITFALLS}
    assert all(len(reason.split()) > 4 for each in waivers.values() for reason in each.values())


def test_there_are_as_many_classes_as_a_person_can_know(shipped: Declared) -> None:
    assert 45 <= len([name for name in shipped.classes if ":" not in name]) <= 60


def test_every_aligned_term_exists(shipped: Declared) -> None:
    known = {
        line
        for path in (HERE / "vocabularies").glob("*.txt")
        for line in path.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    }
    used = {term.value for q in shipped.alignments for term in list(q)[:3] if isinstance(term, NamedNode)}
    assert {iri for iri in used if not iri.startswith(BUILT_IN)} - known == set()


def test_every_list_of_terms_says_where_it_is_from_and_is_sorted() -> None:
    for path in (HERE / "vocabularies").glob("*.txt"):
        head, *names = path.read_text(encoding="utf-8").splitlines()
        assert head.startswith("# "), path.name
        assert names == sorted(set(names)), path.name


def test_nothing_follows_from_the_alignments_to_wikidata_and_dbpedia(shipped: Declared) -> None:
    foreign = ("http://www.wikidata.org/", "http://dbpedia.org/", "https://schema.org/")
    said = {q.predicate.value for q in shipped.alignments if getattr(q.object, "value", "").startswith(foreign)}
    assert said
    assert all(predicate.startswith(SKOS) for predicate in said)


def test_every_aligned_term_of_ours_is_declared(shipped: Declared) -> None:
    aligned = {q.subject.value for q in shipped.alignments if q.subject.value.startswith(SKG)}
    assert aligned <= {f"{SKG}{name}" for name in (*shipped.classes, *shipped.properties)}


def test_the_context_spells_every_term(shipped: Declared) -> None:
    context = json.loads((shipped.folder / "ontology" / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    spelt = {entry["@id"] if isinstance(entry, dict) else entry for entry in context.values()}
    ours = {name for name in (*shipped.classes, *shipped.properties) if ":" not in name}
    assert {f"skg:{name}" for name in ours} - spelt == set()


def test_the_context_gives_the_same_triples(shipped: Declared) -> None:
    context = json.loads((shipped.folder / "ontology" / "context.jsonld").read_text(encoding="utf-8"))
    thing = {
        **context,
        "id": "skid:jwst",
        "type": "SpaceTelescope",
        "label": {"en": "James Webb Space Telescope"},
        "operator": ["skid:nasa"],
        "cosparId": "2021-130A",
    }
    graph = Graph().parse(data=json.dumps(thing), format="json-ld")
    turtle = f"""@prefix skg: <{SKG}> . @prefix skid: <{declared.BASE}id/> .
        skid:jwst a skg:SpaceTelescope ; <http://www.w3.org/2000/01/rdf-schema#label> "James Webb Space Telescope"@en ;
          skg:operator skid:nasa ; skg:cosparId "2021-130A" ."""
    assert set(graph) == set(Graph().parse(data=turtle, format="turtle"))


def test_the_files_are_read_the_same_by_rdflib(shipped: Declared) -> None:
    for path in sorted((shipped.folder / "ontology").rglob("*.ttl")):
        ours = serialize([q.triple for q in parse(path=path)], format=RdfFormat.N_TRIPLES)
        assert len(Graph().parse(path)) == len(Graph().parse(data=ours, format="nt")), path.name


def test_an_extractor_can_tell_concepts_by_their_labels(shipped: Declared) -> None:
    owners: dict[tuple[str, str], set[str]] = {}
    for concept in shipped.concepts.values():
        assert all(re.fullmatch(r"\S+( \S+)*", label) for label in concept.labels), concept.id
        for label in concept.labels:
            owners.setdefault((concept.kind, label.lower()), set()).add(concept.id)
    assert {key: sorted(ids) for key, ids in owners.items() if len(ids) > 1} == {}


def test_every_value_of_the_model_is_a_concept(shipped: Declared) -> None:
    assert {f"vocab:{value}" for enum in (Modality, Polarity, Status) for value in enum} <= set(shipped.concepts)


def test_top_classes_exclude_each_other(store: Store, shipped: Declared) -> None:
    query = f"SELECT ?term WHERE {{ ?all <{OWL}members>/<{RDF}rest>*/<{RDF}first> <{SKG}Agent> , ?term }}"
    top = {name for name in shipped.classes if ":" not in name and shipped.classes[name] == {name}}
    assert {f"{SKG}{name}" for name in top} <= terms(store, query)


def test_the_documentation_counts_and_matches_as_the_files_do(shipped: Declared) -> None:
    text = (HERE.parent / "docs" / "ontology.md").read_text(encoding="utf-8")
    ours = [[name for name in terms if ":" not in name] for terms in (shipped.classes, shipped.properties)]
    assert f"{len(ours[0])} classes and {len(ours[1])} properties of our own" in text
    items: dict[str, set[str]] = {}
    for quad in shipped.alignments:
        prefix, _, item = getattr(quad.object, "value", "").rpartition("/")
        if prefix == "http://www.wikidata.org/entity":
            items.setdefault(quad.subject.value.removeprefix(SKG), set()).add(item)
    rows = dict(re.findall(r"^\| ([A-Z]\w+) \| ([^|]*) \|", text, re.MULTILINE))
    assert len(rows) > 40
    assert {name: set(re.findall(r"Q\d+", cell)) for name, cell in rows.items()} == {
        name: items.get(name, set()) for name in rows
    }
