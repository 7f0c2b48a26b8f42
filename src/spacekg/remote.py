"""remote    query     SPARQL text → what another endpoint answers."""

from __future__ import annotations

import ast
import json
import math
import re
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse, IncompleteRead
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import Request, urlopen

import pyoxigraph
from pyoxigraph import QuerySolutions
from SPARQLWrapper import POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

from spacekg import agent, answers, formats
from spacekg.answers import Row
from spacekg.errors import RemoteError
from spacekg.formats import GraphFormat, ResultFormat

_ADVICE = {
    400: "it cannot read the query",
    401: "it wants a login, which is not given here",
    403: "it refuses this query",
    404: "there is no endpoint at this address",
    405: "the address takes no queries by POST",
    406: "it does not have this format: ask for another",
    413: "the query or its answer is too large for it: add a LIMIT",
    414: "the query is too long for it",
    429: "too many queries: wait before you ask again",
    503: "it is busy: wait before you ask again",
    504: "the query took too long: add a LIMIT or ask for less",
}
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses after which the same question may get an answer later."""
_LARGEST = 500_000_000


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A SPARQL endpoint elsewhere, and how many seconds to wait for its whole answer.

    `contact` is a mail address or a page: whoever runs the endpoint sees whom to ask when we ask too much.
    """

    address: str
    seconds: float = 60.0
    contact: str = ""


class PassingError(RemoteError):
    """A failure that may pass, so the same question is worth asking again; `wait` is in seconds, if it was said."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


class TruncatedError(RemoteError):
    """An endpoint says that its answer is not the whole one."""


def query(endpoint: Endpoint, text: str, results: ResultFormat, graph: GraphFormat) -> bytes:
    """Send a query and give the bytes of its answer: rows in the one format, a graph in the other.

    Raises:
        RemoteError: the endpoint cannot be reached, refuses, takes too long, or answers in another format;
            a `PassingError` where another try may help.
    """
    content, media_type = _ask(endpoint, text, f"{results.media_type}, {graph.media_type}")
    if media_type not in (*results.accepted(), *graph.accepted()):
        raise PassingError(
            f"{endpoint.address} answered {media_type}, not {results.media_type} or {graph.media_type}: "
            "ask for another format, or check that this is the address of a SPARQL endpoint"
        )
    return content


def rows(endpoint: Endpoint, text: str) -> list[Row]:
    """Send a SELECT query and give its rows: variable name to pyoxigraph term.

    Raises:
        RemoteError: as for `query`, or the answer is no table.
    """
    return table(endpoint, query(endpoint, text, formats.JSON, formats.TURTLE))


def table(endpoint: Endpoint, content: bytes) -> list[Row]:
    """Read the rows out of an answer in the JSON format.

    Raises:
        RemoteError: it is no table, or broken off in the middle.
    """
    try:
        solutions = pyoxigraph.parse_query_results(content, formats.JSON.codec)
        if isinstance(solutions, QuerySolutions):
            return answers.table(solutions)
    except (SyntaxError, OSError) as error:
        raise PassingError(f"{endpoint.address} answered what is no table ({error}): ask again later") from None
    raise RemoteError(f"{endpoint.address} answered yes or no: ask for rows with SELECT")


def candidates(endpoint: Endpoint, name: str, kind: str, limit: int) -> list[dict[str, Any]]:
    """Ask the reconciliation service beside an endpoint, at `reconcile`, which things of a class a name may mean.

    Gives candidates as the Reconciliation Service API 0.2 has them; `kind` may be empty.

    Raises:
        RemoteError: there is no such service, it refuses, takes too long, or answers something else.
    """
    service = replace(endpoint, address=urljoin(_checked(endpoint), "reconcile"))
    asked = {"query": name, "limit": limit, **({"type": kind} if kind else {})}
    form = urlencode({"queries": json.dumps({"q0": asked})}).encode()
    headers = {"Accept": "application/json", "User-Agent": agent.name(endpoint.contact)}
    asking = Request(service.address, form, headers)
    with _failing(service), urlopen(asking, timeout=max(0.1, service.seconds)) as response:
        content, _ = _received(response, service)
    try:
        found = json.loads(content)["q0"]["result"]
        return [{"id": str(each["id"]), "name": str(each["name"]), **each} for each in found]
    except (ValueError, KeyError, TypeError):
        raise RemoteError(f"{service.address} is no reconciliation service: search for the name") from None


def _checked(endpoint: Endpoint) -> str:
    if not endpoint.address.lower().startswith(("http://", "https://")):
        raise RemoteError(f"{endpoint.address}: an endpoint's address begins with http:// or https://")
    return endpoint.address


def _ask(endpoint: Endpoint, text: str, accept: str) -> tuple[bytes, str]:
    _checked(endpoint)
    wrapper = SPARQLWrapper(endpoint.address, agent=agent.name(endpoint.contact))
    wrapper.timeout = max(0.1, endpoint.seconds)  # type: ignore[assignment]  # setTimeout cuts the fraction off
    wrapper.setMethod(POST)
    wrapper.setOnlyConneg(True)
    wrapper.addCustomHttpHeader("Accept", accept)
    with warnings.catch_warnings():
        # It warns of what it does not understand; the endpoint will say so better.
        warnings.simplefilter("ignore", RuntimeWarning)
        wrapper.setQuery(text)
    if wrapper.isSparqlUpdateRequest():
        raise RemoteError("this is an update, and updates are never sent: ask with SELECT, ASK, CONSTRUCT or DESCRIBE")
    with _failing(endpoint):
        return _received(wrapper.query().response, endpoint)


@contextmanager
def _failing(endpoint: Endpoint) -> Iterator[None]:
    """Say what went wrong on the way to a service and back."""
    try:
        yield
    except (SPARQLWrapperException, HTTPError) as error:
        raise _refused(endpoint, error) from None
    except (HTTPException, OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise PassingError(
            f"{endpoint.address} cannot be reached ({reason}): check the address and the network, "
            f"or wait longer than {endpoint.seconds:g} seconds"
        ) from None


def _received(response: HTTPResponse, endpoint: Endpoint) -> tuple[bytes, str]:
    """Read an answer to its end; a server that sends a byte now and then does not hold us longer than any other."""
    end = time.monotonic() + endpoint.seconds
    content = bytearray()
    while chunk := response.read(1 << 16):
        content += chunk
        if time.monotonic() > end:
            raise TimeoutError("the answer did not come to its end")
        if len(content) > _LARGEST:
            raise RemoteError(f"{endpoint.address}: the answer is over {_LARGEST:,} bytes: add a LIMIT to the query")
    if response.headers.get("X-Result-Complete", "").strip().lower() == "false":
        raise TruncatedError(f"{endpoint.address} left out rows, as it says: ask page by page with ORDER BY and LIMIT")
    cap = response.headers.get("X-SPARQL-MaxRows", "").strip()
    if cap.isdecimal() and _may_be_cut(bytes(content), int(cap)):
        raise TruncatedError(
            f"{endpoint.address} gives at most {int(cap):,} rows, as it says, and there are as many: "
            "ask page by page with ORDER BY and LIMIT"
        )
    if response.length:  # Read in pieces, a body that is cut off looks like one that has ended.
        raise IncompleteRead(bytes(content), response.length)
    return bytes(content), response.headers.get_content_type()


def _may_be_cut(content: bytes, cap: int) -> bool:
    """Whether an answer has as many rows as its endpoint gives at most; what is no table of JSON may always be cut."""
    try:
        return len(json.loads(content)["results"]["bindings"]) >= cap
    except (ValueError, KeyError, TypeError):
        return True


def _refused(endpoint: Endpoint, error: SPARQLWrapperException | HTTPError) -> RemoteError:
    """Say why an endpoint refused: by its status, by its own words, and when to come back."""
    refused = error if isinstance(error, HTTPError) else error.__context__
    status = refused.code if isinstance(refused, HTTPError) else 0
    wait = _seconds(refused.headers.get("Retry-After", "")) if isinstance(refused, HTTPError) else None
    words = _own_words(error.read() if isinstance(error, HTTPError) else _body(str(error)))
    advice = _ADVICE.get(status, "it failed: try again later, or ask whoever runs it")
    again = "" if wait is None else f", again in {wait:g} seconds"
    message = f"{endpoint.address}: {advice} (HTTP {status}{again}){f': {words}' if words else ''}"
    return PassingError(message, wait) if status in _PASSING else RemoteError(message)


def _seconds(retry_after: str) -> float | None:
    """Read the header Retry-After: seconds, or a date from which they are counted."""
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    zone = until.tzinfo or UTC
    return max(0.0, math.ceil((until.replace(tzinfo=zone) - datetime.now(UTC)).total_seconds()))


def _body(message: str) -> bytes:
    """Take the server's words out of SPARQLWrapper's message, which holds them as Python would write them."""
    try:
        body = ast.literal_eval(message.partition("Response:\n")[2])
    except (SyntaxError, ValueError):
        return b""
    return body if isinstance(body, bytes) else b""


def _own_words(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    try:
        return str(json.loads(text)["detail"])
    except (ValueError, KeyError, TypeError):
        return " ".join(re.sub(r"<[^>]*>", " ", text).split())[:300]
