"""spawner   the process that holds the data and forks workers; it has one thread and outlives each of them."""

from __future__ import annotations

import gc
import mmap
import os
import select
import signal
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

from spacekg import sandbox, steps
from spacekg.answers import Limits, LostWorkerError, Summary
from spacekg.errors import SpacekgError
from spacekg.store import Store
from spacekg.workers import slate, wire, worker
from spacekg.workers.slate import Slate

_ORDER = struct.Struct("!cI")
_SPAWN, _END = b"s", b"e"
_LARGEST = 2**32 - 1

SLOW_PRIORITY = 10
"""Niceness of a worker whose query has turned out to be a slow one."""


REST = 0.5
"""Seconds without an order after which the index of texts is made."""


@dataclass(slots=True)
class Worker:
    """A worker as the server sees it: its process and the way to talk to it."""

    process: int
    channel: socket.socket
    slate: Slate
    alive: bool = True
    """Whether it can be asked again; when not, another one takes its place."""
    asked: int = 0
    """How many queries it was given."""
    slow: bool = False
    """Whether the thread that answers the query at hand was made to give way."""
    busy: bool = False

    def begin(self) -> int:
        """Note that it is given a query; gives the number of that."""
        self.asked, self.slow, self.busy = (self.asked + 1) & _LARGEST, False, True
        return self.asked

    @property
    def has_begun(self) -> bool:
        """Whether the query that it was given has come."""
        return self.slate.read()[0] == self.asked

    def dismiss(self) -> None:
        """Have it end once it has nothing to do; whoever would ask it next finds it gone, and asks another."""
        if self.busy:
            self.alive = False
        else:
            with suppress(OSError):
                self.channel.shutdown(socket.SHUT_RDWR)

    def give_way(self) -> None:
        """Let quick queries go before this one; there is no way back, so it is the last of its thread or process."""
        if not self.slow and self.has_begun:
            thread = self.slate.read()[1]
            self.slow = True
            # Where threads have no priority of their own, the process has.
            self.alive = bool(thread)
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, thread or self.process, SLOW_PRIORITY)

    def ready(self, seconds: float) -> bool:
        """Wait until there is something to receive, be it the end."""
        return steps.ready(self.channel, seconds)


class Spawner:
    """The server's side of the spawner: waits until it has the data, then orders workers.

    Raises:
        SpacekgError: what loading raises over there.
    """

    def __init__(self, control: socket.socket, process: int) -> None:
        self._control = control
        self.process = process
        try:
            state, _ = wire.receive(self._control)
            wire.raise_error(state)
        except EOFError:
            self.close()
            raise LostWorkerError("the process that reads the release ended: is there enough memory for it?") from None
        except SpacekgError:
            self.close()
            raise
        self.summary = Summary(**state["summary"])
        self.limits = Limits(**state["limits"])
        self.queries: dict[str, str] = state["queries"]
        self.size: float = state["size"]
        """Bytes of memory that hold the data."""
        self.held: tuple[str, ...] = ()

    def spawn(self) -> Worker:
        """Order a worker and wait until it can be asked.

        Raises:
            ConnectionError, EOFError, OSError: the spawner is gone, or there is no room for another process.
        """
        ours, theirs = socket.socketpair()
        shared = slate.opened()
        try:
            with theirs:
                socket.send_fds(self._control, [_ORDER.pack(_SPAWN, 0)], [theirs.fileno(), shared])
            process = self._reply()
            if not process:
                raise OSError("there is no room for another process")
            ours.settimeout(30)
            hello, _ = wire.receive(ours)
            ours.setblocking(False)
            self.held = tuple(hello["held"])
            return Worker(process, ours, Slate(mmap.mmap(shared, slate.SIZE)))
        except BaseException:  # whatever it is, the channel is ours to close
            ours.close()
            raise
        finally:
            os.close(shared)

    def end(self, worker: Worker) -> None:
        """Kill a worker; what it was doing is lost."""
        worker.channel.close()
        self._control.sendall(_ORDER.pack(_END, worker.process))
        self._reply()

    def close(self) -> None:
        """End the spawner; its workers end with it."""
        self._control.close()

    def _reply(self) -> int:
        reply = self._control.recv(_ORDER.size, socket.MSG_WAITALL)
        if len(reply) < _ORDER.size:
            raise EOFError("the spawner is gone")
        return int(_ORDER.unpack(reply)[1])


def begin(control: socket.socket, load: Callable[[], Store]) -> NoReturn:
    """Load, then fork on order until the server is gone; never return to the code that was forked."""
    children: set[int] = set()
    # While the data are read everything is kept, so that looking for what is not takes time for nothing.
    gc.disable()
    try:
        sandbox.leave_server(control)
        store = _loaded(control, load)
        if store is not None:
            _follow_orders(control, store, children)
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
        os._exit(0)


def _loaded(control: socket.socket, load: Callable[[], Store]) -> Store | None:
    try:
        store = load()
        # Threads for linear algebra, of which there is none here, would not come along when workers are forked.
        os.environ["OPENBLAS_NUM_THREADS"] = "1"
        store.arrange()
    except SpacekgError as error:
        wire.send(control, wire.packed_error(error))
        return None
    gc.collect()
    # What the collector does not look at, it does not write to, and so workers share it.
    gc.freeze()
    gc.enable()
    wire.send(control, wire.packed_state(store.summary, store.limits, dict(store.queries), sandbox.resident()))
    return store


def _follow_orders(control: socket.socket, store: Store, children: set[int]) -> None:
    while True:
        if not store.indexed and not select.select([control], [], [], REST)[0]:
            # Here, so that workers share it; not before the first ones, so that the server need not wait for it.
            store.index()
            gc.freeze()
        order, channels, _, _ = socket.recv_fds(control, _ORDER.size, 2)
        if len(order) < _ORDER.size:
            return
        _reap(children)
        kind, process = _ORDER.unpack(order)
        if kind == _SPAWN:
            process = _forked(store, channels, children)
        elif process in children:
            # It is not waited for: to give back a gigabyte takes a process that gives way to all others its time.
            os.kill(process, signal.SIGKILL)
        control.sendall(_ORDER.pack(kind, process))


def _forked(store: Store, given: list[int], children: set[int]) -> int:
    """Fork a worker that is given its channel and its slate."""
    channel, shared = given
    try:
        known = Slate(mmap.mmap(shared, slate.SIZE))
        process = os.fork()
        if not process:
            worker.work(socket.socket(fileno=channel), store, known)
    except OSError:
        return 0
    finally:
        os.close(channel)
        os.close(shared)
    children.add(process)
    return process


def _reap(children: set[int]) -> None:
    with suppress(ChildProcessError):
        while ended := os.waitpid(-1, os.WNOHANG)[0]:
            children.discard(ended)
