"""frames    columns of terms → columns of a data frame, each of its true type, in pandas or polars."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from spacekg.errors import UnknownFormatError
from spacekg.knowledge import extras
from spacekg.knowledge.quick import Quick, Texts, Wholes
from spacekg.knowledge.values import IRI, Date, Text, Value

WHOLE = range(-(2**63), 2**63)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what its values are (`whole`, `real`, `exact`, `truth`, `day`, `moment`, `zoned`, `text`), and they.

    With `places`, `values` are the different ones, and for each row there is the place of its own.
    """

    name: str
    kind: str
    values: Sequence[Any]
    places: Any = None


def columns(
    names: Sequence[str],
    found: Sequence[Quick],
    compact: Callable[[str], str],
    labels: Mapping[str, str],
) -> list[Column]:
    """Make the columns of a frame.

    A column of IRIs is written with prefixes and has a column NAME_label beside it, where `labels` has any. Dates that
    are not all days become their first days, with NAME_precision beside them; texts with languages have NAME_lang.
    Where a column mixes types, its values stay texts, as they were written.
    """
    made = [each for name, one in zip(names, found, strict=True) for each in _placed(name, one, compact, labels)]
    taken: dict[str, str] = {}
    for each in made:
        if each.name in taken:
            raise UnknownFormatError(f"two columns would be called {each.name!r}: rename a variable of the query")
        taken[each.name] = each.kind
    return made


def write(made: Iterable[Column], library: str) -> Any:
    """Make a frame of columns.

    Raises:
        UnknownFormatError: there is no such library.
        MissingExtraError: it is not installed.
    """
    if library == "pandas":
        return _pandas(extras.pandas(), made)
    if library == "polars":
        return _polars(extras.polars(), made)
    raise UnknownFormatError(f"a frame is made by pandas or polars, not by {library!r}")


def _placed(name: str, found: Quick, compact: Callable[[str], str], labels: Mapping[str, str]) -> list[Column]:
    if isinstance(found, Wholes):
        return [Column(name, "whole", found.numbers)]
    if isinstance(found, Texts):
        languages = [] if found.languages is None else [Column(f"{name}_lang", "text", found.languages)]
        return [Column(name, "text", found.texts), *languages]
    made = _made(name, found.values, compact, labels)
    return [Column(each.name, each.kind, each.values, found.places) for each in made]


def _made(
    name: str, values: Sequence[Value | None], compact: Callable[[str], str], labels: Mapping[str, str]
) -> list[Column]:
    types = {type(each) for each in values} - {type(None)}
    if types == {IRI}:
        short = {iri: compact(iri) for iri in set(values) if isinstance(iri, IRI)}
        shown = [Column(name, "text", [None if each is None else short[each] for each in values])]  # type: ignore[index]  # all are IRIs
        known = [Column(f"{name}_label", "text", [None if each is None else labels.get(str(each)) for each in values])]
        return shown + (known if labels else [])
    if types and types <= {Text, str}:
        languages = [each.language if isinstance(each, Text) else None for each in values]
        lang = [Column(f"{name}_lang", "text", languages)] if Text in types else []
        return [Column(name, "text", [None if each is None else str(each) for each in values]), *lang]
    if types == {Date}:
        dates = [each if isinstance(each, Date) else None for each in values]
        precisions = [each and each.precision for each in dates]
        column = Column(name, "day", [each and each.first for each in dates])
        return (
            [column] if set(precisions) <= {"day", None} else [column, Column(f"{name}_precision", "text", precisions)]
        )
    if types == {datetime}:
        return [_moments(name, values)]
    return [_plain(name, types, values)]


def _moments(name: str, values: Sequence[Any]) -> Column:
    zoned = {each.tzinfo is not None for each in values if each is not None}
    if zoned == {True}:
        return Column(name, "zoned", [each and each.astimezone(UTC) for each in values])
    if zoned == {False}:
        return Column(name, "moment", values)
    return Column(name, "text", [each and each.isoformat() for each in values])


def _plain(name: str, types: set[type], values: Sequence[Any]) -> Column:
    if types == {bool}:
        return Column(name, "truth", values)
    if types == {int} and all(each in WHOLE for each in values if each is not None):
        return Column(name, "whole", values)
    if types and types <= {int, Decimal}:
        return Column(name, "exact", [None if each is None else Decimal(each) for each in values])
    if types and types <= {int, Decimal, float}:
        return Column(name, "real", [None if each is None else float(each) for each in values])
    return Column(name, "text", [None if each is None else _text(each) for each in values])


def _text(each: Value) -> str:
    if isinstance(each, bool):
        return str(each).lower()
    return each.isoformat() if isinstance(each, date | datetime) else str(each)


_PANDAS = {
    "whole": "Int64",
    "real": "Float64",
    "exact": "object",
    "truth": "boolean",
    "day": "datetime64[s]",
    "moment": "datetime64[us]",
    "zoned": "datetime64[us, UTC]",
    "text": "string",
}


def _pandas(pandas: Any, made: Iterable[Column]) -> Any:
    return pandas.DataFrame({each.name: _array(pandas, each) for each in made})


def _array(pandas: Any, column: Column) -> Any:
    values = column.values if isinstance(column.values, list | tuple) else column.values.to_list()  # type: ignore[attr-defined]  # a series of polars
    array = pandas.Series(values, dtype=_PANDAS[column.kind]).array
    return array if column.places is None or not len(values) else array.take(column.places)


def _polars(polars: Any, made: Iterable[Column]) -> Any:
    types = {
        "whole": polars.Int64,
        "real": polars.Float64,
        "truth": polars.Boolean,
        "day": polars.Date,
        "moment": polars.Datetime("us"),
        "zoned": polars.Datetime("us", "UTC"),
        "text": polars.String,
    }
    return polars.DataFrame([_series(polars, each, types) for each in made])


def _series(polars: Any, column: Column, types: Mapping[str, Any]) -> Any:
    series = _values(polars, column, types)
    return series if column.places is None or not len(series) else series.gather(column.places)


def _values(polars: Any, column: Column, types: Mapping[str, Any]) -> Any:
    if column.kind != "exact":
        return polars.Series(column.name, column.values, dtype=types[column.kind])
    # A decimal of polars has one scale for the column and at most 38 digits; a number that does not fit stays a text.
    scale = max((-each.as_tuple().exponent for each in column.values if each is not None), default=0)
    whole = max((each.adjusted() + 1 for each in column.values if each), default=0)
    if max(scale, 0) + max(whole, 0) > 38:
        return polars.Series(column.name, [each if each is None else str(each) for each in column.values])
    return polars.Series(column.name, column.values, dtype=polars.Decimal(38, max(scale, 0)))
