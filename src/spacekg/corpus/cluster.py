"""cluster   reads documents on a Dask cluster: each of its workers has processes of a crew of its own."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar
from uuid import uuid4

import dask
from distributed import Client, Future, KilledWorker, LocalCluster, Worker, WorkerPlugin, get_worker, wait

from spacekg.corpus import crew, shelf
from spacekg.corpus.crew import Answer, Crew, Told, Trouble
from spacekg.corpus.extraction import Tools
from spacekg.errors import ClusterError
from spacekg.model import Document

AHEAD = 2
"""How many orders there are for each thread of a worker: one that it reads and one that waits; no more are held."""
LOOK = 5.0
"""After how many seconds without an answer it is looked whether there is a worker at all."""
UNWATCHED = {"distributed.worker.profile.enabled": False, "distributed.admin.tick.interval": "1s"}
"""Each process of a cluster looks a hundred times a second at what it does, for a page that nobody opens here."""
Result = TypeVar("Result")
KEPT = "what was read is kept: run the same command again"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A Dask cluster: the one with this scheduler's address, or one of this machine, made for the reading."""

    scheduler: str | None = None
    workers: int = 2
    tries: int = 3
    """How often a document is read that takes its reader down, before it is set aside."""

    characters: int = crew.CHARACTERS_AT_A_TIME
    """How much text is one order."""

    grace: float = 120.0
    """For how many seconds there may be no worker."""

    connecting: float = 30.0
    """For how many seconds the scheduler is looked for."""

    client: Client | None = None
    """The connection to it, while it is kept open."""

    @contextmanager
    def opened(self) -> Iterator[Cluster]:
        """Give the same cluster, with one connection for all that it is to do; one of this machine is made once.

        Raises:
            ClusterError: there is no such cluster.
        """
        with self._client() as client:
            yield replace(self, client=client)

    def read(self, documents: Iterable[Document], tools: Tools, seconds: float) -> Iterator[tuple[Document, Told]]:
        """Yield documents as they are read, each with what it says or why it cannot be read.

        Raises:
            ClusterError: there is no such cluster, no worker is left, or a worker has another spacekg installed.
        """
        with self._client() as client:
            name = f"spacekg-{uuid4().hex}"
            reader = _Reader(name, crew.packed(tools), seconds)
            try:
                client.register_plugin(reader)
                yield from self._read(client, name, documents)
            except (CancelledError, OSError) as error:
                raise ClusterError(f"the scheduler was lost ({error}); {KEPT}") from error
            finally:
                if client.status == "running":
                    client.unregister_worker_plugin(name)

    @contextmanager
    def spread(self) -> Iterator[Callable[[Callable[[int], Result], Sequence[int]], Iterable[Result]]]:
        """Give what has a thing done for each of some numbers by the workers, with the results in their order.

        Raises:
            ClusterError: there is no such cluster, or it was lost.
        """
        with self._client() as client:

            def spread(function: Callable[[int], Result], numbers: Sequence[int]) -> Iterable[Result]:
                waiting = dict.fromkeys(client.map(function, numbers, pure=False))
                asked = [*waiting]
                while waiting:
                    self._threads(client)
                    for future in _done(waiting):
                        del waiting[future]
                found: list[Result] = client.gather(asked)
                return found

            try:
                yield spread
            except (CancelledError, KilledWorker) as error:
                raise ClusterError(f"the cluster was lost ({error}); {KEPT}") from error

    @contextmanager
    def _client(self) -> Iterator[Client]:
        if self.client is not None:
            yield self.client
            return
        with ExitStack() as opened:
            try:
                address = self.scheduler or opened.enter_context(_local(self.workers))
                client = Client(address, set_as_default=True, timeout=self.connecting)
            except (OSError, ValueError) as error:
                raise ClusterError(f"{self.scheduler}: no scheduler answers ({error}); check the address") from error
            yield opened.enter_context(client)

    def _read(self, client: Client, name: str, documents: Iterable[Document]) -> Iterator[tuple[Document, Told]]:
        orders = (_Order(tuple(batch)) for batch in crew.batches(documents, self.characters))
        waiting = deque(islice(orders, 1))
        running: dict[Future, _Order] = {}
        while waiting or running:
            threads = self._threads(client)
            while waiting and len(running) < AHEAD * threads:
                order = waiting.popleft()
                running[client.submit(_answer, name, order.documents, pure=False)] = order
                if not waiting:
                    waiting.extend(islice(orders, 1))
            for future in _done(running):
                order = running.pop(future)
                answer = _result(future)
                if not isinstance(answer, Trouble):
                    yield from zip(order.documents, answer, strict=True)
                elif again := order.again(self.tries):
                    waiting.extendleft(again)
                else:
                    yield order.documents[0], Trouble(f"{answer.reason} (tried {order.tried} times)")

    def _threads(self, client: Client) -> int:
        """How many threads the workers have together; waits until there is one."""
        deadline = time.monotonic() + self.grace
        while not (threads := int(sum(client.nthreads().values()))):
            if time.monotonic() > deadline:
                raise ClusterError(f"there has been no worker for {self.grace:.0f} seconds; start one; {KEPT}")
            time.sleep(0.2)
        return threads


@dataclass(frozen=True, slots=True)
class _Order:
    """Documents that are read at once, and how often they will have been with this time."""

    documents: tuple[Document, ...]
    tried: int = 1

    def again(self, tries: int) -> list[_Order]:
        """What to order when this failed: each document alone, so that only the guilty one fails again."""
        if self.tried == tries and len(self.documents) == 1:
            return []
        if len(self.documents) == 1:
            return [replace(self, tried=self.tried + 1)]
        return [_Order((document,)) for document in self.documents]


class _Reader(WorkerPlugin):  # type: ignore[misc]  # mypy looks at no Dask, which may not be installed
    """Gives a worker a crew: a process for each of its threads, which a document may take down."""

    crew: Crew

    def __init__(self, name: str, tools: bytes, seconds: float) -> None:
        self.name = name
        self._tools = tools
        self._seconds = seconds
        self._program = shelf.program()

    def setup(self, worker: Worker) -> None:
        """Start with the worker; the processes of the crew start when they are first needed."""
        self.crew = Crew(self._tools, worker.state.nthreads, self._seconds)
        if shelf.program() != self._program:
            raise ClusterError(f"the worker {worker.address} has another spacekg or model; install the same there")

    def teardown(self, worker: Worker) -> None:  # noqa: ARG002  # Dask gives it
        """End with the worker, or with the reading."""
        self.crew.stop()


@contextmanager
def _local(workers: int) -> Iterator[LocalCluster]:
    """A cluster of this machine that no other machine or user can speak to: TLS, with a key made for it."""
    with (
        dask.config.set(UNWATCHED),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            memory_limit=0,  # the processes of the crew limit themselves
            dashboard_address="127.0.0.1:0",
            security=True,
            silence_logs=logging.CRITICAL,
        ) as cluster,
    ):
        yield cluster


def _answer(name: str, documents: Sequence[Document]) -> Answer:
    """Run on a worker: have its crew read."""
    reader: _Reader = get_worker().plugins[name]
    return reader.crew.ask(documents)


def _done(running: Iterable[Future]) -> list[Future]:
    try:
        return [*wait([*running], timeout=LOOK, return_when="FIRST_COMPLETED").done]
    except TimeoutError:
        return []


def _result(future: Future) -> Answer:
    """What an order came to; Dask itself gives it to another worker when one is lost, until too many were."""
    error = future.exception()
    if error is None:
        answer: Answer = future.result()
        return answer
    return Trouble(f"reading it ends the worker that does ({type(error).__name__})")
