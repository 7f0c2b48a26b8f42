"""rows      a row of an answer → the texts in it, and the things with their names."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from spacekg.answers import Row
from spacekg.entities import naming
from spacekg.entities.values import Named

SHORT = 30
"""Characters from which on a name is replaced by its acronym in a picture."""


def text(row: Row, variable: str) -> str:
    """Give the text or IRI of a variable; empty where it has none."""
    term = row.get(variable)
    return term.value if isinstance(term, NamedNode | Literal) else ""


def named(row: Row, variable: str, name: str = "") -> Named:
    """Give the thing of a variable with its name: that of `name`, else of VARIABLEName, else what its IRI spells."""
    iri = text(row, variable)
    return Named(iri, text(row, name or f"{variable}Name") or naming.spelled(iri))


def in_short(row: Row, variable: str) -> Named:
    """Give the same; a name that is long for a picture is replaced by that of VARIABLEShort."""
    whole, short = named(row, variable), text(row, f"{variable}Short")
    return Named(whole.iri, short) if short and len(whole.name) > SHORT else whole
