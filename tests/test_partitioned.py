"""A build in parts and shards: each step gives what it gives for all at once, and the release has the same bytes."""

from __future__ import annotations

import os
import pickle
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse
from tests.reading import document, shipped

from spacekg import corpus, description, disputes, graph, inventory, partitioned, pipeline, reasoning, validation
from spacekg.cli import building
from spacekg.declared import BASE, GRAPHS, OWL, RDF, RDFS, SKG
from spacekg.model import Status
from spacekg.partitioned import checking, counting, following, joining, piles, saying, spreading, telling
from spacekg.partitioned.following import Place
from spacekg.reference import Reference
from spacekg.release import Release, canonical

HERE = Path(__file__).parent
slow = pytest.mark.skipif(not os.environ.get("CLUSTER"), reason="takes a while: make cluster runs it")
SAYING = NamedNode(f"{BASE}graph/document/text")
TEXTS = (
    "NASA built the Hubble Space Telescope. In 2020, Japan and Canada signed an agreement on the Moon.",
    "NASA did not build the Hubble Space Telescope. ESA launched Planck with JAXA.",
    "ESA built the Hubble Space Telescope. NASA and JAXA signed an agreement on Mars.",
    "Roscosmos is the successor of Rosaviakosmos.",
    "Rosaviakosmos is the successor of Roscosmos.",
    "ESA did not launch Planck. NASA and JAXA signed an agreement on Mars, which concerns Planck.",
)
DOCUMENTS = [document(text, f"text-{at}") for at, text in enumerate(TEXTS)]


def small() -> Reference:
    """Of the shipped tables the things that the texts speak of, and all that is said of these."""
    _, _, tables, _ = shipped()
    known = {name.entity for name in tables.names if any(name.text in text for text in TEXTS if len(name.text) > 3)}
    while more := {f.value for f in tables.facts if f.entity in known and f.value in tables.entities} - known:
        known |= more
    return replace(
        tables,
        entities={name: tables.entities[name] for name in tables.entities if name in known},
        names=tuple(each for each in tables.names if each.entity in known),
        identifiers=tuple(each for each in tables.identifiers if each.entity in known),
        facts=tuple(each for each in tables.facts if each.entity in known),
        launches=(),
        closed=(),
    )


def told(tables: Reference) -> corpus.Told:
    _, words, _, _ = shipped()
    return corpus.told(DOCUMENTS, tables, words, corpus.Means())


def put(folder: Path, number: int, quads: Sequence[Quad], ontology: Sequence[Quad]) -> Place:
    place = Place(folder, number, folder / "ontology.nq")
    place.ontology.parent.mkdir(parents=True, exist_ok=True)
    place.ontology.write_bytes(b"".join(map(piles.line, ontology)))
    following.state(place, quads, "all")
    return place


def read(folder: Path, number: int) -> list[Quad]:
    return [quad for shard in range(number) for quad in piles.quads(folder, shard)]


TURTLE = f"""
@prefix : <{BASE}id/> . @prefix owl: <{OWL}> . @prefix rdfs: <{RDFS}> . @prefix rdf: <{RDF}> .
:before a owl:TransitiveProperty . :beside a owl:SymmetricProperty .
:near rdfs:subPropertyOf :before ; owl:inverseOf :far ; rdfs:domain :Place ; rdfs:range :Thing .
:reaches owl:propertyChainAxiom ( :before :beside ) .
:Ending rdfs:subClassOf :Thing ; owl:equivalentClass [ owl:onProperty :beside ; owl:someValuesFrom :Place ] .
:Marked owl:equivalentClass [ owl:intersectionOf ( :Ending [ owl:onProperty :far ; owl:hasValue :a ] ) ] .
"""
NODES = st.sampled_from([NamedNode(f"{BASE}id/{name}") for name in "abcde"] + [BlankNode("x")])
LINKS = st.sampled_from([NamedNode(f"{BASE}id/{name}") for name in ("before", "beside", "near", "far")])
KINDS = st.sampled_from([NamedNode(f"{BASE}id/{name}") for name in ("Place", "Ending", "Marked")])
STATEMENTS = st.one_of(
    st.builds(Quad, NODES, LINKS, NODES, st.just(SAYING)),
    st.builds(Quad, NODES, st.just(NamedNode(f"{RDF}type")), KINDS, st.just(SAYING)),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(said=st.lists(STATEMENTS, max_size=12), number=st.integers(1, 4))
def test_what_follows_in_shards_is_what_follows_at_once(
    tmp_path_factory: pytest.TempPathFactory, said: list[Quad], number: int
) -> None:
    ontology = list(parse(TURTLE, format=RdfFormat.TURTLE))
    place = put(tmp_path_factory.mktemp("piles"), number, said, ontology)
    expected = reasoning.infer(said, ontology)
    assert following.infer(place, map) == len(expected)
    assert sorted(read(place.inferred, number), key=str) == expected


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(said=st.lists(STATEMENTS, max_size=10), added=st.lists(STATEMENTS, max_size=4))
def test_what_follows_from_more_is_found_around_it(said: list[Quad], added: list[Quad]) -> None:
    ontology = list(parse(TURTLE, format=RdfFormat.TURTLE))
    held = {quad.triple for quad in said}
    held |= reasoning.closure(held, ontology)
    new = {quad.triple for quad in added} - held
    store = Store()
    store.extend(Quad(*triple) for triple in held | new)
    assert reasoning.extended(store, new, ontology) == reasoning.closure(held | new, ontology)


def test_what_follows_by_the_shipped_ontology_follows_in_shards(tmp_path: Path) -> None:
    known, _, _, _ = shipped()
    said = [*known.ontology, *known.vocab, *parse(path=HERE / "reasoning" / "sample.ttl")]
    expected = reasoning.infer(said, known.ontology)
    assert len(expected) > 50
    place = put(tmp_path, 3, said, known.ontology)
    following.infer(place, map)
    assert sorted(read(place.inferred, 3), key=str) == expected


def test_claims_are_judged_and_assembled_in_parts_as_at_once(tmp_path: Path) -> None:
    known, _, tables, _ = shipped()
    said = told(tables)
    whole = corpus.join(said)
    judged = disputes.judge(whole.claims, tables, known)
    assert {claim.status for claim in judged} == {*Status}
    assert any("denies it" in claim.reason for claim in judged)
    parts = saying.Parts(tmp_path)
    saying.part(zip(said.documents, said.texts, strict=True), parts, (tables, known), characters=1)
    assert len(parts.numbers()) == len(DOCUMENTS)
    for number in parts.numbers():
        saying.share(parts, number)
    for bucket in parts.numbers():
        telling.give(parts.talk, bucket)
    made = [saying.assemble(parts, (), number) for number in parts.numbers()]
    assert [claim for read, _ in made for claim in read.claims] == judged
    at_once = graph.assemble(judged, whole.links, whole.documents, known, tables.entities)
    assert sorted((quad for _, quads in made for quad in quads), key=str) == at_once
    assert any(quad.predicate.value == f"{SKG}contradictedBy" for quad in at_once)


@pytest.mark.parametrize("number", [pytest.param(1, marks=slow), 4])
def test_shards_are_checked_as_all_is(tmp_path: Path, number: int) -> None:
    known, _, tables, _ = shipped()
    claims = disputes.judge(corpus.join(told(tables)).claims, tables, known)
    quads = graph.assemble(claims, (), DOCUMENTS, known, tables.entities)
    wrong = [*quads, *parse(path=HERE / "shapes" / "fails.ttl"), *parse(path=HERE / "shapes" / "passes.ttl")]
    both = [*known.ontology, *known.vocab, *wrong]
    expected = validation.check([*both, *reasoning.infer(both, known.ontology)], known.shapes, known.ontology)
    assert len(expected.violations) > 50
    assert any(violation.claims for violation in expected.violations)
    place = put(tmp_path, number, both, known.ontology)
    following.infer(place, map)
    assert checking.check(place, list(known.shapes), map) == expected


def test_shards_are_counted_as_all_is(tmp_path: Path, shipped_release: Release) -> None:
    known, _, tables, _ = shipped()
    quads = [quad for at, quad in enumerate(shipped_release.quads()) if at % 9 == 0]
    place = put(tmp_path, 3, [quad for quad in quads if quad.graph_name != GRAPHS["alignments"]], known.ontology)
    for quad in quads:
        if quad.graph_name == GRAPHS["alignments"]:
            pile = piles.Piles(place.aligned, str(quads.index(quad)), 3)
            pile.put(piles.owner(str(quad.subject).encode(), 3), piles.line(quad))
            pile.flush()
    (tmp_path / "known").write_bytes(pickle.dumps((tables, known)))
    found, links = counting.count(place, tmp_path / "known", map)
    assert links == description.links(quads)
    expected = description.tally(quads)
    assert set(read(place.described, 3)) == set(description.of_graphs(expected, known))
    for name in counting.PER_GRAPH:
        getattr(expected, name).clear()
    assert found == expected


def test_shards_are_put_in_the_order_of_a_release(tmp_path: Path) -> None:
    known, _, _, _ = shipped()
    number = Literal("1.50", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))
    odd = [Quad(NamedNode(f"{BASE}id/{name}"), NamedNode(f"{BASE}p"), number, SAYING) for name in "abcdef"]
    quads = [*known.ontology, *known.vocab, *odd]
    place = put(tmp_path, 3, quads, known.ontology)
    joined = joining.join(place, known.alignments, map)
    assert min(piece.stat().st_size for piece in joined.pieces) > 0
    counted = joined.write(tmp_path / "whole.nq")
    assert counted == inventory.write(canonical([*quads, *known.alignments]), tmp_path / "expected.nq")
    assert (tmp_path / "whole.nq").read_bytes() == (tmp_path / "expected.nq").read_bytes()


@pytest.mark.parametrize("number", [pytest.param(1, marks=slow), 5])
def test_a_build_in_shards_publishes_the_same_release(
    tmp_path: Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, _, _, _ = shipped()
    tables = small()
    (tmp_path / "texts").mkdir()
    for each in DOCUMENTS:
        (tmp_path / "texts" / f"{each.name}.txt").write_text(each.text, encoding="utf-8")
    at_once = pipeline.build([tmp_path / "texts"], tmp_path / "once", known, tables, lambda _: None)
    assert at_once.report["unused"]["held_back"]
    monkeypatch.setattr(partitioned, "CHARACTERS", 1)
    steps: list[str] = []
    in_parts = pipeline.build_in_parts(
        [tmp_path / "texts"], tmp_path / "parts", known, tables, steps.append, shards=number, spread=map
    )
    assert Counter(steps)[f"assembling {len(DOCUMENTS)} parts"] == 2  # the circle of successors is held back
    assert in_parts.report == at_once.report
    assert in_parts.manifest == at_once.manifest
    assert in_parts.graph.read_bytes() == at_once.graph.read_bytes()
    assert not [*(tmp_path / "parts").glob(".parts-*")]


@slow
def test_processes_make_the_shipped_release_in_shards(tmp_path: Path, shipped_release: Release) -> None:
    known, _, tables, _ = shipped()
    with spreading.processes(2) as spread:
        built = pipeline.build_in_parts(
            [known.folder / "data" / "documents"], tmp_path, known, tables, lambda _: None, shards=4, spread=spread
        )
    assert built.id == shipped_release.id
    assert built.graph.read_bytes() == shipped_release.graph.read_bytes()


def test_plug_ins_read_for_a_build_at_once_alone(tmp_path: Path) -> None:
    done = CliRunner().invoke(building.build, ["--partitions", "2", "--extractor", "llm", "--out", str(tmp_path)])
    assert done.exit_code == 2
    assert "--extractor is not for --partitions" in done.output


TERMS = st.builds(NamedNode, st.sampled_from(["http://x/a", "http://x/b"])) | st.builds(BlankNode, st.just("one"))
SIGNS = st.text(st.sampled_from('a <>"\\^@.\n:/'), max_size=12)
LITERALS = (
    st.builds(Literal, SIGNS)
    | st.builds(Literal, SIGNS, language=st.just("en"))
    | st.builds(Literal, SIGNS, datatype=st.builds(NamedNode, st.just("http://x/t")))
)
VALUES = TERMS | LITERALS | st.builds(Triple, TERMS, st.just(NamedNode("http://x/p")), TERMS | LITERALS)
GRAPH_NAMES = st.just(DefaultGraph()) | st.builds(NamedNode, st.sampled_from(["http://x/g", "http://x/h"]))


@given(st.lists(st.builds(Quad, TERMS, st.just(NamedNode("http://x/p")), VALUES, GRAPH_NAMES), max_size=4))
def test_what_lines_state_is_read_without_their_graphs(
    tmp_path_factory: pytest.TempPathFactory, quads: list[Quad]
) -> None:
    folder = tmp_path_factory.mktemp("piles")
    piles.pile(folder, "one", quads, 1)
    assert [*piles.stated(folder, 0)] == [str(quad.triple).encode() for quad in quads]
