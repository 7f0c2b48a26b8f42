"""things    Entity: what is known of one thing, with the evidence of its claims, and how a notebook shows it."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from pyoxigraph import Literal

from spacekg.declared import BASE
from spacekg.entities.values import Claim, Description, Named
from spacekg.knowledge import drawings
from spacekg.knowledge.tables import link, written

SHOWN = 30
"""Statements, and claims, that a notebook shows; it says how many more there are."""


@dataclass(frozen=True, slots=True, repr=False)
class Entity:
    """A thing: `described` holds its statements and the links to it, `claims` are all claims of it with evidence."""

    described: Description
    claims: tuple[Claim, ...]

    @property
    def iri(self) -> str:
        """Its address."""
        return self.described.thing.iri

    @property
    def id(self) -> str:
        """The end of its address."""
        return self.iri.rpartition("/")[2]

    @property
    def name(self) -> str:
        """What it is called."""
        return self.described.thing.name

    @property
    def kind(self) -> str:
        """The nearest class it has, in words; empty when it has none."""
        return self.described.kinds[0].name if self.described.kinds else ""

    def __repr__(self) -> str:
        kind = f", {self.kind}" if self.kind else ""
        return f"<Entity {self.id}: {self.name}{kind}, {len(self.claims)} claims>"

    def _repr_html_(self) -> str:
        told = [[escape(each.predicate.name), _shown(each.value)] for each in self.described.statements]
        claims = [
            [escape(each.predicate.name), _shown(each.object), escape(each.status), _quoted(each)]
            for each in self.claims
        ]
        head = f"<h3>{link(self.iri, self.name)}</h3><p>{escape(self.kind)}</p>{self._drawn()}"
        facts = written(("property", "value"), told[:SHOWN]) + _more(told)
        if not claims:
            return head + facts
        return head + facts + written(("claim", "value", "status", "evidence"), claims[:SHOWN]) + _more(claims)

    def _drawn(self) -> str:
        told = [(each.predicate.name, each.value) for each in self.described.statements]
        links = [(each.predicate.name, thing) for each in self.described.links for thing in each.subjects]
        near: dict[str, tuple[str, Named]] = {}
        for name, thing in [*told, *links]:
            if isinstance(thing, Named) and thing.iri.startswith(f"{BASE}id/") and thing.iri != self.iri:
                near.setdefault(thing.iri, (name, thing))
        if not near:
            return ""
        more = f"<p>… and {len(near) - drawings.MOST:,} more neighbours</p>" if len(near) > drawings.MOST else ""
        return drawings.around(self.described.thing, tuple(near.values())) + more


def _shown(value: Named | Literal) -> str:
    return link(value.iri, value.name) if isinstance(value, Named) else escape(value.value)


def _quoted(claim: Claim) -> str:
    evidence = claim.evidence
    return f"“{escape(evidence.exact)}” {escape(evidence.document.name)}, {evidence.start}–{evidence.end}"


def _more(rows: list[list[str]]) -> str:
    return f"<p>… and {len(rows) - SHOWN:,} more</p>" if len(rows) > SHOWN else ""
