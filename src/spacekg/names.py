"""names     the index of all names: text → where a known name stands, and whose it may be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from spacekg.reference import Name

LOOK_ALIKES = str.maketrans(
    "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2018\u2019\u02bc\u201c\u201d\u00a0АВЕКМНОРСТУХаеорсух",
    "-------'''\"\" ABEKMHOPCTYXaeopcyx",
)
"""Characters that look like another one: dashes, quotes, no-break space, Cyrillic letters shaped like Latin ones."""

TOKEN = re.compile(r"[^\W_]+(?:[.'](?=[^\W_])[^\W_]+)*|&|[^\w\s]")
SPELLINGS = (("isation", "ization"), ("programme", "program"), ("centre", "center"), ("defence", "defense"))
"""Spellings that do not make another name."""

CASE_KINDS = {"acronym", "defined"}
COMMON = "common"
HIDDEN = "hidden"
ORDINARY = "word"


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text as names compare it: look-alike letters unified, accents dropped."""

    key: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """A name that stands in a text, and the names of the index that it may be, in the index's order."""

    start: int
    end: int
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """Every known name, by its words.

    `first` tells for a first word how long the longest name is that starts with it, so that a text is read once.
    """

    by_words: Mapping[tuple[str, ...], tuple[Name, ...]]
    first: Mapping[str, int] = field(default_factory=dict)

    def find(self, text: str) -> Iterator[Found]:
        """Yield the names in a text from left to right, the longest where several start at one word."""
        tokens = list(tokenize(text))
        position = 0
        while position < len(tokens):
            found = self._longest(tokens, position, text)
            if found is None:
                position += 1
            else:
                yield found
                position = next((i for i in range(position, len(tokens)) if tokens[i].start >= found.end), len(tokens))

    def _longest(self, tokens: list[Token], position: int, text: str) -> Found | None:
        for length in range(min(self.first.get(tokens[position].key, 0), len(tokens) - position), 0, -1):
            run = tokens[position : position + length]
            names = self.by_words.get(tuple(token.key for token in run), ())
            surface = text[run[0].start : run[-1].end]
            fitting = tuple(name for name in names if fits(surface, name))
            if fitting:
                return Found(run[0].start, run[-1].end, fitting)
        return None


def index(names: Iterable[Name]) -> Names:
    """Make the index of these names; among names of the same words their order is kept.

    A spelling that nobody shows as a name is left out where it is an ordinary word or holds an explanation in brackets.
    """
    by_words: dict[tuple[str, ...], list[Name]] = {}
    for name in names:
        if name.kind == HIDDEN and (name.risk == ORDINARY or "(" in name.text):
            continue
        words = tuple(token.key for token in tokenize(name.text))
        if words:
            by_words.setdefault(words, []).append(name)
    first: dict[str, int] = {}
    for words in by_words:
        first[words[0]] = max(first.get(words[0], 0), len(words))
    return Names({words: tuple(found) for words, found in by_words.items()}, first)


def tokenize(text: str) -> Iterator[Token]:
    """Split a text into words and signs, each with the form in which names are compared."""
    for match in TOKEN.finditer(text.translate(LOOK_ALIKES)):
        word = text[match.start() : match.end()]
        # A possessive ending is no part of a name.
        key = fold(match.group())
        if key.endswith("'s"):
            yield Token(key[:-2], word[:-2], match.start(), match.end() - 2)
            yield Token("'s", word[-2:], match.end() - 2, match.end())
        elif key != "-":
            yield Token(key, word, match.start(), match.end())


def fold(word: str) -> str:
    """Bring a word into the form in which names are compared: no case, no accents, one spelling."""
    plain = unicodedata.normalize("NFKD", word.translate(LOOK_ALIKES))
    bare = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    for british, american in SPELLINGS:
        bare = bare.replace(british, american)
    return bare


def fits(surface: str, name: Name) -> bool:
    """Whether a text writes a name as this kind of name is written. A common noun may be written in any case.

    An acronym needs its capitals, an ordinary word a capital letter, any other name of one word
    a capital or a digit; a name of several words may be written in any case.
    """
    if name.kind == COMMON:
        return True
    if name.kind in CASE_KINDS or name.text.isupper():
        return surface.translate(LOOK_ALIKES) == name.text.translate(LOOK_ALIKES)
    if name.risk == ORDINARY and not name.text[1:].islower():
        return surface == name.text  # EnVision is no envision
    if name.risk == ORDINARY or " " not in surface:
        return any(c.isupper() or c.isdigit() for c in surface[:1]) or not surface[:1].isascii()
    return any(c.isupper() or c.isdigit() for c in surface) or not surface[:1].isascii()
