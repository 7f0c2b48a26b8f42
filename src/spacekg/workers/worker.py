"""worker    the process that answers one query after the other, and can be killed at any moment."""

from __future__ import annotations

import os
import resource
import socket
import threading
import time
from collections.abc import Callable, Sequence
from typing import NoReturn

from spacekg import sandbox
from spacekg.answers import never
from spacekg.errors import SpacekgError
from spacekg.store import Store
from spacekg.workers import wire

STACK_BYTES = 256 * 1024 * 1024
"""pyoxigraph recurses; with the usual 8 MB a thousand nested calls end the process."""
KEPT_BYTES = 256 * 1024 * 1024
"""A worker that has grown by more ends after its answer, so that memory is given back."""


def work(channel: socket.socket, store: Store) -> NoReturn:
    """Answer on a channel until its other end is closed; never return to the code that was forked."""
    try:
        sandbox.leave_spawner(channel, store.limits.memory_bytes + STACK_BYTES)
        threading.stack_size(STACK_BYTES)
        thread = threading.Thread(target=_answer_confined, args=(channel, store), daemon=True)
        thread.start()
        thread.join()
    finally:
        os._exit(0)


def answer_all(channel: socket.socket, store: Store, held: Sequence[str], outdated: Callable[[], bool] = never) -> None:
    """Say which walls stand, then answer one query after the other until nobody asks or too much memory is held.

    Where another worker would do better, this one is `outdated`, and ends too.
    """
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 + KEPT_BYTES
    wire.send(channel, {"held": list(held)})
    last = False
    while not last:
        try:
            header, _ = wire.receive(channel)
            wire.acknowledge(channel)
        except (EOFError, ConnectionError):
            return
        reply, content = _answered(header, store)
        last = outdated() or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 > largest
        wire.send(channel, {**reply, "last": last}, content)


def _answer_confined(channel: socket.socket, store: Store) -> None:
    # The next one shares the index that the spawner has made by then.
    answer_all(channel, store, sandbox.close_doors(), never if store.indexed else lambda: store.indexed)


def _answered(header: dict[str, object], store: Store) -> tuple[dict[str, object], bytes]:
    began = time.monotonic()
    try:
        answer = store.answer(wire.unpacked(header))
    except SpacekgError as error:
        return wire.packed_error(error), b""
    return wire.packed_answer(answer, time.monotonic() - began), answer.content
