"""A request is read as waitress reads it, whatever its head has, though headers that are known are not read again."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from waitress.adjustments import Adjustments
from waitress.parser import HTTPRequestParser

from spacekg.server.requests import Parser

FIRST = [
    "POST /sparql HTTP/1.1", "GET /a?b HTTP/1.1", "POST /x HTTP/1.0", "POST  /x HTTP/1.1", "PUT / HTTP/1.1",
    "GET //a?b HTTP/1.1", "GET  HTTP/1.1", "POST", "GET http://a/b HTTP/1.1", "POST /%00?%ff HTTP/1.1",
]  # fmt: skip
LINES = [
    "Content-Length: 5", "content-length:7", "CONTENT-LENGTH:\t12", "Content-Length : 5", "Content-Length: 0",
    "Content-Length: x", "Content-Length:", "Content-Length: 5 ", "Content-Length: +5", "Content-Length: 5, 5",
    " 6", "\t7", "X-Content-Length: 5", "Content_Length: 4", "A: b\nContent-Length: 3", "B: c\rD: e", ": x",
    "Cont\nent: a", "Host: a", "Host: b", "Accept: */*", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip",
    "Expect: 100-continue", "Connection: close", "Connection: keep-alive",
]  # fmt: skip
BODIES = ["", "12345", "5\r\nquery\r\n0\r\n\r\n", "GET / HTTP/1.1\r\n\r\n"]
READ = (
    "command", "version", "path", "query", "request_uri", "content_length", "chunked", "expect_continue",
    "connection_close", "completed", "empty", "headers_finished", "header_bytes_received", "body_bytes_received",
)  # fmt: skip
heads = st.builds(
    lambda first, lines: "\r\n".join([first, *lines, "", ""]),
    st.sampled_from(FIRST),
    st.lists(st.sampled_from(LINES), max_size=5),
)
ADJUSTMENTS = Adjustments()


def read(parser: HTTPRequestParser, head: str, body: str) -> dict[str, object]:
    """Give all that is made of a request; of one that is refused its headers tell nothing to anybody."""
    taken = [parser.received(head.encode()), parser.received(body.encode()) if body else 0]
    found: dict[str, object] = {name: getattr(parser, name, None) for name in READ}
    refused = (type(parser.error).__name__, parser.error.body) if parser.error else None
    content = b"" if refused else parser.get_body_stream().read()
    return {
        **found,
        "taken": taken,
        "refused": refused,
        "headers": None if refused else parser.headers,
        "body": content,
    }


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(heads, st.sampled_from(BODIES)), min_size=1, max_size=3))
def test_a_head_is_read_as_waitress_reads_it(sent: list[tuple[str, str]]) -> None:
    for head, body in [*sent, *sent]:
        assert read(Parser(ADJUSTMENTS), head, body) == read(HTTPRequestParser(ADJUSTMENTS), head, body)


def test_the_headers_of_a_client_are_read_once_however_long_what_it_sends() -> None:
    for length in (1, 22, 333):
        parser = Parser(ADJUSTMENTS)
        parser.received(b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\nAccept: b\r\n\r\n" % length)
        parser.received(b"x" * length)
        assert parser.completed
        assert parser.headers == {"HOST": "a", "ACCEPT": "b", "CONTENT_LENGTH": str(length)}
        assert parser.get_body_stream().read() == b"x" * length
