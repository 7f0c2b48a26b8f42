"""rows      .jsonl, .parquet and .warc files, here or where fsspec reaches: a document for each line, row or record."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from spacekg.errors import DocumentError, MissingExtraError, SpacekgError

COLUMNS = {"text": "text/plain", "markdown": "text/markdown", "html": "text/html"}
"""The columns of which a row has one, each with the media type of what stands in it."""
ROWS_AT_A_TIME = 256
LONGEST_NAME = 80
PIECE = 8_000_000
"""How many bytes of lines or of a table are read apart from the rest."""


@dataclass(frozen=True, slots=True)
class Row:
    """What becomes a document, and where it stood; or what is wrong with it."""

    where: str
    name: str
    media_type: str
    data: bytes
    source: str = ""
    licence: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Range:
    """A part of a file of many documents that is read alone: some lines, some groups of rows, or all of it."""

    path: Path | str
    first: int = 0
    """The byte, or the group of rows, with which it begins."""
    end: int | None = None
    """The one behind its end."""
    before: int = 0
    """How many lines or rows stand before it."""


@dataclass(frozen=True, slots=True)
class _Kind:
    read: Callable[[IO[bytes], Range], Iterator[Row]]
    split: Callable[[IO[bytes], Path | str], Iterator[Range]]


def known(path: Path | str) -> bool:
    """Whether a path or URL ends like a file of many documents."""
    return str(path).lower().endswith(tuple(_KINDS))


def read(part: Range) -> Iterator[Row]:
    """Yield the documents of a part of a file in their order.

    Raises:
        DocumentError: the file cannot be opened or is broken; what is wrong with a single row is told in its place.
        MissingExtraError: a library is not installed that this kind of file or address needs.
    """
    with _opened(part.path) as stream:
        yield from _kind(part.path).read(stream, part)


def split(path: Path | str) -> Iterator[Range]:
    """Find parts of a file that can be read apart, without reading its documents; an archive is one part.

    Raises:
        DocumentError: as of `read`.
        MissingExtraError: the same.
    """
    with _opened(path) as stream:
        yield from _kind(path).split(stream, path)


def _kind(path: Path | str) -> _Kind:
    return next(kind for ending, kind in _KINDS.items() if str(path).lower().endswith(ending))


@contextmanager
def _opened(path: Path | str) -> Iterator[IO[bytes]]:
    try:
        with path.open("rb") if isinstance(path, Path) else _remote(path) as stream:
            yield stream
    except (OSError, ValueError) as error:
        raise DocumentError(f"{path}: cannot be read ({' '.join(str(error).split())[:200]}); check it") from error


@contextmanager
def _remote(path: str) -> Iterator[IO[bytes]]:
    """Open a file that is elsewhere; whatever fails there is an OSError."""
    kind = path.partition(":")[0]
    try:
        import fsspec  # noqa: PLC0415  # an extra: files of this machine need it not

        with fsspec.open(path, "rb") as stream:
            yield stream
    except ImportError as error:
        raise MissingExtraError(f"fsspec, or what it needs for {kind}", "s3" if kind == "s3" else "scale") from error
    except (OSError, ValueError, SpacekgError):
        raise
    except Exception as error:  # each kind of store has classes of its own for what fails
        raise OSError(f"{type(error).__name__}: {error}") from error


def _lines(stream: IO[bytes], part: Range) -> Iterator[Row]:
    if part.first:
        stream.seek(part.first)
    at = part.first
    for number, line in enumerate(stream, start=part.before + 1):
        if part.end is not None and at >= part.end:
            return
        at += len(line)
        if line.strip():
            yield _line(line, part.path, number)


def _line(line: bytes, path: Path | str, number: int) -> Row:
    where, name = f"{path}:{number}", f"{_last(path)}:{number}"
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        return _wrong(where, name, f"is no JSON ({error}); write one object a line")
    if not isinstance(value, dict):
        return _wrong(where, name, "is no JSON object; write one object a line")
    return _row(value, where, name)


def _split_lines(stream: IO[bytes], path: Path | str) -> Iterator[Range]:
    first, before = 0, 0
    while block := stream.read(PIECE):
        block += stream.readline()
        yield Range(path, first, first + len(block), before)
        first += len(block)
        before += block.count(b"\n")


def _table(stream: IO[bytes], part: Range) -> Iterator[Row]:
    file = _parquet(stream)
    wanted = [name for name in file.schema_arrow.names if name in {"name", "source", "licence", *COLUMNS}]
    end = file.num_row_groups if part.end is None else part.end
    number = part.before
    for batch in file.iter_batches(ROWS_AT_A_TIME, row_groups=[*range(part.first, end)], columns=wanted):
        for value in batch.to_pylist():
            number += 1
            yield _row(value, f"{part.path}, row {number}", f"{_last(part.path)}, row {number}")


def _split_table(stream: IO[bytes], path: Path | str) -> Iterator[Range]:
    told = _parquet(stream).metadata
    first = before = rows = size = 0
    for group in range(told.num_row_groups):
        rows += told.row_group(group).num_rows
        size += told.row_group(group).total_byte_size
        if size >= PIECE or group + 1 == told.num_row_groups:
            yield Range(path, first, group + 1, before)
            first, before, size = group + 1, rows, 0


def _parquet(stream: IO[bytes]) -> Any:
    try:
        from pyarrow import parquet  # noqa: PLC0415  # an extra
    except ModuleNotFoundError as error:
        raise MissingExtraError("pyarrow", "scale") from error
    return parquet.ParquetFile(stream)


def _row(value: Mapping[str, Any], where: str, otherwise: str) -> Row:
    """Make a row of what its columns hold; where it has no name, it is called `otherwise`."""
    name = value.get("name")
    called = name if name and isinstance(name, str) else otherwise
    for key in ("name", "source", "licence", *COLUMNS):
        if not isinstance(value.get(key), str | None):
            return _wrong(where, called, f"has a {key} that is no text; write a string")
    texts = [key for key in COLUMNS if value.get(key)]
    if not name or len(texts) != 1:
        return _wrong(where, called, f"wants a name and one of {', '.join(COLUMNS)}; write both")
    data = value[texts[0]].encode(errors="surrogatepass")
    described = value.get("source") or "", value.get("licence") or ""
    return Row(where, called, COLUMNS[texts[0]], data, *described)


def _wrong(where: str, name: str, trouble: str) -> Row:
    return Row(where, name, "", b"", trouble=trouble)


def _last(path: Path | str) -> str:
    return str(path).rpartition("/")[2]


def _records(stream: IO[bytes], part: Range) -> Iterator[Row]:
    iterator, broken = _archives()
    number = 0
    try:
        for number, record in enumerate(iterator(stream), start=1):
            if record.rec_type == "response" and record.http_headers and record.http_headers.get_statuscode() == "200":
                address = record.rec_headers.get_header("WARC-Target-URI") or ""
                media_type = (record.http_headers.get_header("Content-Type") or "").partition(";")[0].strip().lower()
                data = record.content_stream().read()
                yield Row(f"{part.path}, record {number}", _called(address), media_type, data, address)
    except broken as error:
        raise DocumentError(f"{part.path}: is broken behind record {number} ({error}); fetch it anew") from error


def _whole(stream: IO[bytes], path: Path | str) -> Iterator[Range]:  # noqa: ARG001  # as the others are called
    """Take an archive as one part: where its records begin is only known to who unpacks all before them."""
    _archives()
    yield Range(path)


def _archives() -> tuple[Any, type[Exception]]:
    """Give what reads the records of an archive, and what it raises when one is broken."""
    try:
        from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415  # an extra
        from warcio.exceptions import ArchiveLoadFailed  # noqa: PLC0415  # the same
    except ModuleNotFoundError as error:
        raise MissingExtraError("warcio", "scale") from error
    return ArchiveIterator, ArchiveLoadFailed


def _called(address: str) -> str:
    """A name for a page: the readable part of its address, and the hash of all of it."""
    words = re.sub(r"[^A-Za-z0-9]+", "-", address.partition("://")[2])[:LONGEST_NAME].strip("-")
    return f"{words}-{hashlib.sha256(address.encode()).hexdigest()[:8]}"


_KINDS: Mapping[str, _Kind] = {
    ".jsonl": _Kind(_lines, _split_lines),
    ".ndjson": _Kind(_lines, _split_lines),
    ".parquet": _Kind(_table, _split_table),
    ".warc": _Kind(_records, _whole),
    ".warc.gz": _Kind(_records, _whole),
}
ENDINGS = ", ".join(_KINDS)
