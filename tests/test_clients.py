"""Clients that people use, against our endpoint over HTTP; those that are not installed are skipped.

The JavaScript ones are looked for in the folder that NODE_CLIENTS names, where
`npm install @comunica/query-sparql@4 fetch-sparql-endpoint` was run.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import xml.dom.minidom
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
import SPARQLWrapper as client
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from tests import endpoints
from tests.asked import served
from tests.opening import Opened

from spacekg import formats, web

HERE = Path(__file__).parent
TINY = HERE / "graphs" / "tiny.trig"
NODE_CLIENTS = os.environ.get("NODE_CLIENTS", "")
ID, RDFS = "https://w3id.org/spacekg/id/", "http://www.w3.org/2000/01/rdf-schema#"
NAMES = f"SELECT ?o {{ <{ID}cassini-huygens> <{RDFS}label> ?o }}"
EXPECTED = {"Cassini–Huygens", "卡西尼-惠更斯号"}
GRAPH = f"CONSTRUCT {{ ?s <{RDFS}label> ?o }} WHERE {{ ?s <{RDFS}label> ?o }}"
LABELS = {
    (quad.subject.value, quad.object.value)
    for quad in pyoxigraph.parse(path=TINY)
    if quad.predicate.value == f"{RDFS}label" and isinstance(quad.object, pyoxigraph.Literal)
}


@pytest.fixture(scope="module")
def endpoint(opened: Opened) -> Iterator[str]:
    with served(web.create_app(opened(TINY, "r1", {}, {}))) as address:
        yield f"{address}sparql"


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
@pytest.mark.parametrize("way", ["get", "form", "direct", "compressed", "revalidated"])
def test_curl(endpoint: str, way: str, tmp_path: Path) -> None:
    accept = ["-H", "Accept: text/csv"]
    tag = tmp_path / "tag"
    ways = {
        "get": ["-G", "--data-urlencode", f"query={NAMES}"],
        "form": ["--data-urlencode", f"query={NAMES}"],
        "direct": ["-H", "Content-Type: application/sparql-query", "--data-binary", NAMES],
        "compressed": ["--compressed", "-G", "--data-urlencode", f"query={NAMES}"],
        "revalidated": [
            "--etag-save",
            str(tag),
            "--etag-compare",
            str(tag),
            "-G",
            "--data-urlencode",
            f"query={NAMES}",
        ],
    }
    if way == "revalidated":
        tag.touch()
    out = run("curl", "-sS", "--fail", *accept, *ways[way], endpoint)
    assert set(out.splitlines()[1:]) == EXPECTED
    if way == "revalidated":
        assert run("curl", "-sS", "-w", "%{http_code}", *accept, *ways[way], endpoint) == "304"


ROWS = [client.JSON, client.XML, client.CSV, client.TSV]
TRIPLES = [client.TURTLE, client.N3, client.RDFXML, client.JSONLD, client.XML]


def wrapped(endpoint: str, query: str, way: tuple[str, str, bool], wanted: str) -> client.SPARQLWrapper:
    method, sent, only_accept = way
    asked = client.SPARQLWrapper(endpoint)
    asked.setQuery(query)
    asked.setMethod(method)
    asked.setRequestMethod(sent)
    asked.setOnlyConneg(only_accept)
    asked.setReturnFormat(wanted)
    return asked


WAYS = [
    (method, sent, only_accept)
    for method, sent in (
        (client.GET, client.URLENCODED),
        (client.POST, client.URLENCODED),
        (client.POST, client.POSTDIRECTLY),
    )
    for only_accept in (True, False)
]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("wanted", ROWS)
def test_sparqlwrapper_gets_rows(endpoint: str, way: tuple[str, str, bool], wanted: str) -> None:
    result = wrapped(endpoint, NAMES, way, wanted).queryAndConvert()
    if wanted == client.JSON:
        found = {row["o"]["value"] for row in result["results"]["bindings"]}
    elif wanted == client.XML:
        assert isinstance(result, xml.dom.minidom.Document)
        found = {node.firstChild.data for node in result.getElementsByTagName("literal")}
    elif wanted == client.CSV:
        found = set(result.decode().split("\r\n")[1:-1])
    else:
        found = {line.partition("@")[0].strip('"') for line in result.decode().splitlines()[1:]}
    assert found == EXPECTED


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("wanted", TRIPLES)
def test_sparqlwrapper_gets_graphs(endpoint: str, way: tuple[str, str, bool], wanted: str) -> None:
    result = wrapped(endpoint, GRAPH, way, wanted).queryAndConvert()
    if not isinstance(result, rdflib.Graph):
        result = rdflib.Graph().parse(data=result, format="turtle")
    assert {(str(s), str(o)) for s, _, o in result} == LABELS


@pytest.mark.parametrize("way", WAYS)
def test_sparqlwrapper_asks_and_describes(endpoint: str, way: tuple[str, str, bool]) -> None:
    assert wrapped(endpoint, "ASK { ?s ?p ?o }", way, client.JSON).queryAndConvert()["boolean"] is True
    described = wrapped(endpoint, f"DESCRIBE <{ID}nasa>", way, client.TURTLE).queryAndConvert()
    graph = rdflib.Graph().parse(data=described, format="turtle")
    assert (rdflib.URIRef(f"{ID}nasa"), rdflib.RDFS.label, rdflib.Literal("NASA")) in graph


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("returned", ["xml", "json", "csv"])
def test_rdflib_reads_us_as_a_graph(endpoint: str, method: str, returned: str) -> None:
    graph = rdflib.Graph(SPARQLStore(endpoint, method=method, returnFormat=returned))
    assert {str(row.o) for row in graph.query(NAMES)} == EXPECTED
    assert {str(label) for label in graph.objects(rdflib.URIRef(f"{ID}cassini-huygens"), rdflib.RDFS.label)} == EXPECTED
    if returned != "csv":  # rdflib does not read a truth in CSV
        assert bool(graph.query("ASK { ?s ?p ?o }"))


@pytest.mark.parametrize("returned", ["turtle", "xml", "json-ld", "nt"])
def test_rdflib_gets_graphs(endpoint: str, returned: str) -> None:
    accept = {
        "turtle": "text/turtle",
        "xml": "application/rdf+xml",
        "json-ld": "application/ld+json",
        "nt": "text/plain",
    }
    graph = rdflib.Graph(SPARQLStore(endpoint, headers={"Accept": accept[returned]}))
    assert {(str(s), str(o)) for s, _, o in graph.query(GRAPH)} == LABELS


@pytest.mark.skipif(not shutil.which("roqet"), reason="roqet (rasqal-utils) is not installed")
@pytest.mark.parametrize("format", ["csv", "xml"])
def test_roqet(endpoint: str, format: str) -> None:
    out = run("roqet", "-q", "-p", endpoint, "-e", NAMES, "-r", format)
    assert all(name in out for name in EXPECTED)


needs_node = pytest.mark.skipif(
    not shutil.which("node") or not NODE_CLIENTS, reason="NODE_CLIENTS names no folder with the JavaScript clients"
)


def lines(script: str, *arguments: str) -> list[object]:
    out = run("node", str(HERE / "clients" / script), NODE_CLIENTS, *arguments)
    return [json.loads(line) for line in out.splitlines()]


@needs_node
def test_comunica(endpoint: str) -> None:
    found = lines("comunica.mjs", endpoint, NAMES)
    assert {row["o"] for row in found} == EXPECTED  # type: ignore[index]
    assert lines("comunica.mjs", endpoint, "ASK { ?s ?p ?o }") == [True]
    assert {(s, o) for s, _, o in lines("comunica.mjs", endpoint, GRAPH)} == LABELS  # type: ignore[misc]


@needs_node
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_fetch_sparql_endpoint(endpoint: str, method: str) -> None:
    found = lines("fetch_sparql_endpoint.mjs", endpoint, NAMES, method)
    assert {row["o"] for row in found} == EXPECTED  # type: ignore[index]
    assert lines("fetch_sparql_endpoint.mjs", endpoint, "ASK { ?s ?p ?o }", method) == [True]
    triples = lines("fetch_sparql_endpoint.mjs", endpoint, GRAPH, method)
    assert {(s, o) for s, _, o in triples} == LABELS  # type: ignore[misc]


@pytest.mark.skipif(not endpoints.BINARY, reason="oxigraph is not installed")
def test_another_server_federates_with_ours(endpoint: str, tmp_path: Path) -> None:
    own = tmp_path / "own.ttl"
    own.write_text(f"<{ID}cassini-huygens> <http://example.org/rating> 5 .")
    ours = f"SERVICE <{endpoint}> {{ ?s <{RDFS}label> ?name }}"
    query = f"SELECT ?name ?rating {{ ?s <http://example.org/rating> ?rating {ours} }}"
    with endpoints.sparql_server(own) as other:
        asked = wrapped(other, query, (client.POST, client.URLENCODED, True), client.JSON)
        rows = asked.queryAndConvert()["results"]["bindings"]
    assert {(row["name"]["value"], row["rating"]["value"]) for row in rows} == {(name, "5") for name in EXPECTED}


def test_every_format_was_asked_for() -> None:
    assert {"json", "xml", "csv", "tsv"} == {format.name for format in formats.RESULTS}
