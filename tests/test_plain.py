"""A query reaches another server in the SPARQL that all read alike, and without what only some of them know."""

from __future__ import annotations

import contextlib

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacekg import guard
from spacekg.answers import ForbiddenQueryError, QuerySyntaxError
from spacekg.backends import plain
from spacekg.declared import Declared

QUOTES = st.sampled_from(["'", '"', "'''", '"""'])
CHARACTERS = st.characters(exclude_categories=["Cs"])


def numbered(text: str) -> str:
    return "".join(f"\\u{ord(each):04X}" if ord(each) < 0x10000 else f"\\U{ord(each):08X}" for each in text)


def value(query: str) -> str:
    (row,) = pyoxigraph.Store().query(query)
    return str(row["x"])


@settings(deadline=None)
@given(st.text(CHARACTERS), QUOTES)
def test_a_text_by_numbers_is_the_same_text(text: str, quote: str) -> None:
    query = f"SELECT ({quote}{numbered(text)}{quote} AS ?x) {{}} # {numbered(text)}"
    written = plain.written(query)
    assert value(written) == str(pyoxigraph.Literal(text))
    assert "\\u" not in written.replace("\\\\", "")


@settings(deadline=None)
@given(st.text(st.characters(categories=["L", "N"]), min_size=1))
def test_an_iri_by_numbers_is_the_same_iri(name: str) -> None:
    assert value(plain.written(f"SELECT (<a:{numbered(name)}> AS ?x) {{}}")) == f"<a:{name}>"


def test_a_backslash_before_a_number_is_a_backslash() -> None:
    query = r"SELECT ('\\u0041' AS ?x) { <a:\u0041> ?p ?o }"
    assert plain.written(query) == r"SELECT ('\\u0041' AS ?x) { <a:A> ?p ?o }"


def test_no_comment_becomes_part_of_a_query() -> None:
    written = plain.written("ASK { # \\u000A SERVICE <a:b> {}\n ?s ?p 'x' } # \\u000A SERVICE")
    assert "SERVICE" not in written
    assert written.count("\n") == 1


@pytest.mark.parametrize(
    "query",
    [
        "ASK { \\u0053ERVICE <a:b> {} }",
        "ASK { GR\\u0041PH <a:b> { ?s ?p ?o } }",
        "ASK { \\u007D",
        "PREFIX a: <a:> ASK { a:\\u0041 ?p ?o }",
        "ASK { ?\\u0041 ?p ?o }",
        "ASK { <a:\\u003E> ?p ?o }",
        "ASK { <a:\\U00000020> ?p ?o }",
        "ASK { ?s ?p '\\uD800' }",
        "ASK { ?s ?p '\\UFFFFFFFF' }",
    ],
)
def test_a_character_by_its_number_is_refused_where_it_cannot_be(query: str) -> None:
    with pytest.raises(QuerySyntaxError):
        plain.written(query)


@pytest.mark.parametrize(
    "query",
    [
        'DEFINE get:soft "soft" SELECT * FROM <http://127.0.0.1/> { ?s ?p ?o }',
        "define input:grab-all 'yes' ASK {}",
        "PREFIX a: <a:> DEFINE input:inference <a:b> ASK {}",
        "SELECT (bif:http_get('http://127.0.0.1/') AS ?x) {}",
        "SELECT (sql:rnd(1) AS ?x) {}",
        "SELECT (<bif:http_get>('http://127.0.0.1/') AS ?x) {}",
        "PREFIX a: <bif:> SELECT (a:http_get('http://127.0.0.1/') AS ?x) {}",
        "PREFIX a: <bi> PREFIX b: <BIF:http> SELECT (b:_get('http://127.0.0.1/') AS ?x) {}",
        "PREFIX a: <http://www.openlinksw.com/schemas/b> SELECT (a:if\\#http_get('http://127.0.0.1/') AS ?x) {}",
        "SELECT (<java:java.lang.Runtime>(1) AS ?x) {}",
    ],
)
def test_what_only_some_servers_know_is_refused(query: str) -> None:
    with pytest.raises(ForbiddenQueryError):
        plain.check(list(guard.cut(query)))


def test_shipped_queries_pass_as_they_are(rules: Declared) -> None:
    for query in rules.queries.values():
        plain.check(list(guard.cut(query.text)))
        assert plain.written(query.text) == query.text


PIECES = [
    "PREFIX a: <http://a/>", "prefix b:<https://b.example:80/x#>", "PREFIX c: <c>", "PREFIX", "BASE <bi>", "e:",
    "DEFINE", "PREFIX d: <http://www.openlinksw.com/>", "<http://a/>", "<http://a/ >", "<f:x>", "<", ">", "SELECT",
    "ASK", "FROM", "NAMED", "GRAPH", "{", "}", "?s", "a:x", "b:if:x", "a:f\\:x", "bif:x", "sql:x", "x:java:y", "'FROM'",
    '"', "#", "\n", " ",
]  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))
def test_what_is_simple_by_its_letters_is_simple_when_it_is_read(query: str) -> None:
    """Such a query is not cut: nothing in it is refused, and it names no graph."""
    if plain.is_simple(query):
        with contextlib.suppress(QuerySyntaxError):
            tokens = list(guard.cut(query))
            plain.check(tokens)
            assert not {"FROM", "GRAPH"} & {token.word for token in tokens}


def test_most_shipped_queries_without_graphs_are_simple(rules: Declared) -> None:
    simple = [query.text for query in rules.queries.values() if plain.is_simple(query.text)]
    assert len(simple) > 10
