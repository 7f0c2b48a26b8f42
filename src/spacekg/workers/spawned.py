"""spawned   workers that are started afresh over a store on disk, for systems without fork; see docs/limits.md."""

from __future__ import annotations

import math
import multiprocessing
import os
import shutil
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pyoxigraph

from spacekg.answers import Limits, Summary
from spacekg.store import Store
from spacekg.united import United
from spacekg.workers import slate, wire, worker
from spacekg.workers.slate import Slate
from spacekg.workers.spawner import Worker

HELD = ("parent",)
"""What still holds: a worker ends with its server. It has to open files of its store, so no doors are closed."""


@dataclass(frozen=True, slots=True)
class Kept:
    """All that a started process needs to open the store: nothing of the server's memory comes with it."""

    folder: Path
    queries: Mapping[str, str]
    prefixes: Mapping[str, str]
    limits: Limits
    texts: Callable[[], Mapping[str, str]]

    def opened(self) -> Store:
        """Open it without ever writing to it."""
        data = United(pyoxigraph.Store.read_only(str(self.folder)))
        return Store(data, "", self.queries, self.prefixes, self.limits).reading(self.texts)


class SpawnedNursery:
    """Gives spawners as `Nursery` does, without fork; `load` is called in the server itself."""

    def __init__(self, load: Callable[[str], Store]) -> None:
        self._load = load

    def spawner(self, name: str) -> SpawnedSpawner:
        """Load what is called so and write it to a folder from which workers read.

        Raises:
            SpacekgError: what `load` raises.
        """
        return SpawnedSpawner(self._load(name))

    def close(self) -> None:
        """End nothing: there is no process of its own."""


class SpawnedSpawner:
    """Starts workers as `Spawner` does; each is a new Python that opens the store on disk."""

    def __init__(self, store: Store) -> None:
        self.summary: Summary = store.summary
        self.limits: Limits = store.limits
        self.queries: dict[str, str] = dict(store.queries)
        self.held: tuple[str, ...] = HELD
        self.size = math.inf
        """What its workers have of their own is no copy of what they share, so there is no limit to that."""
        self._folder = Path(tempfile.mkdtemp(prefix="spacekg-"))
        self._kept = Kept(self._folder / "store", *store.keep(self._folder / "store"))
        self._context = multiprocessing.get_context("spawn")
        self._processes: dict[int, BaseProcess] = {}

    def spawn(self) -> Worker:
        """Start a worker and wait until it can be asked.

        Raises:
            ConnectionError, EOFError, OSError: there is no room for another process, or it ended at once.
        """
        ours, theirs = socket.socketpair()
        shared = self._context.RawArray("B", slate.SIZE)
        try:
            with theirs:
                process = self._context.Process(target=_work, args=(theirs, self._kept, shared), daemon=True)
                process.start()
            ours.settimeout(60)
            wire.receive(ours)
            ours.setblocking(False)
        except BaseException:  # whatever it is, the channel is ours to close
            ours.close()
            raise
        assert process.pid is not None
        self._processes[process.pid] = process
        return Worker(process.pid, ours, Slate(memoryview(shared)))

    def end(self, worker: Worker) -> None:
        """Kill a worker; what it was doing is lost."""
        worker.channel.close()
        process = self._processes.pop(worker.process, None)
        if process is not None:
            process.kill()
            process.join()

    def close(self) -> None:
        """End all workers and remove what was written for them."""
        for process in list(self._processes.values()):
            process.kill()
            process.join()
        self._processes.clear()
        shutil.rmtree(self._folder, ignore_errors=True)


def _work(channel: socket.socket, kept: Kept, shared: Any) -> None:
    """Answer on a channel until its other end is closed or the server is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_server, daemon=True).start()
    worker.Shift(channel, kept.opened(), Slate(memoryview(shared)), lambda: HELD).work()


def _end_with_server() -> None:
    server = multiprocessing.parent_process()
    if server is not None:
        server.join()
    os._exit(0)
