"""tables    read a list: CSV, TSV, JSON Lines, Excel or Parquet → its columns and its rows, one after the other."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from spacekg.errors import TableError
from spacekg.linking import encodings
from spacekg.linking.cells import shown

CELL = 10_000_000
"""Characters of the longest cell that is read."""
UNPACKED = 2_000_000_000
"""Bytes that an Excel file may unpack to: a small file can claim to hold any amount."""
SHEET_ROWS = 1_048_576
"""Rows that a sheet of Excel can have; openpyxl would make up the rows before one that claims a higher number."""
NEEDS = "{}: reading {} needs the package {}; install it with: pip install 'spacekg[tables]'"

Row = Sequence[object]


@dataclass(frozen=True, slots=True)
class Table:
    """A list: the names of its columns, and a function that reads its rows anew."""

    path: Path
    columns: tuple[str, ...]
    rows: Callable[[], Iterator[Row]]

    def place(self, column: str) -> int:
        """Tell which column has this name.

        Raises:
            TableError: none has; the message lists them.
        """
        if column not in self.columns:
            known = ", ".join(repr(each) for each in self.columns)
            raise TableError(f"{self.path.name}: no column is called {column!r}; its columns are {known}")
        return self.columns.index(column)


def read(path: Path, encoding: str = "") -> Table:
    """Open a list; its ending says what it is. Text is UTF-8, or what its byte order mark or `encoding` says.

    Raises:
        TableError: it cannot be read, has no columns, or two columns of one name.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise TableError(f"{path.name}: wants a file that ends in one of {', '.join(READERS)}")
    try:
        table = reader(path, encoding)
    except OSError as error:
        raise TableError(f"{path}: {error.strerror or error}; give a list to link") from error
    return Table(path, named(path.name, table.columns), table.rows)


def named(file: str, columns: Sequence[str]) -> tuple[str, ...]:
    """Give the columns of a list their names: one without any has its number.

    Raises:
        TableError: there are none, or two have one name.
    """
    names = tuple(column or f"column {number}" for number, column in enumerate(columns, 1))
    twice = sorted({name for name in names if names.count(name) > 1})
    if not names or twice:
        trouble = (
            f"more than one column is called {twice[0]!r}; rename one" if twice else "is empty; wants a row of names"
        )
        raise TableError(f"{file}: {trouble}")
    return names


def _delimited(path: Path, encoding: str) -> Table:
    encoding = encoding or encodings.detect(path)
    with path.open(encoding=encoding, newline="") as stream:
        header = stream.readline(CELL)
    delimiter = (
        "\t" if path.suffix.lower() == ".tsv" else max(",;\t|", key=lambda sign: (header.count(sign), sign == ","))
    )

    def records() -> Iterator[list[str]]:
        csv.field_size_limit(CELL)
        with path.open(encoding=encoding, newline="") as stream:
            reader = csv.reader(stream, delimiter=delimiter, strict=True)
            try:
                yield from reader
            except (csv.Error, UnicodeDecodeError) as error:
                raise TableError(
                    f"{path.name}: line {reader.line_num}: {error}; mend the file, or see --encoding"
                ) from error

    columns = tuple(column.strip() for column in next(records(), []))
    return Table(path, columns, lambda: _checked(path, columns, records()))


def _checked(path: Path, columns: tuple[str, ...], records: Iterator[list[str]]) -> Iterator[Row]:
    """Give every row as many cells as there are columns; rows without a cell are empty lines."""
    next(records, None)
    for number, cells in enumerate(records, 2):
        if len(cells) > len(columns):
            raise TableError(f"{path.name}: row {number} has {len(cells)} cells; there are {len(columns)} columns")
        if cells:
            yield cells + [""] * (len(columns) - len(cells))


def _lines(path: Path, encoding: str) -> Table:
    encoding = encoding or encodings.detect(path)

    def records() -> Iterator[Mapping[str, object]]:
        with path.open(encoding=encoding) as stream:
            for number, line in enumerate(stream, 1):
                if not line.strip():
                    continue
                try:
                    record = json.loads(line)
                except (ValueError, RecursionError) as error:
                    raise TableError(
                        f"{path.name}: line {number}: {error}; wants a JSON object on each line"
                    ) from error
                if not isinstance(record, dict):
                    raise TableError(f"{path.name}: line {number}: wants a JSON object on each line")
                yield record

    columns = tuple(dict.fromkeys(column for record in records() for column in record))
    return Table(path, columns, lambda: ([record.get(column) for column in columns] for record in records()))


def _excel(path: Path, _: str) -> Table:
    with _needed(path, "Excel", "openpyxl"):
        import openpyxl  # noqa: PLC0415  # an extra that most lists do not need

    def records() -> Iterator[Row]:
        with _unbroken(path), zipfile.ZipFile(path) as parts:
            if sum(part.file_size for part in parts.infolist()) > UNPACKED:
                raise TableError(f"{path.name}: unpacks to more than {UNPACKED:,} bytes; save the list as CSV")
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            try:
                yield from islice(book.worksheets[0].iter_rows(values_only=True), SHEET_ROWS)
            finally:
                book.close()

    header = [shown(cell).strip() for cell in next(records(), ())]
    while header and not header[-1]:
        header.pop()
    columns = tuple(header)
    return Table(path, columns, lambda: _filled(records(), len(columns)))


def _filled(records: Iterator[Row], width: int) -> Iterator[Row]:
    next(records, None)
    for cells in records:
        under = cells[:width]
        if any(cell is not None for cell in under):
            yield [*under, *[None] * (width - len(under))]


def _parquet(path: Path, _: str) -> Table:
    with _needed(path, "Parquet", "pyarrow"):
        from pyarrow import ArrowException, parquet  # noqa: PLC0415  # an extra that most lists do not need

    def records() -> Iterator[Row]:
        try:
            for batch in parquet.ParquetFile(path).iter_batches(batch_size=10_000):
                yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
        except ArrowException as error:
            raise TableError(f"{path.name}: {error}; wants a whole Parquet file") from error

    try:
        columns = tuple(parquet.ParquetFile(path).schema_arrow.names)
    except ArrowException as error:
        raise TableError(f"{path.name}: {error}; wants a whole Parquet file") from error
    return Table(path, columns, records)


@contextmanager
def _needed(path: Path, what: str, package: str) -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise TableError(NEEDS.format(path.name, what, package)) from error


@contextmanager
def _unbroken(path: Path) -> Iterator[None]:
    """Say of a broken workbook that it is broken; what openpyxl raises depends on where."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        SyntaxError,  # what is no XML, for lxml and for Python
        KeyError,
        ValueError,
        IndexError,
        EOFError,
        TypeError,
        AttributeError,
    ) as error:
        raise TableError(f"{path.name}: is no whole Excel workbook ({error}); save it again as .xlsx or CSV") from error


READERS: Mapping[str, Callable[[Path, str], Table]] = {
    ".csv": _delimited,
    ".tsv": _delimited,
    ".txt": _delimited,
    ".jsonl": _lines,
    ".ndjson": _lines,
    ".xlsx": _excel,
    ".xlsm": _excel,
    ".parquet": _parquet,
}
"""What reads a file, by its ending."""
