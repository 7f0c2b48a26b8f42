"""spelling  how two names are compared: `key` forgets how a name is written, `bag` also in which order and language."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from spacekg.errors import DeclarationError

LONGEST = 300
"""Characters of a name that are compared; no name of the index is half as long."""

LOOK_ALIKES = str.maketrans(
    "авекмнорстухіѕјαβεζηικμνορτυχłøđıʼ’‘`´",
    "abekmhopctyxisjabezhikmnoptyxlodi'''''",
)
"""Letters that look like Latin ones, after lower-casing: a name that mixes scripts is compared as it looks."""
LIGATURES = (("æ", "ae"), ("œ", "oe"), ("&", " and "), ("＆", " and "))
SPELLINGS = (("isation", "ization"), ("programme", "program"), ("centre", "center"), ("defence", "defense"))
WORD = re.compile(r"[^\W\d_]+|\d+")
INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
POSSESSIVE = re.compile(r"(?<=\w)'s\b|(?<=s)'(?=\s|$)")
ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
ROMAN |= {"x": "10", "xi": "11", "xii": "12", "xiii": "13", "xiv": "14", "xv": "15", "xvi": "16", "xvii": "17"}
THE, NUMBER = "the", {"no", "nº", "nr"}
LITTLE, LEGAL = "little word", "legal form"
FORM_AFTER = 6
"""Letters before a legal form, from which on it is one."""
ELISION = re.compile(r"\b[ld]'(?=\w)")
SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]+")
"""Scripts that write no spaces between words."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """The words that a comparison leaves out or puts into English, as keys."""

    little: frozenset[str]
    """Words that are left out wherever they stand."""
    legal: frozenset[str]
    """Legal forms, which are left out at the end of a name."""
    adjectives: Mapping[str, str]
    """English words that stand for another, such as the adjectives of countries."""
    words: Mapping[str, str]
    """Words of other languages, and the adjectives of countries, with what they are in English."""

    def bag(self, key: str) -> str:
        """Forget order, legal forms, little words and Roman numerals, and call a country's people by their country."""
        return _sorted(self._plain(key.split())) if key else ""

    def in_english(self, key: str) -> str:
        """Put a name into English word by word, as a bag; empty where no word of it is known here."""
        found: list[str] = []
        for word in key.split():
            if word in self.words:
                found += self.words[word].split()
            else:
                found += self._cut(word) if SPACELESS.fullmatch(word) else [word]
        return _sorted(self._plain(found)) if found != key.split() else ""

    def _plain(self, words: list[str]) -> list[str]:
        short = self._without_form(words)
        bare = _counted(short)
        kept = [word for word in bare if word not in self.little]
        if len(kept) < 2:
            kept = bare[1:] if bare[0] == THE and len(bare) > 1 else bare
        found: list[str] = []
        for word in _numbered(kept) if len(short) == len(words) else kept:
            found += self.adjectives[word].split() if word in self.adjectives else (word,)
        return found

    def _without_form(self, words: list[str]) -> list[str]:
        """Leave out a legal form at the end; behind a number or a few letters it may be something else ("NASA JSC")."""
        end = len(words)
        while end > 1 and words[end - 1] in self.legal:
            end -= 1
        if end == len(words):
            return words
        rest = "".join(words[:end])
        return words[:end] if len(rest) >= FORM_AFTER and not any(letter.isdigit() for letter in rest) else words

    def _cut(self, run: str) -> list[str]:
        """Cut a run of letters without spaces into known words, the longest first; unknown rest stays as it is."""
        for end in range(len(run), 0, -1):
            if run[:end] in self.words:
                return self.words[run[:end]].split() + (self._cut(run[end:]) if run[end:] else [])
        return [run]


def key(text: str) -> str:
    """Bring a name into the form in which names are compared: words and numbers in lower case, no signs, no accents."""
    text = INITIALS.sub(lambda found: found[0].replace(".", ""), text[:LONGEST])
    low = text.lower()
    if not low.isascii():
        low = _plain_letters(low)
    if "'" in low:
        low = ELISION.sub("", POSSESSIVE.sub("", low))
    if "&" in low:
        low = low.replace("&", " and ")
    low = " ".join(WORD.findall(low))
    for british, american in SPELLINGS:
        if british in low:
            low = low.replace(british, american)
    return low


def squeeze(key: str) -> str:
    """Take the spaces out of a key, but for those between numbers."""
    return re.sub(r"(?<!\d) | (?!\d)", "", key)


def numbers(key: str) -> list[str]:
    """Give the numbers of a key in order, without leading zeros."""
    return sorted(word.lstrip("0") for word in _numbered(key.split()) if word.isdigit())


def read(folder: Path) -> Spelling:
    """Read `words.csv` and `dropped.csv`.

    Raises:
        DeclarationError: a table is missing or a row has an empty cell.
    """
    table = rows(folder / "words.csv", ("word", "language", "english"))
    adjectives = {key(row["word"]): key(row["english"]) for row in table if row["language"] == "en"}
    words = {key(row["word"]): key(row["english"]) for row in table if row["language"] != "en"}
    dropped = {key(row["word"]): row["kind"] for row in rows(folder / "dropped.csv", ("word", "kind"))}
    little, legal = ({word for word, each in dropped.items() if each == kind} for kind in (LITTLE, LEGAL))
    return Spelling(frozenset(little), frozenset(legal), adjectives, words)


def rows(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """Read a table whose every cell is filled.

    Raises:
        DeclarationError: it is missing, has other columns or an empty cell.
    """
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            found = list(reader)
    except OSError as error:
        raise DeclarationError(f"{path.name}: {error.strerror}; wants it in {path.parent}") from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise DeclarationError(f"{path.name}: {error}; wants CSV in UTF-8 (RFC 4180)") from error
    if tuple(reader.fieldnames or ()) != columns:
        raise DeclarationError(f"{path.name}: row 1: wants the columns {','.join(columns)}")
    for number, row in enumerate(found, 2):
        if None in row or not all(row.values()):
            raise DeclarationError(f"{path.name}: row {number}: wants {len(columns)} filled cells")
    return found


def _sorted(words: list[str]) -> str:
    """Put words in the order of the alphabet; numbers keep theirs, for Meteor 1-3 is not Meteor 3-1."""
    numbers = [word for word in words if word.isdigit()]
    return " ".join([*sorted(word for word in words if not word.isdigit()), *numbers])


def _counted(words: list[str]) -> list[str]:
    """Leave out what says that a number follows ("No. 6"), and leading zeros."""
    kept = [
        word for word, after in zip(words, [*words[1:], ""], strict=True) if word not in NUMBER or not after.isdigit()
    ]
    return [word.lstrip("0") or "0" if word.isdigit() else word for word in kept]


def _numbered(words: list[str]) -> list[str]:
    return words[:1] + [ROMAN.get(word, word) for word in words[1:]]


def _plain_letters(low: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", low) if not unicodedata.combining(c)).casefold()
    for ligature, letters in LIGATURES:
        bare = bare.replace(ligature, letters)
    return unicodedata.normalize("NFC", bare.translate(LOOK_ALIKES))
