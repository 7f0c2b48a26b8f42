"""What is passed on as it was sent is what would be written here, to the byte; everything else is written anew."""

from __future__ import annotations

import json

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from spacekg import formats, writing
from spacekg.answers import AnswerTooLargeError, Limits
from spacekg.backends import rows

BASE = "https://example.org/"
TERMS = [
    NamedNode(f"{BASE}a#b"), NamedNode(BASE), NamedNode("http://example.org"), BlankNode("ab12"), BlankNode(),
    Literal(""), Literal('é\n"\\\t\r 😀\u2028'), Literal("a", language="en"), Literal("a", language="en-gb"),
    Literal("a", language="zh-hant-tw"), Literal(5), Literal(True),
]  # fmt: skip
OTHERS = [
    NamedNode("urn:a:b"), NamedNode(f"{BASE}?q=1"), Literal("\x7f"), Literal("\x01"), Literal("a", language="de-1996"),
    Literal("x", datatype=NamedNode(f"{BASE}type")),
]  # fmt: skip
QUERIES = [
    "SELECT ?o { ?s ?p ?o }", "SELECT * { ?s ?p ?o }", "SELECT ?s ?o ?n { ?s ?p ?o OPTIONAL { ?o ?q ?n } }",
    "SELECT ?s { ?s ?p 77 }", "SELECT ?a ?b ?c ?d ?e ?f ?g ?h { ?a ?b ?c } LIMIT 3",
    "SELECT ?s ?o { ?s ?p ?o } LIMIT 1",
]  # fmt: skip
PIECES = [
    b'"', b",", b"}", b"{", b"]", b"\\", b"a", b"A", b":", b"%", b"#", b"\xff", b"\x00", b'"o":', b'"s":', b"-", b"1",
    b"\\n", b"/", b"\xc3\xa9", b"\xed\xa0\x80", b"\\u0041", b'"type":"uri"', b"..", b"-en", b"//",
    b" ", b"\n", b"string",
]  # fmt: skip


def answer(query: str, *terms: NamedNode | BlankNode | Literal) -> bytes:
    data = pyoxigraph.Store()
    data.extend(Quad(NamedNode(f"{BASE}s"), NamedNode(f"{BASE}p"), term) for term in terms)
    return bytes(data.query(query).serialize(None, formats.JSON.codec))


def anew(content: bytes) -> bytes:
    return bytes(pyoxigraph.parse_query_results(content, formats.JSON.codec).serialize(None, formats.JSON.codec))


ANSWERS = [answer(query, *TERMS) for query in QUERIES]


@pytest.mark.parametrize("query", QUERIES)
def test_what_is_written_as_here_is_known_and_no_part_of_it(query: str) -> None:
    content = answer(query, *TERMS)
    assert rows.are_written(content, "SELECT")
    assert not any(rows.are_written(content[:end], "SELECT") for end in range(len(content)))
    assert not rows.are_written(content + b"}", "SELECT")


@settings(max_examples=3_000, deadline=None)
@given(
    st.sampled_from(ANSWERS),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 5), st.sampled_from([b"", *PIECES])), min_size=1, max_size=2),
)
def test_whatever_is_passed_on_is_what_would_be_written(
    content: bytes, changes: list[tuple[float, int, bytes]]
) -> None:
    for place, taken, put in changes:
        start = int(place * len(content))
        content = content[:start] + put + content[start + taken :]
    if rows.are_written(content, "SELECT"):
        assert anew(content) == content


@pytest.mark.parametrize("term", OTHERS, ids=str)
def test_what_a_glance_does_not_tell_is_written_anew(term: NamedNode | Literal) -> None:
    assert not rows.are_written(answer("SELECT ?o { ?s ?p ?o }", term), "SELECT")


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(json.loads(ANSWERS[0])).encode(),
        b'{"head":{"vars":["s"]},"results":{"bindings":[{"o":{"type":"uri","value":"https://a/"}}]}}',
        b'{"head":{"vars":["s","s"]},"results":{"bindings":[]}}',
        b'{"head":{"vars":["s","o"]},"results":{"bindings":[{"o":{"type":"literal","value":""},'
        b'"s":{"type":"literal","value":""}}]}}',
        b'{"head":{},"boolean":true}',
        answer("SELECT ?a ?b ?c ?d ?e ?f ?g ?h ?i { ?a ?b ?c }"),
        answer("SELECT ?o { ?s ?p ?o }", Literal("a" * rows.LARGEST)),
    ],
    ids=["spaces", "no such name", "a name twice", "another order", "a truth", "many names", "large"],
)
def test_what_is_written_otherwise_is_written_anew(content: bytes) -> None:
    assert not rows.are_written(content, "SELECT")


def test_the_limits_hold_for_what_is_written_already() -> None:
    content = answer("SELECT ?o { ?s ?p ?o }", *TERMS)
    taken = writing.written(content, formats.JSON, Limits(rows=len(TERMS)))
    assert (taken.content, taken.format, taken.rows) == (content, formats.JSON, len(TERMS))
    with pytest.raises(AnswerTooLargeError, match="rows"):
        writing.written(content, formats.JSON, Limits(rows=len(TERMS) - 1))
    with pytest.raises(AnswerTooLargeError, match="bytes"):
        writing.written(content, formats.JSON, Limits(answer_bytes=len(content) - 1))


@pytest.mark.parametrize("query", ["ASK {}", "ASK { ?s ?p 77 }"])
def test_a_truth_is_known_as_the_answer_to_what_asks_for_one(query: str) -> None:
    content = answer(query)
    assert rows.are_written(content, "ASK")
    assert not any(rows.are_written(content[:end], "ASK") for end in range(len(content)))
    assert not rows.are_written(content, "SELECT")
    assert not rows.are_written(ANSWERS[0], "ASK")
    assert not rows.are_written(content, "CONSTRUCT")
