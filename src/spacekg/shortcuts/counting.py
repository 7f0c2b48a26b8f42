"""counting  a query that counts a whole graph, property or class → the number, which was counted when it was loaded.

The numbers are answers of the same engine to the same questions, so they are what it would say; what is counted stands
still as long as a release. Only a query that is nothing but such a count, perhaps sorted or cut, is rewritten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, QuerySolutions

from spacekg.guard import Names, Token

MOST = 5_000
"""Rows of a table that are written into a query."""
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

WORDS = frozenset({"COUNT"})
"""A query without it is none of those that are known."""

PROPERTIES, CLASSES = "store/properties", "store/classes"
"""The shipped queries that count."""

_TAIL = frozenset({"ORDER", "BY", "ASC", "DESC", "LIMIT", "OFFSET"})


@dataclass(frozen=True, slots=True)
class Counts:
    """How many triples of a default graph have each property, and how many each class as the type of their subject."""

    properties: Mapping[str, int]
    classes: Mapping[str, int]


def shorten(counts: Counts, query: str, tokens: Sequence[Token]) -> str:
    """Write the numbers that a query asks for into it, if it asks for nothing else."""
    start = next((place for place, token in enumerate(tokens) if token.word == "SELECT"), 0)
    asked = _read(tokens[start + 1 :])
    if asked is None:
        return query
    values = _values(asked, Names(list(tokens[:start])), counts)
    if values is None:
        return query
    tail = query[asked.tail[0].start :] if asked.tail else ""
    return f"{query[: tokens[start].start]}SELECT {values} {tail}"


def read(ask: Callable[[str], object], queries: Mapping[str, str]) -> Counts | None:
    """Count by asking an engine; nothing without the queries for it, or where a class has no name."""
    tables = [_table(ask(queries[name])) for name in (PROPERTIES, CLASSES) if name in queries]
    properties, classes = tables if len(tables) == 2 else (None, None)
    return None if properties is None or classes is None else Counts(properties, classes)


def _table(rows: object) -> dict[str, int] | None:
    assert isinstance(rows, QuerySolutions)
    table = {}
    for row in rows:
        key, number = row["key"], row["number"]
        if not isinstance(key, NamedNode) or not isinstance(number, Literal):
            return None
        table[key.value] = int(number.value)
    return table if len(table) <= MOST else None


@dataclass(frozen=True, slots=True)
class _Asked:
    """The parts of a query that counts: what it groups by, if anything; the number's name; its triple; its end."""

    key: str
    number: str
    triple: tuple[Token, Token, Token]
    tail: Sequence[Token]


def _read(tokens: Sequence[Token]) -> _Asked | None:
    """Read `[?key] (COUNT(*|?v) AS ?n) [WHERE] { s p o [.] } [GROUP BY ?key] [ORDER BY …] [LIMIT …]`; else nothing."""
    rest = list(tokens)
    key = rest.pop(0).text[1:] if rest and rest[0].kind == "variable" else ""
    head, rest = rest[:8], rest[8:]
    if [_sign(token) for token in head] != [
        "(",
        "COUNT",
        "(",
        _sign(head[3]) if len(head) > 3 else "",
        ")",
        "AS",
        "?",
        ")",
    ]:
        return None
    rest = rest[1:] if rest and rest[0].word == "WHERE" else rest
    triple, rest = rest[1:4], (rest[5:] if len(rest) > 4 and rest[4].text == "." else rest[4:])
    closed = bool(rest) and rest[0].text == "}" and len(triple) == 3
    grouped, tail = ([_sign(token) for token in rest[1:4]], rest[4:]) if key else ([], rest[1:])
    if not closed or (key and grouped != ["GROUP", "BY", "?"]) or (key and rest[3].text[1:] != key):
        return None
    asked = _Asked(key, head[6].text[1:], (triple[0], triple[1], triple[2]), tail)
    return asked if _counts_rows(head[3], asked) and _sorts(asked) else None


def _sign(token: Token) -> str:
    return "?" if token.kind == "variable" else token.word or token.text


def _names(tokens: Sequence[Token]) -> list[str]:
    return [token.text[1:] for token in tokens if token.kind == "variable"]


def _counts_rows(counted: Token, asked: _Asked) -> bool:
    """Whether each solution counts once, and no name is used twice."""
    names = _names(asked.triple)
    fresh = len({*names, asked.number}) == len(names) + 1
    return fresh and (counted.text == "*" or _names([counted])[:1] in [[name] for name in names])


def _sorts(asked: _Asked) -> bool:
    """Whether the end only sorts by what is selected, and cuts; a single number is neither."""
    if not asked.key:
        return not asked.tail
    known = {asked.key, asked.number}
    return set(_names(asked.tail)) <= known and all(
        token.kind in ("variable", "number") or token.word in _TAIL or token.text in "()" for token in asked.tail
    )


def _values(asked: _Asked, names: Names, counts: Counts) -> str | None:
    """Write what is asked for as a table; nothing where it was not counted."""
    subject, predicate, thing = asked.triple
    if subject.kind != "variable":
        return None
    typed = predicate.text == "a" or names.whole(predicate) == TYPE
    if not asked.key:
        number = _number(predicate, thing, typed, names, counts)
        return None if number is None else f"?{asked.number} {{ VALUES ?{asked.number} {{ {number} }} }}"
    if typed and thing.text[1:] == asked.key:
        table = counts.classes
    elif predicate.text[1:] == asked.key and thing.kind == "variable":
        table = counts.properties
    else:
        return None
    rows = " ".join(f"({NamedNode(iri)} {number})" for iri, number in sorted(table.items()))
    return f"?{asked.key} ?{asked.number} {{ VALUES (?{asked.key} ?{asked.number}) {{ {rows} }} }}"


def _number(predicate: Token, thing: Token, typed: bool, names: Names, counts: Counts) -> int | None:
    if thing.kind == "variable":
        if predicate.kind == "variable":
            return sum(counts.properties.values())
        iri = TYPE if typed else names.whole(predicate)
        return None if iri is None else counts.properties.get(iri, 0)
    iri = names.whole(thing) if typed else None
    return None if iri is None else counts.classes.get(iri, 0)
