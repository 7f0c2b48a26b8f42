"""candidates  a name → the entities it may mean: by identifier, as written, in context, or misspelt."""

from __future__ import annotations

from dataclasses import dataclass

from spacekg.matching import context, hits, lookup, spelling
from spacekg.matching.hits import Hit
from spacekg.matching.index import Index
from spacekg.matching.records import Form
from spacekg.matching.typos import Typos

IDENTIFIER = "identifier"


@dataclass(frozen=True)
class Finder:
    """Looks names up in the ways that cost least first; the next way is tried when those before found nothing."""

    index: Index
    typos: Typos

    def find(self, text: str) -> list[Hit]:
        """Find the entities that a name may mean, each once, with its best name."""
        text = " ".join(text[: spelling.LONGEST].split())
        key = spelling.key(text)
        if not key:
            return []
        return (
            self._identified(text)
            or hits.written(self.index, text, key)
            or context.find(self.index, text, key)
            or self.typos.find(key)
        )

    def _identified(self, text: str) -> list[Hit]:
        if not lookup.looks_like_identifier(text):
            return []
        found = lookup.by_any_identifier(self.index, text)
        return [Hit(Form(each.id, text, "", IDENTIFIER, "", "", ""), IDENTIFIER, 100.0) for each in found]
