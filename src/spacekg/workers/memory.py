"""memory    how much a worker has of its own, beside what it shares with all others.

It grows in two ways. What it takes anew shows in its resident size. A page that it shares and writes to, be it only a
counter of who reads, is copied, and then only what is private to it grows.
"""

from __future__ import annotations

import os
import re
import resource
from contextlib import suppress
from pathlib import Path

KEPT_BYTES = 256 * 1024 * 1024
"""A worker that has taken more anew ends after its answer."""
STEP = 32 * 1024 * 1024
"""Bytes of pages that may come newly before it is measured again: measuring takes as long as a few queries."""

_PRIVATE = re.compile(rb"^Private_(?:Clean|Dirty): +(\d+) kB", re.MULTILINE)


class Memory:
    """What this process has taken since it began; made before its doors are closed, for it keeps a file open."""

    def __init__(self) -> None:
        self._measure = -1
        with suppress(OSError):  # only Linux has it
            self._measure = os.open(Path("/proc/self/smaps_rollup"), os.O_RDONLY | os.O_CLOEXEC)
        used = resource.getrusage(resource.RUSAGE_SELF)
        self._largest = used.ru_maxrss * 1024 + KEPT_BYTES
        self._faults = used.ru_minflt

    def grown(self) -> bool:
        """Whether it has taken more anew than is kept."""
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 > self._largest

    def private(self) -> int:
        """Measure the bytes that no other process shares; 0 where there is nothing new, or the system does not say."""
        faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        if self._measure < 0 or (faults - self._faults) * resource.getpagesize() < STEP:
            return 0
        self._faults = faults
        told = os.pread(self._measure, 4096, 0)
        return 1024 * sum(int(kilobytes) for kilobytes in _PRIVATE.findall(told))
