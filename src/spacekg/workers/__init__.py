"""workers   Pool      an engine whose queries run in processes that can be killed."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from spacekg import hints, steps
from spacekg.answers import (
    NOBODY,
    AbandonedError,
    Answer,
    Caller,
    DeadlineError,
    EndingError,
    Engine,
    LostWorkerError,
    Request,
    Summary,
)
from spacekg.errors import SpacekgError
from spacekg.steps import Need, Steps, Until
from spacekg.store import Store
from spacekg.workers import wire
from spacekg.workers.copies import Copies
from spacekg.workers.desk import LOOK_UP, Desk
from spacekg.workers.nursery import Nursery
from spacekg.workers.spawner import Spawner, Worker

if TYPE_CHECKING:
    from spacekg.workers.spawned import SpawnedNursery, SpawnedSpawner

SOON = 0.1
"""Seconds within which the end of a worker that has a query is not laid at the query's door: another is asked first."""
ENDING = "the server is ending: ask again in a while"
TRIES = 3
"""How many workers a query may find gone before it is given up."""


class _GoneError(Exception):
    """A worker ended before it can have done much."""


def default_size() -> int:
    """Give the number of workers when nobody says: more than processors, so that slow queries leave some free."""
    return min(12, 4 + (os.cpu_count() or 2))


class Pool(Engine):
    """Query workers over one release, and one more for the site's own questions.

    A process of its own loads the release called `name` and forks the workers, so this one never holds the data. A
    query that crashes, needs too much memory or takes too long costs its worker and nobody else anything.

    Raises:
        SpacekgError: what loading raises.
    """

    def __init__(self, nursery: Nursery | SpawnedNursery, name: str = "", size: int = 0) -> None:
        self._nursery = nursery
        self._name = name
        self._renewing = threading.Lock()
        self._replaced = 0
        self._closed = False
        self._spawner: Spawner | SpawnedSpawner = nursery.spawner(name)
        super().__init__(self._spawner.queries, self._spawner.limits)
        self._copies = Copies(self.limits.copies * self._spawner.size)
        self._desk = self._staffed(size or default_size(), self.limits.waiting)
        self._own_desk = self._staffed(1, 4 * self.limits.waiting)

    @property
    def summary(self) -> Summary:
        """Id of the release and size of each graph."""
        return self._spawner.summary

    @property
    def held(self) -> tuple[str, ...]:
        """Which walls stand around a worker on this machine: network, files, processes, memory, parent."""
        return self._spawner.held

    def state(self) -> Mapping[str, float]:
        """Count workers, those with nothing to do, those that were replaced, and the queries that wait for one."""
        return {
            "workers": self._desk.size + self._own_desk.size,
            "workers_idle": self._desk.idle + self._own_desk.idle,
            "workers_replaced": self._replaced,
            "queries_waiting": self._desk.waiting,
        }

    def answer(self, request: Request, caller: Caller = NOBODY) -> Answer:
        """Answer a request wholly or not at all, within the limits; see `Engine.answer`."""
        return steps.finish(self.answering(request, caller))

    def answering(self, request: Request, caller: Caller = NOBODY) -> Steps[Answer]:
        """Answer a request step by step; see `Engine.answering`."""
        return self._answered(self._desk, request, caller)

    def answer_own(self, request: Request) -> Answer:
        """Answer a question of the site itself by the worker that is kept for them, or by another that rests.

        So `/health` does not wait for what is read of the whole release when a server begins; the last of the others
        that rests is left to whoever comes next.
        """
        beside = not self._own_desk.idle and self._desk.idle > 1
        return steps.finish(self._answered(self._desk if beside else self._own_desk, request, NOBODY))

    def close(self) -> None:
        """End the workers and whatever they are doing."""
        with self._renewing:
            self._closed = True
            self._spawner.close()

    def _staffed(self, size: int, waiting: int) -> Desk[Worker]:
        workers = [self._spawner.spawn() for _ in range(size)]
        return Desk(workers, waiting, self.limits.wait_seconds, self.limits.at_work)

    def _answered(self, desk: Desk[Worker], request: Request, caller: Caller) -> Steps[Answer]:
        end = (request.began or time.monotonic()) + self.limits.allow(request.seconds)
        for _ in range(TRIES):
            worker = yield from desk.taking(caller, end)
            try:
                # What a resting worker has to say is that it is gone.
                if worker is None or worker.ready(0):
                    yield Need.THREAD
                    worker = self._renewed(worker)
                return (yield from self._asked(worker, request, caller, end))
            except _GoneError:
                continue
            finally:
                self._put_back(desk, worker, caller)
        raise self._lost(request)

    def _put_back(self, desk: Desk[Worker], worker: Worker | None, caller: Caller) -> None:
        """Put a worker back, or another one in its place; nobody waits for that one to come."""
        if worker is not None and worker.alive and not worker.busy:
            desk.put(worker, caller)
        else:
            threading.Thread(target=self._replace, args=(desk, worker, caller), daemon=True).start()

    def _asked(self, worker: Worker, request: Request, caller: Caller, end: float) -> Steps[Answer]:
        began = time.monotonic()
        soon = began + SOON
        try:
            yield from wire.sending(worker.channel, {**wire.packed(request), "number": worker.begin()}, end - began)
            yield from self._wait(worker, end, caller)
            header, content = yield from wire.receiving(worker.channel, end)
        except TimeoutError:
            worker.alive = False
            raise self._late(request, self.limits.allow(request.seconds) - (end - began)) from None
        except (ConnectionError, EOFError):
            worker.alive = False
            if self._closed:
                raise EndingError(ENDING) from None
            raise (self._lost(request) if worker.has_begun and time.monotonic() > soon else _GoneError()) from None
        if header.get("private"):
            self._copies.note(worker, header["private"])
        worker.busy = False
        worker.alive = worker.alive and not header.get("last", False)
        wire.raise_error(header)
        return wire.unpacked_answer(header, content)

    def _wait(self, worker: Worker, end: float, caller: Caller) -> Steps[None]:
        """Wait for the first word of an answer.

        Raises:
            TimeoutError: it took too long.
            AbandonedError: nobody waits for it any more.
        """
        while not (yield Until(worker.channel, min(LOOK_UP, max(0.0, end - time.monotonic())))):
            worker.give_way()
            if time.monotonic() >= end:
                raise TimeoutError
            if caller.gone():
                worker.alive = False
                raise AbandonedError("whoever asked has gone away, so the query was stopped")

    def _late(self, request: Request, waited: float) -> DeadlineError:
        advice = hints.find(request.query)
        time_spent = f"{self.limits.allow(request.seconds):g} seconds"
        if waited > SOON:
            time_spent += f", {waited:.1f} of which it waited for a worker"
        return DeadlineError(
            f"the query was stopped after {time_spent}: {'; '.join(advice or hints.OF_TIME)}",
            advice,
        )

    def _lost(self, request: Request) -> LostWorkerError:
        advice = hints.find(request.query)
        return LostWorkerError(
            "the process that worked on this query ended, most often because it needs more than "
            f"{self.limits.memory_bytes:,} bytes of memory: {'; '.join(advice or hints.OF_MEMORY)}",
            advice,
        )

    def _renewed(self, worker: Worker | None) -> Worker:
        with self._renewing:
            if self._closed:
                raise EndingError(ENDING)
            self._replaced += 1
            try:
                if worker is not None:
                    worker.alive = False
                    self._spawner.end(worker)
                return self._spawner.spawn()
            except (ConnectionError, EOFError, OSError):
                # The spawner itself is gone, and its workers with it.
                self._spawner.close()
                self._spawner = self._nursery.spawner(self._name)
                return self._spawner.spawn()

    def _replace(self, desk: Desk[Worker], worker: Worker | None, caller: Caller) -> None:
        """Put another worker in a place, or none where there is none to be had now; whoever takes it tries again."""
        place = None
        try:
            with suppress(ConnectionError, EOFError, OSError, SpacekgError):
                place = self._renewed(worker)
        finally:
            desk.put(place, caller)


@contextmanager
def staffed(load: Callable[[], Store], size: int = 0) -> Iterator[Pool]:
    """Run a pool over one store for as long as a `with` block lasts."""
    nursery = Nursery(lambda _: load())
    try:
        pool = Pool(nursery, size=size)
        try:
            yield pool
        finally:
            pool.close()
    finally:
        nursery.close()
