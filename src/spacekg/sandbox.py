"""sandbox   what a process can no longer do: reach the network or files, start programs, take all memory, outlive us.

Where the system cannot hold one of these, the worker runs without it and says so: `close_doors` names what holds.
"""

from __future__ import annotations

import ctypes
import io
import os
import platform
import resource
import select
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NoReturn

from spacekg.errors import SpacekgError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_SECCOMP_MODE_FILTER = 2
_RETURN_ALLOW, _RETURN_EPERM = 0x7FFF0000, 0x00050001
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_GREATER, _RETURN = 0x20, 0x15, 0x35, 0x06
_AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32 = 0x40000000

_MORE, _DONE, _FAILED = b".", b"+", b"-"
_HEAD, _PIECE = struct.Struct("<cI"), 1 << 20
"""What a process apart sends is in pieces: of which kind each is, its length, and it; the last says how it ended."""

# System calls by what they would open, with their numbers on x86_64 and aarch64 (-1: it has none).
_CALLS = {
    "network": {
        "socket": (41, 198), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201), "accept": (43, 202),
        "accept4": (288, 242), "socketpair": (53, 199), "io_uring_setup": (425, 425),
    },
    "files": {
        "open": (2, -1), "openat": (257, 56), "openat2": (437, 437), "creat": (85, -1), "open_by_handle": (304, 265),
        "unlink": (87, -1), "unlinkat": (263, 35), "rename": (82, -1), "renameat": (264, 38), "renameat2": (316, 276),
        "mkdir": (83, -1), "mkdirat": (258, 34), "rmdir": (84, -1), "link": (86, -1), "linkat": (265, 37),
        "symlink": (88, -1), "symlinkat": (266, 36), "truncate": (76, 45), "chmod": (90, -1), "fchmodat": (268, 53),
        "mount": (165, 40), "memfd_create": (319, 279),
    },
    "processes": {
        "execve": (59, 221), "execveat": (322, 281), "fork": (57, -1), "vfork": (58, -1), "clone": (56, 220),
        "clone3": (435, 435), "ptrace": (101, 117), "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131),
        "pidfd_send_signal": (424, 424), "process_vm_writev": (311, 271), "bpf": (321, 280),
    },
}  # fmt: skip


class ApartError(SpacekgError):
    """What was done apart went wrong; the message says how, without saying to what."""


def apart(work: Callable[[], bytes], seconds: float, memory_bytes: int) -> bytes:
    """Do risky work in a confined process of its own, and give what it returns; see `pouring`.

    Raises:
        ApartError: it raised, took longer, needed more memory, or ended its process.
    """
    with pouring(lambda out: out.write(work()), seconds, memory_bytes) as content:
        return content.read()


@contextmanager
def pouring(work: Callable[[BinaryIO], object], seconds: float, memory_bytes: int) -> Iterator[BinaryIO]:
    """Do risky work in a confined process of its own, and give a file that has what it writes while it writes it.

    Whatever else it changes is lost. Call it only where there is one thread. Of the exceptions that it may raise, only
    the message comes back.

    Raises:
        ApartError: when the file is read: the work raised, took longer, needed more memory, or ended its process. What
            was read until then is worth nothing.
    """
    reader, writer = os.pipe()
    process = os.fork()
    if not process:
        _work_apart(work, writer, memory_bytes)
    os.close(writer)
    try:
        yield io.BufferedReader(_Poured(reader, seconds), _PIECE)
    finally:
        os.close(reader)
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def leave_server(channel: socket.socket) -> None:
    """Keep nothing of the server in the spawner but the way to talk to it: no sockets, no signals, no output."""
    _keep_only(channel)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # Ctrl-C reaches the whole group; the server ends its processes itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def leave_spawner(channel: socket.socket, memory_bytes: int) -> None:
    """Keep nothing of the spawner in a worker, die with it, and take no more memory than this beyond what there is."""
    parent = os.getppid()
    _keep_only(channel)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    limit = _address_space() + memory_bytes
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def confine(memory_bytes: int) -> list[str]:
    """Confine a process that has all it needs to read one risky file; name what holds.

    It can write only to what is open, and take no more memory than this in all.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    return close_doors()


def close_doors() -> list[str]:
    """Forbid this thread network, files and processes for good; name all that is held around this worker."""
    held = ["memory", "parent"] if sys.platform == "linux" else []
    machine = platform.machine()
    if sys.platform == "linux" and machine in _AUDIT and _filter(machine):
        held += list(_CALLS)
    return held


def _work_apart(work: Callable[[BinaryIO], object], writer: int, memory_bytes: int) -> NoReturn:
    """Send what is written and how it ended, then end; never return to the code that was forked."""
    try:
        os.closerange(3, writer)
        os.closerange(writer + 1, _highest())
        confine(memory_bytes)
        kind, said = _DONE, ""
        try:
            with io.BufferedWriter(_Pouring(writer), _PIECE) as out:
                work(out)
        except MemoryError:
            kind, said = _FAILED, f"needs more than {memory_bytes:,} bytes of memory: split it"
        except Exception as error:  # whatever it is, it is told to whoever asked
            kind, said = _FAILED, str(error) or type(error).__name__
        _put(writer, kind, said.encode(errors="replace"))
    finally:
        os._exit(0)


def _put(writer: int, kind: bytes, content: bytes | memoryview) -> None:
    for piece in (_HEAD.pack(kind, len(content)), content):
        left = memoryview(piece)
        while left:
            left = left[os.write(writer, left) :]


class _Pouring(io.RawIOBase):
    """The end that a process apart writes to."""

    def __init__(self, writer: int) -> None:
        super().__init__()
        self._writer = writer

    def writable(self) -> bool:
        return True

    def write(self, content: ReadableBuffer) -> int:
        view = memoryview(content)
        for place in range(0, len(view), _PIECE):
            _put(self._writer, _MORE, view[place : place + _PIECE])
        return len(view)


class _Poured(io.RawIOBase):
    """The end that is read: what was written, and at its end the error that there was."""

    def __init__(self, reader: int, seconds: float) -> None:
        super().__init__()
        self._reader, self._seconds, self._end = reader, seconds, time.monotonic() + seconds
        self._left, self._done = 0, False
        self._poll = select.poll()
        self._poll.register(reader, select.POLLIN)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        while not self._left and not self._done:
            self._begin(*_HEAD.unpack(self._whole(_HEAD.size)))
        content = self._some(min(self._left, len(view)))
        view[: len(content)] = content
        self._left -= len(content)
        return len(content)

    def _begin(self, kind: bytes, size: int) -> None:
        if kind == _FAILED:
            raise ApartError(self._whole(size).decode())
        self._left, self._done = size, kind == _DONE

    def _whole(self, size: int) -> bytes:
        content = b""
        while len(content) < size:
            piece = self._some(size - len(content))
            if not piece:
                raise ApartError("what reads it broke down: make it simpler or split it")
            content += piece
        return content

    def _some(self, size: int) -> bytes:
        if size and not self._poll.poll(max(0.0, self._end - time.monotonic()) * 1000):
            raise ApartError(f"takes more than {self._seconds:g} seconds to read: split or simplify it")
        return os.read(self._reader, size)


def _highest() -> int:
    return min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 1 << 20)


def _keep_only(channel: socket.socket) -> None:
    """Close every file but the channel, and send what is printed nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    kept = channel.fileno()
    os.closerange(3, kept)
    os.closerange(kept + 1, _highest())


def resident() -> int:
    """Give the bytes of memory that this process holds; where the system does not say, the most that it ever held."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _address_space() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 1 << 40
    return pages * resource.getpagesize()


def _filter(machine: str) -> bool:
    column = list(_AUDIT).index(machine)
    numbers = sorted({number[column] for calls in _CALLS.values() for number in calls.values()} - {-1})
    program = _program(_AUDIT[machine], numbers)
    code = ctypes.create_string_buffer(program, len(program))
    described = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    system = ctypes.CDLL(None, use_errno=True)
    if system.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return not system.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.c_char_p(described), 0, 0)


def _program(audit: int, numbers: list[int]) -> bytes:
    """Write the filter: another architecture or one of these numbers is refused with EPERM, all else goes through."""
    refuse = len(numbers) + 1
    steps = [
        (_LOAD, 0, 0, 4),
        (_JUMP_IF_EQUAL, 0, refuse + 2, audit),
        (_LOAD, 0, 0, 0),
        (_JUMP_IF_GREATER, refuse, 0, _X32),
        *((_JUMP_IF_EQUAL, refuse - 1 - place, 0, number) for place, number in enumerate(numbers)),
        (_RETURN, 0, 0, _RETURN_ALLOW),
        (_RETURN, 0, 0, _RETURN_EPERM),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
