"""shelf     answers kept on disk, so that what broke off goes on where it stood."""

from __future__ import annotations

import hashlib
import shutil
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Shelf:
    """Answers in `folder`, each in a file named after what was asked of whom; older than `seconds` they are stale."""

    folder: Path
    seconds: float = 3 * 24 * 3600

    def find(self, address: str, text: str) -> bytes | None:
        """Give the answer to a question, if it is here and not stale."""
        path = self._path(address, text)
        try:
            fresh = time.time() - path.stat().st_mtime < self.seconds
            return path.read_bytes() if fresh else None
        except FileNotFoundError:
            return None

    def keep(self, address: str, text: str, content: bytes) -> None:
        """Put an answer here; it is whole or not here at all."""
        path = self._path(address, text)
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".half")
        half.write_bytes(content)
        half.replace(path)

    def clear(self) -> None:
        """Throw all answers away."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _path(self, address: str, text: str) -> Path:
        return self.folder / f"{hashlib.sha256(f'{address} {text}'.encode()).hexdigest()}.json"
