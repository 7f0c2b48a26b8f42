"""nursery   the process that every spawner is forked from; it has one thread, so nothing is forked half-way."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import NoReturn

from spacekg import sandbox
from spacekg.store import Store
from spacekg.workers import spawner, wire
from spacekg.workers.spawner import Spawner

_ORDER = b"n"


class Nursery:
    """The server's side of the nursery: made before the server has threads, it gives a spawner for any release.

    `load` is called in a process of its own with the name that the spawner is ordered with.
    """

    def __init__(self, load: Callable[[str], Store]) -> None:
        self._load = load
        self._ordering = threading.Lock()
        self._control, self._process = self._begun()

    def spawner(self, name: str) -> Spawner:
        """Order a spawner that has loaded what is called so.

        Raises:
            SpacekgError: what `load` raises over there.
        """
        ours, theirs = socket.socketpair()
        with theirs, self._ordering:
            try:
                process = self._ordered(theirs, name)
            except (ConnectionError, EOFError):
                self.close()
                self._control, self._process = self._begun()
                process = self._ordered(theirs, name)
        return Spawner(ours, process)

    def close(self) -> None:
        """End the nursery; its spawners go on."""
        self._control.close()
        with suppress(ChildProcessError):
            os.waitpid(self._process, 0)

    def _begun(self) -> tuple[socket.socket, int]:
        ours, theirs = socket.socketpair()
        process = os.fork()
        if not process:
            _be_nursery(theirs, self._load)
        theirs.close()
        return ours, process

    def _ordered(self, channel: socket.socket, name: str) -> int:
        socket.send_fds(self._control, [_ORDER], [channel.fileno()])
        wire.send(self._control, {"name": name})
        reply, _ = wire.receive(self._control)
        return int(reply["process"])


def _be_nursery(control: socket.socket, load: Callable[[str], Store]) -> NoReturn:
    """Fork on order until the server is gone; never return to the code that was forked."""
    try:
        sandbox.leave_server(control)
        while True:
            order, channels, _, _ = socket.recv_fds(control, len(_ORDER), 1)
            if not order:
                break
            _reap()
            header, _ = wire.receive(control)
            process = os.fork()
            if not process:
                spawner.begin(socket.socket(fileno=channels[0]), partial(load, header["name"]))
            os.close(channels[0])
            wire.send(control, {"process": process})
    finally:
        os._exit(0)


def _reap() -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
