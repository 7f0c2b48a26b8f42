"""What the endpoint tells beside its answers: limits, findings of the linter, versions of RDF, whole graphs, times."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, quote_plus

import flask
import pyoxigraph
import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.opening import Opened
from tests.serving import PARTS
from werkzeug.test import EnvironBuilder

from spacekg import formats, guard, store, web
from spacekg.answers import NOBODY, Answer, Caller, DeadlineError, Limits, Request
from spacekg.errors import BadQueryError
from spacekg.publication import Publication
from spacekg.scan import Scan
from spacekg.store import Store
from spacekg.web import parameters
from spacekg.workers import staffed

TINY = Path(__file__).parent / "graphs" / "tiny.trig"
GRAPH = "https://w3id.org/spacekg/graph/"
SKG = "https://w3id.org/spacekg/ontology#"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o . ?p ?q ?r . ?s ?t ?u }"
TERM = "BIND(TRIPLE(<a:s>, <a:p>, 'x') AS ?t)"
DIRECTION = 'BIND(STRLANGDIR("x", "en", "ltr") AS ?t)'


@pytest.fixture(scope="module")
def client(opened: Opened) -> FlaskClient:
    published = Publication(prefixes={"skg": SKG})
    return web.create_app(opened(TINY, "r1", PARTS, {"skg": SKG}), published=published).test_client()


def test_an_answer_says_how_large_and_slow_it_may_be(client: FlaskClient) -> None:
    reply = client.get("/sparql", query_string={"query": "ASK {}"})
    assert reply.headers["Query-Limits"] == "rows=100000, bytes=20000000, seconds=30"
    reply = client.get("/sparql", query_string={"query": "ASK {}", "timeout": ["2.5", "9"]})
    assert reply.headers["Query-Limits"] == "rows=100000, bytes=20000000, seconds=2.5"
    reply = client.get("/sparql", query_string={"query": "ASK {}", "timeout": "3600"})
    assert reply.headers["Query-Limits"] == "rows=100000, bytes=20000000, seconds=30"
    assert "100,000 rows" in client.get("/sparql", headers={"Accept": "text/turtle"}).text


def test_workers_keep_the_time_that_was_asked_for() -> None:
    with staffed(lambda: store.open_file(TINY, "r1", {}, {}), size=1) as pool:
        with pytest.raises(DeadlineError, match=r"0\.3 seconds"):
            pool.answer(Request(SLOW, seconds=0.3))
        assert (
            pool.answer(Request("ASK { <x> ?p ?o }", base="http://example.org/")).content
            == b'{"head":{},"boolean":false}'
        )


@settings(deadline=None)
@given(st.text("ab=&+%012cCfF;~é\n ", max_size=30) | st.text().map(lambda text: quote_plus(text) + "=1"))
def test_parameters_are_decoded_as_the_standard_library_does(text: str) -> None:
    def read(pairs: Callable[[], list[tuple[str, str]]]) -> object:
        try:
            return pairs()
        except (UnicodeDecodeError, BadQueryError):
            return None

    sent = text.encode("latin-1", errors="replace")
    told = read(lambda: parse_qsl(sent.decode("ascii"), keep_blank_values=True, errors="strict"))
    assert read(lambda: parameters._pairs(sent)) == told


class Slow(io.BytesIO):
    """A body that takes nine seconds to come, by a clock of its own."""

    now = 0.0

    def readinto(self, buffer: bytearray) -> int:
        self.now = 9.0
        return super().readinto(buffer)


@pytest.mark.parametrize("kind", [parameters.FORM, parameters.QUERY])
def test_the_time_of_a_query_begins_when_its_body_has_come(kind: str) -> None:
    body = Slow(b"query=ASK%20%7B%7D" if kind == parameters.FORM else b"ASK {}")
    sent = {"CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(body.getvalue())), "wsgi.input": body}
    environ = {**EnvironBuilder(method="POST").get_environ(), **sent}
    asked = parameters.read(flask.Request(environ), lambda: body.now)
    assert (asked.query, asked.began) == ("ASK {}", 9.0)
    assert parameters.read(flask.Request(EnvironBuilder().get_environ()), lambda: 7.0).began == 7.0


def test_the_time_of_a_query_begins_before_the_guard_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    scan, scanned, begun = guard.scan, [], []

    class Told(Store):
        def answer(self, request: Request, caller: Caller = NOBODY) -> Answer:
            begun.append(request.began)
            return super().answer(request, caller)

    def scan_later(query: str, limits: Limits) -> Scan:
        scanned.append(time.monotonic())
        return scan(query, limits)

    monkeypatch.setattr(guard, "scan", scan_later)
    before = time.monotonic()
    assert web.create_app(Told([], "r", {})).test_client().post("/sparql", data={"query": "ASK {}"}).status_code == 200
    assert before < begun[0] < scanned[0]


def test_an_answer_comes_with_what_the_linter_finds(client: FlaskClient) -> None:
    query = f"PREFIX skg: <{SKG}>\nSELECT * {{ ?s a skg:SpaceAgenci }}"
    client.get("/lint", query_string={"query": query})  # waits longer for the words of the data
    reply = client.get("/sparql", query_string={"query": query, "lint": "true"})
    assert reply.status_code == 200
    assert reply.headers["Query-Lint"] == (
        '"the data have no class skg:SpaceAgenci: did you mean skg:SpaceAgency?";code=unknown-class;line=2;column=17'
    )
    assert "Query-Lint" in reply.headers["Access-Control-Expose-Headers"]
    without = ({"query": "ASK { ?s ?p ?o }", "lint": "true"}, {"query": query}, {"query": query, "lint": "false"})
    for asked in without:
        assert "Query-Lint" not in client.get("/sparql", query_string=asked).headers
    assert client.post("/sparql", data={"query": query, "lint": "true"}).headers["Query-Lint"]
    refused = client.get("/sparql", query_string={"query": query, "lint": "perhaps"})
    assert (refused.status_code, "lint=true" in refused.json["detail"]) == (400, True)


def test_a_query_that_cannot_be_read_gets_a_suggestion(client: FlaskClient) -> None:
    reply = client.post("/sparql", data={"query": "SELECT * {\n ?s a skq:SpaceAgency }"})
    assert reply.status_code == 400
    problem = json.loads(reply.text)
    assert problem["line"] == 2
    assert f"did you mean PREFIX skg: <{SKG}>" in problem["detail"]
    (finding,) = problem["lint"]
    assert (finding["code"], finding["line"], finding["column"]) == ("unknown-prefix", 2, 7)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_query_can_be_checked_without_being_answered(client: FlaskClient, method: str) -> None:
    query = "SELECT ?labl { <https://w3id.org/spacekg/id/jwst> ?p ?label }"
    if method == "get":
        reply = client.get("/lint", query_string={"query": query})
    else:
        reply = client.post("/lint", data=query, content_type="application/sparql-query")
    assert reply.json is not None
    first = reply.json["findings"][0]
    assert first["code"] == "unbound-variable"
    assert first["suggestions"] == ["?label"]
    assert client.get("/lint").status_code == 400


@pytest.mark.parametrize("bound", [TERM, DIRECTION])
@pytest.mark.parametrize("format", [formats.JSON, formats.XML, formats.TSV], ids=lambda format: format.name)
def test_rows_with_new_terms_say_their_version(client: FlaskClient, bound: str, format: formats.ResultFormat) -> None:
    asked = {"query": f"SELECT ?t {{ {bound} }}"}
    for accept in (format.media_type, f"{format.media_type};version=1.2"):
        reply = client.get("/sparql", query_string=asked, headers={"Accept": accept})
        assert (reply.status_code, reply.mimetype_params["version"]) == (200, "1.2")
    reply = client.get("/sparql", query_string=asked, headers={"Accept": f"{format.media_type};version=1.1"})
    assert (reply.status_code, reply.mimetype) == (406, "application/problem+json")


@pytest.mark.parametrize("bound", [TERM, DIRECTION])
@pytest.mark.parametrize("format", formats.TRIPLES, ids=lambda format: format.name)
def test_graphs_with_new_terms_say_their_version(client: FlaskClient, bound: str, format: formats.GraphFormat) -> None:
    asked = {"query": f"CONSTRUCT {{ <a:x> <http://example.org/y> ?t }} WHERE {{ {bound} }}"}
    reply = client.get("/sparql", query_string=asked, headers={"Accept": format.media_type})
    if format is formats.JSON_LD:  # it has directions of its own, and no triple terms
        assert (reply.status_code, "RDF 1.2" in reply.text) == ((406, True) if bound == TERM else (200, False))
    else:
        assert (reply.status_code, reply.mimetype_params["version"]) == (200, "1.2")
        (quad,) = pyoxigraph.parse(reply.data, format.codec)
        assert isinstance(quad.object, pyoxigraph.Triple) or quad.object.direction is not None


@pytest.mark.parametrize("text", ["<<( no triple )>>", '"@en--ltr', "<triple>", '"type":"triple"', ' its:dir="ltr"'])
@pytest.mark.parametrize("format", [*formats.RESULTS, *formats.TRIPLES], ids=lambda format: format.media_type)
def test_no_text_is_taken_for_a_new_term(text: str, format: formats.GraphFormat | formats.ResultFormat) -> None:
    quad = pyoxigraph.Quad(
        pyoxigraph.NamedNode("a:s"),
        pyoxigraph.NamedNode("http://example.org/p"),
        pyoxigraph.Literal(text),
        pyoxigraph.NamedNode("a:g"),
    )
    over = web.create_app(Store([quad], "r")).test_client()
    query = "SELECT ?o { ?s ?p ?o }" if format in formats.RESULTS else "CONSTRUCT WHERE { ?s ?p ?o }"
    reply = over.get("/sparql", query_string={"query": query}, headers={"Accept": f"{format.media_type};version=1.1"})
    assert reply.status_code == 200
    assert "version" not in reply.mimetype_params


def test_annotations_of_sparql_1_2_are_understood(client: FlaskClient) -> None:
    query = "CONSTRUCT { <a:s> <a:p> <a:o> {| <a:conf> 0.9 |} } WHERE {}"
    reply = client.get("/sparql", query_string={"query": query}, headers={"Accept": "application/n-triples"})
    assert b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies> <<( <a:s> <a:p> <a:o> )>>" in reply.data


@pytest.mark.parametrize("format", formats.TRIPLES, ids=lambda format: format.name)
@pytest.mark.parametrize("name", ["document/one", "ontology", "alignments"])
def test_a_graph_is_given_as_it_is(client: FlaskClient, name: str, format: formats.GraphFormat) -> None:
    expected = {quad.triple for quad in pyoxigraph.parse(path=TINY) if quad.graph_name.value == GRAPH + name}
    ways = [
        client.get("/store", query_string={"graph": GRAPH + name}, headers={"Accept": format.media_type}),
        client.get("/store", query_string={"graph": GRAPH + name, "format": format.name}),
        client.get(f"/store/graph/{name}", headers={"Accept": format.media_type}),
    ]
    for reply in ways:
        assert (reply.status_code, reply.mimetype) == (200, format.media_type)
        assert {quad.triple for quad in pyoxigraph.parse(reply.data, format.codec)} == expected
        assert client.get("/store", query_string={"graph": GRAPH + name, "format": format.name}, headers={
            "If-None-Match": reply.headers["ETag"]
        }).status_code == 304  # fmt: skip


def test_the_default_graph_is_the_union(client: FlaskClient) -> None:
    apart = GRAPH + "alignments"
    expected = {quad.triple for quad in pyoxigraph.parse(path=TINY) if quad.graph_name.value != apart}
    reply = client.get("/store?default", headers={"Accept": "application/n-triples"})
    assert {quad.triple for quad in pyoxigraph.parse(reply.data, pyoxigraph.RdfFormat.N_TRIPLES)} == expected


def test_a_graph_whose_iri_is_its_address_is_found_there() -> None:
    name = pyoxigraph.NamedNode("http://localhost/store/caf%C3%A9")
    quad = pyoxigraph.Quad(name, pyoxigraph.NamedNode("a:p"), name, name)
    over = web.create_app(Store([quad], "r", PARTS)).test_client()
    assert over.get("/store?graph=store/caf%25C3%25A9").status_code == 200
    assert over.head("/store?graph=" + "http%3A%2F%2Flocalhost%2Fstore%2Fcaf%25C3%25A9").status_code == 200
    assert over.get("/store/caf%C3%A9").status_code == 200
    assert over.head("/store/cafe").status_code == 404


def test_relative_iris_are_relative_to_the_endpoint(client: FlaskClient) -> None:
    query = "CONSTRUCT { <x> <y> <z> } WHERE {}"
    reply = client.get("/sparql", query_string={"query": query}, headers={"Accept": "application/n-triples"})
    assert reply.data == b"<http://localhost/x> <http://localhost/y> <http://localhost/z> .\n"


def test_a_large_graph_is_refused_whole(opened: Opened) -> None:
    client = web.create_app(opened(TINY, "r1", PARTS, {}, Limits(rows=3))).test_client()
    assert client.get("/store?default").status_code == 413
    assert client.get("/store/graph/document/one").status_code == 200


def test_a_long_query_is_checked_only_where_that_is_asked_for(client: FlaskClient) -> None:
    query = f"PREFIX skg: <{SKG}> ASK {{ ?s a skg:SpaceAgenci }} # {'long ' * 2_000}"
    assert "Query-Lint" not in client.get("/sparql", query_string={"query": query, "lint": "true"}).headers
    assert client.get("/lint", query_string={"query": query}).json["findings"]


def test_a_graph_that_is_too_large_says_how_to_get_it_all_the_same(opened: Opened) -> None:
    small = opened(TINY, "r1", PARTS, {}, Limits(rows=2))
    reply = web.create_app(small).test_client().get("/store?default")
    assert reply.status_code == 413
    assert "one by one, by ?graph=" in reply.json["detail"]
