"""addresses  IRI ↔ address: where on this site a thing has its page and its data, and which thing a path is about."""

from __future__ import annotations

import re
from dataclasses import dataclass

from spacekg.declared import BASE

HTML = "text/html"
ITEM = re.compile(r"Q[1-9][0-9]{0,11}")
WIKIDATA = "http://www.wikidata.org/entity/"

_NAMES = {
    "id": re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*"),
    "candidate": re.compile(r"[^\W_]+(?:-[^\W_]+)*"),
    "claim": re.compile(r"[0-9a-f]{1,64}"),
    "document": re.compile(r"[A-Za-z0-9_-]+"),
    "vocab": re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*"),
    "graph": re.compile(r"[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)?"),
    "run": re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*"),
}
"""What names look like in each part of our IRIs; the parts are those whose things have a page of their own."""
PARTS = tuple(_NAMES)
LONGEST = 300

_WHOLE = {f"{BASE}dataset": "", f"{BASE}ontology": "ontology", f"{BASE}queries": "queries"}


@dataclass(frozen=True, slots=True)
class Name:
    """A thing of ours: the part of our IRIs it is in, and its name there."""

    part: str
    local: str

    @property
    def iri(self) -> str:
        """The name that data use, the same wherever this site runs."""
        return f"{BASE}{self.part}/{self.local}"

    @property
    def path(self) -> str:
        """How pages and data are called: entities by their id alone, all others with their part."""
        return self.local if self.part == "id" else f"{self.part}/{self.local}"


def named(part: str, local: str) -> Name | None:
    """Read the name of a thing; None when nothing can be called that."""
    if part in _NAMES and len(local) <= LONGEST and _NAMES[part].fullmatch(local):
        return Name(part, local)
    return None


def of_path(path: str) -> Name | None:
    """Read what a page or data is about."""
    part, slash, local = path.partition("/")
    return named(part, local) if slash else named("id", path)


def of_iri(iri: str) -> str | None:
    """Give the path, below the root of this site, of a page about an IRI of ours; None for all others."""
    whole, hash_, fragment = iri.partition("#")
    if whole in _WHOLE:
        return f"{_WHOLE[whole]}{hash_}{fragment}" if whole != f"{BASE}dataset" else ""
    if not whole.startswith(BASE):
        return None
    part, _, local = whole.removeprefix(BASE).partition("/")
    name = named(part, local)
    return f"page/{name.path}" if name else None
