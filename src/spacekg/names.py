"""names     the index of all names: text → where a known name stands, and whose it may be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from spacekg.reference import Name

LOOK_ALIKES = str.maketrans(
    "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2018\u2019\u02bc\u201c\u201d\u00a0АВЕКМНОРСТУХаеорсух",
    "-------'''\"\" ABEKMHOPCTYXaeopcyx",
)
"""Characters that look like another one: dashes, quotes, no-break space, Cyrillic letters shaped like Latin ones."""

WORD = r"(?:[^\W_][\u0300-\u036f]*)+"
"""Letters and digits, each with the accents that follow it where they are written apart."""
TOKEN = re.compile(rf"{WORD}(?:[.'](?=[^\W_]){WORD})*|&|[^\w\s]")
PIECE = re.compile(r"[^\W_]+")
SPELLINGS = (
    ("isation", "ization"),
    ("programme", "program"),
    ("centre", "center"),
    ("defence", "defense"),
    ("cosmos", "kosmos"),
)
"""Spellings that do not make another name."""

CASE_KINDS = {"acronym", "defined"}
GOES_ON = re.compile(r"-\d{1,4}[A-Z]?\b|\s(?:I[IVX]|V?I{2,3}|I?X|VI?|\d{1,3}[A-Z]?)\b(?!\s[a-z]|%|-[a-z])")
"""A number behind a name makes another name of it: an unknown Atlas V is not Atlas. «German X-ray» has none."""
LABEL = "label"
COMMON = "common"
SPOKEN = 5
"""Acronyms of so many letters are read as words and often written like one: Juice for JUICE, Proba-3 for PROBA-3."""
NEW = "candidate/"
"""How the ids of things begin that no table has, and their part of our IRIs: known ones have another, and no slash."""
HIDDEN = "hidden"
ORDINARY = "word"


class Token(NamedTuple):
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

    `lengths` tells for a first word how many words the names have that start with it, the longest first, so that
    a text is read once.
    """

    by_words: Mapping[tuple[str, ...], tuple[Name, ...]]
    lengths: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def find(self, text: str) -> Iterator[Found]:
        """Yield the names in a text from left to right, the longest where several start at one word."""
        if not self.by_words:
            return
        tokens = _tokens(text)
        end = 0
        for position, token in enumerate(tokens):
            if token.start >= end and token.key in self.lengths:
                found = self._longest(tokens, position, text)
                if found is not None and found.start != token.start:
                    # «The United States» is no end of «the United States Space Force».
                    found = max(found, self._longest(tokens, position + 1, text) or found, key=lambda name: name.end)
                if found is not None:
                    yield found
                    end = found.end

    def _longest(self, tokens: Sequence[Token], position: int, text: str) -> Found | None:
        for length in self.lengths.get(tokens[position].key, ()):
            run = tokens[position : position + length]
            names = self.by_words.get(tuple(token.key for token in run), ())
            if names and len(run) == length:
                surface = text[run[0].start : run[-1].end]
                fitting = tuple(name for name in names if fits(surface, name))
                if fitting and not GOES_ON.match(text, run[-1].end):
                    article = length > 1 and run[0].key == "the" and all(name.kind != LABEL for name in fitting)
                    return Found(run[1].start if article else run[0].start, run[-1].end, fitting)
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
    lengths: dict[str, set[int]] = {}
    for words in by_words:
        lengths.setdefault(words[0], set()).add(len(words))
    return Names(
        {words: tuple(found) for words, found in by_words.items()},
        {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()},
    )


def tokenize(text: str) -> Iterator[Token]:
    """Split a text into words and signs, each with the form in which names are compared."""
    for match in TOKEN.finditer(text if text.isascii() else text.translate(LOOK_ALIKES)):
        word = text[match.start() : match.end()]
        # A possessive ending is no part of a name.
        key = fold(match.group())
        if key.endswith("'s"):
            yield Token(key[:-2], word[:-2], match.start(), match.end() - 2)
            yield Token("'s", word[-2:], match.end() - 2, match.end())
        elif key != "-":
            yield Token(key, word, match.start(), match.end())


@lru_cache(maxsize=4096)
def _tokens(text: str) -> tuple[Token, ...]:
    """The words and signs of a text that is looked through for names of several kinds."""
    return tuple(tokenize(text))


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """Bring a word into the form in which names are compared: no case, no accents, one spelling."""
    bare = word.casefold() if word.isascii() else _plain(word.translate(LOOK_ALIKES)).casefold()
    for british, american in SPELLINGS:
        bare = bare.replace(british, american)
    return bare


def new_id(name: str) -> str:
    """The id of a thing of this name that no table has, the same for every spelling; empty for a name of signs."""
    slug = "-".join(PIECE.findall(" ".join(token.key for token in tokenize(name))))
    return f"{NEW}{slug}" if slug else ""


def fits(surface: str, name: Name) -> bool:
    """Whether a text writes a name as this kind of name is written. A common noun may be written in any case.

    An acronym needs its capitals, an ordinary word a capital letter, any other name of one word
    a capital or a digit; a name of several words may be written in any case.
    """
    if name.kind == COMMON:
        return True
    exact = surface.translate(LOOK_ALIKES) == name.text.translate(LOOK_ALIKES)
    if name.kind in CASE_KINDS or name.text.isupper():
        letters, _, number = name.text.partition("-")
        numbered = number.isdigit() and name.risk != ORDINARY
        spoken = len(letters) >= SPOKEN and letters.isalpha() and (numbered or (name.kind in CASE_KINDS and not number))
        return exact or (spoken and surface == name.text.capitalize()) or _is_mixed(surface, name)
    if _is_spelt_oddly(name):
        return exact
    capital = surface[:1].isupper() or surface[:1].isdigit() or not surface[:1].isascii()
    several = name.risk != ORDINARY and " " in surface
    return capital or (several and any(c.isupper() or c.isdigit() for c in surface))


def _is_mixed(surface: str, name: Name) -> bool:
    """Whether a word has capitals within that only a name has: CoRoT for COROT."""
    long = len(name.text) >= SPOKEN and name.text.isalpha() and name.risk != ORDINARY
    return long and surface[:1].isupper() and surface[1:].lower() != surface[1:]


def _is_spelt_oddly(name: Name) -> bool:
    """Whether only its own spelling tells a name from a word: EnVision is no envision, ispace no other word."""
    inner_capital = name.risk == ORDINARY and not name.text[1:].islower()
    return inner_capital or (name.text[:1].islower() and name.kind != HIDDEN and not name.risk)


def _plain(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
