"""Content negotiation: which format, for every way of asking for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.opening import Opened

from spacekg import formats, store, web

TINY = Path(__file__).parent / "graphs" / "tiny.trig"
SELECT = "SELECT * { ?s ?p ?o } LIMIT 1"
QUERIES = {
    "select": (SELECT, formats.RESULTS),
    "ask": ("ASK {}", formats.RESULTS),
    "construct": ("CONSTRUCT WHERE { ?s a ?o }", formats.TRIPLES),
    "describe": ("DESCRIBE <https://w3id.org/spacekg/id/jwst>", formats.TRIPLES),
    "describe itself": (None, formats.GRAPHS),
}
ROWS = [(kind, format) for kind, (_, table) in QUERIES.items() for format in table]
RESULTS_JSON, RESULTS_XML = formats.JSON.media_type, formats.XML.media_type
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"

each_format = pytest.mark.parametrize(("kind", "format"), ROWS, ids=lambda value: getattr(value, "name", value))


@pytest.fixture(scope="module")
def client(opened: Opened) -> FlaskClient:
    return web.create_app(opened(TINY, "r1", {}, {})).test_client()


def asked(client: FlaskClient, kind: str, accept: str | None, **parameters: str | list[str]) -> tuple[int, str]:
    query = QUERIES[kind][0]
    sent = {**({"query": query} if query else {}), **parameters}
    response = client.get("/sparql", query_string=sent, headers={} if accept is None else {"Accept": accept})
    assert "Accept" in response.vary
    return response.status_code, response.mimetype


@each_format
def test_every_media_type_and_alias_gets_its_format(client: FlaskClient, kind: str, format: formats.Format) -> None:
    for media_type in format.accepted():
        for accept in (
            media_type,
            media_type.upper(),
            f"{media_type};q=0.1",
            f"{media_type}; charset=utf-8",
            f"image/png, {media_type};q=0.5",
            f"{media_type}, */*;q=0.1",
            f"*/*;q=0.2, {media_type};q=0.3",
            f"{media_type} , text/nothing;q=0.9",
            f",{media_type},",
        ):
            assert asked(client, kind, accept) == (200, format.media_type), accept


@each_format
def test_every_name_gets_its_format_in_every_parameter(client: FlaskClient, kind: str, format: formats.Format) -> None:
    for spelling in format.spellings():
        for name in ("format", "output", "results"):
            assert asked(client, kind, "image/png", **{name: spelling}) == (200, format.media_type)
    twice = {name: [format.name, format.name] for name in ("format", "output", "results")}
    assert asked(client, kind, None, **twice) == (200, format.media_type)


@each_format
def test_what_is_preferred_wins(client: FlaskClient, kind: str, format: formats.Format) -> None:
    for other in QUERIES[kind][1]:
        if other is not format:
            for accept in (
                f"{other.media_type};q=0.8, {format.media_type}",
                f"{format.media_type};q=0.9, {other.media_type};q=0.899",
                f"{other.media_type};q=0, {format.media_type};q=0.001",
            ):
                assert asked(client, kind, accept) == (200, format.media_type), accept


@pytest.mark.parametrize("kind", QUERIES)
@pytest.mark.parametrize("accept", [None, "*/*", "", "*", "*/*;q=0.1", "image/png, */*"])
def test_without_a_wish_the_first_format_is_sent(client: FlaskClient, kind: str, accept: str | None) -> None:
    assert asked(client, kind, accept) == (200, QUERIES[kind][1][0].media_type)


@pytest.mark.parametrize("kind", ["select", "ask", "construct", "describe"])
@pytest.mark.parametrize("parameters", [{"format": "nonsense"}, {"format": ""}, {"output": "html"}])
def test_an_unknown_name_changes_nothing(client: FlaskClient, kind: str, parameters: dict[str, str]) -> None:
    last = QUERIES[kind][1][-1].media_type
    assert asked(client, kind, last, **parameters) == (200, last)


def test_the_first_name_that_is_known_wins(client: FlaskClient) -> None:
    assert asked(client, "select", None, format=["nonsense", "csv", "xml"], output="json") == (200, "text/csv")


@pytest.mark.parametrize("kind", QUERIES)
@pytest.mark.parametrize("accept", ["image/png", "*/*;q=0", "nonsense", "text/turtl", "application/*;q=0, image/*"])
def test_what_there_is_not_is_refused_with_what_there_is(client: FlaskClient, kind: str, accept: str) -> None:
    query, table = QUERIES[kind]
    response = client.get("/sparql", query_string={"query": query} if query else {}, headers={"Accept": accept})
    assert (response.status_code, response.mimetype) == (406, "application/problem+json")
    assert response.json is not None
    assert [variant["type"] for variant in response.json["variants"]] == [format.media_type for format in table]
    assert all(variant["format"] in {format.name for format in table} for variant in response.json["variants"])


@pytest.mark.parametrize(
    ("kind", "accept", "expected"),
    [
        ("select", "text/*", "text/csv"),
        ("select", "text/*;q=0.5, application/*;q=0.1", "text/csv"),
        ("select", "text/csv;q=0, text/*", "text/tab-separated-values"),
        ("construct", "text/*", "text/turtle"),
        ("construct", "application/*", "application/ld+json"),
        ("construct", "application/rdf+xml, text/turtle", "text/turtle"),
        ("select", f"{RESULTS_XML};q=1, {RESULTS_JSON};q=1.0", RESULTS_JSON),
        ("select", BROWSER, RESULTS_XML),
        ("construct", BROWSER, "application/rdf+xml"),
        ("describe itself", BROWSER, "text/html"),
        ("describe itself", "text/html", "text/html"),
        ("describe itself", "text/html;q=0.5, text/turtle", "text/turtle"),
        ("describe itself", "application/xhtml+xml", "text/html"),
        # What clients are known to send.
        ("select", f"{RESULTS_JSON};charset=utf-8", RESULTS_JSON),
        ("select", f"{RESULTS_JSON}, application/json, text/javascript, application/javascript", RESULTS_JSON),
        ("select", f"{RESULTS_XML}, application/rdf+xml", RESULTS_XML),
        ("select", f"{RESULTS_JSON};q=1.0, {RESULTS_XML};q=0.8, text/boolean;q=0.7", RESULTS_JSON),
        ("select", f"application/n-quads,application/trig;q=0.95,{RESULTS_JSON};q=0.8,*/*;q=0.1", RESULTS_JSON),
        (
            "construct",
            "application/n-quads,application/n-triples;q=0.8,text/turtle;q=0.6,*/*;q=0.1",
            "application/n-triples",
        ),
        ("construct", "application/turtle, text/turtle, application/rdf+xml, application/n-triples", "text/turtle"),
        ("construct", "application/ld+json, application/x-json+ld", "application/ld+json"),
        ("construct", "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "text/turtle"),
    ],
)
def test_lists_ranges_and_real_clients(client: FlaskClient, kind: str, accept: str, expected: str) -> None:
    assert asked(client, kind, accept) == (200, expected)


def test_a_page_is_never_the_answer_to_a_query(client: FlaskClient) -> None:
    for kind in ("select", "ask", "construct", "describe"):
        assert asked(client, kind, "text/html")[0] == 406
        assert asked(client, kind, BROWSER)[1] != "text/html"


def test_several_header_lines_are_one_list(client: FlaskClient) -> None:
    response = client.get(
        "/sparql", query_string={"query": SELECT}, headers=[("Accept", "image/png"), ("Accept", "text/csv")]
    )
    assert response.mimetype == "text/csv"


@settings(deadline=None)  # a site is made for each
@given(accept=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=80))
def test_no_accept_header_breaks_it(accept: str) -> None:
    client = web.create_app(store.Store([], "r1", {})).test_client()
    assert client.get("/sparql?query=ASK+{}", headers={"Accept": accept}).status_code in (200, 406)
