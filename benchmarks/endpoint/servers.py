"""What a request costs with each HTTP server: the same site, asked what it has kept and what it must answer anew.

    python benchmarks/endpoint/servers.py [--seconds 3]

The site answers in the process of the server from a graph of a few triples, so that little but the server and the site
is measured. granian and gunicorn are measured where they are installed; needs wrk.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

from peers import Endpoint, free
from pyoxigraph import Literal, NamedNode, Quad

from spacekg import server, store, web
from spacekg.answers import Limits

HERE = Path(__file__).parent
THREADS = 48
"""As many as spacekg has, wherever a server is told."""
GRANIAN = ["granian", "--interface", "wsgi", "--no-log", "--port", "{port}", "servers:application"]
GUNICORN = ["gunicorn", "--bind", "127.0.0.1:{port}", "--log-level", "error", "servers:application"]
SERVERS = {
    "waitress, as spacekg runs it": [sys.executable, __file__, "--serve", "{port}"],
    "granian, 1 thread": [*GRANIAN, "--blocking-threads", "1"],
    "granian, 48 threads": [*GRANIAN, "--blocking-threads", f"{THREADS}"],
    "gunicorn gthread, 48 threads": [*GUNICORN, "--threads", f"{THREADS}"],
}


def main() -> None:
    """Measure each and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--serve", type=int)
    parser.add_argument("--seconds", type=int, default=3)
    given = parser.parse_args()
    if given.serve:
        server.serve(application(), "127.0.0.1", given.serve)
        return
    print(
        "| server | connections | kept, requests/s | CPU, µs | anew, requests/s | CPU, µs |\n|---|---|---|---|---|---|"
    )
    for name, command in SERVERS.items():
        if shutil.which(command[0]) is None:
            continue
        port = free()
        process = subprocess.Popen(
            [part.format(port=port) for part in command], cwd=HERE, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        endpoint = Endpoint(name, process, port, "/sparql")
        try:
            endpoint.wait("true")
            for connections in (1, 8, 64):
                figures = [_loaded(endpoint, kind, connections, given.seconds) for kind in ("kept", "anew")]
                told = " | ".join(f"{rate:,.0f} | {cpu:,.0f}" for rate, cpu in figures)
                print(f"| {name} | {connections} | {told} |", flush=True)
        finally:
            endpoint.stop()


def application(*asked: Any) -> Any:
    """Make the site; asked as WSGI applications are, it makes itself first."""
    if not asked:
        quads = [Quad(NamedNode(f"a:s{n}"), NamedNode("a:p"), Literal(n)) for n in range(20)]
        limits = Limits(client_seconds=1e9, per_client=10_000)
        return web.create_app(store.Store(quads, "r", {}, {}, limits))
    if not _made:
        _made.append(application())
    return _made[0](*asked)


_made: list[Any] = []


def _loaded(endpoint: Endpoint, kind: str, connections: int, seconds: int) -> tuple[float, float]:
    """Give requests a second and the microseconds of processor time for each."""
    number = 1 if kind == "kept" else 200_000
    paths = HERE / f".paths-{endpoint.port}.txt"
    texts = (f"SELECT ?o {{ <a:s{each % 20}> <a:p> ?o }} #{each}" for each in range(number))
    paths.write_text("\n".join(f"/sparql?query={quote(text)}" for text in texts), encoding="utf-8")
    try:
        before = endpoint.cpu()
        run = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(HERE / "load.lua"),
             f"http://127.0.0.1:{endpoint.port}", "--", str(paths)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    finally:
        paths.unlink()
    _, requests, duration, *_ = run.stdout[run.stdout.index("RESULT") :].split()
    return int(requests) / (int(duration) / 1e6), 1e6 * (endpoint.cpu() - before) / max(1, int(requests))


if __name__ == "__main__":
    main()
