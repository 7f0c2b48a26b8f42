"""workers   Pool      an engine whose queries run in processes that can be killed."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from spacekg.answers import (
    AbandonedError,
    Answer,
    DeadlineError,
    Engine,
    LostWorkerError,
    Request,
    Summary,
    never,
)
from spacekg.store import Store
from spacekg.workers import wire
from spacekg.workers.desk import LOOK_UP, Desk
from spacekg.workers.spawner import Spawner, Worker

SOON = 0.1
"""Seconds within which a worker's end is not laid at the door of its query."""


class Pool(Engine):
    """Query workers over one release, and one more for the site's own questions.

    A process of its own makes the store with `load` and forks the workers, so this one never holds the data. A query
    that crashes, needs too much memory or takes too long costs its worker and nobody else anything.

    Raises:
        SpacekgError: what `load` raises.
    """

    def __init__(self, load: Callable[[], Store], size: int = 0) -> None:
        self._load = load
        self._renewing = threading.Lock()
        self._spawner = Spawner(load)
        super().__init__(self._spawner.queries, self._spawner.limits)
        self._desk = self._staffed(size or max(2, os.cpu_count() or 2), self.limits.waiting)
        self._own_desk = self._staffed(1, 4 * self.limits.waiting)

    @property
    def summary(self) -> Summary:
        """Id of the release and size of each graph."""
        return self._spawner.summary

    @property
    def held(self) -> tuple[str, ...]:
        """Which walls stand around a worker on this machine: network, files, processes, memory, parent."""
        return self._spawner.held

    def answer(self, request: Request, abandoned: Callable[[], bool] = never) -> Answer:
        """Answer a request wholly or not at all, within the limits; see `Engine.answer`."""
        return self._answered(self._desk, request, abandoned)

    def answer_own(self, request: Request) -> Answer:
        """Answer a question of the site itself by the worker that is kept for them."""
        return self._answered(self._own_desk, request, never)

    def close(self) -> None:
        """End the workers and whatever they are doing."""
        self._spawner.close()

    def _staffed(self, size: int, waiting: int) -> Desk:
        return Desk([self._spawner.spawn() for _ in range(size)], waiting, self.limits.wait_seconds)

    def _answered(self, desk: Desk, request: Request, abandoned: Callable[[], bool]) -> Answer:
        began = time.monotonic()
        try:
            with self._at_work(desk, abandoned) as worker:
                return self._asked(worker, request, abandoned)
        except LostWorkerError:
            # So soon it was hardly the query: the worker was killed while it rested. Ask another, once.
            if time.monotonic() - began > SOON:
                raise
        with self._at_work(desk, abandoned) as worker:
            return self._asked(worker, request, abandoned)

    @contextmanager
    def _at_work(self, desk: Desk, abandoned: Callable[[], bool]) -> Iterator[Worker]:
        """Take a worker from the desk and put it, or the one in its place, back."""
        worker = desk.take(abandoned)
        try:
            # What a resting worker has to say is that it is gone.
            if worker is None or worker.ready(0):
                worker = self._renewed(worker)
            yield worker
        finally:
            desk.put(worker if worker is not None and worker.alive else self._renewed_or_none(worker))

    def _asked(self, worker: Worker, request: Request, abandoned: Callable[[], bool]) -> Answer:
        end = time.monotonic() + self.limits.seconds
        try:
            worker.channel.settimeout(self.limits.seconds)
            wire.send(worker.channel, wire.packed(request))
            while not worker.ready(min(LOOK_UP, max(0.0, end - time.monotonic()))):
                if time.monotonic() >= end:
                    raise TimeoutError
                if abandoned():
                    worker.alive = False
                    raise AbandonedError("whoever asked has gone away, so the query was stopped")
            worker.channel.settimeout(max(0.01, end - time.monotonic()))
            header, content = wire.receive(worker.channel)
        except TimeoutError:
            worker.alive = False
            raise DeadlineError(
                f"the query was stopped after {self.limits.seconds:g} seconds: join every pattern to the others by a "
                "variable, give paths a beginning or an end, ask for less"
            ) from None
        except (ConnectionError, EOFError):
            worker.alive = False
            raise LostWorkerError(
                "the process that worked on this query ended, most often because it needs more than "
                f"{self.limits.memory_bytes:,} bytes of memory: sort or group less, add a LIMIT, build no long texts"
            ) from None
        worker.alive = not header.get("last", False)
        wire.raise_error(header)
        return wire.unpacked_answer(header, content)

    def _renewed(self, worker: Worker | None) -> Worker:
        with self._renewing:
            try:
                if worker is not None:
                    self._spawner.end(worker)
                return self._spawner.spawn()
            except (ConnectionError, EOFError, OSError):
                # The spawner itself is gone, and its workers with it.
                self._spawner.close()
                self._spawner = Spawner(self._load)
                return self._spawner.spawn()

    def _renewed_or_none(self, worker: Worker | None) -> Worker | None:
        """Give an empty place when there is no other worker to be had now; whoever takes it tries again."""
        try:
            return self._renewed(worker)
        except (ConnectionError, EOFError, OSError):
            return None
