"""What is joined in columns is what the engine joins, and a query with a table of it has the same answers."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from spacekg import columns, guard, workers
from spacekg.answers import Request
from spacekg.columns import Columns, Pattern
from spacekg.shortcuts import tabling
from spacekg.store import Store

XSD = "http://www.w3.org/2001/XMLSchema#"
THINGS = [NamedNode(f"a:{name}") for name in "stuv"]
PROPERTIES = [NamedNode(f"a:{name}") for name in "pqr"] + [NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")]
ODD = [BlankNode("b"), BlankNode("c"), NamedNode("http://a/b/../c"), Literal("\\u0041"), Literal("a\u0001")]
LITERALS = [
    *(Literal("s"), Literal("s", language="en"), Literal('"\\\n\r\t'), Literal("<a> <b> .")),
    *(Literal(text, datatype=NamedNode(f"{XSD}integer")) for text in ("1", "01", "-7")),
    *(Literal(text, datatype=NamedNode(f"{XSD}decimal")) for text in ("1.0", "1.00")),
    *(Literal(text, datatype=NamedNode(f"{XSD}double")) for text in ("1", "1e0", "NaN", "-0", "0")),
    *(Literal(text, datatype=NamedNode(f"{XSD}date")) for text in ("2001-02-03", "2001-02-03Z", "1999-01-01")),
    Literal("2001-02-03T04:05:06.70+01:00", datatype=NamedNode(f"{XSD}dateTime")),
    Literal("x", datatype=NamedNode("a:kind")),
]
BASE = [Quad(s, p, o) for s in THINGS[:3] for p in PROPERTIES for o in (THINGS[1], LITERALS[4], LITERALS[10])]


def graphs(*more: NamedNode | BlankNode | Literal) -> st.SearchStrategy[list[Quad]]:
    subjects = [*THINGS, *(each for each in more if not isinstance(each, Literal))]
    triple = st.builds(
        Quad, st.sampled_from(subjects), st.sampled_from(PROPERTIES), st.sampled_from([*THINGS * 4, *LITERALS, *more])
    )
    return st.lists(triple, min_size=6, max_size=30)


def loaded(quads: Sequence[Quad]) -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    store.extend(quads)
    return store


def answers(store: pyoxigraph.Store, query: str) -> object:
    """Ask; an answer is what is selected and each row as often as it is there, and so is that there is none."""
    try:
        solved = store.query(query)
        assert isinstance(solved, pyoxigraph.QuerySolutions)
        names = [variable.value for variable in solved.variables]
        return names, Counter(tuple(str(row[name]) for name in names) for row in solved)
    except (SyntaxError, ValueError) as error:
        return type(error)


def rewritten(store: pyoxigraph.Store, query: str, gain: float = 0) -> str:
    graph = columns.arrange(store)
    assert graph is not None
    return tabling.shorten(graph, gain, query, list(guard.cut(query)))


# --- columns ---------------------------------------------------------------------------------------------------------

nodes = st.sampled_from(["?x", "?y", "?z", "?w", "<a:s>", "<a:t>"])
links = st.tuples(nodes, st.sampled_from(["<a:p>", "<a:q>", "<a:r>"]), nodes)


def pattern(graph: Columns, link: tuple[str, str, str]) -> Pattern | None:
    numbers = [text[1:] if text.startswith("?") else graph.terms.number(text.encode()) for text in link]
    subject, predicate, thing = numbers
    known = isinstance(subject, str) or isinstance(thing, str)
    if None in numbers or predicate not in graph.properties or not known or subject == thing:
        return None
    assert isinstance(predicate, int)
    return Pattern(subject, predicate, thing)  # type: ignore[arg-type]


@settings(max_examples=100, deadline=None)
@given(graphs(*ODD), st.lists(links, min_size=1, max_size=4), st.sets(st.sampled_from("xyzw")))
def test_patterns_match_in_columns_what_they_match_in_the_engine(
    quads: list[Quad], asked: list[tuple[str, str, str]], wanted: set[str]
) -> None:
    store = loaded(BASE + quads)
    graph = columns.arrange(store)
    assert graph is not None
    patterns = [pattern(graph, link) for link in asked]
    known = [each for each in patterns if each is not None]
    names = sorted(wanted & frozenset[str]().union(*(each.names for each in known)))
    if len(known) < len(patterns) or (rows := columns.find(graph, known, names)) is None:
        return
    event(f"{len(known)} patterns")
    solved = store.query(f"SELECT * {{ {' . '.join(' '.join(link) for link in asked)} }}")
    expected = Counter(tuple(str(row[name]) for name in names) for row in solved)  # type: ignore[union-attr]
    assert rows.number == sum(expected.values())
    if not rows.number:
        return
    table, counts = rows.grouped(names)
    found = [[graph.terms[number].decode() for number in table.columns[name].tolist()] for name in names]
    assert [*zip(*found, counts.tolist(), strict=True)] == sorted((*row, number) for row, number in expected.items())
    for place, name in enumerate(names):
        groups = Counter(row[:place] + row[place + 1 :] for row in expected)
        different = rows.different([*names[:place], *names[place + 1 :]], name)
        assert different.tolist() == [groups[group] for group in sorted(groups)]


@settings(max_examples=30, deadline=None)
@given(graphs(*ODD))
def test_a_graph_is_arranged_whole(quads: list[Quad]) -> None:
    graph = columns.arrange(loaded(quads))
    assert graph is not None
    pairs = [table.forward.packed for table in graph.properties.values()]
    assert sum(map(len, pairs)) == len(loaded(quads))
    assert list(graph.terms) == sorted(set(graph.terms))
    for number, term in enumerate(graph.terms):
        assert graph.terms.number(term) == number
    assert graph.terms.number(b"<a:nothing>") is None


def test_an_empty_graph_has_no_columns() -> None:
    graph = columns.arrange(loaded([]))
    assert graph is not None
    assert not graph.properties


# --- queries ---------------------------------------------------------------------------------------------------------

subjects = st.sampled_from(["?x", "?x", "?y", "$x", "a:s"])
verbs = st.sampled_from(["a:p", "a:q", "a:r", "a", "<a:p>", "a:p", "a:q"])
objects = st.sampled_from(["?y", "?y", "?z", "?x", "?w", "a:t", "a:t."])
triple = st.builds("{} {} {}".format, subjects, verbs, objects)
more = st.sampled_from(["", "; a:q ?z", ", ?w", "; a ?w ;", "; a:p ?z , ?w", ". ?y a:r ?z", ". ?x a:q ?w ."])
triples = st.builds("{} {}".format, triple, more)
filters = st.sampled_from(
    [
        "FILTER(?x != ?y)", "FILTER(STR(?x) < STR(?y)) .", "FILTER(?y = 1)", "FILTER isIRI(?z)", "FILTER(BOUND(?w))",
        "FILTER(?x IN (a:s, a:t))", "FILTER(YEAR(?y) > 2000 && ?x != <a:t>)", "FILTER(2 * ?y > 1)", "FILTER(?q)", "",
        "FILTER(REGEX(STR(?x), '[su]'))", "FILTER(!BOUND(?v))", "FILTER(LANG(?z) = 'en' || isNumeric(?z))", "", "",
        "FILTER EXISTS { ?x a:r ?w }", "FILTER NOT EXISTS { ?y a:p ?x }", "# a word } \n", "FILTER(RAND() < 2)",
    ]
)  # fmt: skip
group = st.builds("{} {} {}".format, filters, triples, filters) | st.builds(
    "{} {}. {} {}".format, triples, st.just(" "), filters, triple
)
united = st.builds("{{ {} }} UNION {{ {} }} {} {}".format, group, group, st.sampled_from(["", "."]), filters)
beyond = st.sampled_from(["OPTIONAL { ?x a:q ?w }", "MINUS { ?x a:q ?y }", "BIND(1 AS ?w)", "VALUES ?x { a:s }", ". ."])
bodies = group | group | united | st.builds("{} {}".format, group, beyond)
counts = st.sampled_from(
    [
        "(COUNT(*) AS ?n)", "(COUNT(?x) AS ?n)", "(COUNT(?y) AS ?n)", "(COUNT(DISTINCT ?x) AS ?n)", "(SUM(?y) AS ?n)",
        "(COUNT(DISTINCT ?y) AS ?n)", "(2 * COUNT(*) AS ?n)", "(COUNT(*) AS ?n) (COUNT(DISTINCT ?x) AS ?m)",
        "(COUNT(*) AS ?x)", "(COUNT(DISTINCT *) AS ?n)", "(MIN(?y) AS ?n)", "(COUNT(?w) AS ?n)",
        "(IF(COUNT(?x) > 1, 'many', 'few') AS ?n)",
    ]
)  # fmt: skip
havings = st.sampled_from(["", "", "HAVING(COUNT(*) > 1)", "HAVING(COUNT(DISTINCT ?x) > 1)", "HAVING(?y != a:t)"])
orders = st.sampled_from(["", "ORDER BY DESC(?n) ?y", "ORDER BY DESC(COUNT(?x))", "LIMIT 1000", "OFFSET 0"])
grouping = st.sampled_from(
    [("", ""), ("?y", "?y"), ("?x ?y", "?x ?y"), ("?x", "?y"), ("?year", "(YEAR(?y) AS ?year)"), ("?y ?z", "?y ?z ?x"),
     ("", "?y"), ("?k", "?y (STR(?x) AS ?k)"), ("?y", "?y ?w")]
)  # fmt: skip


@st.composite
def queries(draw: st.DrawFn) -> str:
    prefix, body = "PREFIX a: <a:>\n", draw(bodies)
    if draw(st.booleans()):
        head = draw(st.sampled_from(["?x", "?y ?z", "*", "?x (STR(?y) AS ?k)", "?nothing", "(1 AS ?k)", "?z ?x ?y"]))
        tail = draw(st.sampled_from(["", "ORDER BY ?y ?x", "ORDER BY ?z LIMIT 1000", "GROUP BY ?x"]))
        once = draw(st.sampled_from(["DISTINCT", "DISTINCT", "", "REDUCED"]))
        return f"{prefix}SELECT {once} {head} {draw(st.sampled_from(['', 'WHERE']))} {{ {body} }} {tail}"
    selected, grouped = draw(grouping)
    by = f"GROUP BY {grouped}" if grouped else ""
    head = f"SELECT {draw(st.sampled_from(['', '', 'DISTINCT']))} {selected} {draw(counts)}"
    return f"{prefix}{head} {{ {body} }} {by} {draw(havings)} {draw(orders)}"


@settings(max_examples=200, deadline=None)
@given(graphs() | graphs(*ODD), queries())
def test_a_table_in_the_place_of_triples_changes_no_answer(quads: list[Quad], query: str) -> None:
    store = loaded(quads)
    short = rewritten(store, query)
    event("rewritten" if short != query else "left as it is")
    assert answers(store, short) == answers(store, query), short


chains = st.builds(
    "{} ?x {} ?y {} {}".format,
    st.sampled_from(["", "", "FILTER(?x != ?y)"]),
    st.sampled_from(["a:p", "a:q", "<a:r>", "a"]),
    st.sampled_from(["", "; a:q ?z", ", ?w", "; a:q ?w ;", "; a:p ?z , a:t", ". ?y a:r ?z", ". ?x a:q ?w . ?z a:p ?x"]),
    st.sampled_from(["", "", "FILTER(STR(?x) < STR(?y)) .", "FILTER(?y >= 1)", "FILTER(BOUND(?w) || isIRI(?y))"]),
)
heads = st.sampled_from(
    [
        ("?y (COUNT(*) AS ?n)", "GROUP BY ?y ORDER BY DESC(?n) ?y"),
        ("?x ?y (COUNT(DISTINCT ?y) AS ?n)", "GROUP BY ?x ?y"),
        ("?y ?x ?z (COUNT(*) AS ?n)", "GROUP BY ?x ?y ?z"),
        ("(COUNT(DISTINCT ?x) AS ?n)", ""),
        ("(COUNT(?y) AS ?n) (3 + COUNT(*) AS ?m)", ""),
        ("?k (COUNT(?x) AS ?n)", "GROUP BY (DATATYPE(?y) AS ?k)"),
        ("?y (COUNT(*) AS ?n) (COUNT(DISTINCT ?x) AS ?m)", "GROUP BY ?y HAVING(COUNT(*) > 2)"),
        ("?k", "GROUP BY ?y (?x = a:s AS ?k) ORDER BY COUNT(?y)"),
        ("DISTINCT ?y", ""),
        ("DISTINCT ?x ?z ?y (STR(?y) AS ?k)", "ORDER BY ?x"),
    ]
)


@settings(max_examples=250, deadline=None)
@given(graphs() | graphs(*ODD[2:]), heads, chains | st.builds("{{ {} }} UNION {{ {} }}".format, chains, chains))
def test_a_table_has_the_rows_that_its_triples_match(quads: list[Quad], head: tuple[str, str], body: str) -> None:
    store, query = loaded(BASE + quads), f"PREFIX a: <a:> SELECT {head[0]} {{ {body} }} {head[1]}"
    short = rewritten(store, query)
    event("rewritten" if short != query else "left as it is")
    assert isinstance(answers(store, query), tuple)
    assert answers(store, short) == answers(store, query), short


MANY = [
    *(Quad(NamedNode(f"a:m{n}"), PROPERTIES[0], THINGS[n % 4]) for n in range(3_000)),
    *(Quad(NamedNode(f"a:m{n}"), PROPERTIES[1], Literal(n % 50)) for n in range(3_000)),
    *(Quad(NamedNode(f"a:m{n}"), PROPERTIES[2], Literal(n)) for n in range(3_000)),
    Quad(BlankNode("b"), PROPERTIES[2], Literal(1)),
]
PAYING = [
    "SELECT ?t (COUNT(*) AS ?n) { ?m a:p ?t ; a:q ?q } GROUP BY ?t ORDER BY ?t",
    "SELECT ?t (COUNT(DISTINCT ?m) AS ?n) WHERE { ?m a:q ?q . ?m a:p ?t. } GROUP BY ?t HAVING(COUNT(*) > 1)",
    "SELECT (COUNT(DISTINCT ?q) AS ?n) { ?m a:p a:t ; a:q ?q ; a:r ?r }",
    "SELECT DISTINCT ?q { { ?m a:p a:s , ?t ; a:q ?q } UNION { ?m a:q ?q ; a:r ?r FILTER(?q > 7) } }",
    "SELECT ?k (COUNT(?m) + 1 AS ?n) { ?m a:p ?t ; a:q ?q } GROUP BY (FLOOR(?q / 7) AS ?k)",
]
LEFT = [
    "SELECT ?r (COUNT(*) AS ?n) { ?m a:p ?t ; a:r ?r } GROUP BY ?r",  # the table is as long as the graph
    "SELECT ?t (COUNT(*) AS ?n) { ?m a:p ?t ; a:q 1 } GROUP BY ?t",  # a literal may be written otherwise
    "SELECT DISTINCT ?m { ?m a:r ?r FILTER(?r < 3) }",
    "SELECT ?t { ?m a:p ?t ; a:q ?q }",
    "SELECT (COUNT(*) AS ?n) { ?m a:q ?q . ?o a:q ?q . ?w a:q ?q }",  # too many rows
    "SELECT ?t (COUNT(*) AS ?n) { ?m a:p ?t . ?o a:q ?q } GROUP BY ?t",  # they do not hang together
    "SELECT ?t (SUM(?q) AS ?n) { ?m a:p ?t ; a:q ?q } GROUP BY ?t",
    "SELECT ?t (COUNT(*) AS ?n) { ?m a:p ?t ; ?p ?q } GROUP BY ?t",
    "SELECT ?t (COUNT(*) AS ?n) { ?m a:p ?t ; a:q/a:r ?q } GROUP BY ?t",
    "SELECT ?t (COUNT(*) AS ?n) { GRAPH ?g { ?m a:p ?t ; a:q ?q } } GROUP BY ?t",
    "SELECT ?t (COUNT(*) AS ?n) FROM <a:g> { ?m a:p ?t ; a:q ?q } GROUP BY ?t",
    "SELECT ?t (COUNT(*) AS ?n) { ?m a:p ?t ; a:nothing ?q } GROUP BY ?t",
    "SELECT (COUNT(DISTINCT ?m) AS ?n) { ?m a:p ?t ; a:q ?q FILTER(?q > 7) }",
]


@pytest.mark.parametrize("query", PAYING)
def test_a_table_is_made_where_few_rows_stand_for_many(query: str) -> None:
    store, asked = loaded(MANY), f"PREFIX a: <a:>\n{query}"
    short = rewritten(store, asked, tabling.GAIN)
    assert "VALUES" in short
    assert not re.search(r"a:[pqr]", short)
    assert isinstance(answers(store, asked), tuple)
    assert answers(store, short) == answers(store, asked)


@pytest.mark.parametrize("query", LEFT)
def test_every_other_query_is_left_as_it_is(query: str) -> None:
    asked = f"PREFIX a: <a:>\n{query}"
    assert rewritten(loaded(MANY), asked, tabling.GAIN) == asked


@pytest.mark.skipif(sys.platform != "linux", reason="workers are held by Linux")
def test_workers_make_tables_behind_their_walls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spacekg.store.MUCH", len(MANY))
    quads = [*MANY, *(Quad(*list(quad)[:3], NamedNode("a:g")) for quad in MANY)]
    plain = Store(quads, "r", {})
    with workers.staffed(lambda: Store(quads, "r", {}), 1) as pool:
        # Nothing is forked half-way.
        assert len(list(Path(f"/proc/{pool._spawner.process}/task").iterdir())) == 1
        for query in PAYING:
            asked = Request(f"PREFIX a: <a:>\n{query}")
            told = [json.loads(each.answer(asked).content)["results"]["bindings"] for each in (pool, plain)]
            assert sorted(map(str, told[0])) == sorted(map(str, told[1])) != []
