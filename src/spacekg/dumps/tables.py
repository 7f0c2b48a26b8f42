"""tables    a release, shipped queries → a CSV file and a Parquet file of each, for those who do without RDF."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyoxigraph
from pyoxigraph import QuerySolutions

from spacekg import united
from spacekg.declared import Declared
from spacekg.dumps import files
from spacekg.errors import DeclarationError, MissingExtraError, ReleaseError
from spacekg.release import Release

FOLDER, COLUMNS = "tables", "columns.csv"
SEPARATOR = "|"
"""Stands between the values of a cell that may hold several; no IRI has it."""
LISTS = frozenset({"list", "iris", "dates"})
NUMBERS = {"integer": int, "number": float}
KINDS = LISTS | set(NUMBERS) | {"iri", "string", "language"}
MEDIA_TYPES = {".csv": "text/csv", ".parquet": "application/vnd.apache.parquet"}
NO_PARQUET = f"{MissingExtraError('pyarrow', 'tables')}, then write the dumps again"

Cell = str | int | float | list[str] | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what its cells are (one of `KINDS`), the property they are values of, the table they point to."""

    name: str
    datatype: str
    property: str
    reference: str
    key: bool
    title: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the query that answers its question, and a column for each variable of it."""

    name: str
    question: str
    query: str
    columns: tuple[Column, ...]

    @property
    def key(self) -> list[str]:
        """The columns that tell its rows apart."""
        return [column.name for column in self.columns if column.key]


def read(declared: Declared) -> tuple[Table, ...]:
    """Read the tables that are declared: `queries/tables/*.rq`, and the columns of all in `columns.csv` beside them.

    Raises:
        DeclarationError: a table has other columns than its query, or one is not declared as it must be.
    """
    path = declared.folder / "queries" / FOLDER / COLUMNS
    found: dict[str, list[Column]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            iri = _expanded(row["property"], declared.prefixes)
            column = Column(row["column"], row["datatype"], iri, row["reference"], bool(row["key"]), row["title"])
            found.setdefault(row["table"], []).append(column)
    queries = {name.partition("/")[2]: query for name, query in declared.queries.items() if name.startswith(FOLDER)}
    if queries.keys() != found.keys():
        raise DeclarationError(f"{path}: {', '.join(sorted(queries.keys() ^ found.keys()))}: wants a query and columns")
    made = tuple(Table(name, query.question, query.text, tuple(found[name])) for name, query in queries.items())
    for table in made:
        _checked(table, found, path)
    return made


def missing() -> str:
    """Say why there is no Parquet; nothing where there is."""
    return "" if find_spec("pyarrow") else NO_PARQUET


def write(tables: Sequence[Table], release: Release, stem: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Write STEM-NAME.csv and STEM-NAME.parquet of each table; gives each file with its table and number of rows.

    The graph is loaded into memory, and of one table at a time its rows. Cells hold what the graph has and nothing is
    put before it: a spreadsheet may take a text that begins with = + - or @ for a formula.

    Raises:
        OSError: the disk is full, or the folder cannot be written.
        ReleaseError: a value is no number where one must be.
    """
    data = united.load_canonical(release.graph.read_bytes()).data if tables else pyoxigraph.Store()
    for table in tables:
        solutions = data.query(table.query)
        assert isinstance(solutions, QuerySolutions)  # `read` has seen that it is a SELECT
        rows = [[_text(solution[column.name]) for column in table.columns] for solution in solutions]
        told = {"table": table.name, "rows": len(rows)}
        path = stem.with_name(f"{stem.name}-{table.name}.csv")
        _write_csv(table, rows, path)
        yield path, {**told, "format": "csv", "media_type": MEDIA_TYPES[path.suffix]}
        if not missing():
            path = path.with_suffix(".parquet")
            _write_parquet(table, rows, path)
            yield path, {**told, "format": "parquet", "media_type": MEDIA_TYPES[path.suffix]}


def made(path: Path) -> files.Made:
    """Bring a file to disk, and give its size and hash; it is not compressed."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
    size, digest = path.stat().st_size, files.sha256(path)
    return files.Made(size, digest, size, digest)


def _expanded(name: str, prefixes: Mapping[str, str]) -> str:
    prefix, colon, local = name.partition(":")
    return prefixes[prefix] + local if colon and prefix in prefixes else name


def _checked(table: Table, known: Mapping[str, object], path: Path) -> None:
    solutions = pyoxigraph.Store().query(table.query)
    asked = [variable.value for variable in solutions.variables] if isinstance(solutions, QuerySolutions) else []
    if asked != [column.name for column in table.columns]:
        raise DeclarationError(f"{path}: {table.name}: wants the columns of its query, in order: {', '.join(asked)}")
    for column in table.columns:
        if column.datatype not in KINDS:
            raise DeclarationError(f"{path}: {column.name}: the datatype is one of {', '.join(sorted(KINDS))}")
        if column.reference and column.reference not in known:
            raise DeclarationError(f"{path}: {column.name}: there is no table {column.reference!r}")


def _text(term: object) -> str:
    return str(getattr(term, "value", "") or "")


def _ordered(text: str) -> list[str]:
    return sorted(set(text.split(SEPARATOR))) if text else []


def _write_csv(table: Table, rows: list[list[str]], path: Path) -> None:
    kinds = [column.datatype in LISTS for column in table.columns]
    with path.open("x", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)  # RFC 4180: lines end in CR LF
        writer.writerow(column.name for column in table.columns)
        for row in rows:
            cells = zip(row, kinds, strict=True)
            writer.writerow(SEPARATOR.join(_ordered(text)) if several else text for text, several in cells)


def _write_parquet(table: Table, rows: list[list[str]], path: Path) -> None:
    import pyarrow  # noqa: PLC0415  # an extra: without it there is CSV
    from pyarrow import parquet  # noqa: PLC0415

    types = {"integer": pyarrow.int64(), "number": pyarrow.float64()}
    types |= dict.fromkeys(LISTS, pyarrow.list_(pyarrow.string()))
    schema = pyarrow.schema(
        [
            pyarrow.field(column.name, types.get(column.datatype, pyarrow.string()), metadata={"title": column.title})
            for column in table.columns
        ]
    )
    columns = [[_cell(row[place], column) for row in rows] for place, column in enumerate(table.columns)]
    parquet.write_table(pyarrow.table(columns, schema=schema), path, compression="zstd")


def _cell(text: str, column: Column) -> Cell:
    if column.datatype in LISTS:
        return list(_ordered(text))
    try:
        return NUMBERS.get(column.datatype, str)(text) if text else None
    except ValueError:
        raise ReleaseError(f"column {column.name}: {text!r} is no {column.datatype}") from None
