"""redirects a table of Wikidata items that were merged → where each is now, so that an old QID still resolves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from spacekg.errors import DeclarationError
from spacekg.matching import spelling

COLUMNS = ("from", "to", "date")
QID = re.compile(r"Q[1-9]\d*")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where an item is now, and the day on which that was seen."""

    to: str
    date: str


def read(path: Path) -> dict[str, Redirect]:
    """Read the table; an item that was merged twice leads straight to where it is now.

    Raises:
        DeclarationError: a row has no two QIDs and a day, an item stands twice, or redirects go round in a circle.
    """
    table: dict[str, Redirect] = {}
    for line, row in enumerate(spelling.rows(path, COLUMNS), start=2):
        whole = QID.fullmatch(row["from"]) and QID.fullmatch(row["to"]) and DAY.fullmatch(row["date"])
        if not whole or row["from"] in table:
            raise DeclarationError(f"{path.name}: row {line}: wants a QID of its own, another QID and a day")
        table[row["from"]] = Redirect(row["to"], row["date"])
    moves = {old: now.to for old, now in table.items()}
    chains = {old: follow(old, moves, path.name) for old in sorted(table)}
    return {old: Redirect(there, max(table[each].date for each in passed)) for old, (*passed, there) in chains.items()}


def follow(old: str, moves: Mapping[str, str], table: str) -> list[str]:
    """Follow moves of moves; returns all that was passed, and at last what has not moved.

    Raises:
        DeclarationError: they go round in a circle; the message names the table.
    """
    passed = [old]
    while (there := moves[passed[-1]]) in moves:
        if there in passed:
            raise DeclarationError(f"{table}: {' → '.join([*passed, there])} goes round in a circle")
        passed.append(there)
    return [*passed, there]
