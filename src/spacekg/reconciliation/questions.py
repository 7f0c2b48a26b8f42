"""questions  a query of either version of the API → what is asked for, checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from spacekg.errors import TableError
from spacekg.matching import spelling
from spacekg.matching.agreement import COUNTRY, TYPE
from spacekg.matching.scoring import Matcher
from spacekg.reconciliation import requests
from spacekg.reconciliation.problems import BadBatchError
from spacekg.reconciliation.register import Register
from spacekg.reconciliation.views import SCHEMA, View

ANY, ALL, NONE = "any", "all", "none"
SHOULD = "should"
VALUES, CONDITIONS, TYPES = 20, 10, 5
"""The most values of a property, conditions of a query, and types that may be wanted."""
CANDIDATES = 5
SMALL = 500
"""Characters of a query that is remembered."""
TAG = re.compile("[a-z]{2,8}(-[a-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class Condition:
    """What is known of a property: one of the values, all of them or none; a required one leaves others out."""

    property: str
    values: tuple[str, ...]
    quantifier: str = ANY
    required: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What a query asks, in whichever version it came."""

    names: tuple[str, ...]
    ids: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    strict: bool = False
    """Whether things of other classes are left out."""
    conditions: tuple[Condition, ...] = ()
    limit: int = CANDIDATES
    languages: tuple[str, ...] = ()
    """What the query says that its texts are in, as a lower-case tag; empty if it does not."""

    @property
    def small(self) -> bool:
        """Whether it is worth remembering with its answer: as lists ask it, not as long as is allowed."""
        texts = sum(map(len, self.names + self.ids)) + sum(len(v) for each in self.conditions for v in each.values)
        return texts <= SMALL and self.limit <= 2 * CANDIDATES


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads queries, with the classes, properties and ids that a release knows."""

    register: Register
    view: View

    @property
    def matcher(self) -> Matcher:
        """What knows the classes and properties."""
        return self.register.matcher

    def batch(self, content: object) -> dict[str, Question]:
        """Read a batch of version 0.2: queries by ids that the client chose.

        Raises:
            BadBatchError, BatchTooLargeError: the message says where.
        """
        queries = requests.record(content, "queries")
        requests.limited(list(queries), "queries", requests.BATCH)
        return {name: self.classic(query, f"query {name[:40]!a}") for name, query in queries.items()}

    def matches(self, content: Mapping[str, Any]) -> list[Question]:
        """Read a batch of version 1.0: a list of queries.

        Raises:
            BadBatchError, BatchTooLargeError: the message says where.
        """
        queries = requests.listed(content.get("queries"), "queries", requests.BATCH)
        return [self._modern(query, f"query {number}") for number, query in enumerate(queries)]

    def classic(self, content: object, where: str) -> Question:
        """Read one query of version 0.2; a mere text is a name."""
        query = {"query": content} if isinstance(content, str) else requests.record(content, where)
        name = requests.text(query.get("query"), f"{where}: query")
        given = requests.listed(query.get("properties") or [], f"{where}: properties", CONDITIONS)
        if not name and not given:
            raise BadBatchError(f"{where} has neither a query nor properties")
        strict = requests.one_of(query.get("type_strict"), f"{where}: type_strict", (SHOULD, ANY, ALL))
        rows = (requests.record(row, f"{where}: a property") for row in given)
        return Question(
            names=(name,) if name else (),
            kinds=self._kinds(query.get("type"), where),
            strict=strict != SHOULD,
            conditions=tuple(self._condition(row, where) for row in rows),
            limit=requests.number(query.get("limit"), f"{where}: limit", CANDIDATES),
            languages=_languages(query.get("lang"), where),
        )

    def _modern(self, content: object, where: str) -> Question:
        query = requests.record(content, where)
        rows = requests.listed(query.get("conditions"), f"{where}: conditions", CONDITIONS)
        found: dict[str, list[Any]] = {"name": [], "id": [], "property": []}
        for number, row in enumerate(rows):
            place = f"{where}: condition {number}"
            condition = requests.record(row, place)
            kind = requests.one_of(condition.get("matchType", ""), f"{place}: matchType", ("", *found))
            if not kind:
                raise BadBatchError(f"{place} has no matchType: wants one of {', '.join(found)}")
            found[kind].append(self._condition(condition, place) if kind == "property" else condition)
        if not rows:
            raise BadBatchError(f"{where} has no conditions: wants at least one")
        texts = {kind: [value for row in found[kind] for value in self._values("", row, where)] for kind in found
                 if kind != "property"}  # fmt: skip
        return Question(
            names=tuple(texts["name"]),
            ids=tuple(texts["id"]),
            kinds=self._kinds(requests.text(query.get("type"), f"{where}: type"), where),
            conditions=tuple(found["property"]),
            limit=requests.number(query.get("limit"), f"{where}: limit", CANDIDATES),
            languages=_languages(query.get("lang"), where),
        )

    def _kinds(self, value: object, where: str) -> tuple[str, ...]:
        given = value if isinstance(value, list) else [value]
        limited = requests.limited(given, f"{where}: type", TYPES)
        names = [requests.id(each.get("id") if isinstance(each, dict) else each, f"{where}: type") for each in limited]
        return tuple(self.kind(name, where) for name in names if name)

    def kind(self, name: str, where: str) -> str:
        """Give the class of a type's id.

        Raises:
            BadBatchError: there is none.
        """
        try:
            return self.matcher.properties.kind(name.removeprefix(SCHEMA))
        except TableError as error:
            raise BadBatchError(f"{where}: {str(error)!s}") from None

    def _condition(self, row: Mapping[str, Any], where: str) -> Condition:
        name = requests.id(row.get("propertyId", row.get("pid")), f"{where}: property")
        if not name:
            raise BadBatchError(f"{where}: a property has no id")
        property = self._property(name.removeprefix(SCHEMA), where)
        quantifier = requests.one_of(row.get("matchQuantifier"), f"{where}: matchQuantifier", (ANY, ALL, NONE))
        required = row.get("required", False)
        if not isinstance(required, bool):
            raise BadBatchError(f"{where}: required is neither true nor false")
        return Condition(property, tuple(self._values(property, row, where)), quantifier, required)

    def _property(self, name: str, where: str) -> str:
        if name in {column.id for column in self.register.columns} - self.matcher.properties.names:
            return name
        try:
            return self.matcher.properties.named(name)
        except TableError as error:
            raise BadBatchError(f"{where}: {error}") from None

    def _values(self, property: str, row: Mapping[str, Any], where: str) -> Iterator[str]:
        given = row.get("propertyValue", row.get("v"))
        for value in requests.limited(given if isinstance(given, list) else [given], f"{where}: values", VALUES):
            if value is not None:
                yield self._value(property, value, where)[: spelling.LONGEST]

    def _value(self, property: str, value: object, where: str) -> str:
        if isinstance(value, dict):
            return self._thing(property, value, where)
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, int | float):
            return f"{value:.15g}"
        if not isinstance(value, str):
            raise BadBatchError(f"{where}: a value is a list in a list")
        return value

    def _thing(self, property: str, value: Mapping[str, Any], where: str) -> str:
        """Give the word for a thing that was reconciled before: its label where names are compared, else its IRI."""
        id = requests.id(value.get("id"), f"{where}: id of a value")
        found = self.view.find(self.matcher.index, id) if property not in ("", TYPE) else None
        if found is None:
            return id if property in ("", TYPE) else requests.text(value.get("name"), f"{where}: name") or id
        return found.label if property == COUNTRY else found.iri


def _languages(value: object, where: str) -> tuple[str, ...]:
    tag = requests.id(value, f"{where}: lang").lower()
    if tag and not TAG.fullmatch(tag):
        raise BadBatchError(f"{where}: lang {tag[:40]!a} is no language tag: wants one such as fr or zh-hant")
    return (tag,) if tag else ()
