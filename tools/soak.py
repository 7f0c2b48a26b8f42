"""Asks a server good and hostile queries for minutes, kills its workers meanwhile, and prints a table: make soak.

Each promise of docs/robustness.md that it can show is a row with pass or FAIL; it ends with 1 when one failed. Light
traffic is asked from a process of its own, first alone as the control, then beside the hostile clients.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO
from urllib.parse import quote, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests import hostile

from spacekg.workers.copies import LEAST

GOOD = [
    "SELECT ?label { <https://w3id.org/spacekg/id/nasa> <http://www.w3.org/2000/01/rdf-schema#label> ?label }",
    "SELECT ?p ?o { <https://w3id.org/spacekg/id/jwst> ?p ?o } ORDER BY ?p ?o",
    "ASK { <https://w3id.org/spacekg/id/esa> ?p ?o }",
    "SELECT ?who { <https://w3id.org/spacekg/id/jwst> <https://w3id.org/spacekg/ontology#hasParticipant> ?who }",
]
HEAVY = "SELECT ?type (COUNT(*) AS ?n) { ?s a ?type ; ?p ?o } GROUP BY ?type ORDER BY ?type"
PAGES = ["/health", "/", "/page/nasa", "/data/nasa.ttl", "/metrics"]
PAUSE = 0.03
"""Seconds that a light client rests between two requests."""
WARM_UP = 15.0
"""Seconds after which memory is measured for the first time."""
GROWTH = 1.10
LIGHT = 0.2
"""Seconds in which 99 of 100 light requests are to be answered, as the client sees it."""
LATE = 0.5
"""Seconds that a query may take beyond its deadline, and that a good query may take after a bad one."""
SHOWN = 12
"""Hostile shapes in the table: those that took longest."""
SPARE = 20
"""Open files that connections of the moment may add."""
LOOKED_AFTER = 0.5
"""How many of the hostile queries are followed at once by a good one."""
CONTROL = 10.0
"""Seconds of light traffic alone, before the hostile clients begin: what the machine can do now."""
STATUSES = {200, 400, 403, 406, 413, 415, 429, 503, 504}


@dataclass
class Seen:
    """What was observed; one for all threads."""

    light: list[float] = field(default_factory=list)
    """Seconds of each light request, at the client."""
    control: list[float] = field(default_factory=list)
    """The same before the hostile clients begin."""
    after_bad: list[float] = field(default_factory=list)
    """Seconds of each good query that was asked as soon as a hostile one was answered."""
    shapes: dict[str, list[float]] = field(default_factory=dict)
    """Seconds of the hostile queries of each shape."""
    tracebacks: int = 0
    light_wrong: Counter[str] = field(default_factory=Counter)
    hostile: Counter[str] = field(default_factory=Counter)
    hostile_wrong: Counter[str] = field(default_factory=Counter)
    overtime: float = 0.0
    memory: list[int] = field(default_factory=list)
    rest: list[int] = field(default_factory=list)
    """Memory before and after the load."""
    copies: int = LEAST
    """Memory that the workers may add by copying what they share (docs/limits.md)."""
    files: list[int] = field(default_factory=list)
    kills: int = 0


def ask(place: str, source: str, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes, float]:
    """One request on a connection of its own."""
    began = time.monotonic()
    connection = http.client.HTTPConnection(place, timeout=60, source_address=(source, 0))
    try:
        connection.request(method, path, body, {"Content-Type": "application/sparql-query"} if body else {})
        response = connection.getresponse()
        content = response.read()
        return response.status, content, time.monotonic() - began
    finally:
        connection.close()


def light_traffic(place: str, seconds: float, seen: Seen) -> list[float]:
    """Ask as light clients do, from a process of its own, so that it waits for no thread but the server's."""
    with multiprocessing.get_context("spawn").Pool(1) as process:
        times, wrong = process.apply(_light_traffic, (place, seconds))
    seen.light_wrong.update(wrong)
    return times


def _light_traffic(place: str, seconds: float) -> tuple[list[float], Counter[str]]:
    seen, done = Seen(), threading.Event()
    threads = [
        threading.Thread(target=be_light, args=(place, f"127.0.1.{number}", seen, done)) for number in range(1, 4)
    ]
    for thread in threads:
        thread.start()
    done.wait(seconds)
    done.set()
    for thread in threads:
        thread.join()
    return seen.light, seen.light_wrong


def be_light(place: str, source: str, seen: Seen, done: threading.Event) -> None:
    """Ask what anybody asks, and expect the answer."""
    chance = random.Random(source)
    while not done.wait(PAUSE):
        path = chance.choice(PAGES) if chance.random() < 0.2 else f"/sparql?query={quote(chance.choice(GOOD))}"
        try:
            status, content, took = ask(place, source, "GET", path)
        except (OSError, http.client.HTTPException) as error:
            seen.light_wrong[type(error).__name__] += 1
            continue
        seen.light.append(took)
        if status != 200 or not content:
            seen.light_wrong[f"{status} {problem(content)}"] += 1


def be_hostile(place: str, source: str, seed: int, seen: Seen, done: threading.Event) -> None:
    """Ask whatever may do harm, without rest."""
    chance = random.Random(seed)
    queries = sorted(hostile.queries().items())
    while not done.is_set():
        shape, query = chance.choice(queries)
        try:
            status, content, took = ask(place, source, "POST", "/sparql", query.encode())
        except (OSError, http.client.HTTPException) as error:
            seen.hostile_wrong[type(error).__name__] += 1
            continue
        name = f"{status} {problem(content)}".strip()
        seen.hostile[name] += 1
        seen.shapes.setdefault(shape, []).append(took)
        seen.tracebacks += b"Traceback" in content
        if chance.random() < LOOKED_AFTER:
            with suppress(OSError, http.client.HTTPException):
                status_after, _, took = ask(place, f"127.0.4.{source[-1]}", "GET", f"/sparql?query={quote(GOOD[2])}")
                seen.after_bad.append(took if status_after == 200 else 60.0)
        if status not in STATUSES or b"Traceback" in content:
            seen.hostile_wrong[name] += 1


def problem(content: bytes) -> str:
    """The name of the problem that an answer tells of."""
    try:
        return str(json.loads(content)["type"]).rpartition("/")[2]
    except (ValueError, KeyError, TypeError):
        return ""


def family(pid: int) -> dict[int, int]:
    """A process and all that descend from it, each with its parent."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
    found = {pid: 0}
    while more := {child: parent for child, parent in parents.items() if parent in found and child not in found}:
        found |= more
    return found


def workers(pid: int) -> list[int]:
    """The query workers of a server: server, nursery, spawner, worker."""
    parents = family(pid)
    return [child for child in parents if parents.get(parents.get(parents[child], 0), 0) == pid]


def memory(pid: int) -> int:
    """Bytes that a server and its processes have for themselves, shared ones counted once."""
    total = 0
    for each in family(pid):
        try:
            rows = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(row.split()[1]) * 1024 for row in rows if row.startswith("Pss:"))
    return total


def copies(pid: int) -> int:
    """Bytes of copies that workers may keep: what the data take, as the largest process of the server shows it."""
    sizes = [Path(f"/proc/{each}/statm").read_text().split()[1] for each in family(pid)]
    return max(LEAST, *(int(pages) * os.sysconf("SC_PAGE_SIZE") for pages in sizes))


def run(server: subprocess.Popen[str], place: str, options: argparse.Namespace) -> Seen:
    """Ask, kill and measure until the time is over."""
    seen, done = Seen(), threading.Event()
    threads = [
        threading.Thread(target=be_hostile, args=(place, f"127.0.2.{1 + number // 2}", number, seen, done))
        for number in range(2 * options.hostile)
    ]
    settle(place)
    seen.control = light_traffic(place, CONTROL, seen)
    seen.rest.append(memory(server.pid))
    for thread in threads:
        thread.start()
    light = threading.Thread(target=lambda: seen.light.extend(light_traffic(place, options.seconds, seen)))
    light.start()
    chance, began, next_look = random.Random(0), time.monotonic(), WARM_UP
    pause = (options.seconds - WARM_UP) / max(1, options.kills)
    while (now := time.monotonic() - began) < options.seconds and server.poll() is None:
        done.wait(min(pause, 1.0))
        alive = workers(server.pid)
        if alive and seen.kills < min(options.kills, (now - WARM_UP) / pause):
            os.kill(chance.choice(alive), signal.SIGKILL)
            seen.kills += 1
        if now >= next_look:
            next_look += 5
            seen.memory.append(memory(server.pid))
            seen.files.append(len(list(Path(f"/proc/{server.pid}/fd").iterdir())))
    done.set()
    for thread in [*threads, light]:
        thread.join()
    settle(place)
    seen.rest.append(memory(server.pid))
    return seen


def settle(place: str) -> None:
    """Ask each worker something, so that those that were killed are gone and all have what they need."""
    path = f"/sparql?query={quote(HEAVY)}"
    with ThreadPoolExecutor(8) as threads:
        for number in range(80):
            threads.submit(ask, place, f"127.0.3.{1 + number % 8}", "GET", path)


def overtime(log: TextIO, seconds: float) -> float:
    """How long the server took at most for a hostile query beyond its deadline, by its own log, waiting included.

    Others ask more at once than are worked on, so they wait for their turn, which is no overtime.
    """
    log.seek(0)
    lines = [json.loads(line) for line in log if line.startswith("{")]
    late = [line for line in lines if line.get("outcome") == "deadline" and line["client"].startswith("127.0.2.")]
    return max((line["seconds"] - seconds for line in late), default=0.0)


def at(ordered: list[float], part: float) -> float:
    """The milliseconds that so great a part of all took at most."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000


def told(seen: Seen, server: subprocess.Popen[str], options: argparse.Namespace) -> int:
    """Print the table; 0 when all held."""
    light = sorted(seen.light) or [0.0]
    early, late = seen.rest[0], seen.rest[-1]
    wrong = sum(seen.light_wrong.values())
    rows = [
        ("seconds", f"{options.seconds:g}"),
        ("hostile clients, two requests at once each", str(options.hostile)),
        ("workers killed", str(seen.kills)),
        ("light requests", f"{len(light):,}"),
        ("light requests that failed", f"{wrong} {dict(seen.light_wrong) or ''}"),
        ("light alone, at the client: median, p99, longest", parts(seen.control)),
        ("light beside hostile, at the client", parts(light)),
        ("good queries right after hostile ones", f"{len(seen.after_bad)}: {parts(seen.after_bad)}"),
        ("hostile requests", f"{sum(seen.hostile.values()):,}"),
        *((f"… {name}", f"{number:,}") for name, number in sorted(seen.hostile.items())),
        ("hostile: broken promises", f"{sum(seen.hostile_wrong.values())} {dict(seen.hostile_wrong) or ''}"),
        ("longest over the deadline", f"{seen.overtime:.2f} s"),
        ("memory of all processes, before and after", f"{early / 1e6:.0f} MB, {late / 1e6:.0f} MB"),
        ("copies that workers may keep", f"{seen.copies / 1e6:.0f} MB"),
        ("memory at most, with what hostile queries took", f"{max(seen.memory or [0]) / 1e6:.0f} MB"),
        ("open files of the server, first and last", f"{seen.files[:1]}, {seen.files[-1:]}"),
    ]
    slowest = sorted(seen.shapes.items(), key=lambda item: -max(item[1]))
    rows += [(f"shape {name}", f"{len(times)}: {parts(times)}") for name, times in slowest[:SHOWN]]
    promises = promised(seen, server, light)
    rows += [(promise, "pass" if held else "FAIL") for promise, held in promises]
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        print(f"| {name:{width}} | {value} |")
    return 0 if all(held for _, held in promises) else 1


def parts(times: list[float]) -> str:
    """Median, the 99th of 100 and the longest."""
    ordered = sorted(times) or [0.0]
    return ", ".join(f"{at(ordered, part):.0f} ms" for part in (0.5, 0.99, 1))


def promised(seen: Seen, server: subprocess.Popen[str], light: list[float]) -> list[tuple[str, bool]]:
    """Each promise of docs/robustness.md that this run can show, and whether it was held; unseen is not held."""
    wrong = Counter(seen.light_wrong)
    lost = wrong.pop("503 lost-worker", 0)
    return [
        ("the server never goes down", server.poll() is None),
        (f"no query ran past its deadline by more than {LATE:g} s", seen.overtime <= LATE),
        ("nobody saw a traceback", not seen.tracebacks),
        ("hostile requests were answered as docs/limits.md says", not seen.hostile_wrong),
        (f"a good query after a bad one took at most {LATE:g} s", 0 < max(seen.after_bad or [0.0]) <= LATE),
        (f"light p99 beside hostile clients at most {LIGHT * 1000:g} ms", at(light, 0.99) <= LIGHT * 1000),
        ("kills lost at most the query that was worked on", len(light) > 0 and lost <= seen.kills and not wrong),
        (
            f"memory is at most {GROWTH:g} times as before with the copies that workers may keep",
            seen.rest[-1] <= (seen.rest[0] + seen.copies) * GROWTH,
        ),
        ("open files stay as many", not seen.files or seen.files[-1] <= seen.files[0] + SPARE),
    ]


def main() -> int:
    """Start a server, put it under load, end it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", type=Path, help="a release, or the folder that holds releases")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument(
        "--hostile", type=int, default=2, help="hostile clients, each with as many queries as are worked on at once"
    )
    parser.add_argument("--deadline", type=float, default=3.0, help="seconds that a query may take")
    options = parser.parse_args()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # The hostile clients would soon have used up their time, and the load would be none; so would it of kept answers.
    limits = [f"--limit={name}" for name in (f"seconds={options.deadline}", "client_seconds=100000", "kept_bytes=0")]
    command = [
        sys.executable,
        "-m",
        "spacekg",
        "serve",
        "--port",
        str(port),
        "--release",
        str(options.release),
        *limits,
    ]
    began = time.monotonic()
    with (
        tempfile.TemporaryFile("w+") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as server,
    ):
        assert server.stdout is not None
        address = server.stdout.readline().split()[-1]
        print(f"| ready after | {time.monotonic() - began:.2f} s |")
        try:
            may_keep = copies(server.pid)
            seen = run(server, urlsplit(address).netloc, options)
            seen.copies, seen.overtime = may_keep, overtime(log, options.deadline)
            return told(seen, server, options)
        finally:
            server.terminate()


if __name__ == "__main__":
    sys.exit(main())
