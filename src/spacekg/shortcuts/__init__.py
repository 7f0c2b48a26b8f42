"""shortcuts shorten   a query, what is counted of the data → a query with the same answers that costs less."""

from __future__ import annotations

from spacekg import guard
from spacekg.errors import BadQueryError
from spacekg.shortcuts import absence, counting
from spacekg.shortcuts.counting import Counts
from spacekg.shortcuts.counting import read as count

__all__ = ["Counts", "count", "shorten"]


def shorten(query: str, counts: Counts | None) -> str:
    """Rewrite what is known to be slow and can be said otherwise; every other query is given back as it is.

    `counts` are of the default graph that the query is about; without them nothing is counted beforehand.
    """
    upper = query.upper()
    missing, counted = "EXISTS" in upper, counts is not None and "COUNT" in upper
    if not missing and not counted:
        return query
    try:
        tokens = list(guard.cut(query))
    except BadQueryError:  # as its parser will say
        return query
    if missing:
        return absence.shorten(query, tokens)
    return counting.shorten(query, tokens, counts) if counts else query
