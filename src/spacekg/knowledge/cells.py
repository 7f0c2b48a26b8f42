"""cells     solutions of a query → columns of values, each different cell read once."""

from __future__ import annotations

from pyoxigraph import QuerySolutions, parse_query_results

from spacekg import formats
from spacekg.knowledge.values import Value, value

_SURE = 18
"""Digits of a number that is read without asking what it is."""


def columns(solved: QuerySolutions) -> tuple[tuple[str, ...], list[list[Value | None]]]:
    """Give the variables, and for each its values from the first row to the last, None where it has none.

    The engine writes the rows as TSV, which tells any two terms apart and has no tab or line break within a cell, so
    that Python handles texts and makes a term only of what is new.

    Raises:
        SyntaxError, OSError: the answer breaks off.
    """
    names = tuple(variable.value for variable in solved.variables)
    written = solved.serialize(format=formats.TSV.codec) or b""
    head, _, body = written.decode().partition("\n")
    if not body or not names:
        return names, [[] for _ in names]
    # One flat list: a list for every row costs more than all else, as Python looks through them again and again.
    found = body[:-1].replace("\n", "\t").split("\t")
    if len(found) % len(names) or len(head.split("\t")) != len(names):
        raise SyntaxError("a row has not as many cells as the answer has columns")
    known = _read(set(found))
    return names, [[known[cell] for cell in found[at :: len(names)]] for at in range(len(names))]


def _read(cells: set[str]) -> dict[str, Value | None]:
    known: dict[str, Value | None] = {"": None}
    others = []
    for cell in cells - {""}:
        if len(cell) <= _SURE and cell.isascii() and cell.isdigit():
            known[cell] = int(cell)
        else:
            others.append(cell)
    table = parse_query_results("\n".join(["?cell", *others, ""]).encode(), formats.TSV.codec)
    known.update((cell, value(row[0])) for cell, row in zip(others, table, strict=True))  # type: ignore[arg-type]
    return known
