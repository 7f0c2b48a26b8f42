"""Figures of measure.py → tables in Markdown, and a picture of what each question costs.

    python benchmarks/endpoint/report.py figures.json [--plot docs/endpoint.svg]

The picture needs matplotlib.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import questions

OURS = "spacekg"
GROUPS = {
    "look-ups": questions.LOOKUPS,
    "aggregates and joins": questions.AGGREGATES,
    "all": tuple(questions.TEXTS),
}

Json = dict[str, Any]


def main() -> None:
    """Print the tables, and draw if that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("figures", type=Path)
    parser.add_argument("--plot", type=Path)
    given = parser.parse_args()
    figures = json.loads(given.figures.read_text(encoding="utf-8"))
    peers = list(figures["start"])
    print(f"{figures['triples']:,} triples, {figures['at']}, {figures['machine']}\n")
    for table in (started(figures, peers), asked(figures, peers), loaded(figures, peers)):
        print("\n".join(table) + "\n")
    if given.plot:
        draw(figures, peers, given.plot)


def started(figures: Json, peers: Sequence[str]) -> Iterable[str]:
    """Say how long each takes to begin, and its memory then and in the end."""
    yield row(["", *peers])
    yield row(["---"] * (len(peers) + 1))
    yield row(["from start to first answer, s", *(f"{figures['start'][peer]['seconds']:.1f}" for peer in peers)])
    yield row(["memory then, MB", *(f"{figures['start'][peer]['megabytes']:,.0f}" for peer in peers)])
    if "after" in figures:
        yield row(["memory in the end, MB", *(f"{figures['after'][peer]:,.0f}" for peer in peers)])


def asked(figures: Json, peers: Sequence[str]) -> Iterable[str]:
    """Give milliseconds of server processor for each question, and the geometric means of the ratios to ours."""
    costs = {name: [cost(figures, name, peer) for peer in peers] for name in figures["questions"]}
    yield row(["question", *peers])
    yield row(["---"] * (len(peers) + 1))
    for name, each in costs.items():
        unlike = figures["questions"][name].get("differ", [])
        marks = ["*" if peer in unlike else "" for peer in peers]
        yield row([name, *(f"{value:.2f}{mark}" if value else "–" for value, mark in zip(each, marks, strict=True))])
    ours = peers.index(OURS)
    for group, names in GROUPS.items():
        means = [
            mean([costs[name][place] / costs[name][ours] for name in names if costs[name][place]])
            for place in range(len(peers))
        ]
        yield row([f"**{group}**, ratio", *(f"**{each:.2f}**" for each in means)])


def loaded(figures: Json, peers: Sequence[str]) -> Iterable[str]:
    """Give what each does under load: requests a second, processor milliseconds for each, and the ratio to ours."""
    yield row(["traffic", "connections", *peers])
    yield row(["---"] * (len(peers) + 2))
    runs = figures.get("load", [])
    for mix, connections in dict.fromkeys((run["mix"], run["connections"]) for run in runs):
        here = [run for run in runs if (run["mix"], run["connections"]) == (mix, connections)]
        cpu = {peer: statistics.median(run["cpu"] for run in here if run["endpoint"] == peer) for peer in peers}
        rate = {peer: statistics.median(run["rate"] for run in here if run["endpoint"] == peer) for peer in peers}
        failed = {peer: sum(run["failed"] for run in here if run["endpoint"] == peer) for peer in peers}
        told = [
            f"{rate[peer]:,.0f}/s, {cpu[peer]:.2f} ms, {cpu[peer] / cpu[OURS]:.1f}"
            + (f" ({failed[peer]} failed)" if failed[peer] else "")
            for peer in peers
        ]
        yield row([mix, str(connections), *told])


def draw(figures: Json, peers: Sequence[str], path: Path) -> None:
    """Draw what each question costs at each endpoint, on a logarithmic scale."""
    import matplotlib as mpl  # noqa: PLC0415  # nothing else needs it

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "spacekg"
    from matplotlib import pyplot as plt  # noqa: PLC0415

    names = sorted(figures["questions"], key=lambda name: cost(figures, name, OURS) or 0)
    figure, axes = plt.subplots(figsize=(9, 8))
    for marker, peer in zip("osv^D<>x", peers, strict=False):
        points = [(value, name) for name in names if (value := cost(figures, name, peer))]
        axes.scatter([value for value, _ in points], [name for _, name in points], marker=marker, s=28, label=peer)
    axes.set_xscale("log")
    axes.set_xlabel(f"server processor time of one request, ms ({figures['triples']:,} triples; less is better)")
    axes.grid(axis="both", alpha=0.3)
    axes.legend(loc="lower right", fontsize=8)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def cost(figures: Json, name: str, peer: str) -> float | None:
    """Give the median processor milliseconds of a question; nothing where it failed."""
    figure = figures["questions"][name][peer]
    return statistics.median(figure["cpu"]) if figure["cpu"] and "failed" not in figure else None


def mean(ratios: Sequence[float]) -> float:
    """Give the geometric mean."""
    return math.exp(statistics.fmean(map(math.log, ratios))) if ratios else math.nan


def row(cells: Iterable[str]) -> str:
    """Write a row of a table in Markdown."""
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
