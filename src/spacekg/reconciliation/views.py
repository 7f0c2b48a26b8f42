"""views     two views of identity: a thing is called by our id, or by its Wikidata item."""

from __future__ import annotations

from dataclasses import dataclass

from spacekg.declared import BASE
from spacekg.matching import lookup
from spacekg.matching.index import Index
from spacekg.matching.records import ID, WIKIDATA, Record


@dataclass(frozen=True, slots=True)
class View:
    """How things are called towards a client."""

    path: str
    """Where it is served, below the root of the site."""
    name: str
    space: str
    """What all its ids begin with when they are written as IRIs."""
    page: str
    """Where a thing has its page: an address that ends before the id; empty for this site."""

    def id(self, record: Record) -> str:
        """Give the id of an entity; empty where it has none in this view."""
        return record.qid if self is ITEMS else record.id

    def find(self, index: Index, id: str) -> Record | None:
        """Find the entity of an id of this view, or of any IRI or identifier that stands for it."""
        text = id.strip()
        if self is OURS and text in index.records:
            return index.records[text]
        found = lookup.by_any_identifier(index, text)
        return found[0] if found and self.id(found[0]) else None


OURS = View("reconcile", "spacekg", ID, "")
ITEMS = View("reconcile/wikidata", "Wikidata items, by spacekg", WIKIDATA, "https://www.wikidata.org/wiki/")
VIEWS = (OURS, ITEMS)
SCHEMA = f"{BASE}ontology#"
"""What the ids of types begin with when they are written as IRIs."""
