"""A query that was rewritten to cost less has the answers of the one that was asked."""

from __future__ import annotations

import random
from collections import Counter

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad
from tests.serving import PARTS

from spacekg import shortcuts
from spacekg.shortcuts import Counts

THINGS = [NamedNode(f"a:{name}") for name in "stuv"]
PROPERTIES = [NamedNode(f"a:{name}") for name in "pqr"] + [NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")]
OBJECTS = [*THINGS, Literal("s"), Literal(1), Literal("s", language="en"), BlankNode("b")]
quads = st.lists(
    st.builds(Quad, st.sampled_from([*THINGS, BlankNode("b")]), st.sampled_from(PROPERTIES), st.sampled_from(OBJECTS)),
    max_size=14,
)
NAMES = "xyzw"
subjects = st.sampled_from([*(f"?{name}" for name in NAMES), "a:s", "$x"])
objects = st.sampled_from([*(f"?{name}" for name in NAMES), "?v1", "?v2", "a:t", '"s"', "1", "true", '"s"@en'])
verbs = st.sampled_from(["a:p", "a:q", "a:r", "a", "?w", "^a:p", "a:p/a:q", "a:p*", "a:p?", "(a:p|a:q)"])
triple = st.builds("{} {} {}".format, subjects, verbs, objects)
triples = st.lists(triple, min_size=1, max_size=3).map(" . ".join)
lists = st.builds("{} {} {} ; {} {} , {}".format, subjects, verbs, objects, verbs, objects, objects)
patterns = triples | lists
COMPARISONS = [
    "?v1 != ?x", "?v1 = ?y", "?x<?v1&&?v2>?y", "STR(?v1) = STR(?z)", "isIRI(?w) || ?v2 > 0", "?x IN (?v1, a:s)", "!?v1",
    "BOUND(?v1)", "BOUND(?x)", "COALESCE(?v1, ?x) = ?z", "IF(?y = 1, ?v1, ?x)", "EXISTS { ?v1 a:p ?x }",
]  # fmt: skip
filtered = st.builds("{} FILTER({}) {}".format, patterns, st.sampled_from(COMPARISONS), st.just("") | patterns)
absent = patterns | filtered
absence = absent.map("FILTER NOT EXISTS {{ {} }}".format)
piece = (
    triples.map("{} .".format)
    | absence
    | absence.map("{} .".format)
    | patterns.map("OPTIONAL {{ {} }}".format)
    | patterns.map("MINUS {{ {} }}".format)
    | st.builds("{{ {} }} UNION {{ {} {} }}".format, triples, triples, absence)
    | st.builds("OPTIONAL {{ {} {} }}".format, triples, absence)
    | st.sampled_from(["FILTER(?x != ?y)", "FILTER(!BOUND(?v1))", "FILTER(BOUND(?y))", "VALUES ?x { a:s a:t UNDEF }"])
    | st.sampled_from(["FILTER EXISTS { ?x a:p ?v1 . ?v1 a:q ?v2 }", "# a word\n", "{ SELECT ?x { ?x ?p ?z } }"])
)
groups = st.lists(piece, min_size=1, max_size=4).map(" ".join)
heads = st.sampled_from(["SELECT ?x ?y ?z ?v1", "SELECT *", "SELECT DISTINCT ?x ?v2", "SELECT (COUNT(*) AS ?n)", "ASK"])
PREFIX = "PREFIX a: <a:>\n"


def answers(store: pyoxigraph.Store, query: str) -> object:
    solved = store.query(query)
    if isinstance(solved, pyoxigraph.QueryBoolean):
        return bool(solved)
    names = [variable.value for variable in solved.variables]
    return names, Counter(tuple(str(row[name]) for name in names) for row in solved)


def check_same(quads: list[Quad], query: str) -> bool:
    """Ask as it is and rewritten; says whether it was rewritten."""
    store = pyoxigraph.Store()
    store.extend(quads)
    short = shortcuts.shorten(query, shortcuts.count(store.query, PARTS))
    try:
        expected = answers(store, query)
    except SyntaxError:
        return False
    assert answers(store, short) == expected, short
    return short != query


@settings(max_examples=600, deadline=None)
@given(quads, heads, groups)
def test_an_absence_is_told_the_same_otherwise(quads: list[Quad], head: str, group: str) -> None:
    check_same(quads, f"{PREFIX}{head} {{ {group} }}")


@settings(max_examples=200, deadline=None)
@given(quads, patterns, st.lists(absent, min_size=1, max_size=2))
def test_absences_of_several_patterns(quads: list[Quad], group: str, absent: list[str]) -> None:
    filters = " ".join(f"FILTER NOT EXISTS {{ ?f{number} a:p ?y . {each} }}" for number, each in enumerate(absent))
    check_same(quads, f"{PREFIX}SELECT ?x ?y ?z {{ {group} . {filters} }} ORDER BY ?x")


@pytest.mark.parametrize(
    ("query", "rewritten"),
    [
        ("SELECT ?x { ?x a:p ?y FILTER NOT EXISTS { ?x a:q ?f . ?f a:r ?y } ?y a:q ?z }", True),
        ("SELECT ?x { ?x a:p ?y . FILTER NOT EXISTS { ?x a:q ?f ; a:r ?y } . ?y a:q ?z # {}\n }", True),
        ("SELECT ?x WHERE { { ?x a:p ?y } FILTER not exists { ?f a:q/a:p ?x } }", True),
        ("SELECT ?x { ?x a:p ?y FILTER NOT EXISTS { ?x a:q ?f } }", False),  # one pattern is quick as it is
        ("SELECT ?x { ?x a:p ?y FILTER NOT EXISTS { ?x a:q ?y . ?y a:r ?x } }", False),  # no variable of its own
        ("SELECT * { ?x a:p ?y FILTER NOT EXISTS { ?x a:q ?f . ?f a:r ?y } }", False),
        ("SELECT ?x { ?x a:p ?y FILTER NOT EXISTS { ?x a:q* ?f . ?f a:r ?y } }", False),
        ("SELECT ?x { ?x a:p ?y OPTIONAL { ?x a:q ?z FILTER NOT EXISTS { ?z a:q ?f . ?f a:r ?y } } }", False),
        ("SELECT ?x { ?x a:p ?y FILTER NOT EXISTS { ?x a:q ?f . ?f a:r ?z FILTER(?f != ?y) } }", True),
        ("SELECT ?x { ?x a:p ?y FILTER NOT EXISTS { ?x a:q ?f . ?f a:r ?z FILTER(BOUND(?f)) } }", False),
        ("SELECT ?x { ?x a:p ?y FILTER NOT EXISTS { ?x a:q/(a:p*) ?f . ?f a:r ?z } }", False),
        ("SELECT ?x { ?x a:p ?y FILTER NOT EXISTS { ?x a:q ?f . ?f a:r ?y }", False),
        ("SELECT ?x { ?x a:p ?y FILTER NOT EXISTS {", False),
        ("SELECT ?x (1 AS ?z) { ?x a:p ?y FILTER NOT EXISTS { ?x a:q ?f . ?f a:r ?z } }", False),
        ("SELECT ?x { ?x a:p 'EXISTS { ?x a:q ?f . ?f a:r ?y }' }", False),
    ],
)
def test_which_absences_are_rewritten(query: str, rewritten: bool) -> None:
    assert (shortcuts.shorten(PREFIX + query, None) != PREFIX + query) == rewritten
    check_same([Quad(s, p, o) for s in THINGS for p in PROPERTIES[:2] for o in THINGS[:2]], PREFIX + query)


counted = st.builds(
    "{}SELECT {} (COUNT({}) AS {}) {} {{ {} {} {} {} }} {} {}".format,
    st.sampled_from([PREFIX, f"{PREFIX}# SELECT ?x\nPREFIX SELECT: <a:>\n"]),
    st.sampled_from(["", "?y", "?z", "?x"]),
    st.sampled_from(["*", "*", "?x", "?y", "?z", "DISTINCT ?x", "1"]),
    st.sampled_from(["?n", "?n", "?y"]),
    st.sampled_from(["", "WHERE", "FROM <a:g>"]),
    st.sampled_from(["?x", "?x", "a:s"]),
    st.sampled_from(["?y", "a", "a:p", "a:nothing", "^a:p", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"]),
    st.sampled_from(["?z", "?z", "?x", "a:t", "a:t.", "<a:\\u0074>", '"s"']),
    st.sampled_from(["", ".", ". ?x ?q ?r", "FILTER(?x != ?z)"]),
    st.sampled_from(["", "GROUP BY ?y", "GROUP BY ?z", "GROUP BY ?x"]),
    st.sampled_from(["", "ORDER BY DESC(?n) ?y", "HAVING(?n > 1)", "ORDER BY ?z LIMIT 99", "OFFSET 0", "ORDER BY ?x"]),
)


@settings(max_examples=500, deadline=None)
@given(quads, counted)
def test_what_was_counted_is_what_is_counted(quads: list[Quad], query: str) -> None:
    check_same(quads, query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "select (count(?s) as ?n) where { ?s a a:t . }",
        "SELECT (COUNT(*) AS ?n) { ?s a a:t.}",
        "SELECT (COUNT(?o) AS ?n) { ?s a:p ?o }",
        "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY DESC(?n) LIMIT 5",
        "SELECT ?t (COUNT(?s) AS ?n) { ?s a ?t } GROUP BY ?t",
    ],
)
def test_which_counts_were_counted(query: str) -> None:
    made = [Quad(thing, PROPERTIES[-1], THINGS[1]) for thing in THINGS] + [Quad(THINGS[0], PROPERTIES[0], Literal("x"))]
    assert check_same(made, PREFIX + query)
    assert "COUNT" not in shortcuts.shorten(PREFIX + query, Counts({}, {})).upper()


@pytest.mark.parametrize("name", ["<a:\\u0074>", "<t>", "<a:/../t>"])
def test_a_name_that_may_be_read_otherwise_is_not_counted(name: str) -> None:
    made = [Quad(thing, PROPERTIES[-1], THINGS[2]) for thing in THINGS]
    for base in ("", "BASE <a:>\n"):
        assert not check_same(made, f"{base}SELECT (COUNT(*) AS ?n) {{ ?s a {name} }}")


@given(st.integers())
def test_any_text_is_given_back_or_rewritten(seed: int) -> None:
    chance = random.Random(seed)
    words = (
        "SELECT ( ) { } COUNT * AS ?n ?x ?y . a GROUP BY ORDER WHERE FILTER NOT EXISTS a:p <a:b> LIMIT 5 ' \" #".split(
            " "
        )
    )
    query = " ".join(chance.choices(words, k=chance.randrange(40)))
    assert isinstance(shortcuts.shorten(query, Counts({"a:p": 1}, {})), str)
