"""answers   rewrites tests/answers from a build of the shipped documents, and prints what changed, to be reviewed."""

from __future__ import annotations

import difflib
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import asking  # noqa: E402

from spacekg import declared, pipeline, reference  # noqa: E402  # the tests' helpers are found from the root
from spacekg.cli import releases  # noqa: E402


def main() -> None:
    rules = declared.read(ROOT)
    known = reference.read(ROOT / "data" / "reference")
    with tempfile.TemporaryDirectory() as folder:
        release = pipeline.build([ROOT / "data" / "documents"], Path(folder), rules, known, lambda _: None)
        found = dict(asking.answers(releases.stored(release, rules, releases.OWN_MACHINE), rules))
    for path in sorted(asking.ANSWERS.glob("*.csv")):
        if path.stem not in found:
            print(f"{path.name}: no such query any more")
            path.unlink()
    for name, answer in found.items():
        rewrite(asking.ANSWERS / f"{name}.csv", asking.written(answer))
    rewrite(asking.COUNTS, "".join(f"{name}\t{len(answer) - 1}\n" for name, answer in found.items()))


def rewrite(path: Path, text: str) -> None:
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    if old != text:
        lines = difflib.unified_diff(old.splitlines(), text.splitlines(), path.name, path.name, n=0, lineterm="")
        print(*lines, sep="\n")
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
