"""A thing with ten thousand claims and hostile names: its page is a part, all of it is escaped, nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Quad

from spacekg import publication, store, web
from spacekg.declared import BASE, RDF, SKG, SKOS, Declared
from spacekg.entities import PART

OA, PROV = "http://www.w3.org/ns/oa#", "http://www.w3.org/ns/prov#"
MANY = 10_000
NAMES = ("<script>alert(1)</script>", 'a" onclick="alert(1)', "javascript:alert(1)", "\u202ereversed", "{{ 7 * 7 }}")
CENTRE = f"{BASE}id/centre"


def crowd() -> Iterator[Quad]:
    graph = NamedNode(f"{BASE}graph/document/crowd")

    def quad(subject: str, predicate: str, value: str | Literal) -> Quad:
        term = NamedNode(value) if isinstance(value, str) else value
        return Quad(NamedNode(subject), NamedNode(predicate), term, graph)

    yield quad(CENTRE, f"{RDF}type", f"{SKG}SpaceAgency")
    yield quad(CENTRE, f"{SKOS}prefLabel", Literal("<b>Centre</b>", language="en"))
    for number in range(MANY):
        claim, thing, name = f"{BASE}claim/{number:024x}", f"{BASE}id/thing-{number}", NAMES[number % len(NAMES)]
        yield quad(thing, f"{RDF}type", f"{SKG}SpaceAgency")
        yield quad(thing, f"{SKOS}prefLabel", Literal(f"{name} {number}", language="en"))
        yield quad(CENTRE, f"{SKG}collaboratesWith", thing)
        for predicate, value in (
            (f"{RDF}subject", CENTRE),
            (f"{RDF}predicate", f"{SKG}collaboratesWith"),
            (f"{RDF}object", thing),
            (f"{SKG}status", f"{BASE}vocab/status/accepted"),
            (f"{PROV}wasDerivedFrom", f"{claim}-evidence"),
        ):
            yield quad(claim, predicate, value)
        yield quad(f"{claim}-evidence", f"{OA}hasSource", f"{BASE}document/crowd")
        yield quad(f"{claim}-evidence", f"{OA}hasSelector", f"{claim}-quote")
        yield quad(f"{claim}-quote", f"{OA}exact", Literal(f"{name} works with it"))


@pytest.fixture(scope="module")
def client(rules: Declared) -> FlaskClient:
    engine = store.Store(crowd(), "crowd", {query.name: query.text for query in rules.queries.values()}, rules.prefixes)
    return web.create_app(engine, published=publication.read(rules)).test_client()


def test_its_page_is_of_a_size_and_says_what_has_no_room(client: FlaskClient) -> None:
    page = client.get("/page/centre")
    assert (page.status_code, len(page.data) < 300_000) == (200, True)
    assert "9,900 more have no room here" in page.text


def test_nothing_that_it_names_becomes_markup(client: FlaskClient) -> None:
    page = client.get("/page/centre").text
    assert "<script>alert" not in page
    assert ' onclick="' not in page
    assert 'href="javascript:' not in page
    assert " 49 " not in page
    assert all("\u202e" not in title for title in re.findall(r"<(?:title|text)[^>]*>([^<]*)", page))


def test_every_claim_is_on_one_of_its_parts(client: FlaskClient) -> None:
    found: set[str] = set()
    address = "/page/centre"
    for _ in range(3):
        page = client.get(address).text
        part = set(re.findall(r'<article class="claim accepted" id="([0-9a-f]{24})"', page))
        assert (len(part), part & found) == (PART, set())
        found |= part
        address = re.findall(r'rel="next" href="([^"]+)"', page)[-1].replace("&amp;", "&")
    assert found == {f"{number:024x}" for number in range(3 * PART)}
