"""A confined process keeps what it has and gets nothing more."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from spacekg import sandbox
from spacekg.sandbox import ApartError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds all of it")

TRY = """
import json, os, socket, subprocess, sys
from spacekg import sandbox
held = sandbox.confine(1 << 30)
deeds = {
    "network": socket.socket,
    "files": lambda: open(sys.argv[1]),
    "written": lambda: open(sys.argv[1], "w"),
    "removed": lambda: os.remove(sys.argv[1]),
    "processes": lambda: subprocess.run(["true"]),
    "signals": lambda: os.kill(os.getppid(), 0),
    "memory": lambda: bytearray(2 << 30),
}
outcomes = {}
for name, deed in deeds.items():
    try:
        deed()
        outcomes[name] = "done"
    except (OSError, MemoryError) as error:
        outcomes[name] = type(error).__name__
sys.stdout.write(json.dumps([held, outcomes]))
"""


def test_a_confined_process_reaches_nothing(tmp_path: os.PathLike[str]) -> None:
    file = tmp_path / "kept"
    file.write_text("kept")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", TRY, str(file)], capture_output=True, env=environment, check=True)
    held, outcomes = json.loads(done.stdout)
    if "network" not in held:
        pytest.skip("this kernel has no seccomp")
    assert outcomes.pop("memory") == "MemoryError"
    assert set(outcomes.values()) == {"PermissionError"}
    assert file.read_text() == "kept"


def test_what_is_made_apart_comes_back() -> None:
    assert sandbox.apart(lambda: b"x" * 3_000_000, 20, 1 << 32) == b"x" * 3_000_000
    assert sandbox.apart(lambda: b"", 20, 1 << 32) == b""


def test_what_goes_wrong_apart_is_one_error() -> None:
    def wrong() -> bytes:
        raise SyntaxError("line 3 is no good")

    def endless() -> bytes:
        while True:
            pass

    with pytest.raises(ApartError, match="line 3 is no good"):
        sandbox.apart(wrong, 20, 1 << 32)
    with pytest.raises(ApartError, match=r"0\.3 seconds"):
        sandbox.apart(endless, 0.3, 1 << 32)
    with pytest.raises(ApartError, match="memory"):
        sandbox.apart(lambda: bytes(1 << 33), 20, 1 << 30)
    with pytest.raises(ApartError, match="broke down"):
        sandbox.apart(lambda: os._exit(3), 20, 1 << 32)  # type: ignore[arg-type,return-value]
