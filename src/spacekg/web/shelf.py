"""shelf     keeps what was written last, so that what is often asked for is not written again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from spacekg.web.signposts import Link

BYTES = 64_000_000
"""How much is kept; what was not asked for longest goes first."""


@dataclass(frozen=True, slots=True)
class Written:
    """An answer before it is sent: its content, its links, and the language its labels are in."""

    content: bytes
    links: tuple[Link, ...]
    language: str = ""


class Shelf:
    """What was written of one release, which never changes, so what is kept is never out of date."""

    def __init__(self, limit: int = BYTES) -> None:
        self._limit = limit
        self._size = 0
        self._kept: OrderedDict[Hashable, Written] = OrderedDict()
        self._changing = threading.Lock()

    @property
    def size(self) -> int:
        """Bytes that are kept."""
        return self._size

    @property
    def kept(self) -> list[Written]:
        """What is kept, what was not asked for longest first."""
        return list(self._kept.values())

    def fetch(self, key: Hashable, write: Callable[[], Written]) -> Written:
        """Give what is kept under a key; write it and keep it where nothing is, unless it alone is too much."""
        with self._changing:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        written = write()
        with self._changing:
            if key not in self._kept and len(written.content) <= self._limit:
                self._kept[key] = written
                self._size += len(written.content)
            while self._size > self._limit:
                _, gone = self._kept.popitem(last=False)
                self._size -= len(gone.content)
        return written
