"""What our front costs over the SPARQL server behind it, on queries that were never asked before.

    SPACEKG_BEFORE=../before/src python benchmarks/backends/overhead.py --release release --asked 400
    python benchmarks/backends/overhead.py --store sparql+http://127.0.0.1:8890 --kind virtuoso

starts Oxigraph's server and brings the release into it, or takes the server that `--store` names and that has it
(`spacekg store load`), and serves it by `spacekg serve --store`; another `spacekg serve`
answers from memory beside it, and where SPACEKG_BEFORE names the sources of another state of this code, so do the
front and the store that they make. One client with a connection to each, kept open, asks all in turns, each query once
and none kept; who is asked first changes. All answer with the same rows, or the run fails. The server is asked what
our front asks it: the same default graph. Processor time is that of all processes of a server for one query, its
workers included, but for our front without that of the server behind it.
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
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from spacekg import declared
from spacekg.backends import kinds
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


def asker(
    method: str, port: int, path: str, fixed: list[tuple[str, str]]
) -> Callable[[str], tuple[float, list[object]]]:
    """Make what asks a query on a connection that stays open: milliseconds, and the rows in an order of their own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Accept": RESULTS, "Accept-Encoding": "identity"}
    form = {**headers, "Content-Type": "application/x-www-form-urlencoded"}

    def ask(query: str) -> tuple[float, list[object]]:
        asked = urlencode([("query", query), *fixed])
        began = time.perf_counter()
        if method == "POST":
            connection.request("POST", path, asked, form)
        else:
            connection.request("GET", f"{path}?{asked}", headers=headers)
        response = connection.getresponse()
        content = response.read()
        spent = 1000 * (time.perf_counter() - began)
        if response.status != 200:
            raise SystemExit(f"{path}: HTTP {response.status}: {content[:300]!r}")
        answer = json.loads(content)
        rows = answer.get("results", {}).get("bindings", [answer.get("boolean")])
        if query.startswith("ASK") and "boolean" not in answer:  # Virtuoso has a row for yes
            rows = [bool(rows)]
        return spent, sorted(json.dumps(row, sort_keys=True).replace('"typed-literal"', '"literal"') for row in rows)

    return ask


def main() -> None:
    """Measure, and print a table."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--release", type=Path, default=Path("release"))
    given.add_argument("--store", default="", help="sparql+http://… of a server that runs and has the release")
    given.add_argument("--kind", default="oxigraph", help="which server that is")
    given.add_argument("--method", choices=("GET", "POST"), default="POST")
    given.add_argument("--asked", type=int, default=400, help="queries of each kind")
    options = given.parse_args()
    release = open_release(options.release)
    with ExitStack() as stack:
        address, processes = options.store, {}
        if not address:
            address, processes["bare"] = stack.enter_context(_oxigraph(release.folder))
        server = kinds.find(address, options.kind, declared.shipped() / "data")
        store, bare = ["--store", address, "--kind", options.kind], urlsplit(server.query)
        union = ("default-graph-uri", f"https://w3id.org/spacekg/stored/{release.id}/")
        askers = {"bare": asker(options.method, bare.port or 80, bare.path, [union, *server.within(30).items()])}
        for name, (around, more) in _sites(store).items():
            port = free()
            site = [*around, sys.executable, "-m", "spacekg", "serve", "--release", str(release.folder), *more]
            site += ["--port", str(port), "--limit", "kept_bytes=0", "--limit", "client_seconds=100000"]
            processes[name] = stack.enter_context(running(site, f"http://127.0.0.1:{port}/health"))
            askers[name] = asker(options.method, port, "/sparql", [])
        _measure(askers, options.asked, processes)


@contextmanager
def _oxigraph(release: Path) -> Iterator[tuple[str, int]]:
    """Run Oxigraph's server with a release in it; yields its address for --store, and its process id."""
    binary = shutil.which("oxigraph", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if not binary:
        raise SystemExit("there is no oxigraph: pip install -e '.[bench]'")
    place = f"127.0.0.1:{free()}"
    load = [sys.executable, "-m", "spacekg", "store", "load", "--store", f"sparql+http://{place}"]
    with tempfile.TemporaryDirectory() as folder:
        server = [binary, "serve", "--location", folder, "--bind", place]
        with running(server, f"http://{place}/query?query={quote('ASK {}')}") as process:
            subprocess.run(
                [*load, "--release", str(release)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            yield f"sparql+http://{place}", process


def _sites(store: list[str]) -> dict[str, tuple[list[str], list[str]]]:
    """Name the sites that are measured: what each is run by, and its options."""
    sources = os.environ.get("SPACEKG_BEFORE", "")
    if sources and not Path(sources, "spacekg").is_dir():
        raise SystemExit(f"SPACEKG_BEFORE: there is no spacekg in {sources}")
    sites: dict[str, tuple[list[str], list[str]]] = {"front": ([], store), "own store": ([], [])}
    if sources:
        sites |= {f"{name} before": (["env", f"PYTHONPATH={sources}"], more) for name, (_, more) in sites.items()}
    return dict(sorted(sites.items()))


Ask = Callable[[str], tuple[float, list[object]]]


def _measure(askers: dict[str, Ask], asked: int, processes: dict[str, int]) -> None:
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M}, load {os.getloadavg()[0]:.1f}, {asked} queries of each kind\n")
    print("| query | asked | p50, ms | more than bare, p50 | p95 of that | processor, ms |\n|---|---|---|---|---|---|")
    for kind, text in KINDS.items():
        spent: dict[str, list[float]] = {name: [] for name in askers}
        before: dict[str, float] = {}
        for number in range(-20, asked):
            if not number:
                before = {name: cpu(pid) for name, pid in processes.items()}
            query = text.format(name=f"{kind.replace(' ', '-')}-{number}") if number % 2 else text.format(name="nasa")
            query = f"{query} # {kind} {number}"
            first = number % len(askers)
            found = {name: askers[name](query) for name in [*askers, *askers][first : first + len(askers)]}
            if any(rows != found["bare"][1] for _, rows in found.values()):
                raise SystemExit(f"the answers differ: {query}")
            if number >= 0:
                for name, (took, _) in found.items():
                    spent[name].append(took)
        for name in askers:
            apart = [ours - theirs for theirs, ours in zip(spent["bare"], spent[name], strict=True)]
            figures = (statistics.median(spent[name]), statistics.median(apart), statistics.quantiles(apart, n=20)[18])
            used = f"{1000 * (cpu(processes[name]) - before[name]) / asked:.2f}" if name in processes else ""
            print(f"| {kind} | {name} | {' | '.join(f'{each:.2f}' for each in figures)} | {used} |", flush=True)


def cpu(pid: int) -> float:
    """Give the seconds of processor time that a process and those it has started have used, to the nanosecond."""
    children = (path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children"))
    # The clock of another process, as clock_getcpuclockid(3) makes its number.
    return time.clock_gettime((~pid << 3) | 2) + sum(cpu(int(each)) for found in children for each in found)


def _reached(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=20):
            return True
    except OSError:
        return False


if __name__ == "__main__":
    main()
