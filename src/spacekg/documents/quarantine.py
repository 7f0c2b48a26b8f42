"""quarantine  reads a risky file in a process that can be stopped, and reaches neither network nor files."""

from __future__ import annotations

import json
import os
import pkgutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from typing import cast

from spacekg.documents.content import Content
from spacekg.errors import DocumentError

SECONDS = 60
"""How long one file may take."""
MEMORY = 4 << 30
"""How many bytes of address space one file may take, where the system can limit it."""

_LATER = {"hypertext": ("encodings",), "portable": ("encodings", "pypdf")}
"""For each reader, the packages of which it loads parts only when a file asks for them."""
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
    extract = import_module(f"spacekg.documents.{reader}").extract
    for package in _LATER[reader]:
        _load(package)
    _confine()
    try:
        answer = asdict(extract(sys.stdin.buffer.read()))
    except DocumentError as error:
        answer = {"error": str(error)}
    sys.stdout.write(json.dumps(answer))


def _load(package: str) -> None:
    """Load all modules of a package now: later, no file can be opened."""
    for module in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
        with suppress(ImportError):  # it is for another system, or needs what is not installed
            import_module(module.name)


def _confine() -> None:
    try:
        from spacekg import sandbox  # noqa: PLC0415 - Windows has no limits of this kind
    except ImportError:
        return
    sandbox.confine(MEMORY)
