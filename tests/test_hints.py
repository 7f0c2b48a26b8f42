"""What may make a query cost so much, and nothing where there is nothing to say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacekg import hints

APART = "share no variable"
ENDLESS = "no end that is given"
WHOLE = "all solutions at once"
GROWING = "grow quickly"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }", [APART]),
        ("SELECT * { ?a a ?b . FILTER(?a != ?b) . ?c a ?d }", [APART]),
        ("SELECT * { VALUES ?x { 1 2 } ?y a ?z }", [APART]),
        ("SELECT * { ?a a ?b OPTIONAL { ?a a ?d . ?e a ?f } }", [APART]),
        ("SELECT * { ?a a ?y . { SELECT ?z { ?a a ?b . ?c a ?d } } }", [APART]),
        ("SELECT * { ?a (!<u:x>)* ?b }", [ENDLESS]),
        ("SELECT * { ?a <x:p>/<x:q>+ ?b }", [ENDLESS]),
        ("SELECT * { ?a a ?b } ORDER BY ?a", [WHOLE]),
        ("SELECT DISTINCT ?a { ?a a ?b }", [WHOLE]),
        ("SELECT * { ?a a ?b BIND(CONCAT(?a, CONCAT(?a, CONCAT(?a, CONCAT(?a, CONCAT(?a, ?a))))) AS ?c) }", [GROWING]),
        ("SELECT DISTINCT * { ?a ?b ?c . ?d <x:p>+ ?f }", [APART, ENDLESS, WHOLE]),
        ("SELECT * { ?a ?b ?c . ?c ?d ?e . FILTER(?a > ?e) }", []),
        ("SELECT * { ?a ?b ?c . ?d ?e ?f . FILTER(?a = ?d) }", []),
        ("SELECT * { ?a a ?b ; <x:y> ?c , ?d . ?d a [ <x:y> ?z ] }", []),
        ("SELECT * { { ?a a ?b } UNION { ?c a ?d } }", []),
        ("SELECT * { GRAPH ?g { ?a ?b ?c } }", []),
        ("SELECT * { ?a a 1.5 . GRAPH ?g { ?a ?b ?c } }", []),
        ("SELECT * { <a:b> <x:p>+ ?b }", []),
        ("SELECT (?a * ?b AS ?c) { ?s <p:p> ?a , ?b }", []),
        ("SELECT * { ?a a ?b } ORDER BY ?a LIMIT 1", []),
        ("PREFIX a: <b:> SELECT ?x { ?x a:p ?y FILTER EXISTS { ?y ?z ?w } }", []),
        ("ASK {", []),
        ("", []),
        ("ASK { ?s ?p 'never ends", []),
    ],
)
def test_what_is_expensive_is_said_and_nothing_else(query: str, said: list[str]) -> None:
    found = hints.find(query)
    assert len(found) == len(said)
    for hint, part in zip(found, said, strict=True):
        assert part in hint


def test_of_a_long_query_only_the_beginning_is_looked_at() -> None:
    """Whoever waits for the answer to a stopped query waits for the hints too; what may stand behind is not denied."""
    long = "SELECT * { ?a ?b ?c . ?d ?e ?f } GROUP BY" + " ?a" * hints.READ + " LIMIT 1"
    (hint,) = hints.find(long)
    assert APART in hint


PIECES = st.sampled_from(
    ["{", "}", "UNION", "?x", "?y", ".", ";", "*", "a", "<a:b>", "FILTER", "(", ")", "SELECT", "GRAPH"]
)


@given(st.lists(PIECES, max_size=40))
def test_whatever_is_asked_there_is_an_answer(pieces: list[str]) -> None:
    assert len(hints.find(" ".join(pieces))) <= 40
