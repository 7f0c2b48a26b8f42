"""words    which names are also ordinary English words."""

from __future__ import annotations

from english_words import get_english_words_set  # type: ignore[import-untyped]  # it has no types
from wordfreq import zipf_frequency

from reference_tables.sources import Row

FREQUENT = 3.0
"""Zipf frequency: about once in a million words."""


class Words:
    """What English prose holds besides names."""

    def __init__(self, risky: list[Row]) -> None:
        self._listed = {row["name"] for row in risky if row["ordinary"] == "yes"}
        self._proper = {row["name"] for row in risky if row["ordinary"] == "no"}
        self._dictionary = get_english_words_set(["web2", "gcide"])

    def is_listed(self, text: str) -> bool:
        """Whether somebody listed the name as risky, in any letter case."""
        return text in self._listed or text.capitalize() in self._listed

    def is_proper(self, text: str) -> bool:
        """Whether somebody listed the name as one whose capital is proof enough, such as Planck."""
        return text in self._proper

    def is_ordinary(self, text: str) -> bool:
        """Whether a single word stands in a dictionary in lower case and is not rare."""
        word = text.casefold()
        known = word in self._dictionary or (word.endswith("s") and word[:-1] in self._dictionary)
        return known and zipf_frequency(word, "en") >= FREQUENT
