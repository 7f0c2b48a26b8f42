"""columns   arrange a graph → its triples as sorted numbers, property by property, in which patterns are joined."""

from __future__ import annotations

from spacekg.columns.joining import Pattern, Rows, find
from spacekg.columns.tables import Columns, Numbers, arrange

__all__ = ["Columns", "Numbers", "Pattern", "Rows", "arrange", "find"]
