"""files     pieces of a text → its gzip and zstd files, hashed while they are written, the same bytes each time."""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

import zstandard

from spacekg.description.downloads import COMPRESSIONS

GZIP, ZSTD = ".gz", ".zst"
LEVELS = {GZIP: 6, ZSTD: 6}


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was written: its size and hash, and those of what is compressed in it."""

    bytes: int
    sha256: str
    content_bytes: int
    content_sha256: str


@dataclass(slots=True)
class _Hashed:
    """A file that is hashed as it is written."""

    file: IO[bytes]
    size: int = 0
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    def write(self, data: bytes) -> int:
        self.size += len(data)
        self.digest.update(data)
        return self.file.write(data)

    def flush(self) -> None:
        self.file.flush()


def write(pieces: Iterable[bytes], target: Path) -> dict[str, Made]:
    """Write pieces to TARGET.gz and TARGET.zst, and bring both to disk; gives each ending with what was made.

    No time and no name of a file stands in them. Nothing but a piece is held in memory.

    Raises:
        OSError: the disk is full, or the folder cannot be written.
    """
    size, digest = 0, hashlib.sha256()
    with ExitStack() as open_files:
        made: dict[str, _Hashed] = {}
        for ending in COMPRESSIONS:
            file = target.with_name(target.name + ending).open("xb")
            made[ending] = _Hashed(open_files.enter_context(file))
        zipped = gzip.GzipFile("", "wb", LEVELS[GZIP], made[GZIP], mtime=0)
        packer = zstandard.ZstdCompressor(level=LEVELS[ZSTD], write_checksum=True)
        with zipped, packer.stream_writer(cast(IO[bytes], made[ZSTD]), closefd=False) as packed:
            for piece in pieces:
                size += len(piece)
                digest.update(piece)
                zipped.write(piece)
                packed.write(piece)
        for hashed in made.values():
            hashed.file.flush()
            os.fsync(hashed.file.fileno())
    return {
        ending: Made(hashed.size, hashed.digest.hexdigest(), size, digest.hexdigest())
        for ending, hashed in made.items()
    }


def sha256(path: Path) -> str:
    """Hash a file without holding it in memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
