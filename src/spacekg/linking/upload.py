"""upload    a list that a stranger sends → a small sheet of texts, linked within bounds as `spacekg link` does."""

from __future__ import annotations

import csv
import json
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from spacekg.errors import TableError
from spacekg.linking import decisions, run, tables
from spacekg.linking.cells import shown
from spacekg.linking.decisions import Decisions, Verdict
from spacekg.linking.judging import Judge
from spacekg.linking.outcomes import Outcome
from spacekg.linking.run import Job
from spacekg.matching.scoring import Matcher

ENDINGS = (".csv", ".tsv", ".txt", ".jsonl", ".xlsx")
ENCODINGS = ("", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "utf-16", "shift_jis", "gb18030", "big5", "euc_kr")
"""Encodings to choose from; empty for UTF-8 or what a byte order mark says."""
UNPACKED = 10_000_000
"""Bytes that a workbook may unpack to; reading these takes about a second."""
COLUMNS = 100
DAMAGED = "the list came back damaged: begin again"


class ListTooLargeError(TableError):
    """A list is longer or wider than is linked at once."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many rows a list may have, and bytes, as it is sent and as texts."""

    rows: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list as texts; it travels in the form between two requests, so that nothing is kept here."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def to_json(self) -> str:
        """Write it down so that `from_json` gives the same."""
        return json.dumps([self.name, self.columns, self.rows], ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Task:
    """What to do with a sheet: the place of the names, their class, and the columns that speak for a match."""

    column: int
    kind: str = ""
    beside: tuple[tuple[str, int], ...] = ()
    subject: int = -1
    """The place of the IRIs of the rows; negative for none."""


def read(content: bytes, name: str, encoding: str, bounds: Bounds) -> Sheet:
    """Read a list by the ending of its name.

    Raises:
        ListTooLargeError: it is over the bounds.
        TableError: it cannot be read; see `tables.read`.
    """
    name = re.split(r"[\\/]", _text(name))[-1][-60:]
    suffix = Path(name).suffix.lower()
    if suffix not in ENDINGS:
        raise TableError(f"{name!a}: wants a file that ends in one of {', '.join(ENDINGS)}")
    if encoding not in ENCODINGS:
        raise TableError(f"encoding {encoding[:20]!a}: choose one of {', '.join(ENCODINGS[1:])}")
    _bound(len(content), bounds.bytes, "bytes")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"list{suffix}")
        path.write_bytes(content)
        try:
            if suffix == ".xlsx":
                _check_unpacked(path)
            columns, rows = _cells(path, encoding, bounds)
        except (UnicodeError, RuntimeError, ArithmeticError, LookupError, zlib.error) as error:
            raise TableError(f"{name!a} is broken or in another encoding ({error}); save it as CSV in UTF-8") from error
    return _bounded(Sheet(name, columns, rows), bounds)


def decoded(content: bytes) -> str:
    """Read a text that is UTF-8.

    Raises:
        TableError: it is none.
    """
    try:
        return content.decode("utf-8-sig").replace("\0", "")
    except UnicodeDecodeError as error:
        raise TableError(f"the decisions are not UTF-8 ({error}); save the file as CSV in UTF-8") from error


def recovered(text: str) -> str:
    """Read a text that went through a form as JSON.

    Raises:
        TableError: it is something else.
    """
    try:
        return _string(json.loads(text))
    except (ValueError, TypeError, RecursionError) as error:
        raise TableError(DAMAGED) from error


def from_json(text: str, bounds: Bounds) -> Sheet:
    """Read what `Sheet.to_json` wrote, and a browser sent back.

    Raises:
        ListTooLargeError: it is over the bounds.
        TableError: it is something else.
    """
    try:
        name, columns, rows = json.loads(text)
        sheet = Sheet(_string(name)[-60:], _strings(columns), tuple(_strings(row) for row in rows))
    except (ValueError, TypeError, RecursionError) as error:
        raise TableError(DAMAGED) from error
    if not all(sheet.columns) or any(len(row) != len(sheet.columns) for row in sheet.rows):
        raise TableError(DAMAGED)
    if not sheet.columns or len(set(sheet.columns)) < len(sheet.columns):
        raise TableError(DAMAGED)
    return _bounded(sheet, bounds)


def outcomes(sheet: Sheet, task: Task, matcher: Matcher, known: Decisions) -> list[Outcome]:
    """Judge every name with its values once, in the order of the list, as if no name had been decided as a whole.

    Raises:
        TableError: a row has no IRI where it should have one, or a decision names what does not exist.
    """
    Judge(matcher, task.kind, known)
    apart = {key: Verdict(rejected=each.rejected) for key, each in known.verdicts.items() if each.rejected}
    judge = Judge(matcher, task.kind, Decisions(apart))
    found: dict[tuple[str, str], Outcome] = {}
    for number, row in enumerate(sheet.rows, 2):
        run.check_iri(row[task.subject].strip() if task.subject >= 0 else "", f"{sheet.name}: row {number}")
        outcome = judge.outcome(row[task.column], tuple((name, row[place]) for name, place in task.beside))
        found.setdefault((outcome.name, outcome.context), outcome)
    return list(found.values())


def check(ids: Iterable[tuple[str, str]], matcher: Matcher) -> None:
    """Look up the ids that were chosen, each with its name.

    Raises:
        TableError: an id is none.
    """
    for name, id in ids:
        Judge(matcher, "", Decisions({(name, ""): Verdict(id)}))


def link(sheet: Sheet, task: Task, known: Decisions, matcher: Matcher, job: Job) -> tuple[Path, ...]:
    """Link a sheet into the folder of `job.out`, and give the files that are then there.

    Of the decisions the rows are taken that are kept; of the job only the output and the release.

    Raises:
        TableError: see `run.link`.
    """
    source = job.out.with_name("sheet.tsv")
    with source.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter="\t")
        writer.writerows([sheet.columns, *sheet.rows])
    decisions.write(job.decisions, known, ())
    beside = tuple((name, sheet.columns[place]) for name, place in task.beside)
    column, subject = sheet.columns[task.column], sheet.columns[task.subject] if task.subject >= 0 else ""
    whole = Job(source, column, job.out, task.kind, beside, subject, release=job.release, titled=sheet.name)
    return run.link(whole, matcher, lambda _: None).files


def _cells(path: Path, encoding: str, bounds: Bounds) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    table = tables.read(path, encoding)
    _bound(len(table.columns), COLUMNS, "columns")
    rows = tuple(tuple(map(_text, map(shown, row))) for row in islice(table.rows(), bounds.rows + 1))
    _bound(len(rows), bounds.rows, "rows")
    # Without the characters that no form takes, a name may be none, or another column's.
    return tables.named(path.name, tuple(map(_text, table.columns))), rows


def _check_unpacked(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as parts:
            size = sum(part.file_size for part in parts.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise TableError(f"the file is no Excel workbook ({error}); save it again as .xlsx or CSV") from error
    _bound(size, UNPACKED, "unpacked bytes")


def _bounded(sheet: Sheet, bounds: Bounds) -> Sheet:
    _bound(len(sheet.columns), COLUMNS, "columns")
    _bound(len(sheet.rows), bounds.rows, "rows")
    _bound(len(sheet.to_json().encode()), bounds.bytes, "bytes")
    return sheet


def _bound(number: int, most: int, what: str) -> None:
    if number > most:
        raise ListTooLargeError(
            f"the list has more than {most:,} {what}: split it, or use the command spacekg link, which has no limit"
        )


def _text(text: str) -> str:
    """Give a text that can be sent: half of a surrogate pair, which JSON can hold, becomes a question mark."""
    return text.encode(errors="replace").decode().replace("\0", "")


def _strings(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise TypeError(values)
    return tuple(map(_string, values))


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return _text(value)
