"""The SPARQL Protocol over our endpoint: methods, bodies, datasets, errors, caching, CORS."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pyoxigraph
import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad
from tests.opening import Opened

from spacekg import formats, store, web
from spacekg.answers import Limits
from spacekg.store import Store

TINY = Path(__file__).parent / "graphs" / "tiny.trig"
SELECT = "SELECT ?o { <https://w3id.org/spacekg/id/cassini-huygens> <http://www.w3.org/2000/01/rdf-schema#label> ?o }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
GRAPH = "https://w3id.org/spacekg/graph/"
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
SD = "http://www.w3.org/ns/sparql-service-description#"


def app_over(opened: Opened = store.open_file, **limits: int) -> FlaskClient:
    queries = {"who": "# Who takes part?\nSELECT * { ?s ?p '<script>' }"}
    return web.create_app(opened(TINY, "r1", queries, {}, Limits(**limits))).test_client()


@pytest.fixture(scope="module")
def client(opened: Opened) -> FlaskClient:
    return app_over(opened)


def labels(json: dict | None) -> set[str]:
    assert json is not None
    return {row["o"]["value"] for row in json["results"]["bindings"]}


def test_a_query_is_taken_by_get_form_and_body(client: FlaskClient) -> None:
    answers = [
        client.get("/sparql", query_string={"query": SELECT}),
        client.get("/sparql/", query_string={"query": SELECT}),
        client.post("/sparql", data={"query": SELECT}),
        client.post("/sparql", data=f"query={quote(SELECT)}", content_type=f"{FORM}; charset=UTF-8"),
        client.post("/sparql", data=SELECT, content_type=DIRECT),
        client.post("/sparql?format=json", data=SELECT.encode(), content_type=f"{DIRECT}; charset=utf-8"),
    ]
    for response in answers:
        assert response.status_code == 200
        assert response.mimetype == "application/sparql-results+json"
        assert labels(response.json) == {"Cassini–Huygens", "卡西尼-惠更斯号"}


@pytest.mark.parametrize("local", ["caf%C3%A9%20bar", "Ωmega"])
def test_iris_with_percents_and_other_scripts_arrive_as_they_are(client: FlaskClient, local: str) -> None:
    query = f"ASK {{ <https://w3id.org/spacekg/id/{local}> ?p ?o }}"
    assert client.get("/sparql", query_string={"query": query}).json == {"head": {}, "boolean": True}
    assert client.post("/sparql", data={"query": query}).json == {"head": {}, "boolean": True}
    assert client.post("/sparql", data=query, content_type=DIRECT).json == {"head": {}, "boolean": True}


@settings(deadline=None)  # a site is made for each
@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30))
def test_any_text_in_a_query_arrives_as_it_is(text: str) -> None:
    quad = Quad(NamedNode("a:s"), NamedNode("a:p"), Literal(text), NamedNode("a:g"))
    client = web.create_app(Store([quad], "r", {})).test_client()
    query = f"SELECT ?o {{ ?s ?p ?o FILTER(?o = {Literal(text)}) }}"
    for response in (
        client.get("/sparql", query_string={"query": query}),
        client.post("/sparql", data={"query": query}),
    ):
        assert labels(response.json) == {text}


@pytest.mark.parametrize(
    ("dataset", "count"),
    [
        ({"default-graph-uri": f"{GRAPH}ontology"}, 6),
        ({"default-graph-uri": [f"{GRAPH}document/one", f"{GRAPH}reference/curated"]}, 24),
        ({"named-graph-uri": f"{GRAPH}ontology"}, 0),
        ({"default-graph-uri": f"{GRAPH}alignments", "named-graph-uri": f"{GRAPH}ontology"}, 1),
        ({}, 30),
    ],
)
def test_a_dataset_is_taken_by_every_method(
    client: FlaskClient, dataset: dict[str, str | list[str]], count: int
) -> None:
    for response in (
        client.get("/sparql", query_string={"query": COUNT, **dataset}),
        client.post("/sparql", data={"query": COUNT, **dataset}),
        client.post("/sparql", query_string=dataset, data=COUNT, content_type=DIRECT),
    ):
        assert response.json is not None
        assert response.json["results"]["bindings"][0]["n"]["value"] == str(count)


def test_what_is_no_query_is_refused_with_its_reason(client: FlaskClient) -> None:
    cases = [
        (client.post("/sparql", data={}), 415, "body without a type"),
        (client.post("/sparql", data={"quer": "x"}), 400, "here are 0"),
        (client.get("/sparql?query=ASK{}&query=ASK{}"), 400, "here are 2"),
        (client.post("/sparql?query=ASK{}", data="ASK{}", content_type=DIRECT), 400, "here are 2"),
        (client.get("/sparql?query="), 400, "empty"),
        (client.get("/sparql?query=%20%0A"), 400, "empty"),
        (client.get("/sparql?query=%FF"), 400, "UTF-8"),
        (client.get("/sparql?query=%ED%A0%80"), 400, "UTF-8"),
        (client.post("/sparql", data=b"query=\xff", content_type=FORM), 400, "UTF-8"),
        (client.post("/sparql", data=b"ASK { # \xff", content_type=DIRECT), 400, "byte 9"),
        (client.get("/sparql?" + "&".join(["a=b"] * 101)), 400, "100 parameters"),
        (client.get("/sparql?query=ASK{}&default-graph-uri=not%20an%20iri"), 400, "IRI"),
        (client.post("/sparql", data="x", content_type="text/plain"), 415, "text/plain"),
        (client.post("/sparql", data="x", content_type="multipart/form-data; boundary=x"), 415, "multipart"),
        (client.post("/sparql", data=b"x", content_type=DIRECT, headers={"Content-Encoding": "gzip"}), 415, "unpacked"),
        (client.post("/sparql", data=b"x" * 1_000_001, content_type=DIRECT), 413, "64 KB"),
        (client.post("/sparql", data="#" * 65_537, content_type=DIRECT), 413, "65,537"),
        (client.post("/sparql", data={"update": "CLEAR ALL"}), 403, "only reads"),
        (client.get("/sparql?update=CLEAR+ALL"), 403, "only reads"),
        (client.post("/sparql", data="CLEAR ALL", content_type="application/sparql-update"), 403, "only reads"),
        (client.get("/sparql?query=CLEAR+ALL"), 403, "CLEAR is an update"),
        (client.get("/sparql?query=ASK{SERVICE<http://127.0.0.1:1/>{}}"), 403, "SERVICE"),
    ]
    for response, status, said in cases:
        assert response.status_code == status
        assert response.mimetype == "application/problem+json"
        assert response.json is not None
        assert response.json["status"] == status
        assert said in response.json["detail"]
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_a_syntax_error_has_line_and_column(client: FlaskClient) -> None:
    response = client.post("/sparql", data="SELECT *\nWHERE { ?x foaf:name ?y }", content_type=DIRECT)
    assert response.status_code == 400
    assert response.json is not None
    assert (response.json["line"], response.json["column"]) == (2, 21)
    assert "PREFIX" in response.json["detail"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_told_which_there_are(client: FlaskClient, method: str) -> None:
    response = client.open("/sparql", method=method)
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
    assert response.json is not None
    assert "GET" in response.json["detail"]


def test_head_is_get_without_a_body(client: FlaskClient) -> None:
    head = client.head("/sparql", query_string={"query": SELECT})
    get = client.get("/sparql", query_string={"query": SELECT})
    assert head.data == b""
    different = {"X-Request-Id"}
    assert {key: value for key, value in head.headers if key not in different} == {
        key: value for key, value in get.headers if key not in different
    }
    assert client.head("/sparql?query=SELEC").status_code == 400


def test_a_preflight_allows_what_a_page_elsewhere_sends(client: FlaskClient) -> None:
    response = client.options(
        "/sparql",
        headers={
            "Origin": "https://example.org",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in response.headers


def test_an_answer_is_named_and_not_sent_twice(client: FlaskClient) -> None:
    first = client.get("/sparql", query_string={"query": SELECT})
    tag = first.headers["ETag"]
    assert not tag.startswith("W/")
    for held in (tag, f'"other", {tag}'):
        again = client.get("/sparql", query_string={"query": f" {SELECT}\n"}, headers={"If-None-Match": held})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
        assert "Accept" in again.vary
    assert (
        client.get("/sparql", query_string={"query": SELECT}, headers={"If-None-Match": '"other"'}).data == first.data
    )
    assert client.get("/sparql?query=SELEC", headers={"If-None-Match": "*"}).status_code == 400


def test_what_differs_has_another_name(client: FlaskClient) -> None:
    tags = [
        client.get("/sparql", query_string=query, headers=headers).headers["ETag"]
        for query in ({"query": SELECT}, {"query": COUNT}, {"query": COUNT, "default-graph-uri": "a:b"}, {})
        for headers in ({}, {"Accept": "application/xml"})
    ]
    assert len(set(tags)) == len(tags)
    other = web.create_app(store.open_file(TINY, "r2", {}, {})).test_client()
    assert other.get("/sparql", query_string={"query": SELECT}).headers["ETag"] not in tags


def test_what_changes_each_time_has_no_name(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": "SELECT (NOW() AS ?now) {}"})
    assert "ETag" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"


def test_an_answer_over_the_limits_is_an_error_and_nothing_of_it_is_sent() -> None:
    for small in (app_over(rows=3), app_over(answer_bytes=300)):
        response = small.get("/sparql", query_string={"query": "SELECT * { ?s ?p ?o }"})
        assert response.status_code == 413
        assert response.json is not None
        assert "LIMIT" in response.json["detail"]
        assert b"jwst" not in response.data


@pytest.mark.parametrize("format", formats.GRAPHS, ids=lambda format: format.name)
def test_the_endpoint_describes_itself_in_every_format(client: FlaskClient, format: formats.GraphFormat) -> None:
    response = client.get("/sparql", headers={"Accept": format.media_type})
    described = pyoxigraph.Store()
    described.load(response.data, format=format.codec)
    here = "<http://localhost/sparql>"
    assert described.query(
        f"PREFIX sd: <{SD}> ASK {{ {here} a sd:Service ; sd:endpoint {here} ; sd:feature sd:UnionDefaultGraph ;"
        " sd:supportedLanguage sd:SPARQL11Query ; sd:resultFormat <http://www.w3.org/ns/formats/SPARQL_Results_CSV> ;"
        f" sd:defaultDataset/sd:namedGraph/sd:name <{GRAPH}ontology> ."
        f" FILTER EXISTS {{ {here} ?p ?said FILTER(CONTAINS(STR(?said), 'alignments')) }} }}"
    )


def test_the_configured_address_outranks_the_one_asked() -> None:
    app = web.create_app(Store([], "r", {}), "https://example.org/kg/")
    client = app.test_client()
    assert b"<https://example.org/kg/sparql>" in client.get("/sparql", headers={"Host": "evil.example"}).data
    assert b"evil.example" not in client.get("/", headers={"Host": "evil.example"}).data


def test_tables_for_spreadsheets_are_files(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": SELECT, "format": "csv"})
    assert response.headers["Content-Disposition"] == 'attachment; filename="answer.csv"'
    assert response.content_type == "text/csv; charset=utf-8"


def test_a_fault_of_ours_is_told_without_its_insides() -> None:
    class Broken(Store):
        def answer(self, *_: object) -> None:  # type: ignore[override]
            raise ZeroDivisionError("secret")

    app = web.create_app(Broken([], "r", {}))
    response = app.test_client().get("/sparql?query=ASK{}")
    assert response.status_code == 500
    assert response.mimetype == "application/problem+json"
    assert b"secret" not in response.data
    assert b"Traceback" not in response.data
