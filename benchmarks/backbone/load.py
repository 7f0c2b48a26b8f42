"""How fast the reference tables become an answering store, with pyoxigraph and with rdflib doing the same.

    python benchmarks/backbone/load.py [--runs 3]

Both read the same tables and run the same code of spacekg.backbone, once with the terms of each library, and put
every quad into a store in memory. The table shows medians: seconds of processor time for each step, which other work on
the machine hardly changes, then the seconds on the clock, and quads for each second of processor time.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import platform
import statistics
import sys
import time
import types
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

import pyoxigraph
import rdflib

from spacekg import backbone, declared, reference
from spacekg.reference import Reference

FOLDER = declared.shipped() / "data" / "reference"
STEPS = ("read", "assemble", "load")
Assemble = Callable[[Reference], list[Any]]
Load = Callable[[list[Any]], int]


def main() -> None:
    """Measure both in turn, as often as asked for, and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    ways: dict[str, tuple[Assemble, Load]] = {
        f"pyoxigraph {pyoxigraph.__version__}": (backbone.assemble, into_oxigraph),
        f"rdflib {rdflib.__version__}": (in_terms_of_rdflib().assemble, into_rdflib),
    }
    found: dict[str, list[dict[str, float]]] = {name: [] for name in ways}
    for _ in range(runs):
        for name, (assemble, load) in ways.items():
            found[name].append(measured(assemble, load))
    print_table(found)


def measured(assemble: Assemble, load: Load) -> dict[str, float]:
    """Seconds of each step, and the number of quads in the store at the end."""
    gc.collect()
    begun, times = time.perf_counter(), [time.process_time()]
    known = reference.read(FOLDER)
    times.append(time.process_time())
    quads = assemble(known)
    times.append(time.process_time())
    number = load(quads)
    times.append(time.process_time())
    clock = time.perf_counter() - begun
    if number != len(quads):
        raise SystemExit(f"{number} quads in the store, {len(quads)} were assembled")
    spent = [after - before for before, after in pairwise(times)]
    return {**dict(zip(STEPS, spent, strict=True)), "whole": times[-1] - times[0], "clock": clock, "quads": number}


def into_oxigraph(quads: list[Any]) -> int:
    """Put quads into a store of pyoxigraph in memory; gives how many it holds."""
    store = pyoxigraph.Store()
    store.bulk_extend(quads)
    return len(store)


def into_rdflib(quads: list[Any]) -> int:
    """Put quads into a dataset of rdflib in memory; gives how many it holds."""
    dataset = rdflib.Dataset()
    graphs = {name: dataset.graph(name) for name in {name for *_, name in quads}}
    dataset.addN((subject, predicate, value, graphs[name]) for subject, predicate, value, name in quads)
    return sum(len(graph) for graph in graphs.values())


class _Literal(rdflib.Literal):
    """Makes a literal of rdflib from what one of pyoxigraph is made from."""

    def __new__(cls, value: str, language: str | None = None, datatype: str | None = None) -> rdflib.Literal:
        return rdflib.Literal(value, lang=language, datatype=datatype)


def in_terms_of_rdflib() -> types.ModuleType:
    """The module `spacekg.backbone` once more, with terms of rdflib where it imports those of pyoxigraph."""
    terms = types.ModuleType("pyoxigraph")
    terms.NamedNode = rdflib.URIRef
    terms.Literal = _Literal
    terms.Quad = lambda *parts: parts
    spec = importlib.util.find_spec("spacekg.backbone")
    module = importlib.util.module_from_spec(spec)
    real, sys.modules["pyoxigraph"] = sys.modules["pyoxigraph"], terms
    try:
        spec.loader.exec_module(module)
    finally:
        sys.modules["pyoxigraph"] = real
    return module


def print_table(found: dict[str, list[dict[str, float]]]) -> None:
    """Print the medians, one library a row, and how many times faster the first is."""
    print(f"Python {platform.python_version()}, median of {len(next(iter(found.values())))} runs\n")
    print("| library | read | assemble | load | whole | on the clock | quads | quads/s |")
    print("|---|---|---|---|---|---|---|---|")
    wholes = []
    for name, runs in found.items():
        whole, quads = median(runs, "whole"), int(runs[0]["quads"])
        cells = " | ".join(f"{median(runs, step):.2f} s" for step in (*STEPS, "whole", "clock"))
        print(f"| {name} | {cells} | {quads:,} | {quads / whole:,.0f} |")
        wholes.append((whole, median(runs, "assemble") + median(runs, "load")))
    (first, first_own), (second, second_own) = wholes
    times, own = second / first, second_own / first_own
    print(f"\nrdflib takes {times:.1f} times as long, and {own:.1f} times without the reading, which is the same code.")


def median(runs: Iterable[dict[str, float]], step: str) -> float:
    """The median of one step."""
    return statistics.median(run[step] for run in runs)


if __name__ == "__main__":
    main()
