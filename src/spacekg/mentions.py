"""mentions  find: passages → mentions of known names, and of names that the document itself defines."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from spacekg.model import Mention, Passage
from spacekg.names import HIDDEN, ORDINARY, Found, Names, index
from spacekg.reference import Name

DEFINED = re.compile(r"\s?\(\s?([A-Z][A-Za-z0-9&.-]{1,9})\s?\)")
"""What follows a name that is being abbreviated: «(ISECG)»."""


def find(passages: Iterable[Passage], names: Names) -> list[Mention]:
    """Find every name in the passages, in order; a document's own abbreviations hold in all of it.

    Every mention says which entities bear its name. None overlaps another.
    """
    found: list[Mention] = []
    for _, group in groupby(passages, key=lambda passage: passage.document.name):
        of_document = [(passage, tuple(names.find(passage.text))) for passage in group]
        local = index(abbreviations(of_document))
        for passage, known in of_document:
            found.extend(_mentions(passage, known, local))
    return found


def abbreviations(passages: Iterable[tuple[Passage, Sequence[Found]]]) -> Iterator[Name]:
    """Yield the short forms that a document gives to known names by writing them in parentheses behind the name."""
    seen = set()
    for passage, known in passages:
        text = passage.text
        for found in known:
            match = DEFINED.match(text, found.end)
            if match and _abbreviates(match.group(1), text[found.start : found.end]):
                for name in found.names:
                    if (match.group(1), name.entity) not in seen:
                        seen.add((match.group(1), name.entity))
                        yield Name(match.group(1), name.entity, name.language, "defined", "", "document")


def _abbreviates(short: str, long: str) -> bool:
    letters = iter(long.casefold())
    return short[0].casefold() == long[0].casefold() and all(c in letters for c in short.casefold() if c.isalnum())


def _mentions(passage: Passage, known: Sequence[Found], local: Names) -> Iterator[Mention]:
    for found in _settled(known, tuple(local.find(passage.text))):
        shown = [name for name in found.names if name.kind != HIDDEN] or found.names
        yield Mention(
            passage,
            passage.start + found.start,
            passage.start + found.end,
            tuple(dict.fromkeys(name.entity for name in shown)),
            shown[0].kind,
            all(name.risk == ORDINARY for name in shown),
        )


def _settled(known: Sequence[Found], local: Sequence[Found]) -> Sequence[Found]:
    """Where a name of the tables and one of the document itself overlap, the longer; if equal, the document's."""
    ends = [found.end for found in local]
    beaten: set[int] = set()
    kept = []
    for found in known:
        first = bisect_right(ends, found.start)
        past = next((i for i in range(first, len(local)) if local[i].start >= found.end), len(local))
        inside = [i for i in range(first, past) if i not in beaten]
        if all(local[i].end - local[i].start < found.end - found.start for i in inside):
            beaten.update(inside)
            kept.append(found)
    own = [found for i, found in enumerate(local) if i not in beaten]
    return sorted([*kept, *own], key=lambda found: found.start)
