"""parameters  an HTTP request → what the SPARQL Protocol says in it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.exceptions import UnsupportedMediaType

from spacekg.answers import ForbiddenQueryError
from spacekg.errors import BadQueryError
from spacekg.web.negotiation import NAMING

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
TIMEOUT = "timeout"
LINT = "lint"
_SAID = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a request asks: its query if it has one, the dataset, and the formats it names."""

    query: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    formats: tuple[str, ...]
    seconds: float = 0.0
    """How long the answer may take; 0 if the request does not say."""
    began: float = 0.0
    """When the whole request had come, by the clock that it was read with."""
    base: str = ""
    """Where it was asked, which relative IRIs in the query are relative to."""
    lint: bool = False
    """Whether the answer is to come with what the linter finds in the query."""


def read(request: Request, clock: Callable[[], float] = time.monotonic, base: str = "") -> Parameters:
    """Read a GET, a POST of a form or a POST of a query; its time begins once its body has been read.

    Raises:
        BadQueryError: the text is not UTF-8, the query is missing from a POST, there are two, or a parameter has a
            value that it cannot have.
        ForbiddenQueryError: it is an update.
        UnsupportedMediaType: a POST of something else, or compressed.
    """
    body = _body(request) if request.method == "POST" else b""
    began = clock()
    pairs = _pairs(request.query_string)
    if request.method == "POST":
        pairs += _sent(body, request.mimetype)
    if any(name == "update" for name, _ in pairs):
        raise ForbiddenQueryError("this endpoint only reads, so updates are refused: its data change with a release")
    queries = _values(pairs, "query")
    if len(queries) > 1 or (request.method == "POST" and not queries):
        raise BadQueryError(f"a request asks one query, and here are {len(queries)}: send the parameter `query` once")
    named = (value for name in NAMING for value in _values(pairs, name))
    return Parameters(
        query=queries[0] if queries else None,
        default_graphs=_values(pairs, "default-graph-uri"),
        named_graphs=_values(pairs, "named-graph-uri"),
        formats=tuple(named),
        seconds=_seconds(_values(pairs, TIMEOUT)),
        lint=_lint(_values(pairs, LINT)),
        began=began,
        base=base,
    )


def _body(request: Request) -> bytes:
    """Read what is sent, unless it is not what this endpoint takes."""
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise UnsupportedMediaType("send the body as it is: it is not unpacked here")
    if request.mimetype not in (FORM, QUERY, UPDATE):
        raise UnsupportedMediaType(f"POST takes {FORM} or {QUERY}, not {request.mimetype or 'a body without a type'}")
    return b"" if request.mimetype == UPDATE else request.get_data(cache=False)


def _sent(body: bytes, kind: str) -> list[tuple[str, str]]:
    if kind == FORM:
        return _pairs(body)
    return [("query", _text(body))] if kind == QUERY else [("update", "")]


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=100)
    except UnicodeDecodeError:
        raise BadQueryError("the parameters are not percent-encoded UTF-8: encode every other byte as %XX") from None
    except ValueError:
        raise BadQueryError("the request has more than 100 parameters: name fewer graphs") from None


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadQueryError(f"the query is not UTF-8: byte {error.start + 1} begins no character") from None


def _seconds(values: tuple[str, ...]) -> float:
    """Read the shortest time that is asked for, in seconds."""
    try:
        seconds = [float(value) for value in values if value.strip()]
    except ValueError:
        seconds = [0.0]
    if not all(0 < each < math.inf for each in seconds):
        raise BadQueryError(f"{TIMEOUT}={values[0][:40]} is no time: give seconds, such as {TIMEOUT}=5")
    return min(seconds, default=0.0)


def _lint(values: tuple[str, ...]) -> bool:
    wrong = [value for value in values if value not in _SAID]
    if wrong:
        raise BadQueryError(f"{LINT}={wrong[0][:40]} says nothing: send {LINT}=true to have the query checked")
    return any(_SAID[value] for value in values)


def _values(pairs: list[tuple[str, str]], wanted: str) -> tuple[str, ...]:
    return tuple(value for name, value in pairs if name == wanted)
