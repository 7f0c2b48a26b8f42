"""places    a folder of this machine or wherever fsspec reaches, whose files are hashed as they are written."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from spacekg.errors import MissingExtraError, SpacekgError


@dataclass(slots=True)
class Hashed:
    """A file that is counted and hashed as it is written."""

    file: IO[bytes]
    size: int = 0
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    def write(self, data: bytes) -> int:
        """Write some bytes."""
        self.digest.update(data)
        self.size += len(data)
        self.file.write(data)
        return len(data)

    def flush(self) -> None:
        """Hand on what is held; an object store takes it when the file is closed."""

    @property
    def closed(self) -> bool:
        """Whether it is closed, as a writer of Parquet asks."""
        return bool(self.file.closed)

    @property
    def told(self) -> dict[str, Any]:
        """Size and hash of what was written."""
        return {"bytes": self.size, "sha256": self.digest.hexdigest()}


class Place:
    """A folder by its path, or by a URL such as `s3://bucket/folder`; whatever fails is an OSError."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._store: Any = None
        self._folder = address
        if "://" in address:
            self._store, self._folder = _reached(address)

    def __str__(self) -> str:
        return self.address

    def make(self) -> None:
        """Make the folder, where there are folders."""
        if self._store is None:
            Path(self._folder).mkdir(parents=True, exist_ok=True)

    def remove(self) -> None:
        """Remove the folder with all that is in it."""
        if self._store is not None:
            with _as_os_error():
                self._store.rm(self._folder, recursive=True)
            return
        for path in Path(self._folder).iterdir():
            path.unlink()
        Path(self._folder).rmdir()

    @contextmanager
    def made(self, name: str) -> Iterator[Hashed]:
        """Write a file anew; it is on disk, or in the store, when this ends."""
        if self._store is not None:
            with _as_os_error(), self._store.open(f"{self._folder}/{name}", "wb") as file:
                yield Hashed(file)
            return
        with (Path(self._folder) / name).open("wb") as file:
            yield Hashed(file)
            file.flush()
            os.fsync(file.fileno())

    @contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes]]:
        """Read a file."""
        if self._store is None:
            with (Path(self._folder) / name).open("rb") as file:
                yield file
            return
        with _as_os_error(), self._store.open(f"{self._folder}/{name}", "rb") as file:
            yield file


def _reached(address: str) -> tuple[Any, str]:
    try:
        import fsspec  # noqa: PLC0415  # an extra: folders of this machine need it not

        store, folder = fsspec.core.url_to_fs(address, use_listings_cache=False)
    except ImportError as error:
        raise MissingExtraError(f"fsspec, or what it needs for {address.partition(':')[0]}", "s3") from error
    return store, folder


@contextmanager
def _as_os_error() -> Iterator[None]:
    """Make one kind of error of those that each kind of store has of its own."""
    try:
        yield
    except (OSError, SpacekgError):
        raise
    except Exception as error:  # no two stores share another class of it
        raise OSError(0, f"{type(error).__name__}: {' '.join(str(error).split())[:200]}") from error
