"""durable   files and folders that are whole on disk, and a folder where one writer at a time makes them."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LOCK, UNFINISHED = ".lock", ".unfinished"


def write(path: Path, data: bytes) -> dict[str, str | int]:
    """Write a file and bring it to disk; tells its hash and size, as a manifest does.

    Raises:
        OSError: it cannot be written.
    """
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


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


@contextmanager
def workplace(out: Path, prefix: str) -> Iterator[Path]:
    """Give a folder below another for what is on the way, which is gone afterwards.

    What is left of those who were killed in theirs is removed; whoever still works in one holds its lock.

    Raises:
        OSError: it cannot be made.
    """
    with locked(out):
        for left in out.glob(f"{prefix}*"):
            with suppress(OSError), (left / LOCK).open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left)
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=out))
        held = (folder / LOCK).open("w")
        fcntl.flock(held, fcntl.LOCK_EX)
    try:
        yield folder
    finally:
        held.close()
        shutil.rmtree(folder, ignore_errors=True)
