"""A process is stopped for what it works, not for how long it waits while others do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import pytest

from spacekg.corpus import patience

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the clock counts")
WORKS = "print(1, flush=True)\nwhile True: pass"
WAITS = "import time; print(1, flush=True); time.sleep(600)"


def begun(program: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"1\n"
    return process


def test_a_process_that_works_too_long_is_stopped() -> None:
    with begun(WORKS) as process, patience.limited(process, 0.3) as late:
        assert process.wait(60) == -signal.SIGKILL
    assert late.is_set()


def test_a_process_that_waits_for_ever_is_stopped() -> None:
    with begun(WAITS) as process, patience.limited(process, 0.05) as late:
        assert process.wait(60) == -signal.SIGKILL
    assert late.is_set()


def test_a_process_that_gets_no_processor_is_waited_for() -> None:
    with begun("import sys; print(1, flush=True); input(); sys.exit(48)") as process:
        os.kill(process.pid, signal.SIGSTOP)
        threading.Timer(1.5, os.kill, (process.pid, signal.SIGCONT)).start()
        with patience.limited(process, 0.2) as late:
            assert process.stdin is not None
            process.stdin.write(b"\n")
            process.stdin.flush()
            assert process.wait(60) == 48
    assert not late.is_set()
