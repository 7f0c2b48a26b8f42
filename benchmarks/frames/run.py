"""run       a frame of many rows from one endpoint: ours against SPARQLWrapper with pandas, in one run."""

from __future__ import annotations

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pandas
from SPARQLWrapper import JSON, POST, SPARQLWrapper

import spacekg

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
    content = body(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)

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
    usual = 0.0
    for name, ask in asked.items():
        begun = time.perf_counter()
        length = len(ask())
        seconds = time.perf_counter() - begun
        usual = usual or seconds
        print(
            f"{name}: {length:,} rows, {seconds:.1f} s, {usual / seconds:.2f} times as fast as SPARQLWrapper + pandas"
        )
    server.shutdown()


if __name__ == "__main__":
    main()
