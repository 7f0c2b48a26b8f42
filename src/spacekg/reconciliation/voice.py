"""voice     how things are called towards one client: by the ids of a view, in the languages that it asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from spacekg.matching.index import Index
from spacekg.matching.records import Record
from spacekg.reconciliation import tongues
from spacekg.reconciliation.types import Type, Types
from spacekg.reconciliation.views import View

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Voice:
    """Names things; what has no name in the languages has its English one, and descriptions are English."""

    view: View
    index: Index
    types: Types
    languages: tuple[str, ...] = ()
    """Languages other than English that have names, the most wanted first."""

    def speaking(self, asked: Sequence[str]) -> Voice:
        """Give a voice for the languages of a client, lower-case tags with the most wanted first."""
        return replace(self, languages=tongues.known(asked, self.index.spoken | self.types.languages))

    @property
    def content(self) -> tuple[str, ...]:
        """The languages that its names are in, English at the end."""
        return (*self.languages, tongues.ENGLISH)

    def name(self, record: Record) -> str:
        """Give the name of an entity."""
        if not self.languages:
            return record.label
        return next(tongues.among(self.index.titles.get(record.id, {}), self.languages), record.label)

    def thing(self, record: Record) -> Json:
        """Write an entity as a value."""
        return {"id": self.view.id(record), "name": self.name(record)}

    def described(self, record: Record) -> Json:
        """Write an entity with what it is."""
        return {**self.thing(record), **({"description": record.description} if record.description else {})}

    def kind(self, id: str) -> Json:
        """Write a type as other answers refer to it."""
        return {"id": id, "name": self.types.name(id, self.languages)}

    def kind_described(self, type: Type) -> Json:
        """Write a type with what it means."""
        return {
            **self.kind(type.id),
            **({"description": type.description} if type.description else {}),
            "broader": [self.kind(each) for each in type.broader],
        }
