"""Measure engines side by side: `python benchmarks/scale/engines.py [--few 60] [--many 300]`.

Generated documents are read by processes of this machine and by a Dask cluster made on it, a few and many of them, each
in a process of its own with nothing kept. What more documents cost is the cost of a document, the rest is start-up.
Processor seconds are those of all processes together; on a machine that does other work they say more than the clock's.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "extraction"))

from corpus_of_tables import write

from spacekg import corpus, declared, documents, lexicon, reference
from spacekg.corpus import Means
from spacekg.corpus.cluster import Cluster

ENGINES = {
    "processes: 1": partial(Means, processes=1, worth=1),
    "processes: 2": partial(Means, processes=2, worth=1),
    "dask: 1": partial(Means, engine=Cluster(workers=1).read),
    "dask: 2": partial(Means, engine=Cluster(workers=2).read),
}


def main() -> None:
    """Generate documents, measure each engine with a few and with many, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--few", type=int, default=60)
    parser.add_argument("--many", type=int, default=300)
    parser.add_argument("--measure", choices=ENGINES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure, options.folder)))
        return
    with tempfile.TemporaryDirectory() as folder:
        known = declared.read(declared.shipped())
        tables = reference.read(known.folder / "data" / "reference")
        sizes = {size: Path(folder) / str(size) for size in (options.few, options.many)}
        for size, place in sizes.items():
            print(f"{size} documents of {write(place, size, tables, known):,} words")
        print(f"{'':14} {'s few':>7} {'s many':>7} {'ms each':>8} {'cpu few':>8} {'cpu many':>8} {'cpu ms each':>12}")
        for name in ENGINES:
            few, many = (measured(name, place) for place in sizes.values())
            each = [1000 * (many[unit] - few[unit]) / (options.many - options.few) for unit in ("seconds", "processor")]
            print(
                f"{name:14} {few['seconds']:7.1f} {many['seconds']:7.1f} {each[0]:8.1f} "
                f"{few['processor']:8.1f} {many['processor']:8.1f} {each[1]:12.1f}",
                flush=True,
            )


def measured(name: str, folder: Path) -> dict[str, float]:
    """Measure in a process of its own."""
    command = [sys.executable, __file__, "--measure", name, "--folder", str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(name: str, folder: Path) -> dict[str, float]:
    """Read the documents of a folder; seconds by the clock and of the processor, of this process and all it started."""
    known = declared.read(declared.shipped())
    words = lexicon.read(known.folder / "data" / "lexicon", known)
    tables = reference.read(known.folder / "data" / "reference")
    texts = documents.read([folder]).documents
    clock, processor = time.perf_counter(), _processor()
    corpus.extract(texts, tables, words, ENGINES[name]())
    return {"seconds": time.perf_counter() - clock, "processor": _processor() - processor}


def _processor() -> float:
    usages = [resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


if __name__ == "__main__":
    main()
