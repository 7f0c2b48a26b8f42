"""suggestions  the beginning of a name, or an id → the entities, types and properties that it may become."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from spacekg.matching import spelling
from spacekg.matching.records import Record
from spacekg.matching.scoring import Query
from spacekg.reconciliation import requests
from spacekg.reconciliation.register import Register
from spacekg.reconciliation.views import SCHEMA, View
from spacekg.reconciliation.voice import Voice

KINDS = ("entity", "type", "property")
WHOLE, BEGINNING, WITHIN, OTHERWISE = range(4)
"""How a name has the prefix: as a whole, at its beginning, at that of a word, or only nearly."""
PAGE = 10
TYPED = "Give the class of the thing."

Json = dict[str, Any]


@dataclass(frozen=True)
class Suggester:
    """Suggests what begins like what somebody types."""

    register: Register
    view: View

    def suggest(self, kind: str, given: Mapping[str, str], voice: Voice) -> list[Json]:
        """Suggest entities, types or properties, from an offset on; what has the prefix for its id comes first.

        Raises:
            BadBatchError: the offset or limit is no number, or the type is none.
        """
        prefix = requests.text(given.get("prefix"), "prefix")[: spelling.LONGEST]
        least = given.get("offset") or given.get("cursor")
        start = requests.number(least, "the offset", 0, 0, requests.LARGEST_OFFSET)
        end = start + requests.number(given.get("limit"), "the limit", PAGE)
        if kind == "entity":
            return [
                {**voice.described(each), "notable": [voice.kind(each.kind)]}
                for each in self.entities(prefix, end)[start:end]
            ]
        table = _types(voice) if kind == "type" else ((row, (row["name"],)) for row in self.properties())
        return _beginning(prefix, table)[start:end]

    def entities(self, prefix: str, most: int) -> list[Record]:
        """Give the entities for a prefix, the best known first; without a prefix, the best known of all."""
        own = self.view.find(self.register.matcher.index, prefix) if prefix.strip() else None
        ranks = self._ranks(prefix)
        if own is not None:
            ranks[own.id] = -1
        if len(ranks) < min(most, PAGE) and prefix.strip():
            for near in self.register.matcher.match(Query(prefix, limit=PAGE)):
                ranks.setdefault(near.record.id, OTHERWISE)
        records = self.register.matcher.index.records
        found = (records[id] for id in ranks if self.view.id(records[id]))
        return sorted(found, key=lambda each: (ranks[each.id], -each.prominence, each.id))

    def properties(self) -> list[Json]:
        """Write every property that a query may name or that a list can be extended with."""
        columns = self.register.columns
        names = {each.id: {"id": each.id, "name": each.name, "description": each.description} for each in columns}
        for name in self.register.matcher.properties.names:
            if self.register.matcher.properties.named(name) == name:
                names.setdefault(name, {"id": name, "name": _spaced(name)})
        return [names[id] for id in sorted(names)]

    def _ranks(self, prefix: str) -> dict[str, int]:
        key = spelling.key(prefix)
        ranks: dict[str, int] = {}
        if not key:
            return ranks if prefix.strip() else dict.fromkeys(self.register.matcher.index.records, WITHIN)
        for words, rank, id in self._from(key):
            ranks[id] = min(ranks.get(id, OTHERWISE), WHOLE if words == key and rank == BEGINNING else rank)
        return ranks

    def _from(self, key: str) -> Iterator[tuple[str, int, str]]:
        for number in range(bisect_left(self._sorted, (key, 0, "")), len(self._sorted)):
            if not self._sorted[number][0].startswith(key):
                return
            yield self._sorted[number]

    @cached_property
    def _sorted(self) -> list[tuple[str, int, str]]:
        return sorted(
            {entry for form in self.register.matcher.index.forms for entry in _entries(form.key, form.record)}
        )


def _entries(key: str, id: str) -> Iterator[tuple[str, int, str]]:
    """Give a name from its beginning on, and from that of each of its words on."""
    words = key.split()
    for first in range(len(words)):
        yield " ".join(words[first:]), WITHIN if first else BEGINNING, id


def _types(voice: Voice) -> Iterator[tuple[Json, Sequence[str]]]:
    """Write every type, with what it is called in any language."""
    for each in voice.types.known.values():
        yield voice.kind_described(each), (each.name, *each.names.values())


def _beginning(prefix: str, table: Iterable[tuple[Json, Sequence[str]]]) -> list[Json]:
    """Keep what has the prefix in one of its names or for its id; everything, if there is none."""
    wanted, key = prefix.strip().removeprefix(SCHEMA).lower(), spelling.key(prefix)
    ranked = []
    for row, texts in table:
        names = [spelling.key(text) for text in texts]
        found = [row["id"].lower() == wanted, any(name.startswith(key) for name in names)]
        found += [row["id"].lower().startswith(wanted), any(f" {key}" in f" {name}" for name in names)]
        if not wanted or (any(found) and (key or found[0])):
            ranked.append((found.index(True) if any(found) else 0, row["name"], row["id"], row))
    return [row for *_, row in sorted(ranked, key=lambda each: each[:3])]


def _spaced(name: str) -> str:
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name)
