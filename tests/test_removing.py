"""A MINUS that was written otherwise takes away the same rows."""

from __future__ import annotations

import pyoxigraph
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad
from tests.test_columns import BASE, ODD, PROPERTIES, THINGS, answers, graphs, loaded

from spacekg import columns, guard
from spacekg.shortcuts import removing


def rewritten(store: pyoxigraph.Store, query: str, gain: float = 0) -> str:
    graph = columns.arrange(store)
    assert graph is not None
    return removing.shorten(graph, gain, query, list(guard.cut(query)))


links = ["a:p", "a:q", "a:p", "a:q", "a:p", "a:r", "a", "?v", "a:p/a:q", "a:p*"]


def patterns(names: list[str], most: int) -> st.SearchStrategy[str]:
    things, verbs = st.sampled_from([*names * 4, "a:s", "a:t"]), st.sampled_from(links[:-2] * 3 + links)
    ends = st.sampled_from([*names * 4, "a:s", "a:t", '"s"', "?w"])
    return st.lists(st.builds("{} {} {}".format, things, verbs, ends), min_size=1, max_size=most).map(" . ".join)


before = patterns(["?x", "?x", "?y"], 2)
removed = st.builds(
    "MINUS {{ {} {} }}".format,
    patterns(["?x", "?f"], 3),
    st.sampled_from(["", "", "", "", "", "FILTER(?f != ?x)", "OPTIONAL { ?x a:r ?f }", "MINUS { ?f a:p ?x }"]),
)
other = st.sampled_from(
    [
        *("", "", "", "", "FILTER(?x != ?y)", "FILTER(!BOUND(?f))", "FILTER(BOUND(?f))", "OPTIONAL { ?y a:r ?z }"),
        *("?y a:q ?w .", "OPTIONAL { ?x a:r ?f }", "BIND(?x AS ?k)", "MINUS { ?g a:q ?x ; a:p ?y }", "{ ?x a:r ?z }"),
        *("VALUES ?x { a:s }", "FILTER EXISTS { ?x a:q ?y }", "FILTER NOT EXISTS { ?g a:q ?x . ?g a:p ?y }"),
        *(
            "# MINUS { ?x a:p ?f }\n",
            "FILTER(isIRI(?y)) .",
            "OPTIONAL { ?g a:q ?x }",
            "?x a:r ?z .",
            "BIND(1 AS ?f)",
            "BIND(1 AS ?w)",
        ),
    ]
)
heads = st.sampled_from(
    [
        *("SELECT ?x ?y ?z", "SELECT DISTINCT ?x", "SELECT (COUNT(*) AS ?n)", "SELECT ?x ?y ?w", "SELECT ?x (1 AS ?w)"),
        *("SELECT *", "SELECT (COUNT(DISTINCT *) AS ?n)"),
    ]
)
bodies = st.builds("{} . {} {}".format, before, removed, other) | st.builds(
    "{} . {} {} {}".format, before, other, removed, other
)


@settings(max_examples=200, deadline=None)
@given(graphs() | graphs(*ODD), heads, bodies)
def test_a_removal_is_told_the_same_otherwise(quads: list[Quad], head: str, body: str) -> None:
    store, query = loaded(BASE + quads), f"PREFIX a: <a:>\n{head} {{ {body} }}"
    short = rewritten(store, query)
    event("rewritten" if short != query else "left as it is")
    assert answers(store, short) == answers(store, query), short


MANY = [
    *(Quad(NamedNode(f"a:m{n}"), PROPERTIES[0], THINGS[0] if n % 100 else THINGS[1]) for n in range(3_000)),
    *(Quad(NamedNode(f"a:m{n}"), PROPERTIES[1], NamedNode(f"a:c{n % 1_000}")) for n in range(3_000)),
    *(Quad(NamedNode(f"a:c{n}"), PROPERTIES[2], THINGS[2] if n % 10 else Literal(n)) for n in range(1_000)),
]
PAYING = [
    "SELECT ?m { ?m a:p a:t MINUS { ?m a:q ?c . ?c a:r a:u } } ORDER BY ?m",
    "SELECT ?m (COUNT(*) AS ?n) WHERE { ?m a:p a:t . MINUS { ?m a:q ?c . } FILTER(?m != a:m1) } GROUP BY ?m",
    "ASK { ?m a:p a:t FILTER(isIRI(?m)) MINUS { ?m a:q ?c ; a:p a:s } OPTIONAL { ?m a:q ?k } # }\n }",
]
LEFT = [
    "SELECT ?m { ?m a:p a:s MINUS { ?m a:q ?c . ?c a:r a:u } }",  # many stand before it
    "SELECT ?m { ?m a:p a:t MINUS { ?c a:r a:u } }",  # takes nothing away
    "SELECT ?m { ?m a:p a:t MINUS { ?m a:p a:s } }",  # no variable of its own
    "SELECT ?m ?c { ?m a:p a:t MINUS { ?m a:q ?c . ?c a:r a:u } }",
    "SELECT ?m (1 AS ?o) { ?m a:p a:t MINUS { ?m a:q ?c . ?c a:r ?o } }",
    "SELECT * { ?m a:p a:t MINUS { ?m a:q ?c . ?c a:r a:u } }",
    "SELECT ?m { ?m a:p a:t MINUS { ?m a:q ?c . ?c a:r a:u FILTER(?c != a:c1) } }",
    "SELECT ?m { ?m a:p a:t MINUS { ?m a:q/a:r ?c } }",
    "SELECT ?m { ?m a:p a:t OPTIONAL { ?m a:r ?o } MINUS { ?m a:q ?c . ?c a:r a:u } }",
    "SELECT ?m { MINUS { ?m a:q ?c . ?c a:r a:u } ?m a:p a:t }",
    "SELECT ?m { VALUES ?m { a:m1 } ?m a:p a:t MINUS { ?m a:q ?c . ?c a:r a:u } }",
    "SELECT ?m FROM <a:g> { ?m a:p a:t MINUS { ?m a:q ?c . ?c a:r a:u } }",
]


@pytest.fixture(scope="module")
def many() -> pyoxigraph.Store:
    return loaded(MANY)


@pytest.mark.parametrize("query", PAYING)
def test_a_removal_from_few_rows_is_rewritten(many: pyoxigraph.Store, query: str) -> None:
    asked = f"PREFIX a: <a:>\n{query}"
    short = rewritten(many, asked, removing.GAIN)
    assert "MINUS" not in short
    if query.startswith("SELECT"):
        assert isinstance(answers(many, asked), tuple)
        assert answers(many, short) == answers(many, asked)
    else:
        assert bool(many.query(short)) == bool(many.query(asked))


@pytest.mark.parametrize("query", LEFT)
def test_every_other_query_is_left_as_it_is(many: pyoxigraph.Store, query: str) -> None:
    asked = f"PREFIX a: <a:>\n{query}"
    assert rewritten(many, asked, removing.GAIN) == asked
