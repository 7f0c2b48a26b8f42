"""Run the harness's protocol suites against our site over HTTP: over_http.py HARNESS SUITE [its options].

Their data are loaded before, for the site only reads; what the harness would do to load them is left out.
"""

from __future__ import annotations

import runpy
import sys
import threading
from pathlib import Path
from typing import Any


def main(harness: Path, suite: str) -> None:
    """Serve the data of the protocol's tests on a free port and run one suite."""
    sys.path[:0] = [str(harness), str(Path(__file__).parent)]
    import engine  # noqa: PLC0415  # of this folder, findable only now
    import engines  # noqa: PLC0415
    from pyoxigraph import NamedNode  # noqa: PLC0415

    from spacekg import web  # noqa: PLC0415
    from spacekg.server import Server  # noqa: PLC0415

    engines.HttpEngine.reset = lambda *_: None
    quads = [quad for iri, graph in _data() for quad in engine.quads(graph, NamedNode(iri))]
    server = Server(web.create_app(_separate(quads)), "127.0.0.1", 0)
    thread = threading.Thread(target=server.run)
    thread.start()
    address = server.address
    urls = ["--query-url", f"{address}sparql", "--update-url", f"{address}sparql", "--gsp-url", f"{address}store"]
    sys.argv = [
        "run_protocol.py",
        suite,
        *urls,
        "--gsp-direct-url",
        f"{address}store",
        "--name",
        "spacekg",
        *sys.argv[3:],
    ]
    try:
        runpy.run_path(str(harness / "run_protocol.py"), run_name="__main__")
    finally:
        server.stop()
        thread.join(20)


def _separate(quads: list[Any]) -> Any:
    """Make a store whose default graph holds only what no named graph does."""
    import pyoxigraph  # noqa: PLC0415

    from spacekg.store import Store  # noqa: PLC0415
    from spacekg.united import United  # noqa: PLC0415

    data = pyoxigraph.Store()
    data.bulk_extend(quads)
    return Store(United(data), "test")


def _data() -> list[tuple[str, Any]]:
    import common  # noqa: PLC0415

    manifest = common.SUITES / "rdf-tests/sparql/sparql11/protocol/manifest.ttl"
    found: dict[str, Any] = {}
    for test in common.iter_tests(manifest):
        for node in test.g.objects(test.node, common.UT.graphData):
            file = test.g.value(node, common.UT.graph)
            label = str(test.g.value(node, common.RDFS.label))
            found[label] = common.parse_rdf_file(common.iri_to_path(file), str(file))
    return sorted(found.items(), key=lambda item: item[0])


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
