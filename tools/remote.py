"""Runs the endpoint's own suites over SPARQL servers of others, and prints how each fared: make remote FUSEKI=jar.

One server after the other. Every test has a limit of its own, so that one that hangs costs no other its turn; a row of
the table says how many tests passed, how many differ as tests/otherwise.csv lists them, were skipped, and failed. What
pytest says of each server is kept in the folder; it ends with 1 where a test failed or was not reached.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path

SERVERS = ("oxigraph", "fuseki", "virtuoso")
RESULT = re.compile(r"tests/test_(\w+)\.py::.* (PASSED|FAILED|ERROR|XFAIL|XPASS|SKIPPED)\b")
COLLECTED = re.compile(r"collected (\d+) items")
GOOD = {"PASSED", "XFAIL", "SKIPPED"}

Counts = dict[str, Counter[str]]
"""By suite: how many tests of it came to which end."""


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("suites", nargs="+")
    given.add_argument("--stores", nargs="*", choices=SERVERS, default=SERVERS)
    given.add_argument("--test-seconds", type=int, default=300, help="what one test may take")
    given.add_argument("--seconds", type=int, default=3600, help="what all tests over one server may take")
    given.add_argument("--folder", type=Path, default=Path("build/remote"), help="where pytest's words are kept")
    options = given.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    failed = False
    print("| server | suite | passed | differ as listed | skipped | failed |\n|---|---|---|---|---|---|", flush=True)
    for store in options.stores:
        began = time.monotonic()
        wanted, counts = run(store, options)
        for suite, ends in counts.items():
            bad = sum(number for end, number in ends.items() if end not in GOOD)
            print(f"| {store} | {suite} | {ends['PASSED']} | {ends['XFAIL']} | {ends['SKIPPED']} | {bad} |")
            failed = failed or bool(bad)
        missing = wanted - sum(ends.total() for ends in counts.values())
        failed = failed or missing > 0 or not wanted
        spent = time.monotonic() - began
        print(f"{store}: {datetime.now(UTC):%Y-%m-%d}, {spent:.0f} s, not reached {missing}", flush=True)
    sys.exit(failed)


def run(store: str, options: argparse.Namespace) -> tuple[int, Counts]:
    """Run the suites over one server; give how many tests there are, and how those that were reached ended."""
    command = [sys.executable, "-m", "pytest", "-v", "-rs", "--color=no", f"--timeout={options.test_seconds}"]
    command += ["--override-ini=timeout_func_only=true"]  # a server may take minutes to load a release
    environment = {**os.environ, "STORE": store, "PYTHONUNBUFFERED": "1"}
    wanted, counts = 0, defaultdict(Counter[str])
    with (options.folder / f"{store}.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            ["timeout", "--signal=INT", "--kill-after=60", str(options.seconds), *command, *options.suites],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment,
        )  # fmt: skip
        signal.signal(signal.SIGTERM, lambda *_: process.send_signal(signal.SIGINT))
        for line in process.stdout or ():
            log.write(line)
            log.flush()
            if found := COLLECTED.search(line):
                wanted = int(found[1])
            if found := RESULT.match(line):
                counts[found[1]][found[2]] += 1
        process.wait()
    return wanted, counts


if __name__ == "__main__":
    main()
