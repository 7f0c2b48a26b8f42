"""How long `spacekg serve` takes until it answers, beside the bare load of the same statements, in the same run.

python benchmarks/serving/start.py RELEASE --runs 5
"""

from __future__ import annotations

import argparse
import os
import resource
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

BARE = (
    "import pyoxigraph, sys; "
    "pyoxigraph.Store().bulk_load(path=sys.argv[1], format=pyoxigraph.RdfFormat.N_QUADS)"
)  # fmt: skip
QUERY = "sparql?query=ASK%20%7B%20%3Fs%20a%20%3Ftype%20%7D"


def spent() -> float:
    """Processor time of the children that ended, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def bare(graph: Path) -> tuple[float, float]:
    """Seconds on the clock and of the processor that a Python process needs to load the file into a store."""
    began, before = time.monotonic(), spent()
    subprocess.run([sys.executable, "-c", BARE, str(graph)], check=True)
    return time.monotonic() - began, spent() - before


def until(address: str, began: float) -> float:
    """Seconds until an address answers with 200."""
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as response:
                response.read()
                return time.monotonic() - began
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.005)
            if time.monotonic() - began > 60:
                raise


def used(process: int) -> float:
    """Seconds of the processor that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def loader(server: int) -> int:
    """The process that loads the statements: the child of the child of a server."""
    child = server
    for _ in range(2):
        child = int(Path(f"/proc/{child}/task/{child}/children").read_text().split()[0])
    return child


def served(release: Path) -> tuple[float, float, float, float]:
    """Seconds from the start of the process to the first /health and to the first query that is answered.

    Then what the server and the process that loads have used of the processor by then, which other work on the machine
    changes least; they work beside each other but for the imports before the second one begins.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "spacekg", "serve", "--port", str(port), "--release", str(release)]
    began = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            times = until(f"http://127.0.0.1:{port}/health", began), until(f"http://127.0.0.1:{port}/{QUERY}", began)
            return *times, used(server.pid), used(loader(server.pid))
        finally:
            server.terminate()


def main() -> None:
    """Measure several times and print medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    graph = next(options.release.glob("**/graph.nq"))
    rows = [(*bare(graph), *served(options.release)) for _ in range(options.runs)]
    print(f"load of the machine {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors, medians of {options.runs} runs")
    names = (
        *("bare load, on the clock", "bare load, of the processor", "first /health", "first query"),
        *("server, of the processor", "what loads, of the processor"),
    )
    medians = [statistics.median(column) for column in zip(*rows, strict=True)]
    for name, median, column in zip(names, medians, zip(*rows, strict=True), strict=True):
        print(f"| {name:28} | {median:.2f} s | {min(column):.2f} to {max(column):.2f} | {median / medians[0]:.2f} |")


if __name__ == "__main__":
    main()
