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


@dataclass(frozen=True, slots=True)
class Row:
    """What becomes a document, and where it stood."""

    where: str
    name: str
    media_type: str
    data: bytes
    source: str = ""
    licence: str = ""


def known(path: Path | str) -> bool:
    """Whether a path or URL ends like a file of many documents."""
    return str(path).lower().endswith(tuple(_READERS))


def read(path: Path | str) -> Iterator[Row]:
    """Yield the documents of a file in their order.

    Raises:
        DocumentError: the file cannot be opened or is broken, or a row has no name, or not one text; says which row.
        MissingExtraError: a library is not installed that this kind of file or address needs.
    """
    reader = next(reader for ending, reader in _READERS.items() if str(path).lower().endswith(ending))
    try:
        with _opened(path) as stream:
            yield from reader(stream, str(path))
    except (OSError, ValueError) as error:
        raise DocumentError(f"{path}: cannot be read ({' '.join(str(error).split())[:200]}); check it") from error


@contextmanager
def _opened(path: Path | str) -> Iterator[IO[bytes]]:
    """Open a file here or elsewhere; whatever fails elsewhere is an OSError."""
    if isinstance(path, Path):
        with path.open("rb") as stream:
            yield stream
        return
    kind = path.partition(":")[0]
    try:
        import fsspec  # noqa: PLC0415  # an extra: files of this machine need it not

        with fsspec.open(path, "rb") as remote:
            yield remote
    except ImportError as error:
        raise MissingExtraError(f"fsspec, or what it needs for {kind}", "s3" if kind == "s3" else "scale") from error
    except (OSError, ValueError, SpacekgError):
        raise
    except Exception as error:  # each kind of store has classes of its own for what fails
        raise OSError(f"{type(error).__name__}: {error}") from error


def _lines(stream: IO[bytes], path: str) -> Iterator[Row]:
    for number, line in enumerate(stream, start=1):
        if line.strip():
            where = f"{path}:{number}"
            try:
                value = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise DocumentError(f"{where}: is no JSON ({error}); write one object a line") from error
            if not isinstance(value, dict):
                raise DocumentError(f"{where}: is no JSON object; write one object a line")
            yield _row(value, where)


def _table(stream: IO[bytes], path: str) -> Iterator[Row]:
    try:
        from pyarrow import parquet  # noqa: PLC0415  # an extra
    except ModuleNotFoundError as error:
        raise MissingExtraError("pyarrow", "scale") from error
    file = parquet.ParquetFile(stream)
    wanted = [name for name in file.schema_arrow.names if name in {"name", "source", "licence", *COLUMNS}]
    number = 0
    for batch in file.iter_batches(batch_size=ROWS_AT_A_TIME, columns=wanted):
        for value in batch.to_pylist():
            number += 1
            yield _row(value, f"{path}, row {number}")


def _row(value: Mapping[str, Any], where: str) -> Row:
    for key in ("name", "source", "licence", *COLUMNS):
        if not isinstance(value.get(key), str | None):
            raise DocumentError(f"{where}: has a {key} that is no text; write a string")
    texts = [key for key in COLUMNS if value.get(key)]
    if not value.get("name") or len(texts) != 1:
        raise DocumentError(f"{where}: wants a name and one of {', '.join(COLUMNS)}; write both")
    data = value[texts[0]].encode(errors="surrogatepass")
    described = value.get("source") or "", value.get("licence") or ""
    return Row(where, value["name"], COLUMNS[texts[0]], data, *described)


def _records(stream: IO[bytes], path: str) -> Iterator[Row]:
    try:
        from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415  # an extra
        from warcio.exceptions import ArchiveLoadFailed  # noqa: PLC0415  # the same
    except ModuleNotFoundError as error:
        raise MissingExtraError("warcio", "scale") from error
    number = 0
    try:
        for number, record in enumerate(ArchiveIterator(stream), start=1):
            if record.rec_type == "response" and record.http_headers and record.http_headers.get_statuscode() == "200":
                address = record.rec_headers.get_header("WARC-Target-URI") or ""
                media_type = (record.http_headers.get_header("Content-Type") or "").partition(";")[0].strip().lower()
                data = record.content_stream().read()
                yield Row(f"{path}, record {number}", _called(address), media_type, data, address)
    except ArchiveLoadFailed as error:
        raise DocumentError(f"{path}: is broken behind record {number} ({error}); fetch it anew") from error


def _called(address: str) -> str:
    """A name for a page: the readable part of its address, and the hash of all of it."""
    words = re.sub(r"[^A-Za-z0-9]+", "-", address.partition("://")[2])[:LONGEST_NAME].strip("-")
    return f"{words}-{hashlib.sha256(address.encode()).hexdigest()[:8]}"


_READERS: Mapping[str, Callable[[IO[bytes], str], Iterator[Row]]] = {
    ".jsonl": _lines,
    ".ndjson": _lines,
    ".parquet": _table,
    ".warc": _records,
    ".warc.gz": _records,
}
ENDINGS = ", ".join(_READERS)
