"""absence   FILTER NOT EXISTS with several patterns → OPTIONAL and a variable that stays unbound.

Oxigraph joins the patterns of a NOT EXISTS anew for each row before it looks at the row. It joins those of an OPTIONAL
beginning with the row.

Why both give the same rows. Let P be the group without the filter, B a basic graph pattern with a variable x that is
nowhere else. A row of P passes NOT EXISTS when no solution of B is compatible with it: B has no part in which a
variable may stay unbound or a value of the row counts for more than its name, so to put the values of a row into B and
to look for compatible solutions is the same. Those rows, each as often as it was there, are what the left join of P and
B gives without anything from B, and of them alone x is unbound. All other rows are dropped by the filter on x; whatever
else a filter of the group says, it says of rows that are the same, since the filters of a group hold for all of it, and
none of the variables that only B has is bound in them.

A filter in B sees the values of the row and of the solution in either form, as long as it asks for values only, and not
whether there are any.

So B must be triples and such filters only, with no path that matches a thing itself (`*`, `?`: a thing that is not in
the graph matches when it is a constant); the group must be that of the whole query, for the filter of an OPTIONAL sees
more than its group, and one within EXISTS has values put into it; nothing may ask for all variables, or give a
value to one of B (`AS ?x`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from spacekg import guard
from spacekg.guard import Token

WORDS = frozenset({"EXISTS"})
"""A query without it is none of those that are known."""

_PLAIN = frozenset({"variable", "iri", "name", "string", "tag", "number"})
_SIGNS = frozenset({".", ";", ",", "/", "^", "^^"})
_MORE_THAN_VALUES = frozenset({"EXISTS", "BOUND", "BNODE", "RAND", "UUID", "STRUUID", "NOW"})
_ALL = frozenset({"SELECT", "DISTINCT", "REDUCED", "DESCRIBE"})


@dataclass(frozen=True, slots=True)
class _Absence:
    """A FILTER NOT EXISTS: the places of its first token, of its opening and of its closing brace."""

    first: int
    opening: int
    closing: int


def shorten(query: str, tokens: Sequence[Token]) -> str:
    """Rewrite each FILTER NOT EXISTS of a query for which that is known to be the same."""
    form = next((token.word for token in tokens if token.word in guard.FORMS), "")
    body = guard.body(list(tokens), form)
    opening = next((place for place, token in enumerate(tokens) if token.start + 1 == body), 0)
    end = _closing(tokens, opening) if opening else 0
    if not end or asks_for_all(tokens):
        return query
    added: list[str] = []
    found = [(each, free) for each in _absences(tokens, opening, end) if (free := _free(tokens, each))]
    for absence, variable in reversed(found):
        inside = query[tokens[absence.opening].start : tokens[absence.closing].start + 1]
        added.insert(0, f" OPTIONAL {inside} FILTER(!BOUND({variable})) ")
    cut = tokens[end].start
    for absence, _ in reversed(found):
        # Something must stand in its place, for what is around it was kept apart by it.
        start, stop = tokens[absence.first].start, tokens[absence.closing].start + 1
        query = f"{query[:start]}FILTER(true){query[stop:]}"
        cut += len("FILTER(true)") - (stop - start)
    return f"{query[:cut]}{''.join(added)}{query[cut:]}"


def _absences(tokens: Sequence[Token], opening: int, end: int) -> Iterator[_Absence]:
    """Find those directly in a group."""
    depth = 0
    for place in range(opening + 1, end):
        depth += (tokens[place].kind == "open") - (tokens[place].kind == "close")
        words = [token.word for token in tokens[place : place + 3]]
        if not depth and words == ["FILTER", "NOT", "EXISTS"] and tokens[place + 3].text == "{":
            yield _Absence(place, place + 3, _closing(tokens, place + 3))


def _free(tokens: Sequence[Token], absence: _Absence) -> str:
    """Give a variable that only this pattern has, if it is one that can be rewritten and is worth it."""
    inside = tokens[absence.opening + 1 : absence.closing]
    triples = list(_triples(inside))
    separators = sum(token.text in (".", ";", ",", "/") or token.word == "FILTER" for token in triples[:-1])
    if not separators or not _is_known(inside) or not all(_is_plain(token) for token in triples):
        return ""
    # What is in OPTIONAL may not be given another value, as what is in EXISTS may.
    given = {after.text[1:] for before, after in pairwise(tokens) if before.word == "AS"}
    if any(token.text[1:] in given for token in inside if _is_variable(token)):
        return ""
    outside = {
        token.text[1:] for token in (*tokens[: absence.opening], *tokens[absence.closing :]) if _is_variable(token)
    }
    return next((token.text for token in triples if _is_variable(token) and token.text[1:] not in outside), "")


def _triples(inside: Sequence[Token]) -> Iterator[Token]:
    """Give what is not in brackets."""
    depth = 0
    for token in inside:
        depth -= token.kind == "close"
        if not depth and token.kind not in ("close", "open"):
            yield token
        depth += token.kind == "open"


def _is_known(inside: Sequence[Token]) -> bool:
    """Whether all brackets are those of filters, and these ask only for values."""
    depth = 0
    for before, token in pairwise((inside[0], *inside)):
        if token.text in ("{", "}", "[", "]") or token.word in _MORE_THAN_VALUES:
            return False
        if token.text == "(" and not depth and before.word != "FILTER":
            return False
        depth += (token.kind == "open") - (token.kind == "close")
    return True


def _is_plain(token: Token) -> bool:
    return token.kind in _PLAIN or token.text in _SIGNS or token.word in ("A", "TRUE", "FALSE", "FILTER")


def _is_variable(token: Token) -> bool:
    return token.kind == "variable"


def asks_for_all(tokens: Sequence[Token]) -> bool:
    """Whether a query wants the values of all variables, whichever it has."""
    return any(after.text == "*" and before.word in _ALL for before, after in pairwise(tokens))


def _closing(tokens: Sequence[Token], opening: int) -> int:
    """Find the brace that closes one; 0 when there is none."""
    depth = 0
    for place in range(opening, len(tokens)):
        depth += (tokens[place].kind == "open") - (tokens[place].kind == "close")
        if not depth:
            return place
    return 0
