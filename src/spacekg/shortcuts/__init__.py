"""shortcuts shorten   a query, what is known of the data → a query with the same answers that costs less."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from spacekg import guard
from spacekg.errors import BadQueryError
from spacekg.guard import Token
from spacekg.shortcuts import absence, counting
from spacekg.shortcuts.counting import Counts
from spacekg.shortcuts.counting import read as count

__all__ = ["Counts", "Shortcut", "count", "shorten"]


class Shortcut(NamedTuple):
    """What rewrites a query, given its tokens, or gives it back; and the words one of which it must have for that."""

    words: frozenset[str]
    rewrite: Callable[[str, Sequence[Token]], str]


def shorten(query: str, counts: Counts | None, arranged: Sequence[Shortcut] = ()) -> str:
    """Rewrite what is known to be slow and can be said otherwise; every other query is given back as it is.

    `counts` and what is `arranged` (by `arranging.over`) are of the default graph that the query is about; without them
    nothing is counted beforehand, joined in columns or looked for in literals. The first that rewrites a query is the
    last.
    """
    upper = query.upper()
    known = [Shortcut(absence.WORDS, absence.shorten), *arranged]
    if counts is not None:
        known.insert(1, Shortcut(counting.WORDS, partial(counting.shorten, counts)))
    tried = [each.rewrite for each in known if any(word in upper for word in each.words)]
    if not tried:
        return query
    try:
        tokens = list(guard.cut(query))
    except BadQueryError:  # as its parser will say
        return query
    return next((short for rewrite in tried if (short := rewrite(query, tokens)) != query), query)
