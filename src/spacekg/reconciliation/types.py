"""types     the classes of a release: what they are called and mean, and which are the next wider ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal

from spacekg.answers import Engine
from spacekg.declared import SKG
from spacekg.matching.index import Index
from spacekg.reconciliation import tongues

QUERY, NAMES = "reconcile/types", "reconcile/type_names"
DEFAULT = ("SpaceAgency", "Organization", "SpaceMission", "Spacecraft", "LaunchVehicle", "LaunchSite")
"""What lists are most often of."""


@dataclass(frozen=True, slots=True)
class Type:
    """A class of ours."""

    id: str
    name: str
    description: str
    broader: tuple[str, ...]
    names: Mapping[str, str]
    """What it is called in other languages, by their tags."""


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
        names: dict[str, dict[str, str]] = {}
        for row in self.engine.answer_named(NAMES):
            kind, name = row["class"], row["name"]
            if isinstance(name, Literal) and name.language:
                names.setdefault(getattr(kind, "value", "").removeprefix(SKG), {})[name.language] = name.value
        return {id: _type(id, rows[id], used, names.get(id, {})) for id in sorted(used & set(rows))}

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages other than English in which types have names."""
        return frozenset(language for type in self.known.values() for language in type.names) - {tongues.ENGLISH}

    def name(self, id: str, languages: Sequence[str] = ()) -> str:
        """Give what a type is called, in the first of the languages that has a name for it, else in English."""
        known = self.known.get(id)
        return next(tongues.among(known.names, languages), known.name) if known else id

    def defaults(self) -> list[str]:
        """Give the types that are a good choice for a list of unknown things."""
        return [id for id in DEFAULT if id in self.known]


def _type(id: str, rows: list[dict[str, str]], used: set[str], names: Mapping[str, str]) -> Type:
    broader = {row["broader"].removeprefix(SKG) for row in rows if "broader" in row} & used
    return Type(id, rows[0]["label"], rows[0].get("comment", ""), tuple(sorted(broader)), names)
