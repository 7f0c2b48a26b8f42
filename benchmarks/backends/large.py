"""A large graph in a SPARQL server, brought there by the server's own bulk loader and asked through our endpoint.

    python benchmarks/backends/large.py 10000000 --kind oxigraph --folder large

makes the graph of `benchmarks/endpoint/graph.py`, a release of it and the file for the bulk loader (`spacekg store
write`), loads that, counts and marks it (`spacekg store mark`), serves it (`spacekg serve --store`) and asks. Answers
are compared with what was counted in the lines of the graph. What an earlier run has left in the folder is used again.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode

from overhead import free, running

from spacekg import declared
from spacekg.backends.kinds import PASSWORD, USER
from spacekg.matching import index
from spacekg.reference import Reference
from spacekg.release import FORMAT, find

sys.path.insert(0, str(Path(__file__).parent.parent / "endpoint"))
import graph  # it is beside the benchmarks of the endpoint

Found = TypeVar("Found")
NOTHING = Reference({}, (), (), (), (), (), ())
KINDS = ("Claim", "Collaboration", "Participation", "Document", "CrewedMission", "NationalSpaceAgency")
TYPED = re.compile(rb"^\S+ <[^>]*#type> <" + re.escape(f"{graph.BASE}ontology#".encode()) + rb"(\w+)>")
VIRTUOSO = """[Database]
DatabaseFile=v.db
TransactionFile=v.trx
ErrorLogFile=v.log
LockFile=v.lck
xa_persistent_file=v.pxa
[TempDatabase]
DatabaseFile=t.db
TransactionFile=t.trx
[Parameters]
ServerPort=127.0.0.1:{control}
ServerThreads=20
ThreadsPerQuery=1
NumberOfBuffers=1000000
MaxDirtyBuffers=750000
DirsAllowed=.,{folder}
[HTTPServer]
ServerPort=127.0.0.1:{port}
ServerRoot=.
ServerThreads=20
MaxClientConnections=20
[SPARQL]
ResultSetMaxRows=100001
"""


def main() -> None:
    """Make, load, serve and ask; print a line for each."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("triples", type=int)
    given.add_argument("--kind", choices=("oxigraph", "virtuoso"), default="oxigraph")
    given.add_argument("--folder", type=Path, required=True)
    options = given.parse_args()
    folder = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    counted = timed("graph, sorted, as a release", lambda: released(options.triples, folder))
    home, bulk = folder / "release", folder / "bulk.nq.gz"
    if not bulk.exists():
        write = ("store", "write", "--release", home, bulk)
        timed("file for the bulk loader", lambda: spacekg(*write))
    print(f"release {megabytes(home)}, bulk file {megabytes(bulk)}", flush=True)
    served(options.kind, home, bulk, counted)


def served(kind: str, home: Path, bulk: Path, counted: Counter[str]) -> None:
    """Load, count, mark and serve; then ask."""
    place, port, front = bulk.parent / kind, free(), free()
    place.mkdir(exist_ok=True)
    store = ["--store", f"sparql+http://127.0.0.1:{port}", "--kind", kind, "--release", str(home)]
    site = [sys.executable, "-m", "spacekg", "serve", *store, "--port", str(front), "--limit", "client_seconds=100000"]
    with {"oxigraph": oxigraph, "virtuoso": virtuoso}[kind](place, bulk, port) as (pid, new):
        if new:
            timed("counted and marked", lambda: spacekg("store", "mark", *store))
        print(f"on disk {megabytes(place)}, memory of the server {resident(pid)}", flush=True)
        began = time.monotonic()
        with running(site, f"http://127.0.0.1:{front}/health") as ours:
            print(f"served after {time.monotonic() - began:.1f} s", flush=True)
            asked(front, counted)
            print(f"memory of our front {resident(ours)}, of the server {resident(pid)}", flush=True)


def asked(port: int, counted: Counter[str]) -> None:
    """Ask our endpoint and compare."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def get(path: str, accept: str) -> tuple[int, bytes, float]:
        began = time.monotonic()
        connection.request("GET", path, headers={"Accept": accept})
        response = connection.getresponse()
        content = response.read()
        return response.status, content, time.monotonic() - began

    questions = {kind: f"SELECT (COUNT(*) AS ?n) {{ ?s a <{graph.BASE}ontology#{kind}> }}" for kind in KINDS}
    questions |= {
        "triples": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "graphs": "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }",
    }
    print("| question | found | wanted | s | again, s |\n|---|---|---|---|---|")
    for name, query in questions.items():
        path = "/sparql?" + urlencode({"query": query})
        status, content, first = get(path, "application/sparql-results+json")
        _, again, second = get(path, "application/sparql-results+json")
        found = json.loads(content)["results"]["bindings"][0]["n"]["value"] if status == 200 else f"HTTP {status}"
        same = "" if again == content else " (differs when asked again)"
        print(f"| {name} | {found}{same} | {counted[name]} | {first:.3f} | {second:.3f} |", flush=True)
    for path, accept in (
        ("/page/mission-5", "text/html"), ("/data/mission-5.ttl", "*/*"), ("/page/agency-0", "text/html"),
        ("/", "text/html"), ("/sparql", "text/turtle"), ("/store/graph/document/text-7", "text/turtle"),
    ):  # fmt: skip
        status, content, first = get(path, accept)
        _, _, second = get(path, accept)
        print(f"| {path} | HTTP {status} | {len(content):,} bytes | {first:.3f} | {second:.3f} |", flush=True)


def released(triples: int, folder: Path) -> Counter[str]:
    """Make a release of a graph; give how many things of each kind its lines have, and how many lines and graphs."""
    counts = folder / "counted.json"
    if not counts.exists():
        home = folder / "release"
        (home / "new").mkdir(parents=True, exist_ok=True)
        sorting = ["sort", "-u", "-S", "2G", "--compress-program=gzip", "-T", folder, "-o", home / "new" / "graph.nq"]
        with subprocess.Popen(sorting, stdin=subprocess.PIPE, env={**os.environ, "LC_ALL": "C"}) as sort:
            graph.write(triples, Path(f"/proc/self/fd/{sort.stdin.fileno()}"))
            sort.stdin.close()
        if sort.returncode:
            sys.exit("the graph could not be sorted: is the disk full?")
        counted, graphs = Counter[str](), Counter[str]()
        with (home / "new" / "graph.nq").open("rb") as lines:
            for line in lines:
                graphs[line[line.rindex(b"<") + 1 : -4].decode()] += 1
                if found := TYPED.match(line):
                    counted[found[1].decode()] += 1
        counted |= Counter(triples=graphs.total(), graphs=len(graphs))
        publish(home, graphs)
        counts.write_text(json.dumps(counted))
    return Counter(json.loads(counts.read_text()))


def publish(home: Path, graphs: Counter[str]) -> None:
    """Give the folder of a graph what a release has, as `spacekg.release.publish` does with what fits in memory."""
    rules = declared.read(declared.shipped())
    (home / "new" / "report.json").write_text("{}\n")
    (home / "new" / "names.jsonl").write_bytes(index.make(NOTHING, rules))
    files = {}
    for path in (home / "new").iterdir():
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        files[path.name] = {"sha256": digest, "bytes": path.stat().st_size}
    content = {
        "format": FORMAT, "spacekg": version("spacekg"), "ontology": "", "inputs": {}, "files": files,
        "quads": dict(graphs), "claims": {}, "licences": {}, "rdfc10_sha256": files["graph.nq"]["sha256"],
    }  # fmt: skip
    name = hashlib.sha256(written(content)).hexdigest()[:16]
    (home / "new" / "manifest.json").write_bytes(written({"id": name, **content}))
    (home / "new").rename(home / name)
    (home / "current").write_text(f"{name}\n")
    find(home)


def written(value: object) -> bytes:
    """Write a manifest."""
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


@contextmanager
def oxigraph(place: Path, bulk: Path, port: int) -> Iterator[tuple[int, bool]]:
    """Run Oxigraph's server over what its loader has loaded."""
    binary = shutil.which("oxigraph", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}") or "oxigraph"
    new = not any(place.iterdir())
    if new:
        load = [binary, "load", "--location", place, "--file", bulk, "--lenient"]
        timed("oxigraph load", lambda: subprocess.run(load, check=True, stdout=2))
    command = [binary, "serve", "--location", str(place), "--bind", f"127.0.0.1:{port}", "--timeout-s", "120"]
    with running(command, f"http://127.0.0.1:{port}/query?query=ASK%20%7B%7D") as pid:
        yield pid, new


@contextmanager
def virtuoso(place: Path, bulk: Path, port: int) -> Iterator[tuple[int, bool]]:
    """Run Virtuoso and have its loader load."""
    os.environ |= {USER: "dba", PASSWORD: "dba"}
    control = free()
    new = not (place / "v.db").exists()
    (place / "virtuoso.ini").write_text(VIRTUOSO.format(control=control, port=port, folder=bulk.parent))
    command = ["virtuoso-t", "+foreground", "+configfile", str(place / "virtuoso.ini"), "+wait"]
    with running(command, f"http://127.0.0.1:{port}/sparql?query=ASK%20%7B%7D", place) as pid:
        if new:
            said = f"ld_dir('{bulk.parent}', '{bulk.name}', 'urn:none'); rdf_loader_run(); checkpoint;"
            login = ["isql-vt", f"127.0.0.1:{control}", "dba", "dba"]
            timed("rdf_loader_run", lambda: subprocess.run([*login, f"exec={said}"], check=True, stdout=2))
            told = "SELECT ll_file, ll_state, ll_started, ll_done, ll_error FROM DB.DBA.load_list;"
            subprocess.run([*login, f"exec={told}"], check=True, stdout=2)
        yield pid, new


def timed(what: str, done: Callable[[], Found]) -> Found:
    """Do something, and say how long it took."""
    began = time.monotonic()
    found = done()
    print(f"{what}: {time.monotonic() - began:.1f} s", flush=True)
    return found


def spacekg(*arguments: object) -> None:
    """Run a command of ours."""
    subprocess.run([sys.executable, "-m", "spacekg", *map(str, arguments)], check=True)


def megabytes(path: Path) -> str:
    """Say how large a file or folder is."""
    sizes = [each.stat().st_size for each in ([path] if path.is_file() else path.rglob("*")) if each.is_file()]
    return f"{sum(sizes) / 1e6:,.0f} MB"


def resident(pid: int) -> str:
    """Say how much memory a process has that it shares with nobody, and its part of the rest."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return f"{int(next(line for line in lines if line.startswith('Pss:')).split()[1]) / 1000:,.0f} MB"


if __name__ == "__main__":
    main()
