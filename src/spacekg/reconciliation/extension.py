"""extension  ids and columns → the values that a list is extended with, from the graph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from spacekg.answers import Engine, Row
from spacekg.matching import lookup
from spacekg.matching.records import ID, WIKIDATA
from spacekg.reconciliation import requests
from spacekg.reconciliation.columns import Column
from spacekg.reconciliation.problems import BadBatchError
from spacekg.reconciliation.register import Register
from spacekg.reconciliation.voice import Voice

ROWS, COLUMNS, CELLS = 100, 20, 500
"""The most entities, columns and cells that are filled at once; each cell is a query."""
DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:T.*|Z)?")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is to be extended with; an id that nothing has gives empty cells."""

    ids: tuple[str, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Extender:
    """Fills cells."""

    engine: Engine
    register: Register
    voice: Voice

    def read(self, content: object) -> Wanted:
        """Read what is wanted; it is written alike in both versions.

        Raises:
            BadBatchError, BatchTooLargeError: the message says where.
        """
        asked = requests.record(content, "extend")
        ids = requests.listed(asked.get("ids"), "ids", ROWS)
        rows = requests.listed(asked.get("properties"), "properties", COLUMNS)
        requests.limited(range(len(ids) * len(rows)), "ids × properties", CELLS)
        names = [requests.id(requests.record(row, "a property").get("id"), "id of a property") for row in rows]
        return Wanted(tuple(requests.id(each, "an id") for each in ids), tuple(self._column(each) for each in names))

    def classic(self, wanted: Wanted) -> Json:
        """Answer in version 0.2: rows and cells by their ids."""
        rows = {id: {each.id: self._cell(id, each) for each in wanted.columns} for id in wanted.ids}
        return {"meta": self._meta(wanted), "rows": rows}

    def modern(self, wanted: Wanted) -> Json:
        """Answer in version 1.0: rows and cells in lists."""
        rows = [
            {"id": id, "properties": [{"id": each.id, "values": self._cell(id, each)} for each in wanted.columns]}
            for id in wanted.ids
        ]
        return {"meta": self._meta(wanted), "rows": rows}

    def proposed(self, given: Mapping[str, str]) -> Json:
        """Propose columns for the things of a type; without a type, all of them.

        Raises:
            BadBatchError: the limit is no number, or the type is none.
        """
        kind = requests.id(given.get("type"), "type")
        limit = requests.number(given.get("limit"), "the limit", requests.MOST)
        columns = [each for each in self.register.columns if self._has(kind, each)][:limit]
        names = [{"id": each.id, "name": each.name, "description": each.description} for each in columns]
        return {**({"type": kind} if kind else {}), "limit": limit, "properties": names}

    def _has(self, kind: str, column: Column) -> bool:
        index = self.register.matcher.index
        above = index.classes.get(kind, frozenset())
        # A class above that of the column has things that may have it.
        return (
            not kind or not column.of or bool(above & column.of) or any(kind in index.classes[of] for of in column.of)
        )

    def _column(self, id: str) -> Column:
        known = {column.id: column for column in self.register.columns}
        if id not in known:
            raise BadBatchError(f"no property to extend with is called {id!a}: choose from {', '.join(sorted(known))}")
        return known[id]

    def _meta(self, wanted: Wanted) -> list[Json]:
        service = {column.id: {"service": column.service} if column.service else {} for column in wanted.columns}
        return [{"id": each.id, "name": each.name, **service[each.id]} for each in wanted.columns]

    def _cell(self, id: str, column: Column) -> list[Json]:
        record = self.voice.view.find(self.register.matcher.index, id)
        if record is None:
            return []
        bound = {"entity": record.iri, **({"property": column.property} if column.property else {})}
        values = (self._value(row, column) for row in self.engine.answer_named(column.query, **bound))
        return _distinct(value for value in values if value)

    def _value(self, row: Row, column: Column) -> Json:
        value, name = row.get("value"), row.get("name")
        if isinstance(value, NamedNode):
            return self._thing(value.value, name.value if isinstance(name, Literal) else "", column)
        if not isinstance(value, Literal):
            return {}
        if column.kind == "number":
            return {"int": int(value.value)}
        day = DAY.fullmatch(value.value) if column.kind == "date" else None
        # A year alone is no day, so it stays the text that it is.
        return {"date": f"{day[1]}T00:00:00Z"} if day else {"str": value.value}

    def _thing(self, iri: str, name: str, column: Column) -> Json:
        index = self.register.matcher.index
        if column.kind == "item":
            item = iri.removeprefix(WIKIDATA)
            known = lookup.by_qid(index, item) if self.voice.languages else ()
            return {"id": item, "name": self.voice.name(known[0]) if known else name or item}
        record = index.records.get(iri.removeprefix(ID)) if column.kind == "entity" else None
        if record is not None:
            thing = self.voice.thing(record)
            return thing if thing["id"] else {"str": thing["name"]}
        return {"str": name or iri}


def _distinct(values: Iterable[Json]) -> list[Json]:
    return [dict(pairs) for pairs in dict.fromkeys(tuple(value.items()) for value in values)]
