"""grams     the literals of a graph → Grams: which of them have the same three characters in a row as some text.

Only characters of ASCII are looked at, whatever their case, so that one index serves texts as they are, in lower case,
in capitals and folded. Few other characters become ones of ASCII when their case is changed, and each becomes the same
ones by every such change (the Kelvin sign is a `k` in lower case and when folded, `ß` is `SS` in capitals and `ss` when
folded); those are what stands for it here. A change takes each character by itself, so three characters of ASCII that
stand in a row in a changed text stand there also in what is indexed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spacekg.columns.tables import HALF, Numbers, Terms

SEGMENT = 2_000_000
"""Characters that are put in order at once: each takes some forty bytes meanwhile."""

_CHANGING = (
    "\u00df\u0130\u0131\u0149\u017f\u01f0\u1e96\u1e97\u1e98\u1e99\u1e9a\u1e9e\u212a"
    "\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06"
)
_CHANGED = {ord(each): each.upper().casefold() for each in _CHANGING}
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_BEYOND = b"\xff"
"""No character has this byte, so it keeps texts apart."""

Codes = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class _Segment:
    """Some literals: each three characters that they have, in order, and where the literals that have them begin."""

    grams: Codes
    begins: NDArray[np.int64]
    literals: Codes

    def lists(self, grams: Codes) -> list[Codes]:
        """Give the literals that have each, the fewest first; nothing where there is one that none has."""
        places = np.searchsorted(self.grams, grams)
        if not len(self.grams) or (self.grams[np.minimum(places, len(self.grams) - 1)] != grams).any():
            return []
        found = [self.literals[self.begins[place] : self.begins[place + 1]] for place in places.tolist()]
        return sorted(found, key=len)


@dataclass(frozen=True, slots=True)
class Grams:
    """Which literals have which three characters."""

    number: int
    """How many literals there are; they are the first terms of the graph."""
    segments: Sequence[_Segment]

    def find(self, texts: Iterable[str], most: int) -> Numbers | None:
        """Give the numbers of the literals that may have all of these texts of ASCII in them, and surely those that do.

        Nothing when no text has three characters, or so many literals would have to be looked at.
        """
        lower = [text.encode().lower() for text in texts]
        wanted = {text[place : place + 3] for text in lower for place in range(len(text) - 2)}
        if not wanted:
            return None
        grams = np.array(sorted(gram[0] << 14 | gram[1] << 7 | gram[2] for gram in wanted), np.uint32)
        chosen = []
        for segment in self.segments:
            found, *others = segment.lists(grams) or [segment.literals[:0]]
            most -= len(found)
            for other in others:
                if most < 0:
                    return None
                places = np.minimum(np.searchsorted(other, found), len(other) - 1)
                found = found[other[places] == found]
                most -= len(found)
            chosen.append(found)
        if most < 0:
            return None
        return np.concatenate([np.zeros(0, np.uint64), *chosen])


def index(terms: Terms) -> Grams:
    """Index the literals among terms, which are those that begin with a quotation mark."""
    number = bisect_left(terms, b"#")
    segments, texts, size = [], list[bytes](), 0
    for place in range(number):
        texts.append(folded(terms[place]))
        size += len(texts[-1])
        if size >= SEGMENT or place == number - 1:
            segments.append(_segment(place + 1 - len(texts), texts))
            texts, size = [], 0
    return Grams(number, segments)


def folded(literal: bytes) -> bytes:
    """Give the text of a literal of N-Triples with what stands here for its characters."""
    text = literal[1 : literal.rindex(b'"')]
    if b"\\" in text:
        text = _ESCAPE.sub(_unescaped, text.decode()).encode()
    if not text.isascii():
        text = text.decode().translate(_CHANGED).encode()
    return text.lower()  # of bytes, those of ASCII


def _unescaped(match: re.Match[str]) -> str:
    code, character = match[1] or match[2], match[3]
    return chr(int(code, 16)) if code else _ESCAPED.get(character, character)


def _segment(first: int, texts: Sequence[bytes]) -> _Segment:
    characters = np.frombuffer(_BEYOND.join(texts), np.uint8)
    lengths = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
    one, two, three = characters[:-2], characters[1:-1], characters[2:]
    known = (one | two | three) < 128
    owners = np.repeat(np.arange(first, first + len(texts), dtype=np.uint64), lengths)[: len(known)][known]
    codes = one[known].astype(np.uint64)
    for more in (two, three):
        codes <<= np.uint64(7)
        codes |= more[known]
    packed = np.sort(codes << HALF | owners)
    packed = packed[_new(packed)]
    grams = (packed >> HALF).astype(np.uint32)
    begins = np.flatnonzero(_new(grams))
    return _Segment(grams[begins], np.append(begins, len(grams)), packed.astype(np.uint32))


def _new(numbers: NDArray[np.uint64] | Codes) -> NDArray[np.bool_]:
    """Say of each of some numbers in order whether it is another than the one before."""
    new = np.ones(len(numbers), np.bool_)
    np.not_equal(numbers[1:], numbers[:-1], out=new[1:])
    return new
