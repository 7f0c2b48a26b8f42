"""desk      where queries wait for a worker: first come, first served, and only so many."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable

from spacekg.answers import AbandonedError, BusyError
from spacekg.workers.spawner import Worker

LOOK_UP = 0.2
"""Seconds between two looks whether whoever asked has gone away."""


class Desk:
    """Places for workers; a place may be empty, and then whoever takes it fills it."""

    def __init__(self, workers: Iterable[Worker | None], waiting: int, seconds: float) -> None:
        self._idle = list(workers)
        self._size = len(self._idle)
        self._limit = waiting
        self._seconds = seconds
        self._queue: deque[object] = deque()
        self._changed = threading.Condition()

    def take(self, abandoned: Callable[[], bool]) -> Worker | None:
        """Wait for one's turn and take a worker or an empty place.

        Raises:
            BusyError: too many wait already, or this one has waited too long.
            AbandonedError: whoever asked has gone away.
        """
        ticket = object()
        end = time.monotonic() + self._seconds
        with self._changed:
            if len(self._queue) >= self._limit:
                raise BusyError(f"{self._limit} queries wait already: ask again in a few seconds")
            self._queue.append(ticket)
            try:
                while not self._idle or self._queue[0] is not ticket:
                    self._changed.wait(LOOK_UP)
                    if time.monotonic() > end:
                        raise BusyError(f"no worker was free for {self._seconds:g} seconds: ask again in a while")
                    if abandoned():
                        raise AbandonedError("whoever asked has gone away before the query began")
                return self._idle.pop()
            finally:
                self._queue.remove(ticket)
                self._changed.notify_all()

    def put(self, worker: Worker | None) -> None:
        """Give a place back."""
        with self._changed:
            self._idle.append(worker)
            self._changed.notify_all()
