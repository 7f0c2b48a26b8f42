"""refusals  what a SPARQL server sends instead of a whole answer → the error that it is here."""

from __future__ import annotations

import json
import logging
import re

from spacekg.answers import AnswerTooLargeError, BusyError, QuerySyntaxError, Request
from spacekg.backends.graphs import Dataset
from spacekg.backends.lines import LateError
from spacekg.backends.replies import Reply
from spacekg.errors import BackendError, BadQueryError
from spacekg.store import located

LOGGER = "spacekg.backends"
_LATE = re.compile(r"time[d ]*-?out|timeout|S1T00|cancel+ed|deadline", re.IGNORECASE)
"""How servers say in their own words that a query took too long."""
TAIL = 200
"""Bytes at the end of half an answer that may say so."""
_NOT_SO = re.compile(
    r"function <[^>]*> is not supported|Virtuoso (?:(?:07|22|37|S0)\w{3}|42001) Error|estimated execution time"
)
"""How some of them say, as if it were their own fault, that a query has what they do not know or cannot do."""
_PLACE = re.compile(r"\bline[ :=]+(\d+)(?:, ?col(?:umn)?[ :=]+(\d+))?", re.IGNORECASE)
"""How most of them say where a query goes wrong."""
_OURS = re.compile(r"error at (\d+):(\d+)")
"""How the engine says it that our own store has too."""


def check(reply: Reply, asked: Dataset, request: Request) -> None:
    """Let an answer through only if it may be a whole one.

    Raises:
        LateError: the server gave the query up.
        BadQueryError, BusyError, AnswerTooLargeError, BackendError: what it is instead.
    """
    words = "" if reply.status == 200 else reply.content[:2_000].decode("utf-8", "replace").strip()
    if reply.headers.get("x-sql-state") or reply.status in (408, 504) or (reply.status >= 500 and _LATE.search(words)):
        # Virtuoso sends what it has found so far, as if that were all.
        raise LateError
    if reply.status == 400:
        raise _unreadable(words, asked, request)
    if reply.status >= 500 and _NOT_SO.search(words):
        raise BadQueryError(f"the query cannot be evaluated: {_first_line(words)}")
    if reply.status == 429:
        raise BusyError("the store has too much to do: ask again in a few seconds")
    if reply.status == 413:
        raise AnswerTooLargeError("the query or its answer is too large for the store: add a LIMIT to the query")
    if reply.status != 200:
        logging.getLogger(LOGGER).error("the store answered with HTTP %s: %s", reply.status, _first_line(words))
        raise BackendError(f"the store answered with HTTP {reply.status}: whoever runs this site must look after it")


def broken(reply: Reply, error: Exception) -> LateError | BackendError:
    """Say why an answer cannot be read to its end; a server may give a query up when it has begun to send rows."""
    if _LATE.search(reply.content[-TAIL:].decode("utf-8", "replace")):
        return LateError()
    kind = reply.media_type or "without a type"
    return BackendError(f"the store's answer ({kind}) is not a whole one ({error}): ask again in a while")


def check_rows(reply: Reply) -> None:
    """Refuse an answer that has as many rows as its server gives at most.

    Raises:
        AnswerTooLargeError: there may be more of them.
    """
    most = reply.headers.get("x-sparql-maxrows", "")
    if most.isdecimal() and len(json.loads(reply.content)["results"]["bindings"]) >= int(most):
        raise AnswerTooLargeError(f"the store gives at most {int(most):,} rows, and there are as many: add a LIMIT")


def _unreadable(words: str, asked: Dataset, request: Request) -> QuerySyntaxError:
    """Say what is wrong in a query, and where, unless what was put into it has moved the place."""
    told = f"the store cannot read the query: {_first_line(words)}"
    moved = len(asked.query) - len(request.query)
    if asked.query[moved:] != request.query:
        return QuerySyntaxError(told)
    before = asked.query.count("\n", 0, moved)
    if ours := _OURS.search(words):
        there = f"error at {int(ours[1]) - before}:{ours[2]}"
        return located(SyntaxError(words.replace(ours[0], there, 1)), request.query)
    place = _PLACE.search(words)
    if place and int(place[1]) > before:
        return QuerySyntaxError(told, int(place[1]) - before, int(place[2] or 1))
    return QuerySyntaxError(told)


def _first_line(words: str) -> str:
    return " ".join(words.splitlines()[:1])[:300] or "it does not say why"
