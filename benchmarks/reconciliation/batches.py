"""Batches of names asked of our service, csv-reconcile and datasette-reconcile over HTTP, in one run.

    python benchmarks/reconciliation/batches.py RELEASE FOLDER PEERS

RELEASE is the release to serve and FOLDER is for the lists; PEERS is the Python of an environment that has
csv-reconcile, datasette, datasette-reconcile and waitress. The names are all of tests/linking, 50 at a time; peers get
every shown name of the index. Each server runs alone, has its list asked over one connection (every name for the first
time) and then over four until the seconds are over. It prints a JSON line for each.
"""

from __future__ import annotations

import argparse
import csv
import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[2]
LISTS, WRITER = ROOT / "tests" / "linking", ROOT / "benchmarks" / "linking" / "peers.py"
BATCH, CONNECTIONS, MOST = 50, 4, 30.0
"""Names in a batch, connections at once, and seconds after which a list is not asked further."""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CSV = """
import sys
from csv_reconcile import create_app, initdb
from waitress import serve
folder, port = sys.argv[1:]
app = create_app(instance_path=f"{folder}/csv", scorerOption="dice")
with app.app_context():
    initdb.init_db_with_context(f"{folder}/names.csv", "id", "name")
serve(app, host="127.0.0.1", port=int(port), threads=4)
"""


def batches() -> list[bytes]:
    """Give the bodies of the requests: the names of all lists in a fixed mixture."""
    names = []
    for path in sorted(LISTS.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            names += [row["name"] for row in csv.DictReader(stream) if row["name"].strip()]
    random.Random(1).shuffle(names)
    queries = [{f"q{n}": {"query": name} for n, name in enumerate(names[at : at + BATCH])}
               for at in range(0, len(names) - BATCH + 1, BATCH)]  # fmt: skip
    return [urlencode({"queries": json.dumps(each)}).encode() for each in queries]


def commands(release: Path, folder: Path, python: str, port: int) -> dict[str, tuple[list[str], str]]:
    """Give the command of each server and the path of its service."""
    (folder / "csv").mkdir(exist_ok=True)
    (folder / "csv" / "reconcile.config").write_text('CSVENCODING = "utf-8"\nCSVKWARGS = {"delimiter": "\\t"}\n')
    settings = {"id_field": "id", "name_field": "name", "fts_table": "names_fts", "max_limit": 5}
    plugins = {"databases": {"names": {"tables": {"names": {"plugins": {"datasette-reconcile": settings}}}}}}
    (folder / "metadata.json").write_text(json.dumps(plugins))
    ours = [sys.executable, "-m", "spacekg", "serve", "--release", str(release), "--port", str(port)]
    tabled = [python, "-m", "datasette", "serve", str(folder / "names.db"), "-m", str(folder / "metadata.json")]
    return {
        "spacekg": ([*ours, "--limit", "names_seconds=100000"], "/reconcile"),
        "datasette-reconcile": ([*tabled, "-p", str(port)], "/names/names/-/reconcile"),
        "csv-reconcile": ([python, "-c", CSV, str(folder), str(port)], "/reconcile"),
    }


@contextmanager
def running(command: list[str], port: int, path: str, log: Path) -> Iterator[int]:
    """Run a server until it is not needed; yields its process id once it answers."""
    with log.open("wb") as said, subprocess.Popen(command, stdout=said, stderr=said) as server:
        try:
            end = time.monotonic() + 300
            while not answers(port, path):
                if server.poll() is not None or time.monotonic() > end:
                    raise SystemExit(log.read_text(encoding="utf-8", errors="replace"))
                time.sleep(0.2)
            settle(server.pid, end)
            yield server.pid
        finally:
            server.terminate()


def answers(port: int, path: str) -> bool:
    """Whether the service gives its manifest."""
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False


def settle(pid: int, end: float) -> None:
    """Wait until a server has done what it does after its start."""
    before, now = -1.0, spent(pid)
    while now - before > 0.02 and time.monotonic() < end:
        time.sleep(1)
        before, now = now, spent(pid)


def spent(pid: int) -> float:
    """Processor time of a process and its children, in seconds."""
    parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = sum(map(int, parts[11:15])) / os.sysconf("SC_CLK_TCK")
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(spent(int(child)) for child in children if Path(f"/proc/{child}").exists())


def ask(port: int, path: str, bodies: Iterator[bytes], end: float) -> list[float]:
    """Ask batch after batch over one connection; gives the seconds each took."""
    connection, took = http.client.HTTPConnection("127.0.0.1", port, timeout=300), []
    for body in bodies:
        began = time.monotonic()
        if began > end:
            break
        connection.request("POST", path, body, FORM)
        response = connection.getresponse()
        content = json.loads(response.read())
        if response.status != 200 or len(content) != BATCH:
            raise SystemExit(f"{response.status}: {str(content)[:200]}")
        took.append(time.monotonic() - began)
    return took


def measured(pid: int, port: int, path: str, seconds: float) -> dict[str, float]:
    """Ask all once over one connection, then for some seconds over several."""
    bodies = batches()
    before = spent(pid)
    once = ask(port, path, iter(bodies), time.monotonic() + MOST)
    first = (spent(pid) - before) / len(once)
    found: list[float] = []
    began, before = time.monotonic(), spent(pid)
    threads = [threading.Thread(target=lambda at=at: found.extend(ask(port, path, _again(bodies, at), began + seconds)))
               for at in range(CONNECTIONS)]  # fmt: skip
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    lasted = time.monotonic() - began
    return {
        "batches_once": len(once),
        "median_ms": round(1000 * statistics.median(once), 1),
        "p95_ms": round(1000 * sorted(once)[int(0.95 * len(once))], 1),
        "cpu_ms_once": round(1000 * first, 1),
        "batches_again": len(found),
        "per_second_again": round(len(found) / lasted, 2),
        "cpu_ms_again": round(1000 * (spent(pid) - before) / len(found), 1),
    }


def _again(bodies: list[bytes], at: int) -> Iterator[bytes]:
    while True:
        yield bodies[at % len(bodies)]
        at += 1


def main() -> None:
    """Measure each server and print a line for it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("peers")
    parser.add_argument("--seconds", type=float, default=10.0)
    given = parser.parse_args()
    subprocess.run([sys.executable, str(WRITER), "list", str(given.release), str(given.folder)], check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for name, (command, path) in commands(given.release, given.folder, given.peers, port).items():
        with running(command, port, path, given.folder / f"{name}.log") as pid:
            load = os.getloadavg()[0]
            print(json.dumps({"server": name, "load": load, **measured(pid, port, path, given.seconds)}), flush=True)


if __name__ == "__main__":
    main()
