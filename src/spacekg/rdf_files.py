"""rdf_files  load   any RDF files → a store that answers about all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyoxigraph
from pyoxigraph import Quad

from spacekg import formats
from spacekg.answers import Limits
from spacekg.errors import ReleaseError
from spacekg.store import Store


def load(paths: Sequence[Path], queries: Mapping[str, str], prefixes: Mapping[str, str], limits: Limits) -> Store:
    """Load files; blank nodes of different files stay apart.

    The default graph is the union of all files and of the graphs in them, and the release is called by the hash of
    the files, so it is the same for the same files.

    Raises:
        ReleaseError: a file is missing or damaged.
        UnknownFormatError: the ending of one stands for no format.
    """
    quads: list[Quad] = []
    hashed = hashlib.sha256()
    for path in paths:
        quads += _parsed(path, path.read_bytes())
        hashed.update(path.read_bytes())
    return Store(quads, hashed.hexdigest()[:12], queries, prefixes, limits)


def prefixes(paths: Sequence[Path]) -> dict[str, str]:
    """Give the prefixes that files declare before their first triple; of two with one name, the later.

    Raises:
        ReleaseError: a file is missing, or damaged in its beginning.
        UnknownFormatError: the ending of one stands for no format.
    """
    found: dict[str, str] = {}
    for path in paths:
        parser = _parser(path, path.read_bytes())
        try:
            next(parser, None)
        except SyntaxError as error:
            raise _damaged(path, error) from None
        found |= {prefix: namespace for prefix, namespace in parser.prefixes.items() if prefix}
    return found


def _parsed(path: Path, content: bytes) -> list[Quad]:
    try:
        return list(_parser(path, content))
    except SyntaxError as error:
        raise _damaged(path, error) from None


def _parser(path: Path, content: bytes) -> pyoxigraph.QuadParser:
    codec = formats.find(path.suffix.lstrip(".") or path.name, formats.GRAPHS).codec
    base = path.resolve().as_uri()
    return pyoxigraph.parse(content, format=codec, base_iri=base, rename_blank_nodes=True)


def _damaged(path: Path, error: SyntaxError) -> ReleaseError:
    return ReleaseError(f"{path}: cannot be read ({error}): give files of RDF")
