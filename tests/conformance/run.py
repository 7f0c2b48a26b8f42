"""Run the harness's SPARQL suites against our store: run.py HARNESS [its options]; prints and writes what it does."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path


def main(harness: Path) -> None:
    """Put our engine in the place of the harness's own and run it."""
    sys.path[:0] = [str(harness), str(Path(__file__).parent)]
    import engine  # noqa: PLC0415  # of this folder, findable only now
    import engines  # noqa: PLC0415

    engines.make_engine = lambda _: engine.Engine()
    sys.argv = ["run_sparql.py", "--engine", "pyoxigraph", *sys.argv[2:]]
    runpy.run_path(str(harness / "run_sparql.py"), run_name="__main__")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
