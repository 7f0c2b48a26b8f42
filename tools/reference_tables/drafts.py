"""drafts    an entity while its rows are still being gathered, and the pool of all of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

LABEL, ALIAS, ACRONYM, FORMER = "label", "alias", "acronym", "former"
DEMONYM, COMMON, HIDDEN = "demonym", "common", "hidden"
KINDS = (LABEL, ALIAS, ACRONYM, FORMER, DEMONYM, COMMON, HIDDEN)


@dataclass(frozen=True)
class Naming:
    """A name as a source gives it; `language` may be several joined by `|`, or empty when unknown."""

    text: str
    language: str
    kind: str
    source: str


@dataclass(frozen=True)
class Identity:
    """What another dataset calls an entity, and how sure that is."""

    scheme: str
    value: str
    match: str = "exact"
    status: str = "verified"
    evidence: str = ""
    source: str = ""
    method: str = ""
    confidence: str = "1.0"


@dataclass(frozen=True)
class Statement:
    """A fact; `value` is the key of another draft where `datatype` is `key`."""

    property: str
    value: str
    datatype: str
    as_of: str
    source: str


@dataclass
class Draft:
    """One entity; `key` names it among the drafts until its local id is minted."""

    key: str
    kind: str
    label: str
    description: str = ""
    source: str = ""
    pin: str = ""
    prominence: int = 0
    names: list[Naming] = field(default_factory=list)
    identities: list[Identity] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)

    def identified(self, scheme: str) -> str:
        """The first value of a scheme, or nothing."""
        return next((known.value for known in self.identities if known.scheme == scheme), "")


@dataclass
class Pool:
    """All drafts by key, what was left out and why, and what could not be joined."""

    drafts: dict[str, Draft] = field(default_factory=dict)
    left_out: list[tuple[str, str, str, str]] = field(default_factory=list)
    """(source, identifier, label, reason)"""
    unjoined: Counter[str] = field(default_factory=Counter)

    def add(self, draft: Draft) -> Draft:
        """Keep a draft, or return the one that already has its key."""
        return self.drafts.setdefault(draft.key, draft)

    def leave_out(self, source: str, identifier: str, label: str, reason: str) -> None:
        """Note a row that becomes no entity."""
        self.left_out.append((source, identifier, label, reason))
