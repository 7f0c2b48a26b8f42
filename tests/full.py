"""A build on a cluster whose disk is full at each of several steps: `python -m tests.full FOLDER STEP…`.

It is run by `unshare`, so that the small disk, which is the folder of releases, is gone with it. Before each build the
disk has room; when the build tells of STEP it is filled to the last byte. What came of it is printed as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from tests.reading import shipped
from tests.test_partitioned import small

from spacekg import pipeline
from spacekg.corpus.cluster import Cluster
from spacekg.errors import ReleaseError
from spacekg.release import open_release

SIZE = "64m"


def main() -> None:
    """Build once with room, once for each step without, and once more."""
    folder, steps = Path(sys.argv[1]), sys.argv[2:]
    out = folder / "out"
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", out], check=True)
    with Cluster(workers=2).opened() as cluster, cluster.spread() as spread:

        def build(texts: str, full_at: str) -> tuple[str, list[str]]:
            told: list[str] = []

            def tell(step: str) -> None:
                told.append(step)
                if full_at and step.startswith(full_at):
                    fill(out / "filler")

            known, _, _, _ = shipped()
            made = pipeline.build_in_parts(
                [folder / texts], out, known, small(), tell, shards=3, spread=spread, engine=cluster.read
            )
            return made.id, told

        before, _ = build("before", "")
        failed = {}
        for step in steps:
            try:
                build("after", step)
            except ReleaseError as error:
                failed[step] = str(error)
            (out / "filler").unlink()
            assert open_release(out).id == before
            assert [path.name for path in out.iterdir() if path.name.startswith((".parts-", ".unfinished"))] == []
        after, told = build("after", "")
    print(json.dumps({"before": before, "failed": failed, "after": after, "told": told, "out": open_release(out).id}))


def fill(path: Path) -> None:
    """Leave no byte of room."""
    with path.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            with suppress(OSError):
                while file.write(b"\0" * size):
                    pass


if __name__ == "__main__":
    main()
