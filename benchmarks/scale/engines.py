"""Measure engines side by side: `python benchmarks/scale/engines.py [--few 100] [--many 1000] [--rounds 2]`.

Documents of `corpus.py` are read by processes of this machine and by a Dask cluster made on it, a few and many of them,
each in a process of its own with nothing kept. What more documents cost is the cost of a document, the rest is
start-up. In each round all engines have their turn one after the other, so that what else the machine does falls on all
of them alike; the ratios are those of one round, and it is their median that is printed. Processor seconds are those of
all processes together; on a machine that does other work they say more than the clock's. Memory is the most that one
process had: this one, one that reads, and a worker of Dask.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from statistics import median
from threading import Event, Thread

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
}
RATIOS = (
    ("processes: 1", "processes: 2"),
    ("dask: 1", "dask: 2"),
    ("dask: 1", "processes: 1"),
    ("dask: 2", "processes: 2"),
)
READS = "from spacekg.corpus import crew"
"""What stands in the command of a process that reads."""
Measured = Mapping[str, float]


def main() -> None:
    """Generate documents, measure each engine with a few and with many, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--few", type=int, default=100)
    parser.add_argument("--many", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--measure", choices=ENGINES, help=argparse.SUPPRESS)
    parser.add_argument("--corpus", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure, options.corpus)))
        return
    with tempfile.TemporaryDirectory() as folder:
        known = declared.read(declared.shipped())
        tables = reference.read(known.folder / "data" / "reference")
        sizes = {size: Path(folder) / f"{size}.jsonl" for size in (options.few, options.many)}
        for size, place in sizes.items():
            write(size, place, place.with_suffix(".tsv"), tables, known)
        rounds = [
            {(name, size): measured(name, place) for size, place in sizes.items() for name in ENGINES}
            for _ in range(options.rounds)
        ]
    show(rounds, options.few, options.many)


def show(rounds: list[dict[tuple[str, int], Measured]], few: int, many: int) -> None:
    """Print what each round measured, and the ratios."""
    print(f"{'round':5} {'engine':14} {'s few':>7} {'s many':>7} {'cpu few':>8} {'cpu many':>8} {'cpu ms each':>12} MB")
    ratios = defaultdict(list)
    for turn, found in enumerate(rounds, start=1):
        each = {name: marginal(found[name, few], found[name, many], many - few) for name in ENGINES}
        for name in ENGINES:
            low, high = found[name, few], found[name, many]
            memory = " ".join(f"{kind} {high[kind]:.0f}" for kind in ("own", "reader", "worker") if high.get(kind))
            print(
                f"{turn:5} {name:14} {low['seconds']:7.1f} {high['seconds']:7.1f} {low['processor']:8.1f} "
                f"{high['processor']:8.1f} {each[name]['processor']:12.1f} {memory}"
            )
        for pair in RATIOS:
            for unit in ("seconds", "processor"):
                ratios[pair, unit].append(each[pair[0]][unit] / each[pair[1]][unit])
    for (pair, unit), values in ratios.items():
        told = ", ".join(f"{value:.2f}" for value in values)
        print(f"{unit} for each more document, {pair[0]} to {pair[1]}: {median(values):.2f} ({told})")


def marginal(few: Measured, many: Measured, more: int) -> Measured:
    """What each more document costs, in milliseconds."""
    return {unit: 1000 * (many[unit] - few[unit]) / more for unit in ("seconds", "processor")}


def measured(name: str, place: Path) -> Measured:
    """Measure in a process of its own."""
    command = [sys.executable, __file__, "--measure", name, "--corpus", str(place)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    print(f"{name} {place.stem}: {found}", file=sys.stderr, flush=True)
    return found


def measure(name: str, place: Path) -> Measured:
    """Read documents; seconds by the clock and of the processor, and megabytes, of this process and all it started."""
    known = declared.read(declared.shipped())
    words = lexicon.read(known.folder / "data" / "lexicon", known)
    tables = reference.read(known.folder / "data" / "reference")
    texts = documents.read([place]).documents
    most, stopped = defaultdict(float), Event()
    watcher = Thread(target=_watch, args=(most, stopped))
    watcher.start()
    clock, processor = time.perf_counter(), _processor()
    corpus.extract(texts, tables, words, ENGINES[name]())
    seconds = time.perf_counter() - clock
    stopped.set()
    watcher.join()
    return {"seconds": seconds, "processor": _processor() - processor, **most}


def _watch(most: dict[str, float], stopped: Event) -> None:
    own = psutil.Process()
    while not stopped.wait(1.0):
        for each in (own, *own.children(recursive=True)):
            try:
                command = " ".join(each.cmdline())
                kind = "own" if each == own else "reader" if READS in command else "worker"
                most[kind] = max(most[kind], each.memory_info().rss / 1e6)
            except psutil.Error:
                continue


def _processor() -> float:
    usages = [resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


if __name__ == "__main__":
    main()
