"""columns   arrange a graph → its triples as sorted numbers, property by property, in which patterns are joined."""

from __future__ import annotations

from spacekg.columns.grams import Grams, index
from spacekg.columns.joining import Pattern, Rows, find, objects, size
from spacekg.columns.tables import Columns, Numbers, arrange

__all__ = ["Columns", "Grams", "Numbers", "Pattern", "Rows", "arrange", "find", "index", "objects", "size"]
