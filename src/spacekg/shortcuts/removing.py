"""removing  MINUS of triples → OPTIONAL and a variable that stays unbound, where few rows stand before it.

Oxigraph looks for all that the triples of a MINUS match, whatever it is to take away. It looks for what those of an
OPTIONAL match beginning with each row.

Why both give the same rows. Let P be what stands in the group before MINUS, B its triples, x a variable of B that is
nowhere else in the query, and y one that B shares with triples of P. MINUS drops each row of P that is compatible with
a solution of B and has a variable in common with it; y is always one. The rows that it leaves, each as often as it was
there, are what the left join of P and B gives without anything from B, and of them alone x is unbound. All other rows
are dropped by the filter on x: what else is in the group takes rows one by one, and a filter holds for all of the
group, wherever it stands. In the rows that are left no variable is bound that only B has.

So B must be triples alone, with single properties; of its variables only those of P may be elsewhere in the query,
where they could be given a value; and nothing may ask for all variables.
"""

from __future__ import annotations

from collections.abc import Sequence

from spacekg import columns
from spacekg.columns import Columns
from spacekg.guard import Names, Token
from spacekg.shortcuts import absence, groups
from spacekg.shortcuts.groups import Group, Statement
from spacekg.shortcuts.reading import UnknownError, names
from spacekg.shortcuts.sizes import Sizes

WORDS = frozenset({"MINUS"})
"""A query without it is none of those that are known."""
LEAST = 100
"""To find out whether it pays takes as long as the engine takes for so many rows."""
GAIN = 4.0
"""How many times as many rows as stand before MINUS, it must look for."""

_UNKNOWN = frozenset({"BASE", "FROM", "VALUES"})


def shorten(graph: Columns, gain: float, query: str, tokens: Sequence[Token]) -> str:
    """Rewrite the first MINUS of the group of a whole query, if that is known to be the same, and to pay."""
    known = _UNKNOWN.isdisjoint(token.word for token in tokens) and "\\u" not in query.lower()
    if not known or absence.asks_for_all(tokens):
        return query
    try:
        start, opening = groups.outermost(tokens)
        group = groups.read(tokens, opening)
        sizes = Sizes(graph, Names(list(tokens[:start])))
        free = _free(tokens, group, sizes, gain) if group.removal else ""
        end = tokens[groups.closing(tokens, opening)].start
    except UnknownError:
        return query
    if not free:
        return query
    first = tokens[group.removal].start
    return f"{query[:first]}OPTIONAL{query[first + len('MINUS') : end]} FILTER(!BOUND({free})) {query[end:]}"


def _free(tokens: Sequence[Token], group: Group, sizes: Sizes, gain: float) -> str:
    """Give a variable that only the MINUS of a group has, if that can be rewritten and is worth it."""
    opening = group.removal + 1
    closing = groups.closing(tokens, opening)
    removed = groups.read(tokens, opening)
    shared = names(tokens[opening:closing]) & names([*tokens[:opening], *tokens[closing:]])
    free = min(_names(removed.statements) - shared, default="")
    known = removed.only_triples and not removed.conditions and all(len(each.path) == 1 for each in removed.statements)
    # What MINUS has is nothing to what is around it, but what OPTIONAL has may not be given another value.
    if not known or not free or not shared & _names(removed.statements) or not shared <= _names(group.statements):
        return ""
    sought = min(map(sizes.matching, removed.statements), default=0)
    return f"?{free}" if not gain or _has_few(group, sizes, sought / gain - LEAST) else ""


def _names(statements: Sequence[Statement]) -> frozenset[str]:
    return names(node for each in statements for node in (each.subject, each.object))


def _has_few(group: Group, sizes: Sizes, most: float) -> bool:
    """Whether the triples that a group begins with are known to match so few rows."""
    patterns = [pattern for each in group.statements if (pattern := sizes.pattern(each))]
    if len(patterns) < len(group.statements) or min(map(sizes.matching, group.statements)) > most:
        return False
    rows = columns.find(sizes.graph, patterns, ())
    return rows is not None and rows.number <= most
