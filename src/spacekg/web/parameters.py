"""parameters  an HTTP request → what the SPARQL Protocol says in it."""

from __future__ import annotations

import math
import re
import time
from binascii import a2b_qp
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from werkzeug.exceptions import UnsupportedMediaType

from spacekg.answers import ForbiddenQueryError
from spacekg.errors import BadQueryError
from spacekg.web.bare import Asking
from spacekg.web.negotiation import NAMING

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
TIMEOUT = "timeout"
LINT = "lint"
FIELDS = 100
"""How many parameters a request may have."""
_HALF = re.compile("%(?![0-9A-Fa-f]{2})")
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


def read(request: Asking, clock: Callable[[], float] = time.monotonic, base: str = "") -> Parameters:
    """Read a GET, a POST of a form or a POST of a query; its time begins once its body has been read.

    Raises:
        BadQueryError: the text is not UTF-8, the query is missing from a POST, there are two, or a parameter has a
            value that it cannot have.
        ForbiddenQueryError: it is an update.
        UnsupportedMediaType: a POST of something else, or compressed.
    """
    kind = request.mimetype if request.method == "POST" else ""
    body = _body(request, kind) if request.method == "POST" else b""
    began = clock()
    pairs = _pairs(request.query_string)
    if request.method == "POST":
        pairs += _sent(body, kind)
    said: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        said[name] = (*said.get(name, ()), value)
    if "update" in said:
        raise ForbiddenQueryError("this endpoint only reads, so updates are refused: its data change with a release")
    queries = said.get("query", ())
    if len(queries) > 1 or (request.method == "POST" and not queries):
        raise BadQueryError(f"a request asks one query, and here are {len(queries)}: send the parameter `query` once")
    return Parameters(
        query=queries[0] if queries else None,
        default_graphs=said.get("default-graph-uri", ()),
        named_graphs=said.get("named-graph-uri", ()),
        formats=tuple([value for name in NAMING for value in said.get(name, ())]),
        seconds=_seconds(said.get(TIMEOUT, ())),
        lint=_lint(said.get(LINT, ())),
        began=began,
        base=base,
    )


def _body(request: Asking, kind: str) -> bytes:
    """Read what is sent, unless it is not what this endpoint takes."""
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise UnsupportedMediaType("send the body as it is: it is not unpacked here")
    if kind not in (FORM, QUERY, UPDATE):
        raise UnsupportedMediaType(f"POST takes {FORM} or {QUERY}, not {kind or 'a body without a type'}")
    return b"" if kind == UPDATE else request.get_data(cache=False)


def _sent(body: bytes, kind: str) -> list[tuple[str, str]]:
    if kind == FORM:
        return _pairs(body)
    return [("query", _text(body))] if kind == QUERY else [("update", "")]


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    try:
        fields = encoded.decode("ascii").replace("+", " ").split("&")
        if len(fields) > FIELDS:
            raise BadQueryError(f"the request has more than {FIELDS} parameters: name fewer graphs")
        parted = [field.partition("=") for field in fields if field]
        return [(_unquoted(name), _unquoted(value)) for name, _, value in parted]
    except UnicodeDecodeError:
        raise BadQueryError("the parameters are not percent-encoded UTF-8: encode every other byte as %XX") from None


def _unquoted(text: str) -> str:
    """Decode percent-encoding; where it is whole, it is quoted-printable with another sign, which is decoded fast."""
    if _HALF.search(text):
        return unquote(text, errors="strict")
    return a2b_qp(text.replace("=", "=3D").replace("%", "=")).decode()


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
