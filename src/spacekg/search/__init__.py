"""search    expand    a query with search properties, the index of a store → the same query with what they find."""

from __future__ import annotations

from spacekg.search.index import Index, read
from spacekg.search.rewriting import PROPERTIES, SEARCH, expand

__all__ = ["PROPERTIES", "SEARCH", "Index", "expand", "read"]
