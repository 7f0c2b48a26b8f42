"""slate     where a worker writes that a request has come, for the server to look at when it wants to know."""

from __future__ import annotations

import os
import struct
import tempfile
from mmap import mmap

_SIGN = struct.Struct("=II")
SIZE = _SIGN.size


class Slate:
    """Memory that a worker and the server share: the last request that has come, and the thread that answers it.

    A message would wake the server once more for each query, and most are answered sooner than that takes.
    """

    def __init__(self, shared: bytearray | memoryview | mmap) -> None:
        self._shared = shared

    def write(self, request: int, thread: int) -> None:
        """Write the number of a request that has come; the thread is 0 where none can be named."""
        _SIGN.pack_into(self._shared, 0, request, thread)

    def read(self) -> tuple[int, int]:
        """Read what was written last."""
        request, thread = _SIGN.unpack_from(self._shared)
        return int(request), int(thread)


def opened() -> int:
    """Open memory for a slate that can be passed on to another process, as a file."""
    if hasattr(os, "memfd_create"):
        file = os.memfd_create("slate")
    else:
        with tempfile.TemporaryFile() as made:
            file = os.dup(made.fileno())
    os.ftruncate(file, SIZE)
    return file
