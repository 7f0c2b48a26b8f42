"""How long a server takes for each kind of page the first time, and how large it is, beside its SPARQL endpoint.

    spacekg serve --port 8000 --limit client_seconds=100000 &
    python benchmarks/pages/pages.py http://127.0.0.1:8000 [--rounds 5] [--pid PID]

Each round asks every kind of page, those of things in a language that was not asked for before, so that nothing of them
comes from what the server kept. Other pages are kept after their first time, which is a column of its own. The unit is
a question to the endpoint (ten statements of an entity as JSON) in the same round. Sizes are as sent, with gzip. With
the process id of the server, on Linux, the table has the processor time that it and its workers took, which does not
grow with what else the machine does.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import statistics
import time
from pathlib import Path
from urllib.parse import quote, urlsplit

PAGES = (
    "/",
    "/search?q=webb",
    "/page/jwst",
    "/page/nasa",
    "/page/esa",
    "/page/document/collaborations-in-space-exploration",
    "/disputes",
    "/about",
    "/downloads",
    "/api",
    "/status",
    "/queries",
    "/queries/nasa_and_esa",
    "/vocab",
    "/explore/network",
    "/explore/sites",
)
QUERY = "SELECT ?p ?o { <https://w3id.org/spacekg/id/jwst> ?p ?o } LIMIT 10"


def main() -> None:
    """Ask for all pages and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("server")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pid", type=int, default=0)
    given = parser.parse_args()
    host = urlsplit(given.server).netloc
    seconds: dict[str, list[float]] = {page: [] for page in PAGES}
    ratios: dict[str, list[float]] = {page: [] for page in PAGES}
    spent: dict[str, list[float]] = {page: [] for page in PAGES}
    sizes: dict[str, tuple[int, int]] = {}
    for number in range(given.rounds):
        unit, _, _ = asked(host, f"/sparql?query={quote(f'{QUERY} # {number} {time.time_ns()}')}", "")
        for page in PAGES:
            before = worked(given.pid)
            took, sent, whole = asked(host, page, f"x-{number}{time.time_ns() % 10**6}")
            spent[page].append(worked(given.pid) - before)
            seconds[page].append(took)
            ratios[page].append(took / unit)
            sizes[page] = (sent, whole)
    print("| page | first, ms | median, ms | processor, first, ms | processor, median, ms |", end="")
    print(" median, questions to the endpoint | sent, kB | whole, kB |\n|---|---|---|---|---|---|---|---|")
    for page in PAGES:
        first, again = seconds[page][0] * 1000, statistics.median(seconds[page]) * 1000
        sent, whole = sizes[page]
        print(
            f"| {page} | {first:.0f} | {again:.0f} | {spent[page][0] * 1000:.0f} "
            f"| {statistics.median(spent[page]) * 1000:.0f} | {statistics.median(ratios[page]):.1f} "
            f"| {sent / 1000:.0f} | {whole / 1000:.0f} |"
        )


def worked(pid: int) -> float:
    """Give the seconds of processor time that a process, its threads and all below it have taken; 0 without one."""
    if not pid:
        return 0.0
    waiting, nanoseconds = [pid], 0
    while waiting:
        tasks = Path("/proc", str(waiting.pop()), "task")
        for task in tasks.iterdir() if tasks.exists() else ():
            nanoseconds += int((task / "schedstat").read_text(encoding="ascii").split()[0])
            waiting += map(int, (task / "children").read_text(encoding="ascii").split())
    return nanoseconds / 1e9


def asked(host: str, path: str, language: str) -> tuple[float, int, int]:
    """Ask once; gives the seconds until all is there, the bytes sent, and the bytes unpacked."""
    connection = http.client.HTTPConnection(host, timeout=60)
    headers = {"Accept": "text/html, */*;q=0.1", "Accept-Encoding": "gzip", "Accept-Language": language or "en"}
    begun = time.perf_counter()
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    content = response.read()
    took = time.perf_counter() - begun
    connection.close()
    if response.status != http.client.OK:
        raise SystemExit(f"{path}: {response.status} {content[:300]!r}")
    whole = gzip.decompress(content) if response.headers.get("Content-Encoding") == "gzip" else content
    return took, len(content), len(whole)


if __name__ == "__main__":
    main()
