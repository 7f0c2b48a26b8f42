"""columns   a table → the columns with which a list can be extended, each with the query that fills it."""

from __future__ import annotations

import csv
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

from spacekg.errors import DeclarationError

KINDS = ("entity", "item", "date", "number", "text")
"""What the values of a column are: things of ours, Wikidata items, dates, numbers or texts."""
FIELDS = ("id", "name", "description", "query", "property", "kind", "of", "service")


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `property` is an IRI for the query that fills it, or empty where the query needs none."""

    id: str
    name: str
    description: str
    query: str
    property: str
    kind: str
    of: frozenset[str]
    """The classes whose things have it; empty for everything."""
    service: str
    """Where its values can be reconciled, if that is not here."""


def read(path: Path, queries: Container[str]) -> tuple[Column, ...]:
    """Read the table, in its order.

    Raises:
        DeclarationError: it is missing, or a row has an unknown kind, an unknown query or an id that stands twice.
    """
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            table = list(reader)
    except (OSError, csv.Error, UnicodeDecodeError) as error:
        raise DeclarationError(f"{path.name}: {error}; wants CSV in UTF-8 (RFC 4180)") from error
    if tuple(reader.fieldnames or ()) != FIELDS:
        raise DeclarationError(f"{path.name}: row 1: wants the columns {','.join(FIELDS)}")
    found: dict[str, Column] = {}
    for line, row in enumerate(table, start=2):
        whole = row["id"] and row["id"] not in found and row["kind"] in KINDS and row["query"] in queries
        if None in row or None in row.values() or not whole:
            raise DeclarationError(
                f"{path.name}: row {line}: wants an id of its own, a shipped query and one of {', '.join(KINDS)}"
            )
        classes = frozenset(filter(None, row["of"].split("|")))
        found[row["id"]] = Column(**{name: row[name] for name in FIELDS if name != "of"}, of=classes)
    return tuple(found.values())
