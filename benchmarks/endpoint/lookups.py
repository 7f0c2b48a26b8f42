"""What a look-up that nobody asked before costs, in the server and in its workers, beside other code and Oxigraph.

    SPACEKG_BEFORE=../before/src python benchmarks/endpoint/lookups.py --work scratch --out lookups.json

All endpoints run at once and are asked in turns, in another order each time, a batch of look-ups of which no two are
the same. SPACEKG_BEFORE names the sources that this code is compared with; without it there is none. For each endpoint
and number of connections it prints, for each request: milliseconds of processor of the server's own process, of all
others (workers) and of both, how often a thread gave the processor up or was taken off it, and pages that were copied
or came newly; as medians of the batches, and for processor time also their fifth percentile. Where other programs run,
caches are cold after each of their turns, and the batches that were hardly disturbed are few.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import graph
import questions
from measure import ACCEPTED, CONNECTIONS, PATHS, data_of, machine
from peers import PEERS, Data, Endpoint

BATCH = 48
"""Requests that are asked between two looks at the clocks, at least."""
COUNTED = ("server", "workers", "both", "gave_up", "taken_off", "pages")
TIMES = COUNTED[:3]


def main() -> None:
    """Measure, print a table, and write all figures as JSON."""
    given = _arguments()
    given.work.mkdir(parents=True, exist_ok=True)
    of, data = graph.size(given.triples), data_of(given.triples, given.work)
    texts = list(dict.fromkeys(questions.distinct(of, PATHS)))
    endpoints: list[Endpoint] = []
    told: list[dict[str, Any]] = []
    chance = random.Random(4)
    try:
        endpoints += _started(given.peers, data)
        for connections in given.connections:
            open_ones = {each.name: [_opened(each) for _ in range(connections)] for each in endpoints}
            for number in range(-given.batches // 10, given.batches):  # those below zero warm up
                for endpoint in chance.sample(endpoints, len(endpoints)):
                    # A comment makes each a text of its own, so that none is one that somebody has kept.
                    asked = [f"{text}# {chance.random()}" for text in chance.choices(texts, k=max(BATCH, connections))]
                    figure = _figure(endpoint, open_ones[endpoint.name], asked)
                    if number >= 0:
                        told.append({"endpoint": endpoint.name, "connections": connections, **figure})
            for connection in (each for opened in open_ones.values() for each in opened):
                connection.close()
    finally:
        for endpoint in endpoints:
            endpoint.stop()
    given.out.write_text(json.dumps({"machine": machine(), "batches": told}) + "\n", encoding="utf-8")
    _print(told, [endpoint.name for endpoint in endpoints], given.connections)


def _started(names: list[str], data: Data) -> list[Endpoint]:
    endpoints = []
    for name in names:
        try:
            endpoints.append(PEERS[name](data))
        except OSError as error:
            print(f"{name}: left out ({error})", file=sys.stderr, flush=True)
    return endpoints


def _opened(endpoint: Endpoint) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection("127.0.0.1", endpoint.port, timeout=60)
    connection.connect()
    return connection


def _figure(endpoint: Endpoint, connections: list[http.client.HTTPConnection], asked: list[str]) -> dict[str, float]:
    """Ask a batch, as many at a time as there are connections."""
    before = _counts(endpoint)
    for start in range(0, len(asked) - len(connections) + 1, len(connections)):
        for connection, text in zip(connections, asked[start:], strict=False):
            connection.request("GET", endpoint.address(text), headers={"Accept": ACCEPTED})
        for connection in connections:
            with connection.getresponse() as response:
                if response.status != http.client.OK or not response.read():
                    raise ValueError(f"{endpoint.name}: {response.status}")
    after = _counts(endpoint)
    number = len(asked) // len(connections) * len(connections)
    return {name: (after[name] - before[name]) / number for name in after}


def _counts(endpoint: Endpoint) -> dict[str, float]:
    """Count what the processes of an endpoint have used so far; processor time in milliseconds."""
    own, *others = endpoint.tree()
    counts = {"server": 1000 * _clock(own), "workers": 1000 * sum(map(_clock, others))}
    counts["both"] = counts["server"] + counts["workers"]
    counts["gave_up"] = counts["taken_off"] = counts["pages"] = 0.0
    for process in (own, *others):
        try:
            tasks = [each.read_text() for each in Path(f"/proc/{process}/task").glob("*/status")]
            counts["pages"] += int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[7])
        except OSError:
            continue
        for name, key in (("gave_up", "\nvoluntary_ctxt_switches:"), ("taken_off", "\nnonvoluntary_ctxt_switches:")):
            counts[name] += sum(int(task.partition(key)[2].split()[0]) for task in tasks)
    return counts


def _clock(process: int) -> float:
    try:
        return time.clock_gettime((~process << 3) | 2)
    except OSError:
        return 0.0


def _print(told: list[dict[str, Any]], names: list[str], connections: list[int]) -> None:
    print("| connections | endpoint | " + " | ".join([*COUNTED, *(f"{key}, 5 %" for key in TIMES)]) + " |")
    for number in connections:
        for name in names:
            rows = [row for row in told if (row["endpoint"], row["connections"]) == (name, number)]
            medians = [statistics.median(row[key] for row in rows) for key in COUNTED]
            least = [statistics.quantiles([row[key] for row in rows], n=20)[0] for key in TIMES]
            cells = [str(number), name, *(f"{each:.3f}" for each in [*medians, *least])]
            print(f"| {' | '.join(cells)} |", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--triples", type=int, default=100_000)
    parser.add_argument("--work", type=Path, required=True, help="a folder for graphs")
    parser.add_argument("--out", type=Path, required=True, help="where the figures are written")
    parser.add_argument("--batches", type=int, default=100)
    parser.add_argument("--connections", type=int, nargs="*", default=list(CONNECTIONS))
    parser.add_argument("peers", nargs="*", default=["spacekg", "spacekg-before", "oxigraph-memory"])
    return parser.parse_args()


if __name__ == "__main__":
    main()
