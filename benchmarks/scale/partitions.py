"""Measure a build in parts: `python benchmarks/scale/partitions.py CACHE CORPUS.jsonl 200 400 800`.

The first so many documents of a corpus that was read before (CACHE is the folder `cache` of a release of it) are
judged, assembled, inferred from, checked, counted and put in order, one part or shard after the other by one process,
which begins anew for each step. There are as many shards as parts, and parts of so many characters (`--characters`)
whatever the number of documents, so that what is to be seen is whether a document costs the same among more of them.
Printed are the processor milliseconds of each step for a document, those of the process that hands out the work, and
the most memory of who does it. The tables are known to the steps and their own quads are left out, so that all that is
there grows with the documents; what the checks find for want of them is not looked at.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from spacekg import declared, documents, partitioned, reference
from spacekg.corpus import Told
from spacekg.corpus.shelf import Shelf, edition
from spacekg.partitioned import checking, counting, following, joining, piles, saying, spreading, telling
from spacekg.partitioned.following import Place


def main() -> None:
    """Measure each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("sizes", type=int, nargs="+")
    parser.add_argument("--characters", type=int, default=partitioned.CHARACTERS)
    options = parser.parse_args()
    known = declared.read(declared.shipped())
    tables = reference.read(known.folder / "data" / "reference")
    shelf = Shelf(options.cache, edition(tables, known.folder))
    found = [(each, text) for each in documents.read([options.corpus]).documents if (text := shelf.take(each))]
    for number in options.sizes:
        if number > len(found):
            raise SystemExit(f"{options.cache}: has {len(found)} of the documents, as this spacekg reads them")
        said = Told(tuple(each for each, _ in found[:number]), [text for _, text in found[:number]], {})
        with tempfile.TemporaryDirectory() as folder:
            measure(said, (tables, known), Path(folder), options.characters)


def measure(said: Told, known: tuple[reference.Reference, declared.Declared], folder: Path, characters: int) -> None:
    """Measure one size, and print a line for each step."""
    parts = saying.Parts(folder / "parts")
    saying.part(zip(said.documents, said.texts, strict=True), parts, known, characters)
    number, every = len(said.documents), parts.numbers()
    place = Place(folder / "round", len(every), folder / "ontology.nq")
    place.ontology.write_bytes(b"".join(map(piles.line, known[1].ontology)))
    following.state(place, [*known[1].ontology, *known[1].vocab], "known")
    steps: dict[str, Callable[[following.Spread], object]] = {
        "share": lambda spread: [*spread(partial(saying.share, parts), every)],
        "tell": lambda spread: [*spread(partial(telling.give, parts.talk), every)],
        "assemble": lambda spread: [*spread(partial(partitioned.assemble, place, parts, ()), every)],
        "infer": lambda spread: following.infer(place, spread),
        "check": lambda spread: checking.check(place, list(known[1].shapes), spread),
        "count": lambda spread: counting.count(place, parts.known, spread),
        "order": lambda spread: joining.join(place, (), spread).write(folder / "graph.nq"),
    }
    told = [(name, *alone(step)) for name, step in steps.items()]
    quads = sum(1 for _ in (folder / "graph.nq").open("rb"))
    files = sum(1 for path in folder.rglob("*") if path.is_file())
    print(f"{number} documents, {len(every)} parts and shards, {quads:,} quads, {files:,} files on the way")
    for name, seconds, own, megabytes in told:
        print(
            f"  {name:9} {1000 * seconds / number:7.1f} ms for a document, {1000 * own / number:6.1f} ms here, "
            f"{megabytes:6.0f} MB",
            flush=True,
        )


def alone(step: Callable[[following.Spread], object]) -> tuple[float, float, float]:
    """Have a step done by a process of its own: its processor seconds, those of this one, and its megabytes."""
    here = time.process_time()
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), spreading.keep) as pool:
        before = pool.submit(used).result()
        step(pool.map)
        after = pool.submit(used).result()
    return after[0] - before[0], time.process_time() - here, after[1]


def used() -> tuple[float, float]:
    """Processor seconds of this process so far, and the most megabytes it had."""
    status = Path("/proc/self/status").read_text(encoding="ascii")  # `ru_maxrss` begins with that of the parent
    most = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return time.process_time(), int(most.split()[1]) / 1000


if __name__ == "__main__":
    main()
