"""Measure engines side by side: `python benchmarks/scale/engines.py [--few 100] [--many 1000] [--rounds 2] [--light]`.

Documents of `corpus.py` are read by processes of this machine and by a Dask cluster made on it, a few and many of them,
each in a process of its own with nothing kept. What more documents cost is the cost of a document, the rest is
start-up. In each round all engines have their turn one after the other, so that what else the machine does falls on all
of them alike; the ratios are those of one round, and it is their median that is printed. Processor seconds are those of
all processes together; on a machine that does other work they say more than the clock's. Memory is the most that this
process had, one that reads, and all others together, which are the engine's: what they share is counted once.

`--engines "dask: 2,ray: 2,spark: 2"` chooses, of those of `others.py` too. `--light` has documents in which there is
nothing to read, so that what an engine costs itself shows. `--kill 5` kills a worker, and the process of Java that it
belongs to if there is one, when documents have been read for five seconds; all must be read all the same.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from statistics import median
from threading import Event, Thread

import others
import psutil
from corpus import write

from spacekg import corpus, declared, documents, lexicon, reference
from spacekg.corpus import Means
from spacekg.corpus.cluster import Cluster

ENGINES = {
    "processes: 1": partial(Means, processes=1, worth=1),
    "processes: 2": partial(Means, processes=2, worth=1),
    "dask: 1": partial(Means, engine=Cluster(workers=1).read),
    "dask: 2": partial(Means, engine=Cluster(workers=2).read),
    "ray: 2": partial(Means, engine=partial(others.ray, 2)),
    "spark: 2": partial(Means, engine=partial(others.spark, 2)),
}
OURS = "processes: 1,processes: 2,dask: 1,dask: 2"
RATIOS = (
    ("processes: 1", "processes: 2"),
    ("dask: 1", "dask: 2"),
    ("dask: 1", "processes: 1"),
    *((engine, "processes: 2") for engine in ("dask: 2", "ray: 2", "spark: 2")),
)
LIGHT = "and so on, " * 200
"""A text without a name or a number, as long as the others are."""
READS = "from spacekg.corpus import crew"
"""What stands in the command of a process that reads."""
Measured = Mapping[str, float]


def main() -> None:
    """Generate documents, measure each engine with a few and with many, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--few", type=int, default=100)
    parser.add_argument("--many", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--engines", default=OURS)
    parser.add_argument("--light", action="store_true")
    parser.add_argument("--kill", type=float, metavar="SECONDS")
    parser.add_argument("--measure", choices=ENGINES, help=argparse.SUPPRESS)
    parser.add_argument("--corpus", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure, options.corpus, options.kill)))
        return
    engines, kill = options.engines.split(","), ["--kill", str(options.kill)] if options.kill else []
    with tempfile.TemporaryDirectory() as folder:
        known = declared.read(declared.shipped())
        tables = reference.read(known.folder / "data" / "reference")
        sizes = {size: Path(folder) / f"{size}.jsonl" for size in (options.few, options.many)}
        for size, place in sizes.items():
            if options.light:
                write_light(size, place)
            else:
                write(size, place, place.with_suffix(".tsv"), tables, known)
        rounds = [
            {(name, size): measured(name, place, kill) for size, place in sizes.items() for name in engines}
            for _ in range(options.rounds)
        ]
    show(rounds, options.few, options.many)


def write_light(number: int, place: Path) -> None:
    """Write so many documents in which there is nothing to read."""
    with place.open("w", encoding="utf-8") as lines:
        for at in range(number):
            lines.write(json.dumps({"name": f"light-{at:09}", "markdown": LIGHT, "licence": "CC0-1.0"}) + "\n")


def show(rounds: list[dict[tuple[str, int], Measured]], few: int, many: int) -> None:
    """Print what each round measured, and the ratios."""
    print(f"{'round':5} {'engine':14} {'s few':>7} {'s many':>7} {'cpu few':>8} {'cpu many':>8} {'cpu ms each':>12} MB")
    ratios = defaultdict(list)
    for turn, found in enumerate(rounds, start=1):
        each = {name: marginal(found[name, few], found[name, many], many - few) for name, size in found if size == few}
        for name in each:
            low, high = found[name, few], found[name, many]
            memory = " ".join(f"{kind} {high[kind]:.0f}" for kind in ("own", "reader", "engine") if high.get(kind))
            print(
                f"{turn:5} {name:14} {low['seconds']:7.1f} {high['seconds']:7.1f} {low['processor']:8.1f} "
                f"{high['processor']:8.1f} {each[name]['processor']:12.1f} {memory}"
            )
        for pair in (pair for pair in RATIOS if {*pair} <= {*each}):
            for unit in ("seconds", "processor"):
                ratios[pair, unit].append(each[pair[0]][unit] / each[pair[1]][unit])
    for (pair, unit), values in ratios.items():
        told = ", ".join(f"{value:.2f}" for value in values)
        print(f"{unit} for each more document, {pair[0]} to {pair[1]}: {median(values):.2f} ({told})")


def marginal(few: Measured, many: Measured, more: int) -> Measured:
    """What each more document costs, in milliseconds."""
    return {unit: 1000 * (many[unit] - few[unit]) / more for unit in ("seconds", "processor")}


def measured(name: str, place: Path, kill: list[str]) -> Measured:
    """Measure in a process of its own."""
    command = [sys.executable, __file__, "--measure", name, "--corpus", str(place), *kill]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    print(f"{name} {place.stem}: {found}", file=sys.stderr, flush=True)
    return found


def measure(name: str, place: Path, kill: float | None) -> Measured:
    """Read documents; seconds by the clock and of the processor, and megabytes, of this process and all it started.

    Raises:
        SystemExit: not all of them were read.
    """
    known = declared.read(declared.shipped())
    words = lexicon.read(known.folder / "data" / "lexicon", known)
    tables = reference.read(known.folder / "data" / "reference")
    texts = documents.read([place]).documents
    most, stopped = defaultdict(float), Event()
    watcher = Thread(target=_watch, args=(most, stopped, kill))
    watcher.start()
    clock, before = time.perf_counter(), time.process_time()
    try:
        found = corpus.extract(texts, tables, words, ENGINES[name]())
        seconds = time.perf_counter() - clock
    finally:
        stopped.set()
        watcher.join()
    if found.aside or len(found.documents) != len(texts):
        raise SystemExit(f"{name}: {len(found.documents)} of {len(texts)} documents were read")
    most["processor"] += time.process_time() - before
    return {"seconds": seconds, "claims": len(found.claims), **most}


def _watch(most: dict[str, float], stopped: Event, kill: float | None) -> None:
    own, began = psutil.Process(), None
    spent: dict[int, float] = {}
    while not stopped.wait(0.5):
        sizes, readers = defaultdict(float), []
        for each in (own, *own.children(recursive=True)):
            with suppress(psutil.Error):
                kind = "own" if each == own else "reader" if READS in " ".join(each.cmdline()) else "engine"
                size = each.memory_full_info().pss / 1e6
                sizes[kind] = sizes[kind] + size if kind == "engine" else max(sizes[kind], size)
                readers += [each] * (kind == "reader")
                if each != own:
                    spent[each.pid] = sum(each.cpu_times()[:2])
        for kind, size in sizes.items():
            most[kind] = max(most[kind], size)
        began = began or (time.monotonic() if readers else None)
        if kill and began and readers and time.monotonic() > began + kill and "killed" not in most:
            most["killed"] = _killed(readers[0], own)
    most["processor"] = sum(spent.values())


def _killed(reader: psutil.Process, own: psutil.Process) -> float:
    """Kill the worker that a process reads for, one of those that this one started; gives its process id."""
    above = [each for each in reader.parents() if own in each.parents()]
    worker = next((each for each in above if each.name() == "java"), above[0])
    worker.kill()
    return worker.pid


if __name__ == "__main__":
    main()
