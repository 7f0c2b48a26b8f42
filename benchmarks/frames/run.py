"""run       a frame of many rows, from an endpoint and in this process: ours against what is usual, in one run.

What counts is processor time, that of the endpoint's thread included: others may use the machine.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pandas
import polars  # noqa: F401  # loading it is no part of the first frame
import pyoxigraph
from SPARQLWrapper import JSON, POST, SPARQLWrapper

import spacekg
from spacekg import local
from spacekg.knowledge import Knowledge
from spacekg.store import Store

XSD = "http://www.w3.org/2001/XMLSchema#"
QUERY = "SELECT ?thing ?n ?day { ?thing ?n ?day }"


def body(rows: int) -> bytes:
    """Write rows of an IRI out of 5,000, a number and a date."""
    cells = [
        {
            "thing": {"type": "uri", "value": f"https://w3id.org/spacekg/id/thing-{row % 5000}"},
            "n": {"type": "literal", "value": str(row), "datatype": f"{XSD}integer"},
            "day": {"type": "literal", "value": f"20{row % 30:02}-0{row % 9 + 1}-11", "datatype": f"{XSD}date"},
        }
        for row in range(rows)
    ]
    return json.dumps({"head": {"vars": ["thing", "n", "day"]}, "results": {"bindings": cells}}).encode()


def theirs(address: str) -> Any:
    """Do what is usual, with the types made afterwards."""
    wrapper = SPARQLWrapper(address, returnFormat=JSON)
    wrapper.setMethod(POST)
    wrapper.setQuery(QUERY)
    rows: Any = wrapper.query().convert()
    frame = pandas.DataFrame(
        [{name: cell["value"] for name, cell in row.items()} for row in rows["results"]["bindings"]]
    )
    return frame.assign(n=frame["n"].astype("Int64"), day=pandas.to_datetime(frame["day"]))


def main() -> None:
    """Print seconds and the ratio for both libraries."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    content = body(rows)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}/"
    kg = spacekg.open(address, seconds=300)
    asked = {
        "SPARQLWrapper + pandas": lambda: theirs(address),
        "kg.frame, pandas": lambda: kg.frame(QUERY, labels=()),
        "kg.frame, polars": lambda: kg.frame(QUERY, "polars", labels=()),
    }
    compare(asked)
    server.shutdown()
    data = pyoxigraph.Store()
    data.bulk_extend(triples(rows))
    here = Knowledge(
        Store(
            data,
            "local",
            {"knowledge/labels": kg.engine.shipped("knowledge/labels")},
            kg.rules.prefixes,
            local.OWN_MACHINE,
        ),
        kg.rules,
    )
    compare(
        {
            "pyoxigraph + pandas": lambda: solved(data),
            "kg.frame, pandas": lambda: here.frame(QUERY, labels=()),
            "kg.frame, polars": lambda: here.frame(QUERY, "polars", labels=()),
        }
    )


def triples(rows: int) -> Iterator[pyoxigraph.Quad]:
    """Make triples of a thing out of 5,000, a property and a number."""
    integer = pyoxigraph.NamedNode(f"{XSD}integer")
    property = pyoxigraph.NamedNode("https://w3id.org/spacekg/ontology#number")
    for row in range(rows):
        thing = pyoxigraph.NamedNode(f"https://w3id.org/spacekg/id/thing-{row % 5000}")
        yield pyoxigraph.Quad(thing, property, pyoxigraph.Literal(str(row), datatype=integer))


def solved(data: pyoxigraph.Store) -> Any:
    """Do what is usual without an endpoint, with the types made afterwards."""
    rows = [[term.value for term in row] for row in data.query(QUERY)]
    frame = pandas.DataFrame(rows, columns=["thing", "property", "n"])
    return frame.assign(n=frame["n"].astype("Int64"))


def compare(asked: dict[str, Callable[[], Any]]) -> None:
    """Print what each takes, and how it stands to the first."""
    usual = 0.0
    for name, ask in asked.items():
        begun = time.process_time()
        length = len(ask())
        seconds = time.process_time() - begun
        usual = usual or seconds
        first = next(iter(asked))
        print(f"{name}: {length:,} rows, {seconds:.1f} s, {usual / seconds:.2f} times as fast as {first}", flush=True)


if __name__ == "__main__":
    main()
