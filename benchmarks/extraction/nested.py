"""Read documents of nested list items, and of as many once more by ten, and print what they took.

    nested.py [--items 1000000]

Each is read in a process of its own, from its file to its judged claims. The factor says how time grows with ten times
as many items: 10 is in proportion. Items are nested by indentation, within one line, and as elements of
HTML.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from spacekg import corpus, declared, disputes, documents, lexicon, reference
from spacekg.errors import DocumentError

SECONDS = 1800


def main() -> None:
    """Print a row for each way to nest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--read", type=Path, help="read this document only, and print what it took as JSON")
    options = parser.parse_args()
    if options.read:
        print(json.dumps(read(options.read)))
        return
    print("| nested | items | s | factor | peak MB | outcome |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name in texts(1):
            before = measured(Path(folder) / name, texts(options.items // 10)[name])
            after = measured(Path(folder) / name, texts(options.items)[name])
            factor = after["seconds"] / before["seconds"]
            row = f"| {name} | {options.items:,} | {after['seconds']:.1f} | {factor:.1f} | {after['megabytes']:.0f} |"
            print(f"{row} {after['outcome']} |", flush=True)


def texts(items: int) -> dict[str, str]:
    """The documents, by the name of their file."""
    return {
        "indented.md": "\n".join(f"{'  ' * (i % 4)}- item {i}" for i in range(items)),
        "names.md": "\n".join(f"{'  ' * (i % 4)}- NASA" for i in range(items)),
        "one-line.md": "- " * items + "item",
        "elements.html": f"<title>t</title>{'<ul><li>' * items}item{'</li></ul>' * items}",
        "flat.html": f"<title>t</title><ul>{'<li>item</li>' * items}</ul>",
    }


def measured(path: Path, text: str) -> dict[str, float]:
    """Read a text in a process of its own."""
    path.write_text(text, encoding="utf-8")
    command = [sys.executable, __file__, "--read", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def read(path: Path) -> dict[str, object]:
    """Read one document up to its judged claims; the tables are loaded before the clock starts."""
    known = declared.read(declared.shipped())
    words = lexicon.read(known.folder / "data" / "lexicon", known)
    tables = reference.read(known.folder / "data" / "reference")
    begin = time.perf_counter()
    try:
        found = corpus.extract(documents.read([path]).documents, tables, words, corpus.Means(processes=0))
        claims = disputes.judge(found.claims, tables, known)
        facts = sum(claim.status == "accepted" for claim in claims)
        outcome = f"{len(found.passages):,} passages, {len(found.unparsed)} not parsed, {facts} facts"
    except DocumentError as error:
        outcome = str(error).replace(str(path.parent), "").lstrip("/")
    seconds = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": round(seconds, 2), "megabytes": round(peak), "outcome": outcome}


if __name__ == "__main__":
    main()
