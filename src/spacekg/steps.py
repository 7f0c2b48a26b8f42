"""steps     work that says what it waits for, so that a thread which has other work does not wait with it."""

from __future__ import annotations

import select
import socket
from collections.abc import Callable, Generator
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

Result = TypeVar("Result")
Other = TypeVar("Other")


@dataclass(frozen=True, slots=True)
class Until:
    """Work waits until there is something to receive, be it the end, but not longer than so many seconds."""

    channel: socket.socket
    seconds: float


class Need(Enum):
    """What else work can wait for."""

    THREAD = "thread"
    """A thread that has nothing else to do: what comes next may take long, or wait for something else."""
    PLACE = "place"
    """A worker that others have now; told that nothing is known of them, it waits for one by itself."""


Wait = Until | Need
Steps = Generator[Wait, bool, Result]
"""Work in steps, each of which ends in a wait; the next step is told whether what it waited for came."""


def finish(work: Steps[Result], wait: Wait | None = None) -> Result:
    """Do all steps in this thread, which waits with them; `wait` is where work that was begun has stopped."""
    try:
        while True:
            wait = next(work) if wait is None else work.send(_came(wait))
    except StopIteration as end:
        result: Result = end.value
        return result


def meanwhile(work: Steps[Result], do: Callable[[], Other]) -> Steps[tuple[Result, Other]]:
    """Do something else in the time that work waits for the first time; where it never waits, behind it."""
    try:
        wait = next(work)
    except StopIteration as end:
        return end.value, do()
    try:
        other = do()
        while True:
            wait = work.send((yield wait))
    except StopIteration as end:
        return end.value, other
    finally:
        work.close()


def _came(wait: Wait) -> bool:
    return wait is Need.THREAD if isinstance(wait, Need) else ready(wait.channel, wait.seconds)


def ready(channel: socket.socket, seconds: float) -> bool:
    """Wait until there is something to receive, be it the end."""
    poll = select.poll()
    poll.register(channel, select.POLLIN)
    return bool(poll.poll(seconds * 1000))
