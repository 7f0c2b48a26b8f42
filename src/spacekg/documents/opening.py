"""opening   a file, or a part of a file of many documents → its documents, or what is wrong with them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, TypeVar

from spacekg.documents import plain, quarantine, rows
from spacekg.documents.content import MAX_CHARACTERS, Content
from spacekg.documents.rows import Range, Row
from spacekg.errors import DocumentError
from spacekg.model import Document

MAX_PORTABLE_BYTES = 100_000_000

Item = Path | Range
"""A file that is a document, or a part of one that holds many."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Opened(Generic[T]):
    """What came of a file, a row or a record: a document, or what is kept of it; why there is none; or neither.

    It is neither where it is of a kind that is not read.
    """

    where: str
    name: str
    document: T | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class _Kind:
    media_type: str
    max_bytes: int
    extract: Callable[[bytes], Content]


def opens(path: Path) -> bool:
    """Whether a file has the ending of a document."""
    return path.suffix.lower() in _KINDS


def open_item(item: Item) -> Iterator[Opened[Document]]:
    """Open a file, or each document of a part of a file of many.

    Raises:
        DocumentError: a file of many documents cannot be opened or is not whole.
        MissingExtraError: a library is not installed that it needs.
    """
    if isinstance(item, Range):
        yield from map(_of_row, rows.read(item))
    else:
        yield _of_file(item)


def _of_file(path: Path) -> Opened[Document]:
    kind, name = _KINDS[path.suffix.lower()], _name(path.stem)
    try:
        return Opened(str(path), name, _made(name, kind, _bytes(path, kind.max_bytes)))
    except DocumentError as error:
        return Opened(str(path), name, trouble=str(error))
    except OSError as error:
        return Opened(str(path), name, trouble=f"cannot be opened ({error.strerror}); check its permissions")


def _of_row(row: Row) -> Opened[Document]:
    kind = _BY_MEDIA_TYPE.get(row.media_type)
    if row.trouble or kind is None:
        return Opened(row.where, row.name, trouble=row.trouble)
    name = _name(row.name)
    try:
        _check_size(len(row.data), kind.max_bytes)
        made = _made(name, kind, row.data)
    except DocumentError as error:
        return Opened(row.where, name, trouble=str(error))
    described = replace(made, source=row.source or made.source, licence=row.licence or made.licence)
    return Opened(row.where, name, described)


def _made(name: str, kind: _Kind, data: bytes) -> Document:
    content = kind.extract(data)
    if len(content.text) > MAX_CHARACTERS:
        raise DocumentError(f"holds more than {MAX_CHARACTERS:,} characters of text; split it")
    if not content.text[content.body :].strip():
        raise DocumentError("holds no text; write something into it or take it out")
    return Document(
        name=name,
        media_type=kind.media_type,
        text=content.text,
        text_sha256=hashlib.sha256(content.text.encode()).hexdigest(),
        file_sha256=hashlib.sha256(data).hexdigest(),
        title=content.title or plain.title(content.text[content.body :]),
        source=content.source,
        licence=content.licence,
        date=content.date,
        language=content.language or "en",
        body=content.body,
    )


def _bytes(path: Path, limit: int) -> bytes:
    _check_size(path.stat().st_size, limit)
    return path.read_bytes()


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        raise DocumentError(f"is {size / 1e6:,.0f} MB, more than the {limit / 1e6:,.0f} MB that are read; split it")
    if size == 0:
        raise DocumentError("is empty; write something into it or take it out")


def _name(given: str) -> str:
    """A file's name without its ending, or what a row is called, in ASCII; in another script it is told by its hash."""
    ascii_stem = unicodedata.normalize("NFKD", given).encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", ascii_stem).strip("-")
    return name or "document-" + hashlib.sha256(given.encode()).hexdigest()[:12]


def _page(data: bytes) -> Content:
    return quarantine.extract("hypertext", data)


def _portable(data: bytes) -> Content:
    return quarantine.extract("portable", data)


_KINDS: Mapping[str, _Kind] = {
    ".txt": _Kind("text/plain", MAX_CHARACTERS, plain.extract),
    ".md": _Kind("text/markdown", MAX_CHARACTERS, plain.extract),
    ".html": _Kind("text/html", MAX_CHARACTERS, _page),
    ".htm": _Kind("text/html", MAX_CHARACTERS, _page),
    ".pdf": _Kind("application/pdf", MAX_PORTABLE_BYTES, _portable),
}
_BY_MEDIA_TYPE = {kind.media_type: kind for kind in _KINDS.values()}
ENDINGS = ", ".join(list(_KINDS)[:-1]) + f" or {list(_KINDS)[-1]}"
