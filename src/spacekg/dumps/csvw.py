"""csvw      tables → what describes their CSV files: Metadata for Tabular Data on the Web, a JSON-LD document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from spacekg.dumps.tables import LISTS, SEPARATOR, Column, Table

MEDIA_TYPE = "application/csvm+json"
CONTEXT = ["http://www.w3.org/ns/csvw", {"@language": "en"}]
DATE = "-?[0-9]{4,}(-[0-9]{2}(-[0-9]{2}(T.+)?)?)?"
"""Dates are as exact as the source is: a year, a month or a day; one datatype of CSVW has but one of these."""
DATATYPES: Mapping[str, object] = {
    "iri": "anyURI",
    "iris": "anyURI",
    "list": "string",
    "dates": {"base": "string", "format": DATE},
}
"""Where they differ from how `columns.csv` calls them."""


def describe(
    tables: Sequence[Table], name_of: Callable[[str], str], licences: Iterable[str], attributions: Iterable[str]
) -> dict[str, Any]:
    """Describe tables whose files lie beside the description; `name_of` gives the file of a table.

    Written after https://www.w3.org/TR/tabular-metadata/: a cell with a property is a statement about its row's first
    column; cells without one are left out when the tables are made into RDF.
    """
    keys = {table.name: table.key for table in tables}
    return {
        "@context": CONTEXT,
        "@type": "TableGroup",
        "dc:title": "Tables of spacekg",
        "dc:license": [{"@id": each} if each.startswith("http") else each for each in licences],
        "dc:creator": list(attributions),
        "tables": [_table(table, name_of, keys) for table in tables],
    }


def _table(table: Table, name_of: Callable[[str], str], keys: Mapping[str, list[str]]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "columns": [_column(column) for column in table.columns],
        "primaryKey": table.key,
        "aboutUrl": f"{{+{table.columns[0].name}}}",
    }
    foreign = [
        {
            "columnReference": column.name,
            "reference": {"resource": name_of(column.reference), "columnReference": keys[column.reference][0]},
        }
        for column in table.columns
        if column.reference and column.reference != table.name
    ]
    return {
        "@type": "Table",
        "url": name_of(table.name),
        "dc:title": table.name,
        "dc:description": table.question,
        "tableSchema": schema | ({"foreignKeys": foreign} if foreign else {}),
    }


def _column(column: Column) -> dict[str, Any]:
    told: dict[str, Any] = {
        "@type": "Column",
        "name": column.name,
        "titles": column.name,
        "dc:description": column.title,
        "datatype": DATATYPES.get(column.datatype, column.datatype),
    }
    if column.datatype in LISTS:
        told["separator"] = SEPARATOR
    if column.key and column.datatype != "language":
        told["required"] = True
    if not column.property:
        return told | {"suppressOutput": True}
    return told | {"propertyUrl": column.property} | _value(column)


def _value(column: Column) -> dict[str, str]:
    return {"valueUrl": f"{{+{column.name}}}"} if column.datatype == "iri" else {}
