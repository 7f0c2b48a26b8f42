"""The endpoints that are measured: how each is started on a file of quads, asked and stopped.

An endpoint that is not installed is left out, and said so. They all answer about the union of the graphs: Virtuoso and
spacekg by themselves, the others because each triple is given to them once more without its graph.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

WAIT = 900.0
"""Seconds that an endpoint has to load and answer."""


@dataclass(frozen=True)
class Data:
    """The same graph as it is given to endpoints that unite its graphs, and to those that do not."""

    quads: Path
    doubled: Path
    work: Path
    """A folder for what they write."""


@dataclass
class Endpoint:
    """A server that runs."""

    name: str
    process: subprocess.Popen[bytes]
    port: int
    path: str
    seconds: float = 0.0
    """From its start until it answered about all of the graph, loading included."""
    gone: dict[int, float] = field(default_factory=dict)

    def address(self, query: str) -> str:
        """Give the path that asks a query."""
        return f"{self.path}?query={quote(query, safe='')}"

    def cpu(self) -> float:
        """Seconds of processor time of all its processes so far, to the nanosecond; those that ended count on."""
        for process in self.tree():
            # The clock of another process, as clock_getcpuclockid(3) makes its number.
            try:
                self.gone[process] = time.clock_gettime((~process << 3) | 2)
            except OSError:
                continue
        return sum(self.gone.values())

    def memory(self) -> float:
        """Megabytes of all its processes, what they share counted once."""
        return sum(map(_proportional, self.tree())) / 1000

    def tree(self) -> list[int]:
        """List its processes."""
        found, waiting = [], [self.process.pid]
        while waiting:
            process = waiting.pop()
            found.append(process)
            for children in Path(f"/proc/{process}/task").glob("*/children"):
                try:
                    waiting += [int(each) for each in children.read_text().split()]
                except OSError:
                    continue
        return found

    def wait(self, wanted: str) -> None:
        """Wait until it answers a question with this text in its answer.

        Raises:
            TimeoutError: it does not, or has ended.
        """
        url = f"http://127.0.0.1:{self.port}{self.address('ASK { ?s ?p ?o }')}"
        end = time.monotonic() + WAIT
        while time.monotonic() < end and self.process.poll() is None:
            try:
                asked = urllib.request.Request(url, headers={"Accept": "application/sparql-results+json"})
                if wanted in urllib.request.urlopen(asked, timeout=120).read().decode():
                    return
            except OSError:
                pass
            time.sleep(0.1)
        self.stop()
        raise TimeoutError(f"it did not answer in {WAIT:g} s, or ended with {self.process.poll()}")

    def stop(self) -> None:
        """End it and all its processes."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def spacekg(data: Data) -> Endpoint:
    """Start this project's server."""
    return _ours("spacekg", data, 100_000_000)


def spacekg_unkept(data: Data) -> Endpoint:
    """Start this project's server so that it keeps no answers."""
    return _ours("spacekg, nothing kept", data, 0)


def spacekg_before(data: Data) -> Endpoint:
    """Start the server of the sources that SPACEKG_BEFORE names."""
    sources = os.environ.get("SPACEKG_BEFORE", "")
    if not Path(sources, "spacekg").is_dir():
        raise FileNotFoundError("SPACEKG_BEFORE")
    return _ours("spacekg before", data, 100_000_000, ("env", f"PYTHONPATH={sources}"))


def spacekg_release(folder: Path) -> Endpoint:
    """Start this project's server on the newest release of a folder."""
    return _served("spacekg", 100_000_000, ["--release", str(folder)])


def _ours(name: str, data: Data, kept: int, before: tuple[str, ...] = ()) -> Endpoint:
    return _served(name, kept, ["--rdf", str(data.quads)], before)


def _served(name: str, kept: int, what: list[str], before: tuple[str, ...] = ()) -> Endpoint:
    # All requests come from one client, so the limits for one are taken off.
    limits = ["client_seconds=1e9", "per_client=1000", "at_work=1000", "waiting=1000", f"kept_bytes={kept}"]
    options = [part for limit in limits for part in ("--limit", limit)]
    port = free()
    return _started(name, [*before, "spacekg", "serve", "--port", str(port), *options, *what], port, "/sparql", "true")


def oxigraph_memory(data: Data) -> Endpoint:
    """Start Oxigraph's server in memory and send it the graph."""
    port = free()
    endpoint = _started("Oxigraph in memory", ["oxigraph", "serve", "--bind", f"127.0.0.1:{port}"], port, "/query")
    return _filled(endpoint, data, "/store", "application/n-quads")


def oxigraph_disk(data: Data) -> Endpoint:
    """Load the graph to disk with Oxigraph and serve it from there."""
    began, place, port = time.monotonic(), data.work / "oxigraph", free()
    _run(["oxigraph", "load", "--location", str(place), "--file", str(data.doubled)])
    loaded = time.monotonic() - began
    command = ["oxigraph", "serve-read-only", "--location", str(place), "--bind", f"127.0.0.1:{port}"]
    endpoint = _started("Oxigraph on disk", command, port, "/query", "true")
    endpoint.seconds += loaded
    return endpoint


def rdflib_endpoint(data: Data) -> Endpoint:
    """Start rdflib-endpoint on the file."""
    port = free()
    command = ["rdflib-endpoint", "serve", "--host", "127.0.0.1", "--port", str(port), str(data.doubled)]
    return _started("rdflib-endpoint", command, port, "/", "true")


def fuseki(data: Data) -> Endpoint:
    """Start Fuseki in memory, from the jar that FUSEKI_JAR names, and send it the graph."""
    port, jar = free(), os.environ.get("FUSEKI_JAR", "")
    if not Path(jar).is_file():
        raise FileNotFoundError("FUSEKI_JAR")
    command = ["java", "-Xmx6g", "-jar", jar, "--localhost", f"--port={port}", "--mem", "/ds"]
    return _filled(_started("Fuseki in memory", command, port, "/ds/sparql"), data, "/ds/data", "application/n-quads")


def comunica(data: Data) -> Endpoint:
    """Start Comunica on the file."""
    port = free()
    command = ["comunica-sparql-file-http", "-p", str(port), "-t", "120", "-w", "1", data.doubled.resolve().as_uri()]
    return _started("Comunica", command, port, "/sparql", "true")


def virtuoso(data: Data, rows: int = 100_000) -> Endpoint:
    """Start Virtuoso on an empty database and have it load the file; its answers have so many rows at most."""
    place, port, control = data.work / "virtuoso", free(), free()
    place.mkdir(exist_ok=True)
    (place / "virtuoso.ini").write_text(
        f"[Database]\nDatabaseFile={place}/v.db\nTransactionFile={place}/v.trx\nErrorLogFile={place}/v.log\n"
        f"LockFile={place}/v.lck\nxa_persistent_file={place}/v.pxa\n"
        f"[TempDatabase]\nDatabaseFile={place}/t.db\nTransactionFile={place}/t.trx\n"
        f"[Parameters]\nServerPort=127.0.0.1:{control}\nServerThreads=100\nNumberOfBuffers=340000\nMaxDirtyBuffers=250000\n"
        f"DirsAllowed={data.quads.parent}, {place}\nCheckpointInterval=0\n"
        f"[HTTPServer]\nServerPort=127.0.0.1:{port}\nServerRoot={place}\nServerThreads=70\nMaxClientConnections=70\n"
        f"[SPARQL]\nResultSetMaxRows={rows}\nMaxQueryCostEstimationTime=40000\nMaxQueryExecutionTime=60\n"
    )
    command = ["virtuoso-t", "+foreground", "+configfile", str(place / "virtuoso.ini")]
    endpoint = _started("Virtuoso", command, port, "/sparql")
    began = time.monotonic()
    load = f"ld_dir('{data.quads.parent}', '{data.quads.name}', 'urn:none'); rdf_loader_run(); checkpoint;"
    _run(["isql-vt", f"127.0.0.1:{control}", "dba", "dba", f"EXEC={load}"])
    endpoint.seconds += time.monotonic() - began
    return endpoint


PEERS: dict[str, Callable[[Data], Endpoint]] = {
    "spacekg": spacekg,
    "spacekg-unkept": spacekg_unkept,
    "spacekg-before": spacekg_before,
    "oxigraph-memory": oxigraph_memory,
    "oxigraph-disk": oxigraph_disk,
    "virtuoso": virtuoso,
    "rdflib-endpoint": rdflib_endpoint,
    "fuseki": fuseki,
    "comunica": comunica,
}


def free() -> int:
    """Find a port that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as ear:
        return int(ear.getsockname()[1])


def _started(name: str, command: list[str], port: int, path: str, wanted: str = "") -> Endpoint:
    """Start a server and wait until it answers whether there is any triple, and says so with this text."""
    if shutil.which(command[0]) is None:
        raise FileNotFoundError(command[0])
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    endpoint = Endpoint(name, process, port, path)
    endpoint.wait(wanted)
    endpoint.seconds = time.monotonic() - began
    return endpoint


def _filled(endpoint: Endpoint, data: Data, path: str, kind: str) -> Endpoint:
    began = time.monotonic()
    url = f"http://127.0.0.1:{endpoint.port}{path}"
    with data.doubled.open("rb") as body:
        headers = {"Content-Type": kind, "Content-Length": str(data.doubled.stat().st_size)}
        urllib.request.urlopen(urllib.request.Request(url, body, headers, method="POST"), timeout=WAIT).close()
    endpoint.seconds += time.monotonic() - began
    return endpoint


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=WAIT)


def _proportional(process: int) -> int:
    """Give the kilobytes of a process, what it shares divided among those that share it."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
