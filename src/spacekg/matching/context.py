"""context   a name with words beside it, such as "CSA (Canada)" or "the Vega rocket" → both apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from spacekg.matching import hits, spelling
from spacekg.matching.hits import Hit
from spacekg.matching.index import Index

BRACKETS = re.compile(r"\s*(.+?)\s*[(\[（【](.+?)[)\]）】]\s*")
APART = re.compile(r"\s*(.+?)\s*(?:[,;/|]|\s[-–—:]\s|:\s)\s*(.+?)\s*")
SHORTEST = 3
"""Letters of an abbreviation."""
LONGEST = 4
"""Words of a noun or of the name of a place that may stand beside a name."""
BOTH = "two names"
BESIDE = "words beside it"
COST = {BOTH: 1.0, BESIDE: 2.0}
UNREAD = 22.0
"""What is taken off when something stands beside the name that is neither a name of it nor a kind or a place."""


@dataclass(frozen=True, slots=True)
class Aside:
    """What the words beside a name speak of: a class, a state, or neither."""

    kind: str = ""
    places: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Whether they could be read."""
        return bool(self.kind or self.places)


def find(index: Index, text: str, key: str) -> list[Hit]:
    """Find the entities that a name with words beside it may mean; empty where there is no such name in it."""
    if split := BRACKETS.fullmatch(text) or APART.fullmatch(text):
        return _parts(index, split[1], split[2])
    words = key.split()
    for end in range(1, min(LONGEST, len(words) - 1) + 1):
        for name, aside in ((words[:-end], words[-end:]), (words[end:], words[:end])):
            beside = read(index, " ".join(_trimmed(aside)))
            if beside and (found := _named(index, " ".join(_trimmed(name)), beside)):
                return found
    return []


def read(index: Index, key: str) -> Aside:
    """Read what stands beside a name: a place, a kind of thing, or a place and a kind ("Italian satellite")."""
    bag = index.spelling.bag(key)
    if bag in index.places:
        return Aside(places=index.places[bag])
    if key in index.nouns:
        return Aside(kind=index.nouns[key])
    for cut in (position.start() for position in re.finditer(" ", key)):
        place = index.places.get(index.spelling.bag(key[:cut]))
        if place and key[cut + 1 :] in index.nouns:
            return Aside(index.nouns[key[cut + 1 :]], place)
    return Aside()


def _parts(index: Index, first: str, second: str) -> list[Hit]:
    """Two parts are two names of one thing, or a name and what is said of it; else only the first counts, a little."""
    keys = spelling.key(first), spelling.key(second)
    one, two = (hits.written(index, part, key) for part, key in zip((first, second), keys, strict=True))
    shared = {hit.form.record for hit in one} & {hit.form.record for hit in two}
    if shared:
        both = [replace(hit, how=BOTH, worth=min(hit.worth, 98) - COST[BOTH]) for hit in [*one, *two]]
        return hits.best(hit for hit in both if hit.form.record in shared)
    for found, other in ((one, keys[1]), (two, keys[0])):
        if found and (beside := read(index, other)):
            return _fitting(index, found, beside)
    if _abbreviates(second, keys[0]):
        return [replace(hit, how=BOTH, worth=min(hit.worth, 98) - COST[BOTH]) for hit in one]
    return [replace(hit, how=BESIDE, worth=hit.worth - UNREAD) for hit in one]


def _abbreviates(short: str, key: str) -> bool:
    """Whether capitals such as ERAU stand for the words of a name, in their order."""
    initials = iter(word[0] for word in key.split())
    letters = short.strip().lower()
    return len(letters) >= SHORTEST and short.strip().isupper() and all(letter in initials for letter in letters)


def _named(index: Index, key: str, beside: Aside) -> list[Hit]:
    found = hits.best(Hit(form, BESIDE, hits.WORTH[form.kind]) for form in index.by_key.get(key, ()))
    return _fitting(index, found, beside)


def _fitting(index: Index, found: list[Hit], beside: Aside) -> list[Hit]:
    """Keep what is of the kind and from the place of which the words beside the name speak."""
    kept = []
    for hit in found:
        record = index.records[hit.form.record]
        if _is_called(index, record.kind, beside.kind) and (not beside.places or beside.places & record.countries):
            worth = hit.worth - COST[BESIDE]
            kept.append(replace(hit, how=BESIDE, worth=worth, kind=beside.kind, places=beside.places))
    return kept


def _is_called(index: Index, kind: str, noun: str) -> bool:
    """Whether a thing of a class may be called so: a craft may be called a mission, and anything by a wider noun."""
    above = index.classes[kind]
    return not noun or noun in above or (noun == "SpaceMission" and "Spacecraft" in above)


def _trimmed(words: list[str]) -> list[str]:
    """Drop the little words at the ends: "the Vega rocket", "space agency of Canada"."""
    little = {"the", "of", "a", "an", "in", "from", "for", "by"}
    while words and words[0] in little:
        words = words[1:]
    while words and words[-1] in little:
        words = words[:-1]
    return words
