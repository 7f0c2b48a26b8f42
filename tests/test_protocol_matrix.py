"""The SPARQL Protocol over real HTTP as a matrix: what is asked, how it is asked for, and what must come back."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import brotli
import pyoxigraph
import pytest
from backports import zstd
from tests.asked import served
from tests.opening import Opened
from tests.serving import PARTS, Reply, ask

from spacekg import formats, web
from spacekg.store import Store

TINY = Path(__file__).parent / "graphs" / "tiny.trig"
GRAPH = "https://w3id.org/spacekg/graph/"
QUERIES = {
    "select": "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o",
    "ask": "ASK {}",
    "construct": "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }",
    "describe": "DESCRIBE <https://w3id.org/spacekg/id/cassini-huygens>",
}
MADE_OF = {"select": formats.RESULTS, "ask": formats.RESULTS, "construct": formats.TRIPLES, "describe": formats.TRIPLES}
FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
JSON, XML, CSV, TSV = (format.media_type for format in formats.RESULTS)
TURTLE, JSON_LD, N_TRIPLES, RDF_XML = (format.media_type for format in formats.TRIPLES)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.fixture(scope="module")
def address(opened: Opened) -> Iterator[str]:
    engine = opened(TINY, "r1", PARTS, {"skg": "https://w3id.org/spacekg/ontology#"})
    with served(web.create_app(engine)) as place:
        yield place


def query(address: str, kind: str, *accept: str, **parameters: str) -> Reply:
    """Send a query with as many Accept lines as there are texts."""
    asked = urlencode({"query": QUERIES[kind], **parameters})
    return ask(address, f"sparql?{asked}", [("Accept", line) for line in accept])


def check_readable(reply: Reply) -> None:
    """Read an answer with the parser for what it says it is."""
    if reply.kind in {format.media_type for format in formats.RESULTS}:
        format = formats.find(reply.kind, formats.RESULTS)
        if format is formats.CSV:
            assert b"\r\n" in reply.body or reply.body in (b"true", b"false")
        else:
            pyoxigraph.parse_query_results(reply.body, format.codec)
    else:
        list(pyoxigraph.parse(reply.body, formats.find(reply.kind, formats.GRAPHS).codec))


# Formats × ways of asking: (Accept lines, parameters).
WAYS = {
    "plain": lambda kind: ([kind], {}),
    "upper case": lambda kind: ([kind.upper()], {}),
    "charset": lambda kind: ([f"{kind};charset=utf-8"], {}),
    "low q": lambda kind: ([f"{kind};q=0.001"], {}),
    "list behind what there is not": lambda kind: ([f"image/png, {kind};q=0.5"], {}),
    "wildcard behind it": lambda kind: ([f"{kind}, */*;q=0.1"], {}),
    "wildcard before it": lambda kind: ([f"*/*;q=0.1, {kind}"], {}),
    "two lines": lambda kind: (["image/png", kind], {}),
    "two lines, the second better": lambda kind: (["*/*;q=0.2", f"{kind};q=0.9"], {}),
    "spaces and empty elements": lambda kind: ([f" , {kind} ; q=1.0 ,, "], {}),
    "format=name": lambda kind: (["image/png"], {"format": formats_of(kind)}),
    "output=media type": lambda kind: ([], {"output": kind}),
    "results=media type beside another Accept": lambda kind: (["*/*"], {"results": kind}),
}
CELLS = [(kind, format.media_type, way) for kind, table in MADE_OF.items() for format in table for way in WAYS]


def formats_of(media_type: str) -> str:
    return next(each.name for each in (*formats.RESULTS, *formats.TRIPLES) if each.media_type == media_type)


@pytest.mark.parametrize(("kind", "media_type", "way"), CELLS)
def test_each_format_in_each_way(address: str, kind: str, media_type: str, way: str) -> None:
    accept, parameters = WAYS[way](media_type)
    reply = query(address, kind, *accept, **parameters)
    assert (reply.status, reply.kind) == (200, media_type)
    assert "Accept" in reply.headers["vary"]
    check_readable(reply)


@pytest.mark.parametrize(
    ("kind", "accept", "expected"),
    [
        ("select", [], JSON),
        ("select", [""], JSON),
        ("select", ["*/*"], JSON),
        ("select", ["text/*"], CSV),
        ("select", ["application/*"], JSON),
        ("select", ["text/*;q=0.3, application/*;q=0.2"], CSV),
        ("select", [f"{CSV};q=0, text/*"], TSV),
        ("select", [f"{JSON};q=0, */*"], XML),
        ("select", [f"{XML};q=0.5, {JSON};q=0.5"], JSON),
        ("select", ["application/json"], JSON),
        ("select", ["application/xml"], XML),
        ("select", [BROWSER], XML),
        ("select", [f"{XML};q=0.4", f"{CSV};q=0.6", f"{JSON};q=0.5"], CSV),
        ("ask", [], JSON),
        ("ask", ["text/*"], CSV),
        ("ask", ["text/boolean, */*;q=0.1"], JSON),
        ("construct", [], TURTLE),
        ("construct", ["*/*"], TURTLE),
        ("construct", ["text/*"], TURTLE),
        ("construct", ["application/*"], JSON_LD),
        ("construct", ["application/json"], JSON_LD),
        ("construct", ["text/plain"], N_TRIPLES),
        ("construct", ["application/turtle"], TURTLE),
        ("construct", ["application/xml"], RDF_XML),
        ("construct", [BROWSER], RDF_XML),
        ("construct", [f"{RDF_XML};q=0.9, {N_TRIPLES}"], N_TRIPLES),
        ("construct", ["text/turtle;version=1.1"], TURTLE),
        ("construct", ["text/turtle;version=1.2"], TURTLE),
        ("describe", [], TURTLE),
        ("describe", ["text/*;q=0.1, application/ld+json;q=0.2"], JSON_LD),
        # As clients send it.
        ("select", [f"{JSON},application/json,text/javascript,application/javascript"], JSON),
        ("select", [f"{XML}, application/rdf+xml"], XML),
        ("select", [f"{JSON};q=1.0, {XML};q=0.9, {TSV};q=0.8, {CSV};q=0.7"], JSON),
        ("select", [f"application/n-quads,application/trig;q=0.95,{JSON};q=0.8,*/*;q=0.1"], JSON),
        ("construct", ["text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"], TURTLE),
        ("construct", [f"{TURTLE},{N_TRIPLES};q=0.9,{RDF_XML};q=0.8,*/*;q=0.1"], TURTLE),
    ],
)
def test_lists_wildcards_and_clients(address: str, kind: str, accept: list[str], expected: str) -> None:
    reply = query(address, kind, *accept)
    assert (reply.status, reply.kind) == (200, expected)
    check_readable(reply)


@pytest.mark.parametrize("kind", QUERIES)
@pytest.mark.parametrize("accept", ["image/png", "text/html", "*/*;q=0", "text/turtl", "application/pdf, image/*"])
def test_what_there_is_not(address: str, kind: str, accept: str) -> None:
    reply = query(address, kind, accept)
    assert (reply.status, reply.kind) == (406, "application/problem+json")
    variants = [variant["type"] for variant in json.loads(reply.body)["variants"]]
    assert variants == [format.media_type for format in MADE_OF[kind]]


@pytest.mark.parametrize(
    ("method", "path", "content_type", "body", "status"),
    [
        ("GET", "sparql?query=ASK+%7B%7D", "", None, 200),
        ("HEAD", "sparql?query=ASK+%7B%7D", "", None, 200),
        ("HEAD", "sparql", "", None, 200),
        ("POST", "sparql", FORM, b"query=ASK+%7B%7D", 200),
        ("POST", "sparql", f"{FORM}; charset=UTF-8", b"query=ASK+%7B%7D&format=xml", 200),
        ("POST", "sparql", DIRECT, b"ASK {}", 200),
        ("POST", "sparql?format=csv", f"{DIRECT};charset=utf-8", b"ASK {}", 200),
        ("POST", "sparql", "", b"ASK {}", 415),
        ("POST", "sparql", "text/plain", b"ASK {}", 415),
        ("POST", "sparql", "application/json", b'{"query": "ASK {}"}', 415),
        ("POST", "sparql", "multipart/form-data; boundary=x", b"--x--", 415),
        ("POST", "sparql", FORM, b"", 400),
        ("POST", "sparql", FORM, b"query=ASK+%7B%7D&query=ASK+%7B%7D", 400),
        ("POST", "sparql", DIRECT, b"ASK {", 400),
        ("POST", "sparql", DIRECT, b"ASK { ?s ?p '\xff' }", 400),
        ("POST", "sparql", "application/sparql-update", b"DELETE WHERE { ?s ?p ?o }", 403),
        ("POST", "sparql", FORM, b"update=CLEAR+ALL", 403),
        ("POST", "sparql", DIRECT, b"CLEAR ALL", 403),
        ("GET", "sparql?update=CLEAR+ALL", "", None, 403),
        ("GET", "sparql?query=", "", None, 400),
        ("GET", "sparql?query=SELECTED", "", None, 400),
        ("GET", "sparql?query=ASK+%7B%7D&query=ASK+%7B%7D", "", None, 400),
        ("GET", "sparql?query=ASK+%7B%7D&timeout=soon", "", None, 400),
        ("GET", "sparql?query=ASK+%7B%7D&timeout=-1", "", None, 400),
        ("GET", "sparql?query=ASK+%7B%7D&timeout=nan", "", None, 400),
        ("GET", "sparql?query=ASK+%7B%7D&timeout=100000", "", None, 200),
        ("GET", "sparql?query=ASK+%7BSERVICE+%3Chttp%3A%2F%2F127.0.0.1%2F%3E+%7B%7D%7D", "", None, 403),
        ("PUT", "sparql", DIRECT, b"ASK {}", 405),
        ("DELETE", "sparql", "", None, 405),
        ("PATCH", "sparql", "", b"", 405),
        ("PUT", "store?default", "text/turtle", b"", 405),
        ("POST", "store?default", "text/turtle", b"", 405),
        ("DELETE", "store?default", "", None, 405),
        ("GET", "store?default", "", None, 200),
        ("HEAD", "store?default", "", None, 200),
        ("GET", f"store?graph={quote(GRAPH + 'ontology')}", "", None, 200),
        ("GET", "store/graph/document/one", "", None, 200),
        ("GET", f"store?graph={quote(GRAPH + 'nothing')}", "", None, 404),
        ("GET", "store", "", None, 400),
        ("GET", "store?default&graph=a:b", "", None, 400),
        ("GET", "store/nothing", "", None, 404),
        ("GET", "nothing", "", None, 404),
    ],
)
def test_methods_and_bodies(
    address: str, method: str, path: str, content_type: str, body: bytes | None, status: int
) -> None:
    reply = ask(address, path, [("Content-Type", content_type)] if content_type else [], method, body)
    assert reply.status == status
    if method == "HEAD":
        assert reply.body == b""
        assert int(reply.headers["content-length"]) > 0
    elif status >= 400:
        problem = json.loads(reply.body)
        assert reply.kind == "application/problem+json"
        assert problem["status"] == status
        assert problem["detail"]
    if status == 405:
        assert {"GET", "HEAD", "OPTIONS"} <= set(reply.headers["allow"].split(", "))


@pytest.mark.parametrize(
    ("parameters", "graphs"),
    [
        ([], {"ontology", "reference/curated", "document/one"}),
        ([("default-graph-uri", GRAPH + "document/one")], {"document/one"}),
        ([("default-graph-uri", GRAPH + name) for name in ("document/one", "ontology")], {"document/one", "ontology"}),
        ([("default-graph-uri", GRAPH + "alignments")], {"alignments"}),
        ([("default-graph-uri", "http://example.org/none")], set()),
        ([("named-graph-uri", GRAPH + "document/one")], set()),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_dataset(address: str, parameters: list[tuple[str, str]], graphs: set[str], method: str) -> None:
    expected = {quad.triple for quad in pyoxigraph.parse(path=TINY) if quad.graph_name.value[len(GRAPH) :] in graphs}
    asked = [("query", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"), *parameters]
    if method == "GET":
        reply = ask(address, f"sparql?{urlencode(asked)}")
    else:
        reply = ask(address, "sparql", [("Content-Type", FORM)], "POST", urlencode(asked).encode())
    (row,) = json.loads(reply.body)["results"]["bindings"]
    assert int(row["n"]["value"]) == len(expected)


@pytest.mark.parametrize("local", ["caf%C3%A9%20bar", "Ωmega", "a%2Fb", "中文", "a+b", "x'y", "%E2%82%AC"])
@pytest.mark.parametrize("way", ["GET", "form", "direct"])
def test_hostile_iris_come_back_as_they_were_sent(local: str, way: str) -> None:
    iri = f"https://w3id.org/spacekg/id/{local}"
    quad = pyoxigraph.Quad(pyoxigraph.NamedNode(iri), pyoxigraph.NamedNode("a:p"), pyoxigraph.Literal("here"))
    text = f"SELECT ?s ?o {{ VALUES ?s {{ <{iri}> }} ?s <a:p> ?o }}"
    with served(web.create_app(Store([quad], "r"))) as place:
        if way == "GET":
            reply = ask(place, f"sparql?{urlencode({'query': text})}")
        elif way == "form":
            reply = ask(place, "sparql", [("Content-Type", FORM)], "POST", urlencode({"query": text}).encode())
        else:
            reply = ask(place, "sparql", [("Content-Type", DIRECT)], "POST", text.encode())
    (row,) = json.loads(reply.body)["results"]["bindings"]
    assert (row["s"]["value"], row["o"]["value"]) == (iri, "here")


UNPACK = {"gzip": gzip.decompress, "br": brotli.decompress, "zstd": zstd.decompress}


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, ""),
        ("identity", ""),
        ("gzip", "gzip"),
        ("br", "br"),
        ("zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("compress", ""),
        ("gzip;q=0", ""),
    ],
)
@pytest.mark.parametrize("path", ["sparql", "sparql?query=" + quote(QUERIES["construct"]), "store?default"])
def test_compression(address: str, path: str, accept: str | None, expected: str) -> None:
    headers = [] if accept is None else [("Accept-Encoding", accept)]
    plain = ask(address, path)
    reply = ask(address, path, headers)
    assert len(plain.body) > 500
    assert reply.headers.get("content-encoding", "") == expected
    assert "Accept-Encoding" in reply.headers["vary"]
    assert UNPACK.get(expected, bytes)(reply.body) == plain.body
    tag = reply.headers["etag"]
    assert (tag == plain.headers["etag"]) == (not expected)
    again = ask(address, path, [*headers, ("If-None-Match", f'"other", {tag}')])
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert ask(address, path, headers).body == reply.body
    # A copy in an encoding that is not read any more is sent anew.
    assert ask(address, path, [("If-None-Match", tag)]).status == (200 if expected else 304)


@pytest.mark.parametrize("path", ["", "sparql", "store", "lint", "queries", "health"])
def test_a_browser_may_ask_from_anywhere(address: str, path: str) -> None:
    headers = [("Origin", "https://example.org"), ("Access-Control-Request-Method", "GET")]
    reply = ask(address, path, headers, "OPTIONS")
    assert reply.status == 200
    assert reply.headers["access-control-allow-origin"] == "*"
    assert "GET" in reply.headers["access-control-allow-methods"]
    assert "Content-Type" in reply.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in reply.headers
    assert "GET" in reply.headers["allow"]


@pytest.mark.parametrize("format", formats.GRAPHS, ids=lambda format: format.name)
def test_the_endpoint_describes_itself_in_every_format(address: str, format: formats.GraphFormat) -> None:
    reply = ask(address, "sparql", [("Accept", format.media_type)])
    assert (reply.status, reply.kind) == (200, format.media_type)
    terms = {quad.predicate.value.rpartition("#")[2] for quad in pyoxigraph.parse(reply.body, format.codec)}
    assert {"endpoint", "feature", "propertyFeature", "resultFormat", "namedGraph", "defaultGraph"} <= terms


def test_the_matrix_has_more_than_two_hundred_cells() -> None:
    assert len(CELLS) > 200
