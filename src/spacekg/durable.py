"""durable   files and folders that are whole on disk, and a folder where one writer at a time makes them."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK, UNFINISHED = ".lock", ".unfinished"


def write(path: Path, data: bytes) -> None:
    """Write a file and bring it to disk.

    Raises:
        OSError: it cannot be written.
    """
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync(*folders: Path) -> None:
    """Bring to disk what the names in some folders stand for."""
    for folder in folders:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def locked(out: Path) -> Iterator[Path]:
    """Be the only one who writes below a folder; gives a place, empty before and after, for what is not finished.

    Raises:
        OSError: the folder cannot be made or locked.
    """
    out.mkdir(parents=True, exist_ok=True)
    with (out / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.rmtree(out / UNFINISHED, ignore_errors=True)
        try:
            yield out / UNFINISHED
        finally:
            shutil.rmtree(out / UNFINISHED, ignore_errors=True)
