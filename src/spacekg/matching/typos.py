"""typos     a misspelt name → the names it may be a misspelling of, found by their rarest letters in threes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from spacekg.matching import spelling
from spacekg.matching.hits import WORTH, Hit, best
from spacekg.matching.index import Index

RAREST, CHOSEN, COMPARED = 7, 40, 8
"""Trigrams looked up, names that share most of them, and the most similar of those that are compared word by word."""
SIMILAR = 60.0
FIRST, EACH = 98.0, 64.0
"""What a misspelt name is worth: so much, less this for the share of its letters that are wrong."""
OTHER_WORD = 78.0
"""The most that a name is worth in which a known word stands where the text has another, or one has more words."""
MIN_LETTERS, TWO_WRONG = 5, 9
"""From how many letters on a word may have one letter wrong, and two."""
LETTERS = 10
"""How many letters a name must have for a misspelling of it to count: a short one is often another name."""
HOW = "misspelt"


@dataclass(frozen=True)
class Typos:
    """Every name by its trigrams."""

    index: Index

    @cached_property
    def keys(self) -> list[str]:
        """The spellings that are compared, in a fixed order."""
        return sorted(key for key, forms in self.index.by_key.items() if any(form.kind in WORTH for form in forms))

    @cached_property
    def postings(self) -> Mapping[str, list[int]]:
        """For each trigram the places in `keys` of those that have it."""
        found: dict[str, list[int]] = {}
        for number, key in enumerate(self.keys):
            for gram in _grams(key):
                found.setdefault(gram, []).append(number)
        return found

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of every name that is shown, and the words that are known otherwise: those are no misspellings."""
        shown = (form.key for form in self.index.forms if form.kind != "hidden")
        known = {word for key in shown for word in key.split()}
        words = self.index.spelling
        return frozenset(
            known | set(words.words) | set(words.adjectives) | set(self.index.nouns) | words.little | words.legal
        )

    def find(self, key: str) -> list[Hit]:
        """Find the names of which this may be a misspelling, each with how many of its letters are right."""
        chosen = [self.keys[number] for number in self._near(key)]
        near = process.extract(key, chosen, scorer=fuzz.token_sort_ratio, limit=COMPARED, score_cutoff=SIMILAR)
        numbers = spelling.numbers(key)
        return best(hit for name, similarity, _ in near for hit in self._hits(key, numbers, name, similarity / 100))

    def _near(self, key: str) -> list[int]:
        # By their letters too: the order of a set, which differs from run to run, must not choose among equals.
        known = sorted((len(self.postings[gram]), gram) for gram in _grams(key) if gram in self.postings)
        shared: Counter[int] = Counter()
        for _, gram in known[:RAREST]:
            shared.update(self.postings[gram])
        return [number for number, _ in shared.most_common(CHOSEN)]

    def _hits(self, key: str, numbers: list[str], name: str, similarity: float) -> Iterator[Hit]:
        worth = self._worth(key, numbers, name, similarity)
        for form in self.index.by_key[name]:
            # An acronym with a wrong letter is another acronym.
            kept = min(worth, OTHER_WORD) if form.kind == "acronym" or form.risk else worth
            yield Hit(form, HOW, kept - (100 - WORTH[form.kind]) / 4, similarity)

    def _worth(self, key: str, numbers: list[str], name: str, similarity: float) -> float:
        given, meant = key.split(), name.split()
        limit = OTHER_WORD * similarity
        # Cheapest first: most names that are compared have another number of words.
        if len(given) != len(meant) or numbers != spelling.numbers(name):
            return limit
        wrong, right = Counter(given) - Counter(meant), Counter(meant) - Counter(given)
        edits = 0
        for word in sorted(wrong.elements(), key=lambda each: (-len(each), each)):
            other = min(right, key=lambda each: (OSA.distance(word, each), each))
            distance = OSA.distance(word, other)
            if word in self.words or distance > _allowed(other) or not _safe(word, other, name):
                return limit
            edits += distance
            right -= Counter([other])
        return FIRST - EACH * edits / len(name.replace(" ", ""))


def _allowed(word: str) -> int:
    if spelling.SPACELESS.fullmatch(word):
        return 0  # a letter of these scripts is as much as a word
    return 2 if len(word) >= TWO_WRONG else 1 if len(word) >= MIN_LETTERS else 0


def _safe(word: str, other: str, name: str) -> bool:
    """Whether a wrong word cannot easily be right elsewhere: a short name, or a plural, is often another name."""
    return sum(map(str.isalpha, name)) >= LETTERS and word != f"{other}s" and other != f"{word}s"


def _grams(key: str) -> set[str]:
    padded = f" {key} "
    return {padded[start : start + 3] for start in range(len(padded) - 2)}
