"""mentions  find: passages → mentions of known names, and of names that the document itself defines."""

from __future__ import annotations

import re
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
        of_document = list(group)
        local = index(abbreviations(of_document, names))
        for passage in of_document:
            found.extend(_mentions(passage, names, local))
    return found


def abbreviations(passages: Sequence[Passage], names: Names) -> Iterator[Name]:
    """Yield the short forms that a document gives to known names by writing them in parentheses behind the name."""
    seen = set()
    for passage in passages:
        text = passage.text
        for found in names.find(text):
            match = DEFINED.match(text, found.end)
            if match and _abbreviates(match.group(1), text[found.start : found.end]):
                for name in found.names:
                    if (match.group(1), name.entity) not in seen:
                        seen.add((match.group(1), name.entity))
                        yield Name(match.group(1), name.entity, name.language, "defined", "", "document")


def _abbreviates(short: str, long: str) -> bool:
    letters = iter(long.casefold())
    return short[0].casefold() == long[0].casefold() and all(c in letters for c in short.casefold() if c.isalnum())


def _mentions(passage: Passage, names: Names, local: Names) -> Iterator[Mention]:
    text = passage.text
    taken: list[Found] = [*local.find(text)]
    for found in names.find(text):
        inside = [other for other in taken if other.start < found.end and found.start < other.end]
        if all(other.end - other.start < found.end - found.start for other in inside):
            taken = [other for other in taken if other not in inside] + [found]
    for found in sorted(taken, key=lambda item: item.start):
        shown = [name for name in found.names if name.kind != HIDDEN] or found.names
        yield Mention(
            passage,
            passage.start + found.start,
            passage.start + found.end,
            tuple(dict.fromkeys(name.entity for name in shown)),
            shown[0].kind,
            all(name.risk == ORDINARY for name in shown),
        )
