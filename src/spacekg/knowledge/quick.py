"""quick     rows of an answer in TSV → the same columns by polars, without an object of Python for each cell."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from spacekg.errors import MissingExtraError
from spacekg.knowledge import cells, extras
from spacekg.knowledge.cells import Cells

WORTH = 200_000
"""Bytes of an answer below which loading polars would take longer than it saves."""
_WHOLE = r"^-?[0-9]{1,18}$"
_PLAIN = r'^"([^"\\]*)"(?:@([A-Za-z0-9]+(?:-[A-Za-z0-9]+)*))?$'
"""A text without escapes and with no type or that of a language."""


@dataclass(frozen=True, slots=True)
class Wholes:
    """A column of whole numbers, as a series of polars."""

    numbers: Any


@dataclass(frozen=True, slots=True)
class Texts:
    """A column of texts, and that of their languages, as series of polars; the other is None where none has one."""

    texts: Any
    languages: Any


Quick = Cells | Wholes | Texts


def columns(content: bytes) -> Sequence[Quick]:
    """Give the columns of an answer that pyoxigraph wrote as TSV; of a small one, or without polars, as `cells` does.

    Raises:
        SyntaxError: a row has not as many cells as there are variables.
    """
    names = cells.names(content)
    if len(content) < WORTH or not names:
        return cells.columns(content)
    try:
        polars = extras.polars()
    except MissingExtraError:
        return cells.columns(content)
    options = {"separator": "\t", "quote_char": None, "infer_schema": False, "raise_if_empty": False}
    table = polars.read_csv(io.BytesIO(content), **options)
    if table.shape != (content.count(b"\n") - 1, len(names)):
        return cells.columns(content)  # it passes over empty lines, which are rows where nothing is bound
    return [_column(polars, series) for series in table.get_columns()]


def _column(polars: Any, series: Any) -> Quick:
    first = series.drop_nulls().head(1).to_list()
    if first and first[0][0] in "-0123456789" and series.str.contains(_WHOLE).all():
        return Wholes(series.cast(polars.Int64))
    if first and first[0][0] == '"' and series.str.contains(_PLAIN).all():
        languages = series.str.extract(_PLAIN, 2)
        found = series.str.extract(_PLAIN, 1)
        return Texts(found, None if languages.is_null().all() else languages)
    filled = series.fill_null("")
    different = filled.unique(maintain_order=True)
    places = filled.replace_strict(different, polars.Series(range(len(different)), dtype=polars.UInt32))
    return Cells(cells.read(different.to_list()), places.to_numpy())
