"""joining   patterns of triples → the rows that match them, or how many of these there are of each kind."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spacekg.columns.tables import HALF, LOWER, Columns, Numbers, Pairs, Property

MOST = 8_000_000
"""Numbers in all rows that may be in between, one more for each row than it has columns; each takes eight bytes."""

LONGEST = 30
"""Patterns that are joined; their order is looked for among all that are left."""


class Pattern(NamedTuple):
    """A triple of which the number of its predicate is known; subject and object are numbers or names of variables."""

    subject: str | int
    predicate: int
    object: str | int

    @property
    def names(self) -> frozenset[str]:
        """Names of its variables."""
        return frozenset(node for node in (self.subject, self.object) if isinstance(node, str))


@dataclass(frozen=True, slots=True)
class Rows:
    """Solutions: a column of numbers of terms for each variable that is wanted."""

    columns: Mapping[str, Numbers]
    number: int
    joined: int = 0
    """Rows that were there after each step, in all: what an engine would have to go through."""

    def chosen(self, places: NDArray[np.int64], names: Collection[str]) -> Rows:
        """Give the rows at these places, with some of the columns."""
        columns = {name: column[places] for name, column in self.columns.items() if name in names}
        return Rows(columns, len(places))

    def grouped(self, names: Sequence[str]) -> tuple[Rows, NDArray[np.int64]]:
        """Give each different row of some columns, in order, and how many rows there are of it."""
        if not names:
            return Rows({}, 1), np.array([self.number])
        key = self.columns[names[0]]
        for place, name in enumerate(names[1:]):
            # Two numbers of 32 bits are one of 64; with more of them, what there is so far is numbered anew, in order.
            key = np.unique(key, return_inverse=True)[1].astype(np.uint64) if place else key
            key = key << HALF | self.columns[name]
        if len(names) > 2:
            _, first, counts = np.unique(key, return_index=True, return_counts=True)
            return self.chosen(first, names), counts
        groups, counts = np.unique(key, return_counts=True)
        found = [groups] if len(names) == 1 else [groups >> HALF, groups & LOWER]
        return Rows(dict(zip(names, found, strict=True)), len(groups)), counts

    def different(self, names: Sequence[str], counted: str) -> NDArray[np.int64]:
        """Say how many different values of a column there are for each group that `grouped` gives, in its order."""
        return self.grouped([*names, counted])[0].grouped(names)[1]


def find(columns: Columns, patterns: Sequence[Pattern], wanted: Collection[str]) -> Rows | None:
    """Find what matches all patterns; nothing where they do not hang together, or they or the rows are too many."""
    if len(patterns) > LONGEST:
        return None
    left = sorted(patterns, key=lambda pattern: len(_begun(columns, pattern)))
    if 3 * len(_begun(columns, left[0])) > MOST:
        return None
    rows = _first(columns, left.pop(0), _kept(left, wanted))
    while left:
        pattern = min(
            (each for each in left if each.names & set(rows.columns)),
            key=lambda each: _growth(columns, each, rows.columns),
            default=None,
        )
        if pattern is None:
            return None
        left.remove(pattern)
        longer = _extended(rows, pattern, columns.properties[pattern.predicate], _kept(left, wanted))
        if longer is None:
            return None
        rows = replace(longer, joined=rows.joined + longer.number)
    return rows


def size(columns: Columns, pattern: Pattern) -> int:
    """Say how many triples match a pattern of which one term at most is given."""
    return len(_begun(columns, pattern))


def objects(columns: Columns, properties: Iterable[int], terms: Numbers) -> Numbers:
    """Give those of some terms that are objects of one of these properties."""
    known = np.zeros(len(terms), np.bool_)
    for number in properties:
        packed = columns.properties[number].backward.packed
        places = np.minimum(np.searchsorted(packed, terms << HALF), len(packed) - 1)
        known |= packed[places] >> HALF == terms
    return terms[known]


def _kept(left: Iterable[Pattern], wanted: Collection[str]) -> frozenset[str]:
    return frozenset(wanted).union(*(pattern.names for pattern in left))


def _begun(columns: Columns, pattern: Pattern) -> Numbers:
    """Give the pairs of one pattern: all of its property, or those that begin with the term it has."""
    table = columns.properties[pattern.predicate]
    if isinstance(pattern.subject, int):
        return _of(table.forward, pattern.subject)
    if isinstance(pattern.object, int):
        return _of(table.backward, pattern.object)
    return table.forward.packed


def _of(pairs: Pairs, term: int) -> Numbers:
    first, last = np.searchsorted(pairs.packed, np.array([term << 32, (term + 1) << 32], np.uint64))
    return pairs.packed[first:last]


def _first(columns: Columns, pattern: Pattern, names: Collection[str]) -> Rows:
    packed = _begun(columns, pattern)
    lower = pattern.subject if isinstance(pattern.object, int) else pattern.object
    assert isinstance(lower, str)
    found = {lower: packed & LOWER}
    if isinstance(pattern.subject, str) and pattern.subject != lower:
        found[pattern.subject] = packed >> HALF
    return Rows({name: column for name, column in found.items() if name in names}, len(packed), len(packed))


def _growth(columns: Columns, pattern: Pattern, known: Collection[str]) -> float:
    """Estimate by how much a pattern makes rows more; nothing where it can only make them fewer."""
    if pattern.names <= set(known):
        return 0.0
    table = columns.properties[pattern.predicate]
    pairs = table.forward if pattern.subject in known else table.backward
    return len(pairs.packed) / pairs.different


def _extended(rows: Rows, pattern: Pattern, table: Property, names: Collection[str]) -> Rows | None:
    """Join a pattern to rows that have one of its variables at least."""
    subject, thing = pattern.subject, pattern.object
    if pattern.names <= set(rows.columns):
        return rows.chosen(_contained(table.forward.packed, _column(rows, subject), _column(rows, thing)), names)
    forward = subject in rows.columns
    known, new = (subject, thing) if forward else (thing, subject)
    packed = (table.forward if forward else table.backward).packed
    column = _column(rows, known)
    first = np.searchsorted(packed, column << HALF)
    many = np.searchsorted(packed, (column + np.uint64(1)) << HALF) - first
    total = int(many.sum())
    if total * (len(rows.columns) + 2) > MOST:
        return None
    longer = rows.chosen(np.repeat(np.arange(rows.number), many), names)
    if new not in names:
        return longer
    within = np.arange(total) - np.repeat(np.cumsum(many) - many, many)
    return Rows({**longer.columns, str(new): packed[np.repeat(first, many) + within] & LOWER}, total)


def _column(rows: Rows, node: str | int) -> Numbers:
    return rows.columns[node] if isinstance(node, str) else np.full(rows.number, node, np.uint64)


def _contained(packed: Numbers, upper: Numbers, lower: Numbers) -> NDArray[np.int64]:
    """Find the places of those pairs that are among others."""
    wanted = upper << HALF | lower
    places = np.minimum(np.searchsorted(packed, wanted), len(packed) - 1)
    return np.flatnonzero(packed[places] == wanted)
