"""The pages on which the graph is explored: each view with its filters, its table, and the query of the same rows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis.strategies import floats, integers, lists, sampled_from, tuples
from tests.opening import Opened

from spacekg import exploration, publication, web
from spacekg.declared import Declared
from spacekg.entities.values import Named
from spacekg.exploration import Departures, Mission
from spacekg.release import Release
from spacekg.web import maps, pictures

PEOPLE = {"Accept": "text/html"}
VIEWS = ("network", "matrix", "timeline", "sites", "programmes")


@pytest.fixture(scope="module")
def client(rules: Declared, shipped_release: Release, opened: Opened) -> Iterator[FlaskClient]:
    queries = {query.name: query.text for query in rules.queries.values()}
    engine = opened(shipped_release.graph, shipped_release.id, queries, rules.prefixes)
    yield web.create_app(engine, published=publication.read(rules, shipped_release)).test_client()


def table(page: str) -> list[str]:
    """Give the rows of the table below the picture."""
    return re.findall("<tr><td.*?</tr>", page[page.index('id="table"') :])


def opened(client: FlaskClient, page: str) -> list[dict[str, str]]:
    """Follow the link that opens a page as SPARQL."""
    link = re.search(r'href="(/sparql\?[^"]*csv[^"]*)"', page)
    assert link
    return list(csv.DictReader(io.StringIO(client.get(unescape(link[1])).text)))


def test_every_view_is_led_to_and_stands_without_scripts(client: FlaskClient) -> None:
    index = client.get("/explore").text
    for name in VIEWS:
        assert f'href="/explore/{name}"' in index
        page = client.get(f"/explore/{name}")
        assert page.status_code == 200
        assert 'method="get"' in page.text
        assert len(table(page.text)) == min(len(opened(client, page.text)), 100) > 10


@pytest.mark.parametrize(
    ("address", "column", "value"),
    [
        ("network?kind=joint-undertaking", "kind", "joint-undertaking"),
        ("matrix?decade=1990&status=accepted", "decade", "1990"),
        ("timeline?kind=crewed&decade=1960", "kind", "crewed"),
        ("sites?decade=1990", "decade", "1990"),
        ("programmes?decade=1970", "decade", "1970"),
    ],
)
def test_a_filter_is_in_the_address_and_in_the_query(
    client: FlaskClient, address: str, column: str, value: str
) -> None:
    page = client.get(f"/explore/{address}").text
    rows = opened(client, page)
    assert {row[column] for row in rows} == {value}
    assert len(table(page)) == len(rows) < len(opened(client, client.get(f"/explore/{address.partition('?')[0]}").text))
    assert f'<option value="{value}" selected>' in page


def test_a_matrix_is_the_same_from_both_sides(client: FlaskClient) -> None:
    page = client.get("/explore/matrix").text
    rows = re.findall(r'<tr><th scope="row">.*?</th>(.*?)</tr>', page)
    fields = [re.findall(r"<td[^>]*>(\d*)</td>", row) for row in rows]
    assert len(fields) > 10
    assert fields == [list(column) for column in zip(*fields, strict=True)]
    assert all(row[at] == "" for at, row in enumerate(fields))


def test_nothing_in_doubt_is_said_to_be_no_mistake(client: FlaskClient) -> None:
    page = client.get("/explore/network?status=disputed")
    assert page.status_code == 200
    assert "Nothing fits these filters" in page.text


@pytest.mark.parametrize(
    "asked",
    [
        "kind=<script>alert(1)</script>",
        'kind=x" } DROP ALL #',
        "decade=1990&decade=2020",
        "status=%00",
        "kind=" + "a" * 5000,
    ],
)
def test_a_value_that_nothing_has_is_refused_with_those_there_are(client: FlaskClient, asked: str) -> None:
    answer = client.get(f"/explore/network?{asked}", headers=PEOPLE)
    assert answer.status_code == 400
    assert "choose one of" in answer.text
    assert answer.mimetype == "application/problem+json"
    assert client.get("/explore/elsewhere", headers=PEOPLE).status_code == 404


def test_empty_and_unknown_parameters_change_nothing(client: FlaskClient) -> None:
    assert client.get("/explore/timeline?kind=&utm=1").text == client.get("/explore/timeline").text


def test_without_its_script_a_network_is_drawn_and_the_page_says_so(
    client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client.application, "static_folder", str(tmp_path))
    page = client.get("/explore/network?decade=unknown").text  # no other test asks for it: pages are kept
    assert 'class="network"' in page
    assert ("no script with which it could be moved" in page, "cytoscape" in page) == (True, False)


def test_the_dot_of_a_site_stands_where_the_site_is() -> None:
    found = [
        Departures(Named(f"https://example.org/{name}", name), latitude, longitude, "1990", launches)
        for name, latitude, longitude, launches in (
            ("Baikonur", 46.0, 63.0, 100), ("Kourou", 5.2333, -52.7517, 25), ("Pole", 90.0, 180.0, 1),
        )
    ]  # fmt: skip
    spots = maps.spots([*found, found[1]])
    assert [(spot.x, spot.y, spot.radius) for spot in spots] == [(486, 76, 16.0), (254, 158, 11.3), (720, 0, 3.0)]
    assert [spot.launches for spot in spots] == [100, 50, 1]
    assert [(spot.label, spot.align) for spot in spots] == [("Baikonur", "start"), ("Kourou", "start"), ("Pole", "end")]


@given(lists(tuples(floats(-90, 90), floats(-180, 180), integers(1, 5000)), max_size=60))
def test_every_site_has_its_place_on_the_map_and_no_name_covers_another(rows: list[tuple[float, float, int]]) -> None:
    found = [
        Departures(Named(f"https://example.org/{at}", "A site with a name"), *row[:2], "1990", row[2])
        for at, row in enumerate(rows)
    ]
    spots = maps.spots(found)
    assert len(spots) == len(rows)
    assert all(0 <= spot.x <= maps.WIDTH and 0 <= spot.y <= maps.HEIGHT for spot in spots)
    named = [spot for spot in spots if spot.label]
    assert all(0 <= spot.text_x <= maps.WIDTH for spot in named)
    places = {(spot.text_x, spot.y, spot.align) for spot in named}
    assert len(places) == len(named)


missions = lists(tuples(integers(1900, 2100), integers(-5, 60), sampled_from(["crewed", "uncrewed"])), max_size=40)


@given(missions)
def test_every_mission_has_its_place_on_the_chart(rows: list[tuple[int, int, str]]) -> None:
    found = [
        Mission(Named(f"https://example.org/{at}", f"Mission {at}"), kind, str(begin), str(begin + years), 1)
        for at, (begin, years, kind) in enumerate(rows)
    ]
    chart = pictures.spans(exploration.foremost(found, 40))
    assert (chart is None) == (not rows)
    if chart:
        assert [bar.y for bar in chart.bars] == sorted({bar.y for bar in chart.bars})
        assert len(chart.bars) == len(rows)
        assert all(pictures.NAMES <= bar.begin <= bar.end < chart.width for bar in chart.bars)
        assert all(pictures.NAMES <= x < chart.width for x, _ in chart.ticks)
        assert chart.bars[-1].y < chart.height
