"""tables    a graph → Columns: its terms in order, and the pairs of subject and object that each property has.

A term is what the store writes of it as N-Triples. The store keeps of a number or a date its value only and writes that
in one way, so two terms are the same for it exactly when they are written with the same bytes.
"""

from __future__ import annotations

import io
import re
from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import pyoxigraph
from numpy.typing import NDArray
from pyoxigraph import DefaultGraph, RdfFormat

Numbers = NDArray[np.uint64]
HALF = np.uint64(32)
"""A pair of terms is one number; the term that it is looked up by takes the upper half of its bits."""
LOWER = np.uint64(0xFFFFFFFF)

_IRI = rb"<(?![^>]*/\.)[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|^`\\]*>"
_SAME = re.compile(_IRI + rb"|\"(?:[^\"\\\n\r]|\\[nrt\"\\](?![uU]))*\"(?:@[A-Za-z0-9-]+|\^\^" + _IRI + rb")?")
_LINE = re.compile(rb"(<[^>\n]*>|_:\S+) (<[^>\n]*>) (<[^>\n]*>|_:\S+|\".*|<<\(.*) \.\n")


class Terms(Sequence[bytes]):
    """Terms in the order of their bytes; the place of a term is its number."""

    def __init__(self, terms: Sequence[bytes]) -> None:
        self._text = b"".join(terms)
        self._ends = array("Q", accumulate(map(len, terms), initial=0))

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> bytes:  # type: ignore[override]  # no slices
        return self._text[self._ends[number] : self._ends[number + 1]]

    def number(self, term: bytes) -> int | None:
        """Give the number of a term; None when the graph does not have it."""
        number = bisect_left(self, term)
        return number if number < len(self) and self[number] == term else None


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs of a property in order, and by how many different terms they can be looked up."""

    packed: Numbers
    different: int


@dataclass(frozen=True, slots=True)
class Property:
    """What stands on both sides of a property: looked up by subject, and by object."""

    forward: Pairs
    backward: Pairs

    @property
    def last(self) -> int:
        """The object that is last in the order of terms; literals are first in it."""
        return int(self.backward.packed[-1] >> HALF)


@dataclass(frozen=True, slots=True)
class Columns:
    """A graph, each triple once."""

    terms: Terms
    same: NDArray[np.bool_]
    """Whether each term, put into a query as it is, stands for itself there, whatever the base of the query is."""
    properties: Mapping[int, Property]
    names: Mapping[bytes, int]
    """The numbers of properties by their terms, which are asked for most often."""

    @property
    def size(self) -> int:
        """How many triples there are."""
        return sum(len(each.forward.packed) for each in self.properties.values())


def arrange(data: pyoxigraph.Store) -> Columns | None:
    """Arrange the default graph of a store; nothing when it is written in a way that is not known here."""
    reader = _Reader()
    data.dump(reader, RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    return reader.columns()


class _Reader(io.BytesIO):
    """Reads N-Triples as they are written, so that the text of the graph is never in memory as a whole."""

    def __init__(self) -> None:
        super().__init__()
        self._rest = b""
        self._lines = self._read = 0
        self._numbers: dict[bytes, int] = {}
        self._pairs: dict[bytes, tuple[array[int], array[int]]] = {}

    def write(self, text: bytes) -> int:  # type: ignore[override]  # it is only ever given bytes
        """Take a piece of the text."""
        lines, end, self._rest = (self._rest + text).rpartition(b"\n")
        self._lines += lines.count(b"\n") + len(end)
        numbers = self._numbers
        for subject, name, thing in _LINE.findall(lines + end):
            pairs = self._pairs.get(name)
            if pairs is None:
                pairs = self._pairs[name] = (array("Q"), array("Q"))
            pairs[0].append(numbers.setdefault(subject, len(numbers)))
            pairs[1].append(numbers.setdefault(thing, len(numbers)))
            self._read += 1
        return len(text)

    def columns(self) -> Columns | None:
        """Put all in order."""
        if self._rest or self._lines != self._read:
            return None
        for name in self._pairs:
            self._numbers.setdefault(name, len(self._numbers))
        terms = sorted(self._numbers)
        order = np.empty(len(terms), np.uint64)
        order[np.fromiter((self._numbers[term] for term in terms), np.int64, len(terms))] = np.arange(len(terms))
        same = np.fromiter((_SAME.fullmatch(term) is not None for term in terms), np.bool_, len(terms))
        properties, names = {}, {}
        for name, pairs in self._pairs.items():
            subjects, things = (order[np.frombuffer(column, np.int64)] for column in pairs)
            number = names[name] = int(order[self._numbers[name]])
            properties[number] = Property(_sorted(subjects, things), _sorted(things, subjects))
        return Columns(Terms(terms), same, properties, names)


def _sorted(upper: Numbers, lower: Numbers) -> Pairs:
    packed = np.sort(upper << HALF | lower)
    return Pairs(packed, int(np.count_nonzero(np.diff(packed >> HALF))) + 1)
