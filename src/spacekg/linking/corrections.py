"""corrections  decisions of before, and what somebody chose for names on a page → the rows of a decisions file."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from spacekg.errors import TableError
from spacekg.linking import decisions
from spacekg.linking.decisions import ACCEPT, COLUMNS, REJECT, Decisions, Key, Verdict
from spacekg.linking.outcomes import Outcome

NONE = "none"
"""What is chosen for a name that means nothing known here; else an id is chosen, or nothing."""
Rows = list[Mapping[str, str]]


def read(text: str) -> Decisions:
    """Read a decisions file that somebody sends.

    Raises:
        TableError: it is none; see `decisions.read`.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "decisions.csv")
        path.write_text(text, encoding="utf-8", newline="")
        try:
            return decisions.read(path)
        except TableError as error:
            raise TableError(str(error).replace(f"{folder}/", "")) from error


def chosen(known: Decisions, outcome: Outcome) -> str:
    """Give what was decided about a name before, as it is chosen on a page."""
    verdict = known.verdicts.get((outcome.name, outcome.context)) or known.verdicts.get((outcome.name, ""), Verdict())
    return verdict.accepted or (NONE if verdict.none else "")


def rows(known: Decisions, outcomes: Sequence[Outcome], choices: Sequence[str]) -> Rows:
    """Give the rows of before, without those that were chosen otherwise, and behind them what was chosen.

    A row that is not about these names stays, and so does one that takes a single candidate away.
    """
    before = [chosen(known, each) for each in outcomes]
    changed = [(each, new) for each, old, new in zip(outcomes, before, choices, strict=True) if old != new]
    away: set[Key] = {(each.name, each.context) for each, _ in changed}
    # Undone is also what was decided whatever stands beside the name; for the others of the name it is said anew.
    away |= {(each.name, "") for each, new in changed if not new}
    kept: Rows = [row for row in known.kept if (row["name"], row["context"]) not in away or not _whole(row)]
    said = {(row["name"], row["context"]): row["id"].strip() or NONE for row in kept if _whole(row)}
    for each, new in zip(outcomes, choices, strict=True):
        if new and new != (said.get((each.name, each.context)) or said.get((each.name, ""))):
            kept.append(_row(each, new))
    return kept


def _whole(row: Mapping[str, str]) -> bool:
    """Whether a row says what a name is, or that it is nothing known here."""
    decided = row["decision"].strip().lower()
    return decided == ACCEPT or (decided == REJECT and not row["id"].strip())


def _row(outcome: Outcome, choice: str) -> Mapping[str, str]:
    decided = (REJECT, "") if choice == NONE else (ACCEPT, choice)
    return dict(zip(COLUMNS, (outcome.name, outcome.context, *decided), strict=False))
