"""worker    the process that answers one query after the other, and can be killed at any moment."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import NoReturn

from spacekg import sandbox
from spacekg.answers import never
from spacekg.errors import SpacekgError
from spacekg.store import Store
from spacekg.workers import wire
from spacekg.workers.memory import Memory
from spacekg.workers.slate import Slate

STACK_BYTES = 256 * 1024 * 1024
"""pyoxigraph recurses; with the usual 8 MB a thousand nested calls end the process."""


def work(channel: socket.socket, store: Store, slate: Slate) -> NoReturn:
    """Answer on a channel until its other end is closed; never return to the code that was forked."""
    try:
        sandbox.leave_spawner(channel, store.limits.memory_bytes + STACK_BYTES)
        # The next one shares the index that the spawner has made by then.
        outdated = never if store.indexed else lambda: store.indexed
        Shift(channel, store, slate, sandbox.close_doors, outdated).work()
    finally:
        os._exit(0)


class Shift:
    """All that a worker does: it answers on a channel, one query after the other.

    Each thread that answers closes the doors behind it, which gives the names of the walls that stand. Where another
    worker would do better, this one is `outdated`.
    """

    def __init__(
        self,
        channel: socket.socket,
        store: Store,
        slate: Slate,
        close_doors: Callable[[], Sequence[str]],
        outdated: Callable[[], bool] = never,
    ) -> None:
        self._channel = channel
        self._store = store
        self._slate = slate
        self._close_doors = close_doors
        self._outdated = outdated
        self._memory = Memory()
        self._goes_on = False

    def work(self) -> None:
        """Answer until nobody asks, too much memory is held or another worker would do better.

        A thread that was made to give way to others cannot take that back, so the next query is another thread's.
        """
        threading.stack_size(STACK_BYTES)
        self._in_a_thread(self._begin)
        while self._goes_on:
            self._in_a_thread(self._go_on)

    def _in_a_thread(self, work: Callable[[], None]) -> None:
        # One that breaks down is the last.
        self._goes_on = False
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        thread.join()

    def _begin(self) -> None:
        wire.send(self._channel, {"held": list(self._close_doors())})
        self._answer()

    def _go_on(self) -> None:
        self._close_doors()
        self._answer()

    def _answer(self) -> None:
        # Elsewhere a thread has no priority of its own, and the server makes all of the process give way.
        thread = threading.get_native_id() if sys.platform == "linux" else 0
        before = _niceness()
        while True:
            try:
                header, _ = wire.receive(self._channel)
            except (EOFError, ConnectionError):
                return
            self._slate.write(header["number"], thread)
            reply, content = _answered(header, self._store)
            last = self._outdated() or self._memory.grown()
            wire.send(self._channel, {**reply, "last": last, "private": self._memory.private()}, content)
            if last or _niceness() != before:
                self._goes_on = not last
                return


def _niceness() -> int:
    """Give the niceness of this thread; where threads have none, of this process."""
    return os.getpriority(os.PRIO_PROCESS, 0)


def _answered(header: dict[str, object], store: Store) -> tuple[dict[str, object], bytes]:
    began = time.monotonic()
    try:
        answer = store.answer(wire.unpacked(header))
    except SpacekgError as error:
        return wire.packed_error(error), b""
    return wire.packed_answer(answer, time.monotonic() - began), answer.content
