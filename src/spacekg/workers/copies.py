"""copies    what all workers together may have of their own of the data that they share.

A worker that has copied what its queries read is quick, and one that begins anew has to copy it once more.
"""

from __future__ import annotations

import threading

from spacekg.workers.spawner import Worker

LEAST = 256 * 1024 * 1024
"""Bytes that they may have in any case, for a worker also has what it took anew."""


class Copies:
    """What the workers of a pool have of their own; where it is too much, the one that has most ends."""

    def __init__(self, limit: float) -> None:
        self._limit = max(limit, LEAST)
        self._held: list[tuple[int, Worker]] = []
        self._changing = threading.Lock()

    def note(self, worker: Worker, private: int) -> None:
        """Note what was measured of a worker."""
        with self._changing:
            others = [(size, each) for size, each in self._held if each is not worker and each.alive]
            self._held = sorted([*others, (private, worker)], key=lambda held: held[0])
            while sum(size for size, _ in self._held) > self._limit:
                self._held.pop()[1].dismiss()
