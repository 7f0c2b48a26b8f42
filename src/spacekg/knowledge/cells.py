"""cells     rows of an answer in TSV → a column for each variable, every different cell read once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import parse_query_results

from spacekg import formats
from spacekg.knowledge.values import Value, value

_SURE = 18
"""Digits of a number that is read without asking what it is."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The different values of a variable, None among them where it has none, and for each row the place of its own."""

    values: Sequence[Value | None]
    places: Any
    """A sequence of whole numbers, or an array of them."""

    def column(self) -> list[Value | None]:
        """Give the values from the first row to the last."""
        return [self.values[place] for place in self.places]


def names(content: bytes) -> tuple[str, ...]:
    """Give the variables, which stand in the first line."""
    head = content.partition(b"\n")[0].decode()
    return tuple(name.removeprefix("?") for name in head.split("\t")) if head else ()


def columns(content: bytes) -> list[Cells]:
    """Give the columns of an answer that pyoxigraph wrote as TSV.

    It tells any two terms apart and has no tab or line break within a cell, so that Python handles texts and makes a
    term only of what is new.

    Raises:
        SyntaxError: a row has not as many cells as there are variables.
    """
    width = len(names(content))
    body = content.partition(b"\n")[2].decode()
    if not body or not width:
        return [Cells((), ()) for _ in range(width)]
    # One flat list: a list for every row costs more than all else, as Python looks through them again and again.
    found = body[:-1].replace("\n", "\t").split("\t")
    if len(found) % width:
        raise SyntaxError("a row has not as many cells as the answer has columns")
    made = []
    for at in range(width):
        column = found[at::width]
        places = {cell: place for place, cell in enumerate(dict.fromkeys(column))}
        made.append(Cells(read(list(places)), [places[cell] for cell in column]))
    return made


def read(cells: Sequence[str]) -> list[Value | None]:
    """Give the values of different cells, in their order."""
    known: dict[str, Value | None] = {"": None}
    others = []
    for cell in cells:
        if len(cell) <= _SURE and cell.isascii() and cell.isdigit():
            known[cell] = int(cell)
        elif cell:
            others.append(cell)
    table = parse_query_results("\n".join(["?cell", *others, ""]).encode(), formats.TSV.codec)
    known.update((cell, value(row[0])) for cell, row in zip(others, table, strict=True))  # type: ignore[arg-type]
    return [known[cell] for cell in cells]
