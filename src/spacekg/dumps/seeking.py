"""seeking   a subject → its lines in a sorted file of quads, found by halving the file, whatever its size."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO


def lines_of(path: Path, subject: bytes) -> Iterator[bytes]:
    """Give the lines that begin with a subject, which is written as in N-Quads."""
    wanted = subject + b" "
    with path.open("rb") as file:
        _seek(file, wanted)
        for line in file:
            if not line.startswith(wanted):
                return
            yield line


def _seek(file: BinaryIO, wanted: bytes) -> None:
    """Go to the first line that is not before `wanted`."""
    low, high = 0, file.seek(0, os.SEEK_END)
    while low < high:
        middle = (low + high) // 2
        if _line_from(file, middle) < wanted:
            low = middle + 1
        else:
            high = middle
    _line_start(file, low)


def _line_start(file: BinaryIO, place: int) -> None:
    """Go to the first line that begins at a place or behind it."""
    file.seek(max(0, place - 1))
    if place:
        file.readline()


def _line_from(file: BinaryIO, place: int) -> bytes:
    """Read the first whole line at a place or behind it; behind the last line, what comes after all others."""
    _line_start(file, place)
    return file.readline() or b"\xff"
