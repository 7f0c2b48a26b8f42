"""rdf_files  load   any RDF files → a store that answers about all of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import pyoxigraph
from pyoxigraph import RdfFormat

from spacekg import formats, sandbox, united
from spacekg.answers import Limits
from spacekg.errors import ReleaseError
from spacekg.formats import GraphFormat
from spacekg.sandbox import ApartError
from spacekg.store import Store

SECONDS, PER_BYTE = 20.0, 1e-5
"""How long a file may take to be read: this, and so much for each of its bytes."""
MEMORY, TIMES = 2_000_000_000, 40
"""How many bytes of address space it may take: this, and so many times its own."""


def load(paths: Sequence[Path], queries: Mapping[str, str], prefixes: Mapping[str, str], limits: Limits) -> Store:
    """Load files; blank nodes of different files stay apart.

    The default graph is the union of all files and of the graphs in them, and the release is called by the hash of
    the files, so it is the same for the same files.

    Raises:
        ReleaseError: a file is missing or damaged.
        UnknownFormatError: the ending of one stands for no format.
    """
    data = pyoxigraph.Store()
    hashed = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        _add(path, content, data)
        hashed.update(content)
    return Store(united.unite(data), hashed.hexdigest()[:12], queries, prefixes, limits)


def prefixes(paths: Sequence[Path]) -> dict[str, str]:
    """Give the prefixes that files declare before their first triple; of two with one name, the later.

    Raises:
        ReleaseError: a file is missing, or damaged in its beginning.
        UnknownFormatError: the ending of one stands for no format.
    """
    found: dict[str, str] = {}
    for path in paths:
        content = path.read_bytes()
        declared: dict[str, str] = json.loads(_apart(path, content, lambda: _declared(path, content)))  # noqa: B023
        found |= {prefix: namespace for prefix, namespace in declared.items() if prefix}
    return found


def _declared(path: Path, content: bytes) -> bytes:
    parser = _parser(path, content)
    next(parser, None)
    return json.dumps(parser.prefixes).encode()


def _add(path: Path, content: bytes, data: pyoxigraph.Store) -> None:
    """Put into a store what a process apart makes of a file: N-Quads, their IRIs checked and whole."""

    def write(out: BinaryIO) -> None:
        pyoxigraph.serialize(_parser(path, content), out, RdfFormat.N_QUADS)

    try:
        with sandbox.pouring(write, *_allowed(path, content)) as quads:
            # Blank nodes get new names here: those that forked processes give them are the same in each.
            data.load(quads, format=RdfFormat.N_QUADS, lenient=True)
    except ApartError as error:
        raise _damaged(path, error) from None


def _apart(path: Path, content: bytes, work: Callable[[], bytes]) -> bytes:
    try:
        return sandbox.apart(work, *_allowed(path, content))
    except ApartError as error:
        raise _damaged(path, error) from None


def _allowed(path: Path, content: bytes) -> tuple[float, int]:
    """Say how many seconds and bytes of memory a file from elsewhere may take: as its size makes likely."""
    _format(path)
    return SECONDS + len(content) * PER_BYTE, MEMORY + len(content) * TIMES


def _format(path: Path) -> GraphFormat:
    return formats.find(path.suffix.lstrip(".") or path.name, formats.GRAPHS)


def _parser(path: Path, content: bytes) -> pyoxigraph.QuadParser:
    codec = _format(path).codec
    base = path.resolve().as_uri()
    return pyoxigraph.parse(content, format=codec, base_iri=base, rename_blank_nodes=True)


def _damaged(path: Path, error: ApartError) -> ReleaseError:
    return ReleaseError(f"{path}: cannot be read ({error}): give files of RDF")
