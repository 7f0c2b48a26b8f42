"""records   what the index knows of an entity, and one name of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from spacekg.declared import BASE

ID = f"{BASE}id/"
WIKIDATA = "http://www.wikidata.org/entity/"

ELSEWHERE = "elsewhere"
"""The risk of a name that means something outside this field too: a person, a film, a part of any government."""

COSPAR = re.compile(r"(\d{4})[- ]?(\d{1,3})[- ]?([A-Z]{0,3})")
NUMBER = re.compile(r"S?0*(\d+)")
SCHEMES = {
    "qid": "wikidata",
    "wikidata": "wikidata",
    "cospar": "cospar",
    "ror": "ror",
    "iso": "iso3166-1-alpha2",
    "iso3166-1-alpha2": "iso3166-1-alpha2",
    "gcat": "gcat",
    "norad": "norad",
    "satcat": "norad",
    "nssdca": "nssdca",
    "naif": "naif",
}
"""The spellings of a scheme of identifiers, and what the tables call it."""


@dataclass(frozen=True, slots=True)
class Record:
    """An entity of the index, with all that a query may be compared with."""

    id: str
    kind: str
    label: str
    description: str
    prominence: int
    qid: str
    """The Wikidata item, or empty."""
    relation: str
    """`exact` or `close`: how that item stands to the entity."""
    seen: str
    """The day up to which the sources of that link were read."""
    countries: frozenset[str]
    dates: Mapping[str, tuple[str, ...]]
    identifiers: Mapping[str, tuple[str, ...]]
    links: Mapping[str, frozenset[str]]

    @property
    def iri(self) -> str:
        """The IRI of the entity."""
        return ID + self.id

    @property
    def item(self) -> str:
        """The IRI of the Wikidata item, or empty."""
        return WIKIDATA + self.qid if self.qid else ""


@dataclass(frozen=True, slots=True)
class Form:
    """One name of an entity, as its source writes it, and as names are compared."""

    record: str
    text: str
    language: str
    kind: str
    risk: str
    key: str
    bag: str


def canonical(scheme: str, value: str) -> str:
    """Bring an identifier into the one form in which it is compared; empty where it cannot be one of that scheme."""
    value = value.strip()
    if scheme == "website":
        return value.rstrip("/").lower()
    if scheme in ("wikidata", "ror", "naif"):
        last = value.rstrip("/").rpartition("/")[2]
        return last.upper() if scheme == "wikidata" else last.lower()
    if scheme == "cospar":
        found = COSPAR.fullmatch(value.upper())
        return f"{found[1]}-{int(found[2]):03}{found[3]}" if found else ""
    if scheme == "norad":
        found = NUMBER.fullmatch(value.upper())
        return found[1] if found else ""
    return value.upper()
