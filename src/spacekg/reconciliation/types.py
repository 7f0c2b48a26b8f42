"""types     the classes of a release: what they are called and mean, and which are the next wider ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from spacekg.answers import Engine
from spacekg.declared import SKG
from spacekg.matching.index import Index

QUERY = "reconcile/types"
DEFAULT = ("SpaceAgency", "Organization", "SpaceMission", "Spacecraft", "LaunchVehicle", "LaunchSite")
"""What lists are most often of."""


@dataclass(frozen=True, slots=True)
class Type:
    """A class of ours."""

    id: str
    name: str
    description: str
    broader: tuple[str, ...]


@dataclass(frozen=True)
class Types:
    """The classes that some entity of the index has."""

    engine: Engine
    index: Index

    @cached_property
    def known(self) -> Mapping[str, Type]:
        """The classes by their ids, in the order of these."""
        used = {name for record in self.index.records.values() for name in self.index.classes.get(record.kind, ())}
        rows: dict[str, list[dict[str, str]]] = {}
        for row in self.engine.answer_named(QUERY):
            texts = {name: getattr(term, "value", "") for name, term in row.items()}
            rows.setdefault(texts["class"].removeprefix(SKG), []).append(texts)
        return {id: _type(id, rows[id], used) for id in sorted(used & set(rows))}

    def reference(self, id: str) -> dict[str, str]:
        """Write a type as other answers refer to it."""
        return {"id": id, "name": self.name(id)}

    def name(self, id: str) -> str:
        """Give what a type is called."""
        return self.known[id].name if id in self.known else id

    def written(self, type: Type) -> dict[str, Any]:
        """Write a type with what it means."""
        return {
            **self.reference(type.id),
            **({"description": type.description} if type.description else {}),
            "broader": [self.reference(each) for each in type.broader],
        }

    def defaults(self) -> list[dict[str, str]]:
        """Write the types that are a good choice for a list of unknown things."""
        return [self.reference(id) for id in DEFAULT if id in self.known]


def _type(id: str, rows: list[dict[str, str]], used: set[str]) -> Type:
    broader = {row["broader"].removeprefix(SKG) for row in rows if "broader" in row} & used
    return Type(id, rows[0]["label"], rows[0].get("comment", ""), tuple(sorted(broader)))
