"""Measure the memory of the machine that builds in parts: `python benchmarks/scale/memory.py 500 4000 [--times 10]`.

So many documents of `corpus.py`, each text so many times over, are built into a release by one process for the parts.
What does not grow with them is left out: the reference tables, and that documents are read; an engine answers for each
that it says nothing. Each size is built by a process of its own, whose memory is told beside the size of the texts.
With PYTHONPATH set to the `src` of another checkout, its spacekg is measured the same way.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from corpus import generated

from spacekg import declared, pipeline, reference
from spacekg.corpus.extraction import Extraction
from spacekg.corpus.written import dump
from spacekg.partitioned import spreading

SILENT = dump(Extraction((), (), (), (), (), ()))


def main() -> None:
    """Build each size, and print a line for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="+")
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--shards", type=int, default=4)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(measure(options.measure, options.shards))
        return
    with tempfile.TemporaryDirectory() as folder:
        for size in options.sizes:
            path = write(Path(folder) / f"{size}.jsonl", size, options.times)
            command = [sys.executable, __file__, "1", "--shards", str(options.shards), "--measure", path]
            most = subprocess.run(command, capture_output=True, check=True, text=True).stdout.strip()
            print(f"{size} documents, {path.stat().st_size / 1e6:.1f} MB: {most} MB", flush=True)
            path.unlink()


def write(path: Path, number: int, times: int) -> Path:
    """Write so many documents as lines."""
    known = declared.read(declared.shipped())
    tables = reference.read(known.folder / "data" / "reference")
    with path.open("w", encoding="utf-8") as lines:
        for name, text, _ in islice(generated(number, tables, known), number):
            lines.write(json.dumps({"name": name, "markdown": text * times}, ensure_ascii=False) + "\n")
    return path


def measure(path: Path, shards: int) -> str:
    """Build a release of a file, and tell the most megabytes that this process had."""
    known = declared.read(declared.shipped())
    tables = reference.read(known.folder / "data" / "reference")
    none = replace(tables, entities={}, names=(), identifiers=(), facts=(), launches=(), closed=())
    out = path.parent / path.stem
    with spreading.processes(1) as spread:
        pipeline.build_in_parts([path], out, known, none, lambda _: None, shards=shards, spread=spread, engine=silent)
    status = Path("/proc/self/status").read_text(encoding="ascii")  # `ru_maxrss` begins with that of the parent
    return f"{int(next(line for line in status.splitlines() if line.startswith('VmHWM')).split()[1]) / 1000:.0f}"


def silent(documents: Iterable[object], tools: object, seconds: float) -> Iterator[tuple[object, str]]:  # noqa: ARG001
    """Answer for each document that it says nothing."""
    return ((document, SILENT) for document in documents)


if __name__ == "__main__":
    main()
