"""rows      rows of a list with their outcomes → CSV, TSV or JSON Lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from spacekg.errors import TableError
from spacekg.linking.cells import guarded, shown
from spacekg.linking.outcomes import Outcome

ADDED = ("qid", "qid_status", "iri", "label", "score", "match", "why", "candidates")
APART = "spacekg_"
"""Goes before a column that is added, where the list has one of that name."""

Write = Callable[[Sequence[object], Outcome], object]


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a file beside one to write; what was written takes its place at the end, and not at all after an error."""
    fresh = path.with_name(path.name + ".new")
    yield fresh
    fresh.replace(path)


def header(columns: Sequence[str]) -> tuple[str, ...]:
    """Give the names of all columns of the output."""
    return (*columns, *(APART + name if name in columns else name for name in ADDED))


def writer(path: Path, stream: IO[str], columns: Sequence[str]) -> Write:
    """Make what writes a row; a stream at its start gets the header first.

    Raises:
        TableError: the ending of `path` is none that is written.
    """
    suffix, names = path.suffix.lower(), header(columns)
    if suffix in DELIMITERS:
        rows = csv.writer(stream, delimiter=DELIMITERS[suffix], lineterminator="\n")
        if stream.tell() == 0:
            rows.writerow(guarded(name) for name in names)
        return lambda cells, outcome: rows.writerow(guarded(shown(each)) for each in (*cells, *_added(outcome)))
    if suffix in (".jsonl", ".ndjson"):
        return lambda cells, outcome: stream.write(_object(names, (*cells, *_added(outcome))))
    raise TableError(
        f"{path.name}: wants an output that ends in one of {', '.join([*DELIMITERS, '.jsonl', '.ndjson'])}"
    )


DELIMITERS = {".csv": ",", ".tsv": "\t"}


def _added(outcome: Outcome) -> Iterator[object]:
    status = f"{outcome.relation}, seen {outcome.seen}" if outcome.seen else outcome.relation
    yield from (outcome.qid, status, outcome.iri, outcome.label, outcome.score, outcome.match, outcome.why)
    yield "" if outcome.match else outcome.others


def _object(names: Sequence[str], cells: Sequence[object]) -> str:
    return json.dumps(dict(zip(names, cells, strict=True)), ensure_ascii=False, default=shown) + "\n"
