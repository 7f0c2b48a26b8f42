"""How much server each question costs here and at other endpoints, on the same graph, in the same run.

    python benchmarks/endpoint/measure.py --triples 1000000 --work scratch --out figures.json
    python benchmarks/endpoint/report.py figures.json

starts every endpoint that is installed (see peers.py), checks that they answer alike, asks each question of queries/ in
turns, then loads each with wrk: look-ups of which no two are the same, and a mix that repeats itself, first with
nothing asked before, then after each of its questions has been asked once ("warmed"). What holds on
a busy machine is the processor time of the server for each request, taken from the clocks of its processes; times on
the clock are medians. Needs wrk; oxigraph, rdflib-endpoint, virtuoso-t and isql-vt, comunica-sparql-file-http on the
PATH and FUSEKI_JAR in the environment for those peers.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import json
import platform
import random
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import graph
import questions
from graph import Size
from peers import PEERS, Data, Endpoint

HERE = Path(__file__).parent
RESULTS, GRAPHS = "application/sparql-results+json", "application/n-triples"
SLOW = 10.0
"""Seconds after which a question is given up at an endpoint, for the rest of the run."""
BATCH = 0.25
"""Seconds for which a question is asked in one turn."""
PATHS = 20_000
CONNECTIONS = (1, 8, 64)
WARMING = 60.0
"""Seconds for which an endpoint is asked what it will be asked again; those that keep no answers need not see all."""
ACCEPTED = f"{RESULTS}, {GRAPHS};q=0.9"
"""As load.lua sends it."""

Json = dict[str, Any]


def main() -> None:
    """Measure, and write the figures as JSON."""
    given = _arguments()
    # Told to end, it still stops what it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    given.work.mkdir(parents=True, exist_ok=True)
    of = graph.size(given.triples)
    data = data_of(given.triples, given.work)
    figures: Json = {"at": datetime.now(UTC).date().isoformat(), "machine": machine(), "asked": given.triples}
    figures["triples"] = sum(1 for _ in data.quads.open())
    endpoints = []
    try:
        for name in given.peers:
            try:
                endpoints.append(PEERS[name](data))
                print(f"{endpoints[-1].name}: answers after {endpoints[-1].seconds:.1f} s", flush=True)
            except (OSError, subprocess.SubprocessError) as error:
                print(f"{name}: left out ({error})", flush=True)
        figures["start"] = {each.name: {"seconds": each.seconds, "megabytes": each.memory()} for each in endpoints}
        figures["questions"] = _questions(endpoints, of, given.rounds)
        given.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        figures["load"] = _load(endpoints, of, given)
        figures["after"] = {each.name: each.memory() for each in endpoints}
    finally:
        for endpoint in endpoints:
            endpoint.stop()
    given.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _questions(endpoints: Sequence[Endpoint], of: Size, rounds: int) -> Json:
    """Ask each question in turns, about other things each time."""
    chance = random.Random(3)
    told: Json = {name: {each.name: {"cpu": [], "clock": []} for each in endpoints} for name in questions.TEXTS}
    given_up: set[tuple[str, str]] = set()
    for number in range(rounds + 1):  # the first one warms up, and shows whether they answer alike
        for name in questions.TEXTS:
            # A comment makes each a text of its own, so that none is one that somebody has kept.
            asked = [f"{questions.ask(name, of, chance)}# {chance.random()}" for _ in range(200)]
            answers = {}
            for endpoint in chance.sample(list(endpoints), len(endpoints)):
                if (name, endpoint.name) in given_up:
                    continue
                figure = told[name][endpoint.name]
                try:
                    answers[endpoint.name], cpu, clock = _batch(endpoint, asked)
                except (OSError, http.client.HTTPException, ValueError) as error:
                    given_up.add((name, endpoint.name))
                    figure["failed"] = f"{type(error).__name__}: {error}"[:200]
                    continue
                if number:
                    figure["cpu"].append(cpu)
                    figure["clock"].append(clock)
                else:
                    figure["bytes"] = len(answers[endpoint.name][0])
            if not number:
                told[name]["differ"] = _different(name, answers)
        print(f"round {number} done", flush=True)
    return told


def _batch(endpoint: Endpoint, asked: Sequence[str]) -> tuple[list[bytes], float, float]:
    """Ask for a while; gives the answers, and the median milliseconds of processor and clock for each."""
    connection = http.client.HTTPConnection("127.0.0.1", endpoint.port, timeout=SLOW)
    answers, clocks = [], []
    before, end = endpoint.cpu(), time.monotonic() + BATCH
    try:
        for number, query in enumerate(asked):
            if number and time.monotonic() > end:
                break
            began = time.perf_counter()
            kind = GRAPHS if "CONSTRUCT" in query else RESULTS
            connection.request("GET", endpoint.address(query), headers={"Accept": kind})
            response = connection.getresponse()
            answers.append(response.read())
            clocks.append(time.perf_counter() - began)
            if response.status != http.client.OK:
                raise ValueError(f"{response.status} {answers[-1][:100]!r}")
    finally:
        connection.close()
    return answers, 1000 * (endpoint.cpu() - before) / len(answers), 1000 * statistics.median(clocks)


def _different(name: str, answers: dict[str, list[bytes]]) -> list[str]:
    """Name the endpoints that do not answer as most of them do."""
    read = {peer: _read(name, given[0]) for peer, given in answers.items()}
    most = statistics.mode(read.values()) if read else ""
    return sorted(peer for peer, answer in read.items() if answer != most)


def _read(name: str, answer: bytes) -> str:
    """Reduce an answer to what must be the same everywhere."""
    if questions.TEXTS[name].partition("\n")[2].startswith("CONSTRUCT"):
        return str(len(answer.splitlines()))
    content = json.loads(answer)
    if "boolean" in content:
        return str(content["boolean"])
    rows = [sorted((each, _value(row[each]["value"])) for each in row) for row in content["results"]["bindings"]]
    if "LIMIT 5000" in questions.TEXTS[name]:
        return str(len(rows))
    return hashlib.sha256(json.dumps(sorted(rows)).encode()).hexdigest()


def _value(text: str) -> str:
    try:
        return f"{float(text):g}"
    except ValueError:
        return text


def _load(endpoints: Sequence[Endpoint], of: Size, given: argparse.Namespace) -> list[Json]:
    """Load one endpoint after the other, in turns, as many times as there are rounds."""
    again = questions.repeated(of, PATHS)
    mixes = {"distinct": list(questions.distinct(of, PATHS)), "repeated": again, "warmed": again}
    told = []
    for mix, texts in mixes.items():
        for endpoint in endpoints if mix == "warmed" and given.seconds else ():
            _warm(endpoint, list(dict.fromkeys(texts)))
        for connections in CONNECTIONS:
            for _ in range(given.rounds if given.seconds else 0):
                for endpoint in endpoints:
                    paths = given.work / "paths.txt"
                    # What was asked in the run before is no question that nobody asked.
                    asked = [f"{text} {len(told)}" for text in texts] if mix == "distinct" else texts
                    paths.write_text("\n".join(map(endpoint.address, asked)) + "\n", encoding="utf-8")
                    figure = _loaded(endpoint, paths, connections, given.seconds)
                    told.append({"mix": mix, "connections": connections, "endpoint": endpoint.name, **figure})
            print(f"{mix} at {connections} done", flush=True)
    return told


def _warm(endpoint: Endpoint, texts: Sequence[str]) -> None:
    """Ask each question once, for as long as there is time."""
    end = time.monotonic() + WARMING
    for text in texts:
        connection = http.client.HTTPConnection("127.0.0.1", endpoint.port, timeout=SLOW)
        try:
            connection.request("GET", endpoint.address(text), headers={"Accept": ACCEPTED})
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            continue  # what it does not answer is seen when it is loaded
        finally:
            connection.close()
        if time.monotonic() > end:
            return


def _loaded(endpoint: Endpoint, paths: Path, connections: int, seconds: int) -> Json:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", str(HERE / "load.lua")]
    before = endpoint.cpu()
    run = subprocess.run(
        [*command, f"http://127.0.0.1:{endpoint.port}", "--", str(paths)], capture_output=True, text=True, check=True
    )
    spent = endpoint.cpu() - before
    _, requests, duration, p50, p99, failed = run.stdout[run.stdout.index("RESULT") :].split()[:6]
    number = max(1, int(requests))
    return {
        "rate": int(requests) / (int(duration) / 1e6), "cpu": 1000 * spent / number, "p50": float(p50) / 1000,
        "p99": float(p99) / 1000, "requests": int(requests), "failed": int(failed),
    }  # fmt: skip


def data_of(triples: int, work: Path) -> Data:
    """Give the graph of about so many triples, written once."""
    data = Data(work / f"graph-{triples}.nq", work / f"doubled-{triples}.nq", work)
    if not data.doubled.exists():
        graph.write(triples, data.quads)
        with data.quads.open() as lines, data.doubled.open("w") as file:
            for line in lines:
                file.write(line)
                file.write(f"{line.rpartition(' <')[0]} .\n")
    return data


def machine() -> Json:
    """Say what this was measured on."""
    about = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":")[1].strip() for line in about if "model name" in line), "")
    load = Path("/proc/loadavg").read_text().split()[0]
    return {"model": model, "python": platform.python_version(), "system": platform.system(), "load": load}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--triples", type=int, default=10_000)
    parser.add_argument("--work", type=Path, required=True, help="a folder for graphs and databases")
    parser.add_argument("--out", type=Path, required=True, help="where the figures are written")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3, help="how long wrk runs each time; 0 for not at all")
    parser.add_argument("peers", nargs="*", default=list(PEERS), help=", ".join(PEERS))
    return parser.parse_args()


if __name__ == "__main__":
    main()
