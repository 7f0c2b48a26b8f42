"""splitting  a file of quads → a file for each named graph, in order, with few files open and little in memory."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from spacekg.dumps.lines import parted

HELD = 8_000_000
"""How many bytes are held before they are written."""


def split(lines: Iterable[bytes], folder: Path) -> None:
    """Write the lines of each named graph to its file, in the order they come.

    Raises:
        OSError: the disk is full, or the folder cannot be written.
    """
    held: dict[bytes, list[bytes]] = defaultdict(list)
    size = 0
    for line in lines:
        held[parted(line)[3]].append(line)
        size += len(line)
        if size > HELD:
            _flush(held, folder)
            size = 0
    _flush(held, folder)


def file_of(graph: bytes, folder: Path) -> Path:
    """Name the file of a graph, which is given as N-Quads writes it."""
    return folder / f"{hashlib.sha256(graph).hexdigest()[:32]}.nq"


def _flush(held: dict[bytes, list[bytes]], folder: Path) -> None:
    for graph, lines in held.items():
        with file_of(graph, folder).open("ab") as file:
            file.writelines(lines)
    held.clear()
