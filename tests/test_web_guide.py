"""The pages about the whole graph and site: disputes with both sides, sources, downloads, every address, its state."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from tests.opening import Opened

from spacekg import publication, web
from spacekg.declared import Declared
from spacekg.reconciliation import register
from spacekg.release import Release

PEOPLE = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def client(rules: Declared, shipped_release: Release, opened: Opened) -> Iterator[FlaskClient]:
    queries = {query.name: query.text for query in rules.queries.values()}
    engine = opened(shipped_release.graph, shipped_release.id, queries, rules.prefixes)
    published = publication.read(rules, shipped_release)
    names = register.read(shipped_release, rules)
    yield web.create_app(engine, published=published, register=names).test_client()


def test_every_dispute_is_shown_with_both_sides(client: FlaskClient) -> None:
    page = client.get("/disputes").text
    assert page.count("<h3>What is said</h3>") == page.count("<h3>What speaks against it</h3>") == 5
    assert "European Space Agency is not among them" in page
    first = re.findall(r'id="([0-9a-f]{24})"', page)[0]
    rest = client.get("/disputes", query_string={"after": f"https://w3id.org/spacekg/claim/{first}"}).text
    assert rest.count("<h3>What is said</h3>") == 4
    assert client.get("/disputes?after=<script>").text.count("<h3>What is said</h3>") == 5


def test_the_figures_of_quality_are_those_of_the_documentation(client: FlaskClient) -> None:
    page = client.get("/about").text
    documented = (Path(__file__).parents[1] / "docs" / "quality.md").read_text(encoding="utf-8")
    rows = re.findall(r'<th scope="row">([^<]+)</th><td class="number">([\d.]+)</td><td class="number">([\d.]+)', page)
    assert len(rows) == 3
    for texts, precision, recall in rows:
        (line,) = [line for line in documented.splitlines() if line.startswith(f"| {texts} |")]
        assert f"| {precision} of " in line
        assert f"| {recall} |" in line
    measured = re.search(r"Measured on (\d{4}-\d\d-\d\d)", page)
    assert measured is not None
    assert f"{measured[1]}. A row of a gold is" in documented
    assert "Research Organization Registry" in page


def test_all_claims_can_be_taken_away_as_a_table(client: FlaskClient) -> None:
    answer = client.get("/downloads/claims.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert {"accepted", "uncertain", "disputed"} == {row["status"] for row in rows}
    assert all(row["quote"] and row["document"] for row in rows)
    page = client.get("/downloads").text
    for link in re.findall(r'<h3><a href="([^"]+)"', page):
        assert client.get(link).status_code == 200


def test_openapi_describes_every_route_but_the_endpoint(client: FlaskClient) -> None:
    document = json.loads(client.get("/openapi.json").text)
    assert document["openapi"] == "3.1.0"
    listed = {re.sub(r"<(?:[^<>]*:)?(\w+)>", r"{\1}", rule.rule) for rule in client.application.url_map.iter_rules()}
    assert set(document["paths"]) == listed - {"/sparql", "/static/{filename}"}
    page = client.get("/api").text
    assert all(f"{path}</code>" in page for path in document["paths"])


def test_the_state_of_the_site_can_be_read(client: FlaskClient) -> None:
    answer = client.get("/status")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "named graphs" in answer.text


def test_people_who_lost_their_way_see_where_to_go(client: FlaskClient) -> None:
    for path in ("/nasaa", "/page/nasaa", "/deep/down/nasaa"):
        answer = client.get(path, headers=PEOPLE)
        assert (answer.status_code, answer.mimetype) == (404, "text/html")
        assert '<a href="/page/nasa">' in answer.text
        assert 'role="search"' in answer.text
    hostile = client.get("/%22%3E%3Cscript%3Ealert(1)%3C/script%3E", headers=PEOPLE)
    assert "<script>alert" not in hostile.text
    assert client.get("/nasaa").mimetype == "application/problem+json"
