"""shelf     keeps what was written last, so that what is often asked for is not written again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from spacekg.web.signposts import Link

BYTES = 64_000_000
"""How much is kept; what was not asked for longest goes first."""


@dataclass(frozen=True, slots=True)
class Written:
    """An answer before it is sent: its content, its links, and the language its labels are in."""

    content: bytes
    links: tuple[Link, ...]
    language: str = ""

    @property
    def size(self) -> int:
        """Bytes of its content."""
        return len(self.content)


class Sized(Protocol):
    """Whatever says how many bytes it takes."""

    @property
    def size(self) -> int:
        """Its bytes."""


Item = TypeVar("Item", bound=Sized)


class Shelf(Generic[Item]):
    """What was written of one release, which never changes, so what is kept is never out of date."""

    def __init__(self, limit: int = BYTES) -> None:
        self._limit = limit
        self._size = 0
        self._kept: OrderedDict[Hashable, Item] = OrderedDict()
        self._changing = threading.Lock()

    @property
    def size(self) -> int:
        """Bytes that are kept."""
        return self._size

    @property
    def kept(self) -> list[Item]:
        """What is kept, what was not asked for longest first."""
        return list(self._kept.values())

    def find(self, key: Hashable) -> Item | None:
        """Give what is kept under a key."""
        with self._changing:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: Hashable, item: Item) -> None:
        """Keep something under a key that has nothing yet, unless it alone is too much."""
        size = item.size
        with self._changing:
            if key not in self._kept and size <= self._limit:
                self._kept[key] = item
                self._size += size
            while self._size > self._limit:
                _, gone = self._kept.popitem(last=False)
                self._size -= gone.size

    def fetch(self, key: Hashable, write: Callable[[], Item]) -> Item:
        """Give what is kept under a key; write it and keep it where nothing is."""
        item = self.find(key)
        if item is None:
            item = write()
            self.put(key, item)
        return item
