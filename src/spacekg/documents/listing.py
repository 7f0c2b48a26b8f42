"""listing   paths → the files that are documents or hold many, each once, and the files that are neither."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from spacekg.documents import rows
from spacekg.documents.opening import ENDINGS, Item, opens
from spacekg.documents.rows import PIECE, Range
from spacekg.errors import DocumentError

MOST = 64
"""How many files are opened together; a page takes a process of its own."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What there is to open, in its order, and what is ignored."""

    items: tuple[Item, ...]
    ignored: tuple[Path, ...]


def find(paths: Sequence[Path | str]) -> Listing:
    """Find what there is to open below some paths, and open nothing.

    Raises:
        DocumentError: a path is missing, a folder holds no document, or a file is of no known kind.
    """
    files: dict[Path, Path] = {}
    ignored: list[Path] = []
    for file in chain.from_iterable(_files(path) for path in paths if not rows.known(path)):
        if opens(file) and file.is_file():
            files.setdefault(file.resolve(), file)
        else:
            ignored.append(file)
    many = dict.fromkeys(path for path in paths if rows.known(path))
    return Listing((*sorted(files.values()), *map(Range, many)), tuple(ignored))


def portions(items: Iterable[Item]) -> Iterator[tuple[Item, ...]]:
    """Put files together that are opened by one process, in their order, and take those apart that hold many documents.

    Raises:
        DocumentError: a file of many documents cannot be opened.
        MissingExtraError: a library is not installed that it needs.
    """
    files: list[Item] = []
    size = 0
    for item in items:
        if isinstance(item, Range):
            yield from ((part,) for part in rows.split(item.path))
            continue
        with suppress(OSError):  # who opens it says so
            size += item.stat().st_size
        files.append(item)
        if size >= PIECE or len(files) == MOST:
            yield tuple(files)
            files, size = [], 0
    if files:
        yield tuple(files)


def _files(path: Path | str) -> Iterator[Path]:
    if isinstance(path, str):
        raise DocumentError(f"{path}: only files of many documents are read from elsewhere; name one ({rows.ENDINGS})")
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if not file.is_dir())
        if not any(map(opens, files)):
            raise DocumentError(f"{path}: holds no document; put {ENDINGS} files into it or name another folder")
        yield from files
    elif not path.exists():
        raise DocumentError(f"{path}: there is no such file or folder; check the path")
    elif not opens(path):
        raise DocumentError(f"{path}: cannot be read as a document; give a {ENDINGS} file or a folder of them")
    elif not path.is_file():
        raise DocumentError(f"{path}: is no regular file; give a {ENDINGS} file or a folder of them")
    else:
        yield path
