"""A thing and a document of ten thousand claims, with hostile names: pages are parts, all escaped, nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Quad

from spacekg import publication, store, web
from spacekg.declared import BASE, RDF, SKG, SKOS, Declared
from spacekg.entities import PART
from spacekg.entities.outline import CLAIMS

OA, PROV = "http://www.w3.org/ns/oa#", "http://www.w3.org/ns/prov#"
MANY = 10_000
LAST = -(-MANY // CLAIMS)
"""The number of the last part of the document."""
NAMES = ("<script>alert(1)</script>", 'a" onclick="alert(1)', "javascript:alert(1)", "\u202ereversed", "{{ 7 * 7 }}")
CENTRE = f"{BASE}id/centre"


def said(number: int) -> str:
    """What a claim quotes: as many characters each time."""
    return f"{NAMES[number % len(NAMES)]} works with it, and that is the {number}".ljust(80, ".")


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
        yield quad(f"{claim}-quote", f"{OA}exact", Literal(said(number)))
        yield quad(f"{claim}-evidence", f"{OA}hasSelector", f"{claim}-place")
        start = number * len(f"{said(0)}\n")
        yield quad(f"{claim}-place", f"{OA}start", Literal(start))
        yield quad(f"{claim}-place", f"{OA}end", Literal(start + len(said(0))))


@pytest.fixture(scope="module")
def client(rules: Declared) -> FlaskClient:
    engine = store.Store(crowd(), "crowd", {query.name: query.text for query in rules.queries.values()}, rules.prefixes)
    text = "".join(f"{said(number)}\n" for number in range(MANY))
    return web.create_app(engine, published=replace(publication.read(rules), texts={"crowd": text})).test_client()


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


def text_of(page: str) -> str:
    """Give the text that a page of a document shows."""
    shown = page.partition('<div class="text">')[2].partition("</div>")[0]
    return unescape(re.sub("<[^>]*>", "", shown))


def test_a_document_is_shown_in_parts_that_are_together_its_text_and_its_claims(client: FlaskClient) -> None:
    first = client.get("/page/document/crowd")
    assert (first.status_code, len(first.data) < 300_000) == (200, True)
    assert f"Part 1 of {LAST}, with {CLAIMS} of 10,000 claims" in first.text
    parts = [client.get(f"/page/document/crowd?part={number}").text for number in (1, 2, LAST)]
    assert [text_of(part) for part in parts] == [
        "".join(f"{said(number)}\n" for number in range(CLAIMS * (part - 1), min(CLAIMS * part, MANY)))
        for part in (1, 2, LAST)
    ]
    claims = [re.findall(r'<article class="claim accepted" id="([0-9a-f]{24})"', part) for part in parts]
    assert claims[1] == [f"{number:024x}" for number in range(CLAIMS, 2 * CLAIMS)]
    assert 'rel="next"' not in parts[2]


def test_a_claim_leads_to_the_part_in_which_its_words_are(client: FlaskClient) -> None:
    claim = f"{4321:024x}"
    link = f"/page/document/crowd?at={claim}#at-{claim}"
    assert f'href="{link}"' in client.get(f"/page/claim/{claim}").text
    page = client.get(link.partition("#")[0]).text
    assert f'id="at-{claim}"' in page
    assert said(4321) in text_of(page)


@pytest.mark.parametrize("part", ["0", f"{LAST + 1}", "-1", "٣", "x" * 500, "9" * 500, "<script>alert(1)</script>"])
def test_a_part_that_is_not_there_is_refused_with_how_many_there_are(client: FlaskClient, part: str) -> None:
    answer = client.get("/page/document/crowd", query_string={"part": part})
    assert (answer.status_code, f"1 to {LAST}" in answer.text) == (400, True)
    assert answer.mimetype == "application/problem+json"
