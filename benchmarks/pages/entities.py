"""How many requests for entities a server answers, beside questions about the same entities to its SPARQL endpoint.

    spacekg serve --port 8000 --limit client_seconds=100000 &
    python benchmarks/pages/entities.py http://127.0.0.1:8000 [--entities 100] [--rounds 5] [--connections 4]

Each round asks every entity once in each way, one way after the other, over connections that stay open. What is asked
for the second time comes from what the server kept; the first round is a row of its own. Rates are medians of rounds,
on the clock, and ratios are to the endpoint's in the same round.
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, urlsplit

ENTITIES = (
    "SELECT DISTINCT ?entity { ?entity <http://www.w3.org/2004/02/skos/core#exactMatch> ?item . "
    'FILTER(STRSTARTS(STR(?entity), "https://w3id.org/spacekg/id/")) } ORDER BY MD5(STR(?entity)) LIMIT '
)
Path = Callable[[str], tuple[str, str]]
WAYS: dict[str, Path] = {
    "/sparql, its statements as JSON": lambda iri: (
        f"/sparql?query={quote(f'SELECT ?p ?o {{ <{iri}> ?p ?o }}')}",
        "application/sparql-results+json",
    ),
    "/data/….ttl": lambda iri: (f"/data/id/{local(iri)}.ttl", "*/*"),
    "/data/….jsonld": lambda iri: (f"/data/id/{local(iri)}.jsonld", "*/*"),
    "/page/…": lambda iri: (f"/page/{local(iri)}", "text/html"),
}


def main() -> None:
    """Ask in all ways and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("server")
    parser.add_argument("--entities", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=4)
    given = parser.parse_args()
    host = urlsplit(given.server).netloc
    _, *iris = got(host, [(f"/sparql?query={quote(f'{ENTITIES}{given.entities}')}", "text/csv")])[0].decode().split()
    rounds = [
        {name: rate(host, [way(iri) for iri in iris], given.connections) for name, way in WAYS.items()}
        for _ in range(given.rounds)
    ]
    endpoint = next(iter(WAYS))
    print("| asked for | first round, a second | again, a second | ratio to the endpoint |\n|---|---|---|---|")
    for name in WAYS:
        again = [each[name] for each in rounds[1:]]
        ratio = statistics.median(each[name] / each[endpoint] for each in rounds[1:])
        print(f"| {name} | {rounds[0][name]:,.0f} | {statistics.median(again):,.0f} | {ratio:.2f} |")


def local(iri: str) -> str:
    """Give the name of an entity."""
    return iri.rpartition("/")[2]


def rate(host: str, questions: Sequence[tuple[str, str]], connections: int) -> float:
    """Ask questions over several connections at once; returns how many were answered a second."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        list(pool.map(lambda part: got(host, questions[part::connections]), range(connections)))
    return len(questions) / (time.perf_counter() - begun)


def got(host: str, questions: Sequence[tuple[str, str]]) -> list[bytes]:
    """Ask over one connection; every answer must be a 200."""
    connection = http.client.HTTPConnection(host, timeout=60)
    answers = []
    for path, accept in questions:
        connection.request("GET", path, headers={"Accept": accept})
        response = connection.getresponse()
        answers.append(response.read())
        if response.status != http.client.OK:
            raise SystemExit(f"{path}: {response.status} {answers[-1][:300]!r}")
    connection.close()
    return answers


if __name__ == "__main__":
    main()
