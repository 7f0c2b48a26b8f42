"""decisions  what a person decided about names: read before a run, applied in it, and kept by it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from spacekg.errors import TableError
from spacekg.linking.cells import guarded, unguarded
from spacekg.linking.outcomes import Outcome
from spacekg.linking.rows import whole

COLUMNS = ("name", "context", "decision", "id", "label", "score", "why", "candidates", "note")
ACCEPT, REJECT = "accept", "reject"
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided about a name in a context: the one it is, those it is not, or that it is none."""

    accepted: str = ""
    rejected: frozenset[str] = frozenset()
    none: bool = False


@dataclass(frozen=True, slots=True)
class Decisions:
    """All verdicts, and the rows of the file that must be kept as they are."""

    verdicts: Mapping[Key, Verdict] = field(default_factory=dict)
    kept: tuple[Mapping[str, str], ...] = ()
    columns: tuple[str, ...] = COLUMNS


def read(path: Path) -> Decisions:
    """Read a decisions file; without one nothing is decided.

    A row with `accept` says that the name means what `id` says: a QID, or an id or IRI of spacekg. A row with `reject`
    says that it does not, or with an empty `id` that it is nothing known here.

    Raises:
        TableError: the file cannot be read, or a row decides something else; nothing is written over it.
    """
    if not path.exists():
        return Decisions()
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, restval="")
            rows = [{name: unguarded(cell) for name, cell in row.items() if name} for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TableError(
            f"{path}: cannot be read ({error}); mend it or move it away: it is not written over"
        ) from error
    columns = tuple(reader.fieldnames or ())
    if missing := [name for name in COLUMNS[:4] if name not in columns]:
        raise TableError(f"{path}: has no column {missing[0]!r}; wants {', '.join(COLUMNS[:4])}")
    verdicts: dict[Key, Verdict] = {}
    kept = []
    for number, row in enumerate(rows, 2):
        decided = row["decision"].strip().lower()
        if decided:
            key = row["name"], row["context"]
            verdicts[key] = _add(verdicts.get(key, Verdict()), decided, row["id"].strip(), f"{path.name}: row {number}")
        if decided or any(row[name].strip() for name in columns if name == "note" or name not in COLUMNS):
            kept.append(row)
    return Decisions(verdicts, tuple(kept), columns + tuple(name for name in COLUMNS if name not in columns))


def write(path: Path, decisions: Decisions, open_: Iterable[Outcome]) -> None:
    """Write the file anew: every row with a decision or a note as it was, then what is open.

    Raises:
        OSError: it cannot be written; the file is then as it was.
    """
    kept = {(row["name"], row["context"], row["id"].strip()) for row in decisions.kept}
    with whole(path) as fresh, fresh.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, decisions.columns, restval="", extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        for row in decisions.kept:
            writer.writerow({name: guarded(cell) for name, cell in row.items()})
        for row in map(proposed, open_):
            if (row["name"], row["context"], row["id"]) not in kept:
                writer.writerow({name: guarded(cell) for name, cell in row.items()})


def proposed(outcome: Outcome) -> dict[str, str]:
    """Give the row in which a person decides about a name; only `decision` is empty."""
    best = outcome.candidates[0] if outcome.candidates else None
    cells = (outcome.name, outcome.context, "", *((best.id, best.label, f"{best.score:g}") if best else ("", "", "0")))
    return dict(zip(COLUMNS, (*cells, outcome.why, outcome.others, ""), strict=True))


def _add(verdict: Verdict, decided: str, id_: str, where: str) -> Verdict:
    if decided == ACCEPT:
        if not id_ or verdict.accepted not in ("", id_):
            other = f"{verdict.accepted} is accepted above" if verdict.accepted else "wants an id"
            raise TableError(f"{where}: accept: {other}; decide for one")
        return Verdict(id_, verdict.rejected, verdict.none)
    if decided == REJECT:
        return Verdict(verdict.accepted, verdict.rejected | ({id_} if id_ else set()), verdict.none or not id_)
    raise TableError(f"{where}: decision {decided!r}: wants {ACCEPT}, {REJECT} or nothing")
