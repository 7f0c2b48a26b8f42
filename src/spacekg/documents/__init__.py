"""documents read      files → documents, and the files of a folder that are none."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from spacekg.documents import plain, quarantine, rows
from spacekg.documents.content import MAX_CHARACTERS, Content
from spacekg.documents.rows import Row
from spacekg.errors import DocumentError
from spacekg.model import Document

MAX_PORTABLE_BYTES = 100_000_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read, and what in the folders was not: files with other endings and links that lead nowhere."""

    documents: tuple[Document, ...]
    ignored: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    media_type: str
    max_bytes: int
    extract: Callable[[bytes], Content]


def read(paths: Sequence[Path | str]) -> Reading:
    """Read files, and all the .txt, .md, .html, .htm and .pdf files of folders and the folders in them.

    A .jsonl, .parquet or .warc file that is named itself, or by a URL that fsspec knows, holds many documents. All
    come in the order of their names.

    Raises:
        DocumentError: a path is missing, a folder holds no document, a file cannot be read or is of no known kind,
            or two files have one name. One bad file fails the whole reading.
        MissingExtraError: a library is not installed that a file of many documents needs.
    """
    files, ignored = _sorted_out(path for path in paths if not rows.known(path))
    documents: dict[str, tuple[Document, str]] = {}
    for file in files:
        _put(documents, _document(file), str(file))
    for path in dict.fromkeys(path for path in paths if rows.known(path)):
        for row in rows.read(path):
            if kind := _BY_MEDIA_TYPE.get(row.media_type):
                _put(documents, _of_row(row, kind), row.where)
            else:
                ignored.append(Path(row.name))
    if paths and not documents:
        raise DocumentError(f"{', '.join(map(str, paths))}: holds no document; name a file or folder that does")
    return Reading(tuple(documents[name][0] for name in sorted(documents)), tuple(sorted(set(ignored))))


def _sorted_out(paths: Iterable[Path | str]) -> tuple[list[Path], list[Path]]:
    """The files that are documents, each once, and the others."""
    files: dict[Path, Path] = {}
    ignored: list[Path] = []
    for path in paths:
        for file in _files(path):
            if file.suffix.lower() in _KINDS and file.is_file():
                files.setdefault(file.resolve(), file)
            else:
                ignored.append(file)
    return sorted(files.values()), ignored


def _put(documents: dict[str, tuple[Document, str]], document: Document, where: str) -> None:
    _, other = documents.setdefault(document.name, (document, where))
    if other is not where:
        raise DocumentError(f"{other} and {where} would both be the document {document.name!r}; rename one of them")


def _files(path: Path | str) -> Iterator[Path]:
    if isinstance(path, str):
        raise DocumentError(f"{path}: only files of many documents are read from elsewhere; name one ({rows.ENDINGS})")
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if not file.is_dir())
        if not any(file.suffix.lower() in _KINDS for file in files):
            raise DocumentError(f"{path}: holds no document; put {_ENDINGS} files into it or name another folder")
        yield from files
    elif not path.exists():
        raise DocumentError(f"{path}: there is no such file or folder; check the path")
    elif path.suffix.lower() not in _KINDS:
        raise DocumentError(f"{path}: cannot be read as a document; give a {_ENDINGS} file or a folder of them")
    elif not path.is_file():
        raise DocumentError(f"{path}: is no regular file; give a {_ENDINGS} file or a folder of them")
    else:
        yield path


def _document(path: Path) -> Document:
    kind = _KINDS[path.suffix.lower()]
    try:
        return _made(_name(path.stem), kind, _bytes(path, kind.max_bytes))
    except DocumentError as error:
        raise DocumentError(f"{path}: {error}") from error
    except OSError as error:
        raise DocumentError(f"{path}: cannot be opened ({error.strerror}); check its permissions") from error


def _of_row(row: Row, kind: _Kind) -> Document:
    try:
        _check_size(len(row.data), kind.max_bytes)
        made = _made(_name(row.name), kind, row.data)
    except DocumentError as error:
        raise DocumentError(f"{row.where}: {error}") from error
    return replace(made, source=row.source or made.source, licence=row.licence or made.licence)


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
_ENDINGS = ", ".join(list(_KINDS)[:-1]) + f" or {list(_KINDS)[-1]}"
