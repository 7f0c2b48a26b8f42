"""What our front costs over the SPARQL server behind it, on queries that were never asked before.

    python benchmarks/backends/overhead.py --release release --asked 400

starts Oxigraph's server, brings the release into it, and serves it by `spacekg serve --store`; another `spacekg serve`
answers from memory beside it. One client with a connection to each, kept open, asks all in turns, each query once and
none kept; who is asked first changes. All answer with the same rows, or the run fails. The server is asked what our
front asks it: the same default graph. CPU is the processor time of a process for one query, all its threads together.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlencode

from spacekg.release import open_release

RESULTS = "application/sparql-results+json"
KINDS = {
    "truth": "ASK {{ <https://w3id.org/spacekg/id/{name}> ?p ?o }}",
    "one thing": "SELECT ?p ?o {{ <https://w3id.org/spacekg/id/{name}> ?p ?o }}",
    "a join": "SELECT ?c ?p ?o {{ <https://w3id.org/spacekg/id/{name}> a ?c . ?c ?p ?o }}",
}
"""Light queries, so that what is between the two servers is not lost in what both take."""


@contextmanager
def running(command: list[str], answers: str, place: Path | None = None) -> Iterator[int]:
    """Run a server until it is no longer needed; yields its process id once an address answers."""
    process = subprocess.Popen(command, cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 600
        while not _reached(answers):
            if process.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"{command[0]} did not start")
            time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def free() -> int:
    """Give a port that is free at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as ear:
        return int(ear.getsockname()[1])


def asker(port: int, path: str, fixed: list[tuple[str, str]]) -> Callable[[str], tuple[float, list[object]]]:
    """Make what asks a query on a connection that stays open: milliseconds, and the rows in an order of their own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Accept": RESULTS, "Content-Type": "application/x-www-form-urlencoded", "Accept-Encoding": "identity"}

    def ask(query: str) -> tuple[float, list[object]]:
        body = urlencode([("query", query), *fixed])
        began = time.perf_counter()
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        content = response.read()
        spent = 1000 * (time.perf_counter() - began)
        if response.status != 200:
            raise SystemExit(f"{path}: HTTP {response.status}: {content[:300]!r}")
        answer = json.loads(content)
        rows = answer.get("results", {}).get("bindings", [answer.get("boolean")])
        return spent, sorted(json.dumps(row, sort_keys=True) for row in rows)

    return ask


def main() -> None:
    """Measure, and print a table."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--release", type=Path, default=Path("release"))
    given.add_argument("--asked", type=int, default=400, help="queries of each kind")
    options = given.parse_args()
    release = open_release(options.release)
    binary = shutil.which("oxigraph", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if not binary:
        raise SystemExit("there is no oxigraph: pip install -e '.[bench]'")
    bare, front, beside = free(), free(), free()
    store = ["--store", f"sparql+http://127.0.0.1:{bare}"]
    with tempfile.TemporaryDirectory() as folder:
        server = [binary, "serve", "--location", folder, "--bind", f"127.0.0.1:{bare}"]
        local = [sys.executable, "-m", "spacekg", "serve", "--release", str(release.folder)]
        local += ["--limit", "kept_bytes=0", "--limit", "client_seconds=100000", "--port"]
        site, local = [*local, str(front), *store], [*local, str(beside)]
        with running(server, f"http://127.0.0.1:{bare}/query?query={quote('ASK {}')}") as theirs:
            subprocess.run(
                [sys.executable, "-m", "spacekg", "store", "load", *store, "--release", str(release.folder)],
                check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            with (
                running(site, f"http://127.0.0.1:{front}/health") as ours,
                running(local, f"http://127.0.0.1:{beside}/health"),
            ):
                union = f"https://w3id.org/spacekg/stored/{release.id}/"
                asked = {
                    "bare": asker(bare, "/query", [("default-graph-uri", union)]),
                    "front": asker(front, "/sparql", []),
                    "own": asker(beside, "/sparql", []),
                }
                _measure(asked, options.asked, (theirs, ours))


Ask = Callable[[str], tuple[float, list[object]]]


def _measure(askers: dict[str, Ask], asked: int, processes: tuple[int, int]) -> None:
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M}, load {os.getloadavg()[0]:.1f}, {asked} queries of each kind\n")
    print(
        "| query | bare, p50 ms | front, p50 ms | p50 of differences, ms | p95 of them, ms | bare, CPU ms "
        "| front, CPU ms | our own store, p50 ms |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for kind, text in KINDS.items():
        spent: dict[str, list[float]] = {name: [] for name in askers}
        before: list[float] = []
        for number in range(-20, asked):
            if not number:
                before = [cpu(pid) for pid in processes]
            query = text.format(name=f"{kind.replace(' ', '-')}-{number}") if number % 2 else text.format(name="nasa")
            query = f"{query} # {kind} {number}"
            first = number % len(askers)
            found = {name: askers[name](query) for name in [*askers, *askers][first : first + len(askers)]}
            if any(rows != found["bare"][1] for _, rows in found.values()):
                raise SystemExit(f"the answers differ: {query}")
            if number >= 0:
                for name, (took, _) in found.items():
                    spent[name].append(took)
        used = [1000 * (cpu(pid) - then) / asked for pid, then in zip(processes, before, strict=True)]
        apart = [ours - theirs for theirs, ours in zip(spent["bare"], spent["front"], strict=True)]
        middle = {name: statistics.median(each) for name, each in spent.items()}
        late = statistics.quantiles(apart, n=20)[18]
        figures = (middle["bare"], middle["front"], statistics.median(apart), late, *used, middle["own"])
        print(f"| {kind} | {' | '.join(f'{each:.2f}' for each in figures)} |", flush=True)


def cpu(pid: int) -> float:
    """Give the seconds of processor time that a process has used, all its threads together."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _reached(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=20):
            return True
    except OSError:
        return False


if __name__ == "__main__":
    main()
