"""Write the same quads as a dump with spacekg, with pyoxigraph's own dump and with rdflib, one after the other.

    python benchmarks/dumps/write.py [QUADS]

The quads are made: entities with labels, dates and links in four named graphs. Prints, for each format, MB of text
for a second of the processor, as others may use the machine, and the ratios; nothing is compressed, for pyoxigraph and
rdflib compress nothing. The peak of memory is that of spacekg's writer alone, in a process of its own.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pyoxigraph
import rdflib

from spacekg import formats
from spacekg.declared import BASE
from spacekg.dumps import lines, splitting, writers
from spacekg.formats import GraphFormat

PREFIXES = {"id": f"{BASE}id/", "skg": f"{BASE}ontology#", "xsd": "http://www.w3.org/2001/XMLSchema#"}
RDFLIB = {"turtle": "turtle", "ntriples": "nt", "nquads": "nquads", "trig": "trig", "rdf": "xml", "json-ld": "json-ld"}
DATE = "^^<http://www.w3.org/2001/XMLSchema#date>"


def quads(number: int) -> list[str]:
    """Make quads in canonical order."""
    found = []
    for thing in range(number // 5):
        end = f"<{BASE}graph/{'abcd'[thing % 4]}> .\n"
        subject = f"<{BASE}id/mission-{thing}>"
        found += [
            f"{subject} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{BASE}ontology#SpaceMission> {end}",
            f'{subject} <http://www.w3.org/2000/01/rdf-schema#label> "Mission {thing} to 金星"@en {end}',
            f'{subject} <{BASE}ontology#startDate> "{1957 + thing % 70}-10-04"{DATE} {end}',
            f"{subject} <{BASE}ontology#hasParticipant> <{BASE}id/agency-{thing % 99}> {end}",
            f"{subject} <{BASE}ontology#hasParticipant> <{BASE}id/agency-{thing % 97}b> {end}",
        ]
    return sorted(found)


def ours(source: Path, folder: Path, format: GraphFormat, target: Path) -> None:
    """Write a dump as `spacekg dumps` does, but for the compression."""
    names = writers.Names(PREFIXES)
    places = [f"<{BASE}graph/{name}>".encode() for name in "abcd"]
    graphs = [(place, partial(splitting.file_of(place, folder).open, "rb")) for place in places]
    with source.open("rb") as file, target.open("wb") as out:
        for piece in writers.write(format, file, graphs, names, ()):
            out.write(piece)


def pyoxigraphs(store: pyoxigraph.Store, format: GraphFormat, target: Path) -> None:
    """Let pyoxigraph dump a store: named graphs where the format has them, else the union, which it keeps beside."""
    chosen = None if format.keeps_graphs else pyoxigraph.DefaultGraph()
    store.dump(str(target), format=format.codec, from_graph=chosen)


def rdflibs(graph: rdflib.Graph, format: GraphFormat, target: Path) -> None:
    """Let rdflib write the same."""
    graph.serialize(str(target), format=RDFLIB[format.name], encoding="utf-8")


def timed(work: Callable[[], None], target: Path) -> tuple[float, float]:
    """Give seconds of the processor, for others may use the machine, and MB of text."""
    began = time.process_time()
    work()
    return time.process_time() - began, target.stat().st_size / 1e6


def main() -> None:
    """Measure one format after the other, the three side by side."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        source, target = folder / "graph.nq", folder / "out"
        source.write_text("".join(quads(number)), encoding="utf-8")
        with source.open("rb") as file:
            splitting.split(file, folder)
        named, union = pyoxigraph.Store(), pyoxigraph.Store()
        named.bulk_load(path=str(source), format=formats.N_QUADS.codec)
        with source.open("rb") as file:
            text = b"".join(b"%b %b %b .\n" % row for row in lines.united(file))
        union.bulk_load(text, formats.N_TRIPLES.codec)
        dataset = rdflib.Dataset()
        dataset.parse(str(source), format="nquads")
        graph = rdflib.Graph().parse(data=text, format="nt")
        print(f"{number:,} quads: MB of text a second, of spacekg, pyoxigraph, rdflib; peak of memory")
        for format in formats.GRAPHS:
            peak = memory(source, folder, format, target)
            mine = timed(partial(ours, source, folder, format, target), target)
            store = named if format.keeps_graphs else union
            oxigraph = timed(partial(pyoxigraphs, store, format, target), target)
            theirs = timed(partial(rdflibs, dataset if format.keeps_graphs else graph, format, target), target)
            rates = [megabytes / seconds for seconds, megabytes in (mine, oxigraph, theirs)]
            ratios = f"time x{oxigraph[0] / mine[0]:.2f} of pyoxigraph, x{theirs[0] / mine[0]:.1f} of rdflib"
            print(f"{format.name:8} " + " ".join(f"{rate:6.1f}" for rate in rates), ratios, f"{peak} MB", flush=True)


def memory(source: Path, folder: Path, format: GraphFormat, target: Path) -> int:
    """Give the peak of memory of a process that only writes."""
    command = [sys.executable, __file__, "--only", format.name, str(source), str(folder), str(target)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--only"]:
        name, *paths = sys.argv[2:]
        ours(Path(paths[0]), Path(paths[1]), formats.find(name, formats.GRAPHS), Path(paths[2]))
        # What getrusage tells begins with the memory of whoever started this.
        peak = Path("/proc/self/status").read_text(encoding="ascii").partition("VmHWM:")[2].split()[0]
        print(int(peak) // 1000)
    else:
        main()
