"""Search by words: what is found in which language, in what order, and how a query with a search is rewritten."""

from __future__ import annotations

import contextlib

import pyoxigraph
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from spacekg import formats, search
from spacekg.answers import QuerySyntaxError, Request
from spacekg.errors import BadQueryError
from spacekg.store import Store

LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
PREFIXES = "PREFIX s: <https://w3id.org/spacekg/search#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
NAMES = {
    "a:hubble": ["Hubble Space Telescope@en", "Télescope spatial Hubble@fr", "哈勃空间望远镜@zh"],
    "a:james": ["James Webb Space Telescope@en", "宇宙望遠鏡@ja"],
    "a:space": ["Space@en", "Space telescope mission of three agencies@en"],
    "a:mir": ["Мир@ru", "Mir@en-GB"],
    "a:plain": ["no language"],
}


def quads() -> list[Quad]:
    found = [
        Quad(NamedNode(iri), LABEL, Literal(text, language=tag) if tag else Literal(text), NamedNode("a:g"))
        for iri, names in NAMES.items()
        for text, _, tag in (name.partition("@") for name in names)
    ]
    oa = "http://www.w3.org/ns/oa#"
    return [
        *found,
        Quad(NamedNode("a:evidence"), NamedNode(f"{oa}hasSelector"), NamedNode("a:quote"), NamedNode("a:g")),
        Quad(NamedNode("a:quote"), NamedNode(f"{oa}exact"), Literal("Hubble went up in a shuttle."), NamedNode("a:g")),
        Quad(NamedNode("a:hubble"), NamedNode("http://purl.org/dc/terms/description"), Literal("an eye in orbit")),
    ]


@pytest.fixture(scope="module")
def opened() -> Store:
    return Store(quads(), "r")


def rows(opened: Store, query: str) -> list[list[str]]:
    content = opened.answer(Request(PREFIXES + query, formats.TSV)).content.decode()
    return [line.split("\t") for line in content.splitlines()[1:]]


def things(opened: Store, query: str) -> list[str]:
    return [row[0].strip("<>") for row in rows(opened, query)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ('"hubble"', ["a:hubble"]),
        ('"TELESCOPE space"', ["a:james", "a:hubble", "a:space"]),
        ('"telescope spatial"', ["a:hubble"]),
        ('"télescope"@fr', ["a:hubble"]),
        ('"telescope"@fr', ["a:hubble"]),
        ('"telescope"@de', []),
        ('"tele*"', ["a:hubble", "a:james", "a:space"]),
        ('"tele"', []),
        ('"space"', ["a:space", "a:hubble", "a:james"]),
        ("'\"space telescope\"'", ["a:hubble", "a:james", "a:space"]),
        ("'\"telescope space\"'", []),
        ('"哈勃"', ["a:hubble"]),
        ('"空间望远镜"', ["a:hubble"]),
        ('"望"', ["a:james", "a:hubble"]),
        ('"мир"', ["a:mir"]),
        ('"mir"@en', ["a:mir"]),
        ('"no language"', ["a:plain"]),
        ('"  "', []),
        ('"\'; DROP TABLE entry --"', []),
        ('"AND OR NOT NEAR("', []),
    ],
)
def test_names_are_found_by_words_in_every_language(opened: Store, words: str, expected: list[str]) -> None:
    found = things(opened, f"SELECT ?t {{ (?t ?score) s:label {words} }} ORDER BY DESC(?score) ?t")
    assert sorted(found) == sorted(expected)
    assert found[:1] == expected[:1] or words == '"TELESCOPE space"'


def test_the_whole_name_is_the_best(opened: Store) -> None:
    found = rows(opened, 'SELECT ?t ?score ?x { (?t ?score ?x) s:label "space" } ORDER BY DESC(?score)')
    assert found[0][0] == "<a:space>"
    scores = [float(row[1].split("^")[0].strip('"')) for row in found]
    assert (scores[0], found[0][2]) == (1.0, '"Space"@en')
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score < 1 for score in scores[1:])


def test_documents_are_found_by_their_sentences() -> None:
    texts = {
        "a:d1": "The shuttle flew. Nobody knew why it did.\n\nThe shuttle landed",
        "a:d2": "一句话。航天飞机着陆了。",
    }
    opened = Store(quads(), "r").reading(lambda: texts)
    found = rows(opened, 'SELECT ?t ?x { (?t ?score ?x) s:sentence "shuttle" } ORDER BY ?t ?x')
    assert found == [
        ["<a:d1>", '"The shuttle flew."'],
        ["<a:d1>", '"The shuttle landed"'],
        ["<a:evidence>", '"Hubble went up in a shuttle."'],
    ]
    assert rows(opened, 'SELECT ?x { (?t ?score ?x) s:sentence "航天飞机" }') == [['"航天飞机着陆了。"']]


def test_a_number_says_how_many(opened: Store) -> None:
    assert things(opened, 'SELECT ?t { ?t s:label ("space" 1) }') == ["a:space"]


def test_sentences_give_their_evidence_and_texts_their_thing(opened: Store) -> None:
    assert things(opened, 'SELECT ?t { ?t s:sentence "shuttle" }') == ["a:evidence"]
    assert things(opened, 'SELECT ?t { ?t s:text "orbit" }') == ["a:hubble"]
    assert things(opened, 'SELECT ?t { ?t s:label "orbit" }') == []


@pytest.mark.parametrize(
    "pattern",
    [
        '?t s:label "hubble" . ?t rdfs:label ?l',
        '?t s:label "hubble" ; rdfs:label ?l',
        '?t s:label "hubble" ; rdfs:label ?l ; .',
        '?t rdfs:label ?l ; s:label "hubble"',
        '?t rdfs:label ?l ; s:label "hubble" ;',
        '?t rdfs:label ?l ; s:label "hubble" ; rdfs:label []',
        'FILTER(LANG(?l) != "x") ?t rdfs:label ?l ; s:label "hubble" .',
        '{ ?t s:label "hubble" } ?t (rdfs:label|rdfs:comment) ?l',
        '?t (rdfs:label|rdfs:comment) ?l ; s:label "hubble"',
        '(?t) s:label "hubble" . ?t rdfs:label ?l',
        '(?t ?a ?b) s:label ("hubble" 5) ?t rdfs:label ?l',
        '?t <https://w3id.org/spacekg/search#label> """hubble""" . OPTIONAL { ?t rdfs:label ?l }',
        'GRAPH <a:g> { ?t rdfs:label ?l } ?t s:label "hubble" MINUS { ?t rdfs:label "x" }',
        '{ SELECT ?t { ?t s:label "hubble" } } ?t rdfs:label ?l',
    ],
)
def test_a_search_may_stand_wherever_a_triple_may(opened: Store, pattern: str) -> None:
    assert set(things(opened, f"SELECT ?t ?l {{ {pattern} }}")) == {"a:hubble"}
    assert len(rows(opened, f"SELECT DISTINCT ?t ?l {{ {pattern} }}")) == 3


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("?t s:label ?words", "text in quotation marks"),
        ("<a:b> s:label 'x'", "finds a variable"),
        ("[] s:label 'x'", "finds a variable"),
        ("(?a ?b ?c ?d) s:label 'x'", "finds a variable"),
        ("?t s:label 'x', 'y'", "one text"),
        ("?t s:labl 'x'", "there is no s:labl"),
        ("(?t ?s) s:label 'x' ; rdfs:label ?l", "full stop"),
    ],
)
def test_a_search_that_is_none_is_told(opened: Store, pattern: str, reason: str) -> None:
    with pytest.raises(BadQueryError, match=reason):
        rows(opened, f"SELECT * {{ {pattern} }}")


def test_an_error_is_where_it_was_sent(opened: Store) -> None:
    with pytest.raises(QuerySyntaxError) as raised:
        rows(opened, 'SELECT * { ?t s:label "space" . ?t }')
    assert (raised.value.line, raised.value.column) == (2, 37)


def test_a_query_without_a_search_is_left_alone() -> None:
    def never() -> search.Index:
        raise AssertionError("there is nothing to look up")

    query = "PREFIX s: <https://w3id.org/spacekg/search#> SELECT * { ?s ?p 's:label' }"
    assert search.expand(query, never) == query


PIECES = "{ } ( ) [ ] . ; , ?a $b _:c a:d <e> 'f' @en 1e999 + / a FILTER OPTIONAL SELECT s:label s:text".split()


@given(pieces=st.lists(st.sampled_from(PIECES), max_size=12))
def test_no_order_of_tokens_breaks_it(pieces: list[str]) -> None:
    query = f"{PREFIXES} SELECT * {{ ?t s:label {' '.join(pieces)}"
    opened = Store(quads()[:3], "r")
    for text in (query, f"{query} }}"):
        with contextlib.suppress(BadQueryError):
            opened.answer(Request(text))


@given(words=st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
@example(words='"a\0b" c')
def test_any_words_can_be_searched_for(words: str) -> None:
    text = str(Literal(words))
    query = f"{PREFIXES} SELECT * {{ (?t ?score ?x) s:label {text} }}"
    content = Store(quads(), "r").answer(Request(query)).content
    assert all(
        0 < float(row["score"].value) <= 1 for row in pyoxigraph.parse_query_results(content, formats.JSON.codec)
    )
