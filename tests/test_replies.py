"""An answer of a SPARQL server is read alike in whatever pieces it comes, and half a one is none."""

from __future__ import annotations

from http.client import HTTPException, IncompleteRead, RemoteDisconnected
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacekg.answers import AnswerTooLargeError
from spacekg.backends.lines import form
from spacekg.backends.replies import Incoming

BODY = b'{"head":{},"boolean":true}'
TYPED = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json; charset=utf-8\r\n"
LONG = TYPED + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY
CHUNKED = TYPED + b"Transfer-Encoding: chunked\r\n\r\n5\r\n" + BODY[:5] + b"\r\n%x\r\n" % len(BODY[5:]) + BODY[5:]
CHUNKED += b"\r\n0\r\n\r\n"
ENDLESS = TYPED + b"\r\n" + BODY
ANSWERS = {
    "with its length": (LONG, True),
    "in chunks": (CHUNKED, True),
    "up to the end": (ENDLESS, False),
    "the last of its connection": (LONG.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), False),
    "after a word that it is on its way": (b"HTTP/1.1 102 Processing\r\nX: y\r\n\r\n" + LONG, True),
}


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_the_same_in_whatever_pieces_it_comes(name: str, size: int) -> None:
    sent, stays = ANSWERS[name]
    answer = Incoming(1_000)
    for start in range(0, len(sent), size):
        assert not answer.whole
        answer.feed(sent[start : start + size])
    if not answer.whole:
        answer.feed(b"")
    assert answer.whole
    assert answer.stays == stays
    reply = answer.reply
    assert (reply.status, reply.media_type, reply.content) == (200, "application/sparql-results+json", BODY)
    assert "x" not in reply.headers


@pytest.mark.parametrize("sent", [LONG, CHUNKED], ids=["with its length", "in chunks"])
def test_half_an_answer_is_none(sent: bytes) -> None:
    for end in range(1, len(sent)):
        answer = Incoming(1_000)
        answer.feed(sent[:end])
        assert not answer.whole
        with pytest.raises(IncompleteRead):
            answer.feed(b"")


def test_a_connection_that_ends_without_a_word_is_told_apart() -> None:
    with pytest.raises(RemoteDisconnected):
        Incoming(1_000).feed(b"")


@pytest.mark.parametrize("sent", [b"220 mail.example.org ESMTP\r\n", LONG + LONG, LONG + b"more"])
def test_what_is_no_single_answer_is_refused(sent: bytes) -> None:
    with pytest.raises(HTTPException):
        Incoming(1_000).feed(sent)


def test_an_answer_that_is_too_large_is_given_up() -> None:
    with pytest.raises(AnswerTooLargeError):
        Incoming(10).feed(LONG)


@given(st.lists(st.tuples(st.sampled_from(["query", "default-graph-uri"]), st.text()), max_size=3))
def test_what_is_asked_is_sent_as_a_form(parameters: list[tuple[str, str]]) -> None:
    assert form(parameters) == urlencode(parameters).encode()
