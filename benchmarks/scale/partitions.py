"""Measure a build in parts: `python benchmarks/scale/partitions.py CACHE CORPUS.jsonl 200 2 800 8`.

That is: 200 documents in 2 shards, then 800 in 8. The first so many documents of a corpus that was read before (CACHE
is the folder `cache` of a release of it) are judged, assembled, inferred from, checked, counted and put in order, one
part or shard after the other by one process, which begins anew for each step. Printed are the processor seconds of each
step and the most memory that its process had. The tables are known to the steps and their own quads are left out, so
that all that is there grows with the documents; what the checks find for want of them is not looked at.
"""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from spacekg import declared, documents, partitioned, reference
from spacekg.corpus import Told
from spacekg.corpus.shelf import Shelf, edition
from spacekg.partitioned import checking, counting, following, joining, piles, saying
from spacekg.partitioned.following import Place


def main() -> None:
    """Measure each size."""
    cache, articles, *sizes = sys.argv[1:]
    known = declared.read(declared.shipped())
    tables = reference.read(known.folder / "data" / "reference")
    shelf = Shelf(Path(cache), edition(tables, known.folder))
    found = [(each, text) for each in documents.read([Path(articles)]).documents if (text := shelf.take(each))]
    for number, shards in zip(map(int, sizes[::2]), map(int, sizes[1::2]), strict=True):
        if number > len(found):
            raise SystemExit(f"{cache}: has {len(found)} of the documents, as this spacekg reads them")
        said = Told(tuple(each for each, _ in found[:number]), tuple(text for _, text in found[:number]), {})
        with tempfile.TemporaryDirectory() as folder:
            measure(said, (tables, known), Path(folder), shards)


def measure(said: Told, known: tuple[reference.Reference, declared.Declared], folder: Path, shards: int) -> None:
    """Measure one size, and print a line for each step."""
    parts, place = saying.Parts(folder / "parts"), Place(folder / "round", shards, folder / "ontology.nq")
    saying.part(zip(said.documents, said.texts, strict=True), parts, known, partitioned.CHARACTERS)
    place.ontology.write_bytes(b"".join(map(piles.line, known[1].ontology)))
    following.state(place, [*known[1].ontology, *known[1].vocab], "known")
    steps: dict[str, Callable[[following.Spread], object]] = {
        "share": lambda spread: [*spread(partial(saying.share, parts), parts.numbers())],
        "assemble": lambda spread: [*spread(partial(partitioned.assemble, place, parts, ()), parts.numbers())],
        "infer": lambda spread: following.infer(place, spread),
        "check": lambda spread: checking.check(place, list(known[1].shapes), spread),
        "count": lambda spread: counting.count(place, spread),
        "order": lambda spread: joining.join(place, (), spread),
    }
    told = [(name, *alone(step)) for name, step in steps.items()]
    quads = sum(1 for _ in (place.folder / "graph.nq").open("rb"))
    print(f"{len(said.documents)} documents, {len(parts.numbers())} parts, {quads:,} quads, {shards} shards")
    for name, seconds, own, megabytes in told:
        print(
            f"  {name:9} {seconds:7.1f} s of a worker, {own:6.1f} s here, {megabytes:6.0f} MB of a worker", flush=True
        )


def alone(step: Callable[[following.Spread], object]) -> tuple[float, float, float]:
    """Have a step done by a process of its own: its processor seconds, those of this one, and its megabytes."""
    here = time.process_time()
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
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
