"""outline   a text and where its claims stand → parts of the text, none with many claims or much text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from spacekg.entities.values import Named

CLAIMS, CHARACTERS = 150, 40_000
"""How many claims, and how much text, one part has at most; the last quote of a part is shown whole all the same."""


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """Where the words of a claim stand: code points of the text, -1 when unknown."""

    start: int
    end: int
    claim: str


@dataclass(frozen=True, slots=True)
class Part:
    """From where to where a part goes, and the claims whose words begin in it, in the order of the text."""

    start: int
    end: int
    spots: tuple[Spot, ...]


@dataclass(frozen=True)
class Outline:
    """The parts of a document, and the things it names, by their names."""

    parts: tuple[Part, ...]
    names: Mapping[str, Named]

    @cached_property
    def of_claims(self) -> Mapping[str, int]:
        """In which part each claim is, counted from 1."""
        return {spot.claim: number for number, part in enumerate(self.parts, start=1) for spot in part.spots}

    @property
    def size(self) -> int:
        """Bytes it takes, roughly."""
        return 1000 + 300 * sum(len(part.spots) for part in self.parts) + 300 * len(self.names)


def cut(text: str, spots: Sequence[Spot]) -> tuple[Part, ...]:
    """Cut a text before the claims that have no room in the part before, and behind lines where there are none.

    Together the parts show the whole text, and each claim is in one of them; a quote that the next part begins within
    stands in both. Claims without a place come first.
    """
    ordered = sorted(spots)
    groups = [tuple(ordered[at : at + CLAIMS]) for at in range(0, len(ordered), CLAIMS)] or [()]
    begins = [0, *(min(max(group[0].start, 0), len(text)) for group in groups[1:]), len(text)]
    return tuple(
        part
        for group, begin, end in zip(groups, begins, begins[1:], strict=False)
        for part in _pieces(text, begin, end, group)
    )


def _pieces(text: str, begin: int, end: int, spots: Sequence[Spot]) -> Iterator[Part]:
    """Cut what has too much text; each piece has the claims that begin in it."""
    while end - begin > CHARACTERS:
        until = text.rfind("\n", begin + 1, begin + CHARACTERS) + 1 or begin + CHARACTERS
        inside = tuple(spot for spot in spots if spot.start < until)
        yield Part(begin, _whole(text, until, inside), inside)
        begin, spots = until, spots[len(inside) :]
    yield Part(begin, _whole(text, end, spots), tuple(spots))


def _whole(text: str, end: int, spots: Sequence[Spot]) -> int:
    last = max((spot.end for spot in spots), default=0)
    return min(max(end, last), end + CHARACTERS, len(text))
