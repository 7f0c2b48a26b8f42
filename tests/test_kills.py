"""Nothing is lost by kill -9: what `make kills` does fifty times to spacekg itself, three times to small releases."""

from __future__ import annotations

import importlib.util
import random
import sys
from pathlib import Path

SMALL = """
import sys
from pathlib import Path
from pyoxigraph import Literal, NamedNode, Quad
from spacekg import dumps, export, formats
from spacekg.declared import BASE, RDFS
from spacekg.release import open_release, publish
what, folder = sys.argv[1], Path(sys.argv[2])
out, text = folder / "releases", (folder / "documents" / "text.txt").read_text()
if what == "build":
    graph, label = NamedNode(BASE + "graph/reference/one"), NamedNode(RDFS + "label")
    publish([Quad(NamedNode(f"{BASE}id/x{n}"), label, Literal(text), graph) for n in range(2000)], [], {}, {}, out)
elif what == "dumps":
    dumps.write(open_release(out), {})
else:
    export.write(open_release(out).quads(), folder / "all.ttl", formats.TURTLE, {}, {"@context": {}})
"""
TOOL = Path(__file__).parents[1] / "tools" / "kills.py"


def test_three_kills_lose_nothing(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("kills", TOOL)
    assert spec is not None
    assert spec.loader is not None
    kills = importlib.util.module_from_spec(spec)
    sys.modules["kills"] = kills  # dataclasses look for their module there
    spec.loader.exec_module(kills)

    class Small(kills.Place):  # type: ignore[misc, name-defined]  # it is loaded by its path
        def command(self, name: str) -> list[str]:
            return [sys.executable, "-c", SMALL, name, str(self.folder)]

    told = kills.run(Small(tmp_path / "place"), 3, random.Random(5))
    assert sum(int(part.rpartition(" ")[2]) for part in told.split(", ") if " killed" in part) == 3
    assert sum(int(part.rpartition(" ")[2]) for part in told.split(", ") if "release" in part) == 3
