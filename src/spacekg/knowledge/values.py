"""values    a term of RDF → a value of Python that loses nothing: numbers, moments, dates of any precision, texts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

XSD = "http://www.w3.org/2001/XMLSchema#"
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
PRECISIONS = {f"{XSD}gYear": "year", f"{XSD}gYearMonth": "month", f"{XSD}date": "day"}
_WHOLE = "integer int long short byte nonNegativeInteger positiveInteger unsignedInt unsignedLong".split()


class IRI(str):
    """The address of a thing."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Text:
    """A text in a language."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, order=True)
class Date:
    """A day, a month or a year, as precise as it is known: `first` is its first day, `text` as it was written."""

    first: date
    precision: str
    """`day`, `month` or `year`."""
    text: str = field(compare=False)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Other:
    """A literal of a type that Python has no value for, or one that is not what its type says."""

    text: str
    datatype: str

    def __str__(self) -> str:
        return self.text


Value = IRI | Text | Date | Other | str | int | float | bool | Decimal | datetime
Term = NamedNode | BlankNode | Literal | Triple


def value(term: Term) -> Value:
    """Give the Python value of a term; what is written wrongly stays as it is, with its type."""
    if isinstance(term, NamedNode):
        return IRI(term.value)
    if not isinstance(term, Literal):
        return Other(str(term), "")
    if term.language:
        return Text(term.value, term.language)
    kind = term.datatype.value
    reader = READERS.get(kind)
    if reader is None:
        return Other(term.value, kind)
    try:
        return reader(term.value)
    except (ValueError, InvalidOperation, KeyError):
        return Other(term.value, kind)


def _dated(kind: str) -> Callable[[str], Value]:
    precision = PRECISIONS[kind]
    parts = {"year": 1, "month": 2, "day": 3}[precision]

    def read(text: str) -> Value:
        found = _DATE.fullmatch(text)
        if found is None or sum(each is not None for each in found.groups()) != parts:
            return Other(text, kind)
        return Date(date(int(found[1]), int(found[2] or 1), int(found[3] or 1)), precision, text)

    return read


def _truth(text: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[text]


READERS: dict[str, Callable[[str], Value]] = {
    f"{XSD}string": str,
    f"{XSD}boolean": _truth,
    f"{XSD}decimal": Decimal,
    f"{XSD}double": float,
    f"{XSD}float": float,
    f"{XSD}dateTime": datetime.fromisoformat,
    **{f"{XSD}{name}": int for name in _WHOLE},
    **{kind: _dated(kind) for kind in PRECISIONS},
}
"""What reads the text of a literal, by the IRI of its type."""
