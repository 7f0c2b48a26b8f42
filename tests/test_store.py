"""The in-process engine: right answers, whole ones, and refusals that say what to do."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from spacekg import formats, store
from spacekg.answers import (
    AnswerTooLargeError,
    ForbiddenQueryError,
    Limits,
    QuerySyntaxError,
    QueryTooLargeError,
    Request,
)
from spacekg.errors import BadQueryError, ReleaseError, UnknownFormatError, UnknownQueryError
from spacekg.formats import InexpressibleError
from spacekg.store import Store

TINY = Path(__file__).parent / "graphs" / "tiny.trig"
SKG = "https://w3id.org/spacekg/ontology#"
ID = "https://w3id.org/spacekg/id/"
GRAPH = "https://w3id.org/spacekg/graph/"
PARTICIPANTS = f"SELECT ?who {{ ?mission <{SKG}hasParticipant> ?who }} ORDER BY ?who"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
PREFIXES = {"skg": SKG, "id": ID}


@pytest.fixture(scope="module")
def tiny() -> Store:
    return store.open_file(TINY, "r1", {"participants": PARTICIPANTS, "is_it": "ASK {}"}, PREFIXES)


def rows(engine: Store, query: str, **dataset: tuple[str, ...]) -> list[dict[str, str]]:
    bindings = json.loads(engine.answer(Request(query, **dataset)).content)["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in bindings]


def test_the_default_graph_is_the_union_each_triple_once_without_alignments(tiny: Store) -> None:
    assert rows(tiny, COUNT) == [{"n": "30"}]
    assert tiny.summary.triples == 30
    assert not rows(tiny, "SELECT * { ?s <http://www.w3.org/2000/01/rdf-schema#subClassOf> ?o }")
    assert rows(tiny, f"SELECT * {{ GRAPH <{GRAPH}alignments> {{ ?s ?p ?o }} }}")


def test_the_summary_counts_each_graph(tiny: Store) -> None:
    assert list(tiny.summary.graphs) == sorted(tiny.summary.graphs)
    assert tiny.summary.graphs[f"{GRAPH}document/one"] == 1
    assert sum(tiny.summary.graphs.values()) == 32


@pytest.mark.parametrize(
    ("default", "named", "default_size", "named_size"),
    [
        ([], [], 30, 32),
        (["ontology"], [], 6, 0),
        (["document/one", "reference/curated"], [], 24, 0),
        ([], ["ontology"], 0, 6),
        (["document/one", "reference/curated"], ["ontology", "alignments"], 24, 7),
        (["nowhere"], [], 0, 0),
    ],
)
def test_a_dataset_means_the_same_in_the_query_and_beside_it(
    tiny: Store, default: list[str], named: list[str], default_size: int, named_size: int
) -> None:
    clauses = "".join(f"FROM <{GRAPH}{name}> " for name in default)
    clauses += "".join(f"FROM NAMED <{GRAPH}{name}> " for name in named)
    dataset = {
        "default_graphs": tuple(GRAPH + name for name in default),
        "named_graphs": tuple(GRAPH + name for name in named),
    }
    in_named = "SELECT (COUNT(*) AS ?n) %s { GRAPH ?g { ?s ?p ?o } }"
    assert rows(tiny, COUNT.replace("{", clauses + "{", 1)) == [{"n": str(default_size)}]
    assert rows(tiny, in_named % clauses) == [{"n": str(named_size)}]
    assert rows(tiny, COUNT, **dataset) == [{"n": str(default_size)}]
    assert rows(tiny, in_named % "", **dataset) == [{"n": str(named_size)}]


def test_a_dataset_beside_the_query_outranks_the_one_in_it(tiny: Store) -> None:
    query = COUNT.replace("{", f"FROM <{GRAPH}reference/curated> {{", 1)
    assert rows(tiny, query, default_graphs=(f"{GRAPH}ontology",)) == [{"n": "6"}]


def test_a_dataset_that_is_no_iri_is_refused(tiny: Store) -> None:
    with pytest.raises(BadQueryError, match="IRI"):
        tiny.answer(Request(COUNT, default_graphs=("not an iri",)))


def test_a_shipped_query_takes_iris_for_any_variable_of_its_pattern(tiny: Store) -> None:
    found = tiny.answer_named("participants", mission=f"{ID}jwst")
    assert [row["who"].value.removeprefix(ID) for row in found] == ["csa", "esa", "nasa"]


@pytest.mark.parametrize(
    "bindings", [{"mission": "> ?x } #"}, {"mission": ""}, {"mission": "rel"}, {"a b": ID}, {"x} #": ID}]
)
def test_a_binding_cannot_change_the_query(tiny: Store, bindings: dict[str, str]) -> None:
    with pytest.raises(BadQueryError):
        tiny.answer_named("participants", **bindings)


@given(st.text())
def test_any_binding_is_an_iri_or_refused(iri: str) -> None:
    engine = Store([Quad(NamedNode("a:s"), NamedNode("a:p"), Literal("o"), NamedNode("a:g"))], "r", {})
    try:
        found = engine.answer(Request("SELECT ?s { ?s ?p ?o }", bindings={"s": iri})).content
    except BadQueryError:
        return
    assert len(json.loads(found)["results"]["bindings"]) == (iri == "a:s")


def test_an_unknown_query_is_answered_with_the_nearest(tiny: Store) -> None:
    with pytest.raises(UnknownQueryError, match="participants"):
        tiny.answer_named("particpants")
    with pytest.raises(UnknownQueryError, match="rows"):
        tiny.answer_named("is_it")


@pytest.mark.parametrize("form", ["CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "DESCRIBE ?s { ?s ?p ?o }"])
@pytest.mark.parametrize("format", formats.TRIPLES, ids=lambda format: format.name)
def test_a_graph_comes_back_whole_in_every_format(tiny: Store, form: str, format: formats.GraphFormat) -> None:
    answer = tiny.answer(Request(form, graph=format))
    read = [quad.triple for quad in pyoxigraph.parse(answer.content, format=format.codec)]
    assert answer.format is format
    assert len(read) == len(set(read)) == 30


def test_turtle_declares_prefixes_and_groups(tiny: Store) -> None:
    text = tiny.answer(Request("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")).content.decode()
    assert "@prefix skg:" in text
    assert text.count("id:jwst a ") == 1


@pytest.mark.parametrize("format", formats.RESULTS, ids=lambda format: format.name)
def test_rows_and_truth_come_back_in_every_format(tiny: Store, format: formats.ResultFormat) -> None:
    content = tiny.answer(Request("SELECT ?s ?o { ?s ?p ?o }", results=format)).content
    truth = tiny.answer(Request("ASK {}", results=format)).content
    assert content.count(b"James Webb") == 1
    assert b"true" in truth
    if format is not formats.CSV:
        assert len(list(pyoxigraph.parse_query_results(content, format.codec))) == 30
    else:
        assert len(list(csv.reader(io.StringIO(content.decode(), newline="")))) == 31


@pytest.mark.parametrize(
    ("query", "line", "column", "said"),
    [
        ("SELECT *\nWHERE { ?x foaf:name ?y }", 2, 21, "PREFIX"),
        ("ASK {} garbage", 1, 14, "garbag"),
        ("", 1, 1, "begin"),
        ("SELECT ?x { ?x ?y ?z } GROUP BY ?y", 1, 35, "unbound"),
        ("ASK { ?s ?p <rel> }", 1, 18, "in full"),
        ("ASK {\n\n 'a }", 3, 2, "never ends"),
    ],
)
def test_a_syntax_error_has_a_place_and_a_reason(tiny: Store, query: str, line: int, column: int, said: str) -> None:
    with pytest.raises(QuerySyntaxError, match=said) as raised:
        tiny.answer(Request(query))
    assert (raised.value.line, raised.value.column) == (line, column)
    assert "\\u{" not in str(raised.value)
    assert len(str(raised.value)) < 300


@given(st.text(alphabet="SELECT{}?abASK *.<>:()'\n", max_size=60))
def test_any_text_is_answered_or_refused(text: str) -> None:
    engine = Store([], "r", {})
    try:
        assert engine.answer(Request(text)).content
    except BadQueryError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("INSERT DATA { <a:a> <a:a> <a:a> }", ForbiddenQueryError),
        ("ASK { SERVICE <http://127.0.0.1:1/> {} }", ForbiddenQueryError),
        ("ASK " + "{" * 101 + "}" * 101, QueryTooLargeError),
        ("SELECT (<http://example.org/f>(1) AS ?x) {}", BadQueryError),
    ],
)
def test_what_must_not_run_does_not(tiny: Store, query: str, error: type[BadQueryError]) -> None:
    with pytest.raises(error):
        tiny.answer(Request(query))


@pytest.mark.parametrize("format", formats.RESULTS, ids=lambda format: format.name)
def test_rows_are_limited_exactly(format: formats.ResultFormat) -> None:
    hard = Literal('},{ {},{} "\n\n\r <result> \u2028')
    quads = [Quad(NamedNode(f"a:{number}"), NamedNode("a:p"), hard, NamedNode("a:g")) for number in range(8)]
    engine = Store(quads, "r", {}, limits=Limits(rows=7))
    engine.answer(Request("SELECT * { ?s ?p ?o } LIMIT 7", results=format))
    for query in ("SELECT * { ?s ?p ?o }", "SELECT ?nothing { ?s ?p ?o }", "SELECT ?o ?p { ?s ?p ?o }"):
        with pytest.raises(AnswerTooLargeError, match="8 rows"):
            engine.answer(Request(query, results=format))


def test_triples_are_limited(tiny: Store) -> None:
    engine = store.open_file(TINY, "r1", {}, {}, Limits(rows=29))
    with pytest.raises(AnswerTooLargeError, match="29 triples"):
        engine.answer(Request("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"))


def test_bytes_are_limited_while_they_are_written(tiny: Store) -> None:
    engine = store.open_file(TINY, "r1", {}, {}, Limits(answer_bytes=10_000))
    with pytest.raises(AnswerTooLargeError, match="10,000 bytes"):
        engine.answer(Request("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"))


@pytest.mark.parametrize(
    ("query", "graph", "results"),
    [
        ("CONSTRUCT { <a:s> <http://x/1> 2 } WHERE {}", formats.RDF_XML, formats.JSON),
        ("SELECT ('\\u0001' AS ?x) {}", formats.TURTLE, formats.XML),
    ],
)
def test_what_xml_cannot_hold_is_not_sent_as_xml(
    tiny: Store, query: str, graph: formats.GraphFormat, results: formats.ResultFormat
) -> None:
    with pytest.raises(InexpressibleError, match="another format"):
        tiny.answer(Request(query, graph=graph, results=results))
    assert tiny.answer(Request(query)).content


def test_two_stores_of_one_file_answer_in_the_same_bytes(tiny: Store) -> None:
    other = store.open_file(TINY, "r1", {}, PREFIXES)
    for query in (
        "SELECT * { ?s ?p ?o }",
        "DESCRIBE ?s { ?s ?p ?o }",
        "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p",
    ):
        assert tiny.answer(Request(query)) == other.answer(Request(query))


def test_a_damaged_or_missing_file_is_named(tmp_path: Path) -> None:
    damaged = tmp_path / "graph.nq"
    with pytest.raises(ReleaseError, match=r"graph\.nq"):
        store.open_file(damaged, "r", {}, {})
    damaged.write_text("<a:s> <a:p>")
    with pytest.raises(ReleaseError, match=r"graph\.nq.*build"):
        store.open_file(damaged, "r", {}, {})
    with pytest.raises(UnknownFormatError):
        store.open_file(tmp_path / "graph.db", "r", {}, {})
