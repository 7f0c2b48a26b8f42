"""Asking other endpoints: here, our own one at another address, and servers that misbehave."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph
import pytest
from tests.asked import served

from spacekg import formats, remote, store, web
from spacekg.errors import RemoteError
from spacekg.remote import Endpoint

TINY = Path(__file__).parent / "graphs" / "tiny.trig"
LABELS = "SELECT ?label { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?label } ORDER BY ?label"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    with served(web.create_app(store.open_file(TINY, "r1", {}, {}))) as address:
        yield Endpoint(f"{address}sparql", 20)


def answering(status: str, headers: list[tuple[str, str]], body: bytes, seen: list[dict] | None = None) -> Callable:
    def app(environ: dict, start_response: Callable) -> list[bytes]:
        if seen is not None:
            seen.append({**environ, "body": environ["wsgi.input"].read()})
        start_response(status, headers)
        return [body]

    return app


@pytest.mark.parametrize("format", formats.RESULTS, ids=lambda format: format.name)
def test_rows_arrive_as_they_were_sent(endpoint: Endpoint, format: formats.ResultFormat) -> None:
    assert "Cassini–Huygens" in remote.query(endpoint, LABELS, format, formats.TURTLE).decode()
    assert b"true" in remote.query(endpoint, "ASK {}", format, formats.TURTLE)


@pytest.mark.parametrize("format", formats.TRIPLES, ids=lambda format: format.name)
def test_a_graph_arrives_in_the_format_asked_for(endpoint: Endpoint, format: formats.GraphFormat) -> None:
    content = remote.query(endpoint, "CONSTRUCT WHERE { ?s a ?o }", formats.JSON, format)
    assert len(list(pyoxigraph.parse(content, format=format.codec))) == 9


def test_rows_become_terms(endpoint: Endpoint) -> None:
    found = remote.rows(endpoint, LABELS)
    assert [row["label"].value for row in found][:2] == ["ASI", "CSA"]
    assert {row["label"].language for row in found} == {None, "en", "zh"}


def test_the_endpoint_is_told_who_asks_and_for_what() -> None:
    seen: list[dict] = []
    body = b'{"head":{"vars":[]},"results":{"bindings":[]}}'
    with served(answering("200 OK", [("Content-Type", "application/json")], body, seen)) as address:
        assert remote.rows(Endpoint(address), "SELECT * {}") == []
    assert seen[0]["HTTP_USER_AGENT"].startswith("spacekg/")
    assert seen[0]["HTTP_ACCEPT"] == "application/sparql-results+json, text/turtle"
    assert seen[0]["body"] == b"query=SELECT+%2A+%7B%7D"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELEC", r"cannot read the query \(HTTP 400\): line 1, column 6"),
        ("ASK { SERVICE <http://127.0.0.1:1/> {} }", r"HTTP 403\).*SERVICE"),
        ("ASK " + "{" * 101, r"too large.*HTTP 413\).*nest"),
    ],
)
def test_a_refusal_is_passed_on_in_the_words_of_the_endpoint(endpoint: Endpoint, query: str, said: str) -> None:
    with pytest.raises(RemoteError, match=said):
        remote.query(endpoint, query, formats.JSON, formats.TURTLE)


@pytest.mark.parametrize("update", ["INSERT DATA { <a:a> <a:a> <a:a> }", "CLEAR ALL", "LOAD <http://127.0.0.1:1/>"])
def test_an_update_is_never_sent(update: str) -> None:
    seen: list[dict] = []
    with served(answering("200 OK", [], b"", seen)) as address, pytest.raises(RemoteError, match="update"):
        remote.query(Endpoint(address), update, formats.JSON, formats.TURTLE)
    assert not seen


@pytest.mark.parametrize(
    ("status", "headers", "body", "said"),
    [
        ("429 Too Many", [("Retry-After", "7")], b"slow down", r"HTTP 429, again in 7 seconds\): slow down"),
        ("503 Busy", [], b"<h1>Sorry</h1>", r"HTTP 503\): Sorry"),
        ("500 Oops", [], b"\xff\xfe", "HTTP 500"),
        ("418 Teapot", [], b'{"detail": 3}', r"HTTP 418\): 3"),
        ("404 Not Found", [], b"[]", "no endpoint at this address"),
        ("200 OK", [("Content-Type", "text/html")], b"<html>", "answered text/html"),
        ("200 OK", [("Content-Type", "application/json")], b"{", "no table"),
        (
            "200 OK",
            [("Content-Type", "application/json")],
            json.dumps({"head": {}, "boolean": True}).encode(),
            "yes or no",
        ),
    ],
)
def test_whatever_a_server_says_it_is_one_clear_error(
    status: str, headers: list[tuple[str, str]], body: bytes, said: str
) -> None:
    with served(answering(status, headers, body)) as address, pytest.raises(RemoteError, match=said):
        remote.rows(Endpoint(address), "SELECT * {}")


@pytest.mark.parametrize("address", ["file:///etc/hostname", "ftp://127.0.0.1/", "sparql", ""])
def test_only_the_web_is_asked(address: str) -> None:
    with pytest.raises(RemoteError, match="http://"):
        remote.rows(Endpoint(address), "SELECT * {}")


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/", "http://127.0.0.1:99999/", "http://[/", "http://a b/"])
def test_an_address_nobody_answers_at_is_said(address: str) -> None:
    with pytest.raises(RemoteError, match="cannot be reached"):
        remote.rows(Endpoint(address), "SELECT * {}")


def test_an_endpoint_that_never_answers_is_left() -> None:
    release = threading.Event()

    def app(_environ: dict, start_response: Callable) -> list[bytes]:
        release.wait(20)
        start_response("200 OK", [])
        return []

    with served(app) as address:
        with pytest.raises(RemoteError, match="1 second"):
            remote.rows(Endpoint(address, 1), "SELECT * {}")
        release.set()
