"""agreement  a value that came with a name → whether what the index knows of an entity agrees with it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from spacekg.errors import TableError
from spacekg.matching import lookup, spelling
from spacekg.matching.index import Index
from spacekg.matching.records import SCHEMES, Record, canonical

TYPE, COUNTRY, DATE = "type", "country", "date"
DAY = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?:[T ].*)?")
MEMORY = 50_000
"""Values of a column that are remembered with what they mean."""
SPOKEN = {"launched": "launchDate", "founded": "foundingDate", "launcher": "launchVehicle", "site": "launchSite"}
"""What people call some properties."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a property went: 1 agrees, 0 disagrees, a share in between is near, None is not known."""

    property: str
    value: str
    share: float | None


class Properties:
    """Compares values with entities; the values of a column repeat, so what they mean is remembered."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self.names = frozenset(
            {TYPE, COUNTRY, DATE, *SCHEMES, *SPOKEN}
            | {name for record in index.records.values() for name in (*record.dates, *record.links)}
        )
        self._by_lower = {name.lower(): name for name in self.names}
        self._classes_by_key = {_class_key(name): name for name in index.classes if ":" not in name}
        self._meant = lru_cache(MEMORY)(self._find)

    def named(self, spelt: str) -> str:
        """Give the property that a user means.

        Raises:
            TableError: there is none; the message lists the nearest and all.
        """
        name = self._by_lower.get(re.sub(r"[\s_-]", "", spelt).lower()) or self._by_lower.get(spelt.lower())
        if name is None:
            near = difflib.get_close_matches(spelt, self.names, n=3, cutoff=0.6)
            hint = f"did you mean {' or '.join(near)}?" if near else f"choose one of {', '.join(sorted(self.names))}"
            raise TableError(f"no property is called {spelt!r}; {hint}")
        return SPOKEN.get(name, name)

    def kind(self, spelt: str) -> str:
        """Give the class that a user means: by its name, a noun, or the last word of its name ("agency").

        Raises:
            TableError: there is none; the message lists the nearest.
        """
        key = _class_key(spelt)
        if name := self._classes_by_key.get(key) or self._index.nouns.get(key):
            return name
        near = [self._classes_by_key[each] for each in difflib.get_close_matches(key, self._classes_by_key, cutoff=0.5)]
        hint = f"did you mean {' or '.join(near)}?" if near else "see docs/ontology.md"
        raise TableError(f"no class is called {spelt!r}; {hint}")

    def compare(self, record: Record, name: str, value: str) -> Agreement:
        """Tell whether an entity agrees with a value of a property; an empty value says nothing."""
        return Agreement(name, value, self._share(record, name, value) if value.strip() else None)

    def compare_any(self, record: Record, name: str, values: Iterable[str]) -> Agreement:
        """Tell how the value went that went best: any of several may agree."""
        went = [self.compare(record, name, value) for value in values]
        return max(went, key=lambda each: -1.0 if each.share is None else each.share, default=Agreement(name, "", None))

    def _share(self, record: Record, name: str, value: str) -> float | None:
        if name == TYPE:
            return max((self._index.kinship(record.kind, kind) for kind in self._meant(TYPE, value)), default=None)
        if name in SCHEMES:
            known = record.identifiers.get(SCHEMES[name])
            return _either(canonical(SCHEMES[name], each) == canonical(SCHEMES[name], value) for each in known or ())
        if name == COUNTRY:
            return self._country(record, self._meant(COUNTRY, value))
        if name == DATE:
            return _either(same_day(day, value) for days in record.dates.values() for day in days)
        if name in record.dates:
            return _either(same_day(day, value) for day in record.dates[name])
        meant, known_links = self._meant("", value), record.links.get(name, frozenset())
        return float(bool(meant & known_links)) if meant and known_links else None

    def _find(self, name: str, value: str) -> frozenset[str]:
        if name == TYPE:
            return self._classes(value)
        if name == COUNTRY:
            code = lookup.by_identifier(self._index, "iso", value)
            bag = self._index.spelling.bag(spelling.key(value))
            return frozenset({record.id for record in code}) or self._index.places.get(bag, frozenset())
        return frozenset(record.id for record in lookup.find(self._index, value))

    def _classes(self, value: str) -> frozenset[str]:
        try:
            return frozenset({self.kind(value)})
        except TableError:
            return frozenset()  # a word of the list that is no class says nothing

    def _country(self, record: Record, meant: frozenset[str]) -> float | None:
        if not meant or not record.countries:
            return None
        if meant & record.countries:
            return 1.0
        records = self._index.records
        before = {each for place in meant | record.countries for each in records[place].links.get("successorOf", ())}
        return None if before & (meant | record.countries) else 0.0


def _class_key(name: str) -> str:
    return spelling.key(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))


def same_day(known: str, given: str) -> float | None:
    """Compare two dates at the precision of the coarser one; None where the given one is no date (ISO 8601)."""
    found = DAY.fullmatch(given.strip())
    if found is None:
        return None
    ours, theirs = [int(part) for part in known.split("-")], [int(part) for part in found.groups() if part]
    return float(all(one == other for one, other in zip(ours, theirs, strict=False)))


def _either(shares: Iterable[float | bool | None]) -> float | None:
    """Any of several values may agree."""
    known = [float(share) for share in shares if share is not None]
    return max(known) if known else None
