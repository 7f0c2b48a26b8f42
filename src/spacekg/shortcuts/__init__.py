"""shortcuts shorten   a query, what is known of the data → a query with the same answers that costs less."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from spacekg import guard
from spacekg.errors import BadQueryError
from spacekg.guard import Token
from spacekg.shortcuts import absence, counting
from spacekg.shortcuts.counting import Counts
from spacekg.shortcuts.counting import read as count

__all__ = ["Counts", "count", "shorten"]


def shorten(query: str, counts: Counts | None, tabled: Callable[[str, Sequence[Token]], str] | None = None) -> str:
    """Rewrite what is known to be slow and can be said otherwise; every other query is given back as it is.

    `counts` and `tabled` (of `tabling.over`) are of the default graph that the query is about; without them nothing is
    counted beforehand, and nothing joined in columns.
    """
    upper = query.upper()
    missing, counted = "EXISTS" in upper, counts is not None and "COUNT" in upper
    grouped = tabled is not None and any(word in upper for word in ("COUNT", "DISTINCT", "GROUP"))
    if not missing and not counted and not grouped:
        return query
    try:
        tokens = list(guard.cut(query))
    except BadQueryError:  # as its parser will say
        return query
    if missing:
        return absence.shorten(query, tokens)
    short = counting.shorten(query, tokens, counts) if counts else query
    return tabled(query, tokens) if tabled and short == query else short
