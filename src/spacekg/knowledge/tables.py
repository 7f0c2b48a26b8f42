"""tables    Table: the typed rows that answer a query, and how a notebook shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import overload

from spacekg.knowledge.values import IRI, Value

SHOWN = 50
"""Rows that a notebook shows; it says how many more there are."""


@dataclass(frozen=True, slots=True)
class Table(Sequence[dict[str, Value | None]]):
    """Rows of an answer, whole: variable to value, None where it has none."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value | None, ...], ...]
    compact: Callable[[str], str] = str

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, place: int) -> dict[str, Value | None]: ...
    @overload
    def __getitem__(self, place: slice) -> Table: ...
    def __getitem__(self, place: int | slice) -> dict[str, Value | None] | Table:
        """Give a row, or some of them as a table."""
        if isinstance(place, slice):
            return Table(self.columns, self.rows[place], self.compact)
        return dict(zip(self.columns, self.rows[place], strict=True))

    def __iter__(self) -> Iterator[dict[str, Value | None]]:
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    def _repr_html_(self) -> str:
        shown = [[self._cell(each) for each in row] for row in self.rows[:SHOWN]]
        more = f"<p>… and {len(self) - SHOWN:,} more rows</p>" if len(self) > SHOWN else ""
        return written(self.columns, shown) + more

    def _cell(self, value: Value | None) -> str:
        if isinstance(value, IRI):
            return link(value, self.compact(value))
        return "" if value is None else escape(str(value))


def link(iri: str, name: str) -> str:
    """Write a link; only the web is linked to, so that no address runs a script."""
    if iri.startswith(("http://", "https://")):
        return f'<a href="{escape(iri)}">{escape(name)}</a>'
    return escape(name)


def written(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table; its cells are HTML already, its head is text."""
    columns = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table>"
