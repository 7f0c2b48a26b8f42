"""What the whole graph costs a server each time somebody takes it, here and at other endpoints, in the same run.

    spacekg build --out release --dumps
    python benchmarks/endpoint/dumps.py release --work scratch [--times 10]

Each server holds the quads of the release and is asked for all of them in turns: spacekg for the N-Quads that were
written beside the release, compressed, Oxigraph for its /store, Virtuoso for a CONSTRUCT of everything. Prints for each
server the milliseconds of its processor for one download and their ratio to spacekg's, and on the clock until the first
byte and the last (medians).
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import shutil
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import peers
from peers import Data, Endpoint

EVERYTHING = "CONSTRUCT { ?s ?p ?o } { GRAPH ?g { ?s ?p ?o } }"


@dataclass
class Taken:
    """An endpoint, where its dump is, and what it cost each time."""

    endpoint: Endpoint
    path: str
    kind: str
    cpu: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    last: list[float] = field(default_factory=list)
    size: int = 0

    def take(self, counts: bool) -> None:
        """Download it once, and note what that cost if it counts."""
        connection = http.client.HTTPConnection("127.0.0.1", self.endpoint.port, timeout=peers.WAIT)
        before, began = self.endpoint.cpu(), time.perf_counter()
        connection.request("GET", self.path, headers={"Accept": self.kind})
        response = connection.getresponse()
        size = len(response.read(1))
        first = time.perf_counter() - began
        while piece := response.read(1 << 20):
            size += len(piece)
        connection.close()
        if response.status != http.client.OK:
            raise ValueError(f"{self.endpoint.name}: {response.status}")
        self.size = size
        if counts:
            self.cpu.append(1000 * (self.endpoint.cpu() - before))
            self.first.append(1000 * first)
            self.last.append(1000 * (time.perf_counter() - began))


def main() -> None:
    """Start all, take turns, print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("release", type=Path, help="the folder of releases, with dumps")
    parser.add_argument("--work", type=Path, required=True, help="a folder for databases")
    parser.add_argument("--times", type=int, default=10)
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    written = next((given.release / "dumps").glob("*/*-all.nq.gz"))
    quads = given.work / "all.nq"
    with gzip.open(written) as source, quads.open("wb") as target:
        shutil.copyfileobj(source, target)
    data = Data(quads, quads, given.work)
    ours = f"/release/{written.parent.name}/{written.name}"
    taken: list[Taken] = []
    try:
        taken.append(Taken(peers.spacekg_release(given.release), ours, "*/*"))
        taken.append(Taken(peers.oxigraph_memory(data), "/store", "application/n-quads"))
        taken.append(Taken(peers.virtuoso(data, rows=2**31 - 1), f"/sparql?query={quote(EVERYTHING)}", "text/plain"))
        for number in range(given.times + 1):
            for each in taken:
                each.take(bool(number))
    finally:
        for each in taken:
            each.endpoint.stop()
    with quads.open("rb") as lines:
        print(f"{sum(1 for _ in lines):,} quads\n")
    print("\n".join(table(taken)))


def table(taken: Sequence[Taken]) -> Iterator[str]:
    """Write what each cost, in Markdown; the first is what the others are compared with."""
    yield "| server | processor, ms | ratio | first byte, ms | last byte, ms | bytes |\n|---|---|---|---|---|---|"
    for each in taken:
        cpu, first, last = map(statistics.median, (each.cpu, each.first, each.last))
        ratio = cpu / statistics.median(taken[0].cpu)
        yield f"| {each.endpoint.name} | {cpu:.1f} | {ratio:.0f} | {first:.1f} | {last:.0f} | {each.size:,} |"


if __name__ == "__main__":
    main()
