"""What people see: the home page, the questions, the form, the state; and the headers on all of it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from tests.opening import Opened

from spacekg import web

TINY = Path(__file__).parent / "graphs" / "tiny.trig"
QUERIES = {
    "who": "# Who takes part in <b>what</b> & why?\nSELECT * { ?s ?p '</textarea><script>' }",
    "rules/inner": "SELECT * { ?inner ?p ?o }",
    "any_graphs": "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }",
}


@pytest.fixture(scope="module")
def client(opened: Opened) -> FlaskClient:
    return web.create_app(opened(TINY, "release-7", QUERIES, {})).test_client()


def test_the_home_page_says_where_to_ask_and_what_is_there(client: FlaskClient) -> None:
    page = client.get("/").text
    assert 'value="http://localhost/sparql"' in page
    assert "release-7" in page
    assert "30 triples" in page
    assert "https://w3id.org/spacekg/graph/ontology" in page


def test_every_question_on_the_home_page_leads_to_its_answer(client: FlaskClient) -> None:
    page = client.get("/").text.partition("<main")[2].partition("<footer")[0]
    links = re.findall(r'<li><a href="([^"]+)">([^<]+)</a>', page)
    assert [unescape(text) for _, text in links] == ["any graphs", "Who takes part in <b>what</b> & why?"]
    for link, text in links:
        answer = client.get(link)
        assert answer.status_code == 200
        assert f"<h1>{text}</h1>" in answer.text
    assert (
        client.get("/queries/any_graphs").text.count("<td>") == client.get("/queries/any_graphs").text.count("<tr>") - 1
    )


def test_a_search_box_is_a_form_that_works_without_a_script(client: FlaskClient) -> None:
    assert 'action="/search" method="get"' in client.get("/").text
    hostile = client.get("/search", query_string={"q": '"><script>alert(1)</script>\u202e'})
    assert hostile.status_code == 200
    assert "<script>alert" not in hostile.text
    assert "\u202e" not in hostile.text.partition("</title>")[0]
    assert client.get("/search?q=" + "x" * 5000).status_code == 200


def test_questions_are_listed_with_their_text(client: FlaskClient) -> None:
    page = client.get("/queries").text
    assert "<script>" not in page
    assert all(("/" in name) != (unescape(text) in unescape(page)) for name, text in QUERIES.items())
    assert client.get("/queries/rules/inner.rq").text == QUERIES["rules/inner"]
    file = client.get("/queries/who.rq")
    assert (file.text, file.mimetype) == (QUERIES["who"], "application/sparql-query")
    missing = client.get("/queries/wha.rq")
    assert missing.status_code == 404
    assert missing.json is not None
    assert "who" in missing.json["detail"]


def test_a_browser_without_a_query_gets_a_form(client: FlaskClient) -> None:
    page = client.get("/sparql", headers={"Accept": "text/html"}).text
    assert '<textarea id="query" name="query"' in page
    assert "30 seconds" in page
    assert "100,000 rows" in page


@pytest.mark.parametrize("path", ["/", "/queries", "/queries/who", "/search?q=a", "/sparql"])
def test_a_page_needs_nothing_from_elsewhere_and_runs_nothing(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.mimetype == "text/html"
    assert not re.findall(r"<script(?! src=)|\son\w+=|\sstyle=", response.text)
    loaded = re.findall(r'<(?:link|img|iframe|source)[^>]+(?:href|src)="([^"]+)"', response.text)
    assert loaded[:2] == ["/static/icon.svg", "/static/style.css"]
    assert all(each.startswith("/static/") for each in loaded)
    assert all(client.get(each).status_code == 200 for each in loaded)


@pytest.mark.parametrize(
    "path", ["/", "/sparql?query=ASK{}", "/sparql?query=A", "/nowhere", "/health", "/static/style.css"]
)
def test_every_answer_is_safe_to_show(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in headers


def test_health_counts_what_is_served(client: FlaskClient) -> None:
    response = client.get("/health")
    assert response.json is not None
    assert (response.json["status"], response.json["release"], response.json["triples"]) == ("ok", "release-7", 30)
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["/nowhere", "/static/../__init__.py", "/static/%2e%2e/errors.py", "/queries/", "/sparql/x"]
)
def test_what_is_not_there_is_said(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    if path == "/queries/":
        assert response.status_code == 200
    else:
        assert (response.status_code, response.mimetype) == (404, "application/problem+json")


def test_only_the_endpoint_takes_posts(client: FlaskClient) -> None:
    for path in ("/", "/queries", "/health"):
        response = client.post(path)
        assert response.status_code == 405
        assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
