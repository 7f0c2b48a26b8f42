"""What a look-up that nobody asked before costs, in the server and in its workers, beside other code and Oxigraph.

    SPACEKG_BEFORE=../before/src python benchmarks/endpoint/lookups.py --work scratch --out lookups.json

All endpoints run at once and are loaded with wrk in turns, in another order each round, with look-ups of which hardly
two are the same. SPACEKG_BEFORE names the sources that this code is compared with; without it there is none.
For each endpoint and number of connections it prints, for each request: milliseconds of processor of the server's own
process, of all others (workers) and of both, how often a thread gave the processor up or was taken off it, and pages
that were copied or came newly; as medians of the rounds, and for processor time also the least of them. Where other
programs run, caches are cold after each of their turns, and only many short rounds have one that was hardly disturbed.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import graph
import questions
from measure import CONNECTIONS, PATHS, data_of, loaded, machine
from peers import PEERS, Data, Endpoint

COUNTED = ("server", "workers", "both", "gave_up", "taken_off", "pages", "rate")
LEAST = ("server", "workers", "both")


def main() -> None:
    """Measure, print a table, and write all figures as JSON."""
    given = _arguments()
    given.work.mkdir(parents=True, exist_ok=True)
    of, data = graph.size(given.triples), data_of(given.triples, given.work)
    texts = list(questions.distinct(of, PATHS))
    endpoints: list[Endpoint] = []
    told: list[dict[str, Any]] = []
    chance = random.Random(4)
    try:
        endpoints += _started(given.peers, data)
        for number in range(given.rounds + 1):  # the first one warms up
            for connections in given.connections:
                for endpoint in chance.sample(endpoints, len(endpoints)):
                    chance.shuffle(texts)
                    figure = _figure(endpoint, texts, connections, given)
                    if number:
                        told.append({"endpoint": endpoint.name, "connections": connections, "round": number, **figure})
    finally:
        for endpoint in endpoints:
            endpoint.stop()
    given.out.write_text(json.dumps({"machine": machine(), "rounds": told}, indent=1) + "\n", encoding="utf-8")
    _print(told, [endpoint.name for endpoint in endpoints], given.connections)


def _started(names: list[str], data: Data) -> list[Endpoint]:
    endpoints = []
    for name in names:
        try:
            endpoints.append(PEERS[name](data))
        except OSError as error:
            print(f"{name}: left out ({error})", file=sys.stderr, flush=True)
    return endpoints


def _figure(endpoint: Endpoint, texts: list[str], connections: int, given: argparse.Namespace) -> dict[str, float]:
    paths = given.work / "paths.txt"
    paths.write_text("\n".join(map(endpoint.address, texts)) + "\n", encoding="utf-8")
    before = _counts(endpoint)
    run = loaded(endpoint, paths, connections, given.seconds)
    after = _counts(endpoint)
    spent = {name: (after[name] - before[name]) / max(1, run["requests"]) for name in after}
    return {**spent, "rate": run["rate"], "failed": run["failed"], "p50": run["p50"], "p99": run["p99"]}


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
    print("| connections | endpoint | " + " | ".join([*COUNTED, *(f"least {key}" for key in LEAST)]) + " |")
    for number in connections:
        for name in names:
            rows = [row for row in told if (row["endpoint"], row["connections"]) == (name, number)]
            medians = [statistics.median(float(row[key]) for row in rows) for key in COUNTED]
            least = [min(float(row[key]) for row in rows) for key in LEAST]
            print(
                f"| {number} | {name} | " + " | ".join(f"{each:.3f}" for each in [*medians, *least]) + " |", flush=True
            )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--triples", type=int, default=100_000)
    parser.add_argument("--work", type=Path, required=True, help="a folder for graphs")
    parser.add_argument("--out", type=Path, required=True, help="where the figures are written")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3, help="how long wrk runs each time")
    parser.add_argument("--connections", type=int, nargs="*", default=list(CONNECTIONS))
    parser.add_argument("peers", nargs="*", default=["spacekg", "spacekg-before", "oxigraph-memory"])
    return parser.parse_args()


if __name__ == "__main__":
    main()
