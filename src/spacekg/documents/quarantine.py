"""quarantine  reads a risky file in a process of its own, which can be stopped when it takes too long."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from importlib import import_module
from typing import cast

from spacekg.documents.content import Content
from spacekg.errors import DocumentError

SECONDS = 60
"""How long one file may take."""
MEMORY = 4 << 30
"""How many bytes of address space one file may take, where the system can limit it."""

_CHILD = "from spacekg.documents import quarantine; quarantine.serve({reader!r})"


def extract(reader: str, data: bytes, seconds: float = SECONDS) -> Content:
    """Run `extract` of the module `spacekg.documents.<reader>` on a file's bytes, and stop it at the deadline.

    Raises:
        DocumentError: what the reader says of the file, or that it took too long or broke down.
    """
    command = [sys.executable, "-P", "-c", _CHILD.format(reader=reader)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(command, input=data, env=environment, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as error:
        raise DocumentError(f"takes more than {seconds:g} seconds to read; split or simplify it") from error
    if done.returncode:
        raise DocumentError("cannot be taken apart: its reader broke down; save it anew or simplify it")
    answer = cast(dict[str, str | int], json.loads(done.stdout))
    if "error" in answer:
        raise DocumentError(str(answer["error"]))
    return Content(**answer)  # type: ignore[arg-type]  # made by asdict below


def serve(reader: str) -> None:
    """Answer for the child process: a file's bytes on standard input, its content as JSON on standard output."""
    _limit_memory()
    try:
        answer = asdict(import_module(f"spacekg.documents.{reader}").extract(sys.stdin.buffer.read()))
    except DocumentError as error:
        answer = {"error": str(error)}
    sys.stdout.write(json.dumps(answer))


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415 - Windows has no such module
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
