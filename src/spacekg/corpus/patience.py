"""patience  stops a process that works too long, by the time that it had a processor and not by the clock.

On a machine with much else to do a process may wait longer than it works, and is not to be stopped for that.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

LONGER = 20
"""How many times as long as it may work it may take by the clock, for there are also processes that wait for ever."""
LOOK = 0.05
"""The shortest time between two looks, in seconds."""


@contextmanager
def limited(process: subprocess.Popen[bytes], seconds: float) -> Iterator[Event]:
    """Stop a process when it has had a processor for so many seconds from now on, or waits for ever.

    Gives what is set when it was stopped. Where the time of another process is not told, the clock's counts.
    """
    over, late = Event(), Event()
    watch = Thread(target=_watch, args=(process, seconds, over, late), daemon=True)
    watch.start()
    try:
        yield late
    finally:
        over.set()
        watch.join()


def _watch(process: subprocess.Popen[bytes], seconds: float, over: Event, late: Event) -> None:
    begun, used = time.monotonic(), worked(process.pid)
    left = seconds
    while not over.wait(max(LOOK, left)):  # it has no processor for longer than that
        left = min(seconds - (worked(process.pid) - used), seconds * LONGER - (time.monotonic() - begun))
        if left <= 0:
            late.set()
            process.kill()
            return


def worked(process: int) -> float:
    """For how many seconds a process has had a processor, its threads together; by the clock where that is not told."""
    if sys.platform != "linux":
        return time.monotonic()
    try:
        return time.clock_gettime(~process << 3 | 2)  # what clock_getcpuclockid(3) gives
    except OSError:  # it has ended
        return 0.0
