"""reading   a document → the part of its text that a page shows, its names and claims marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from flask import request

from spacekg.declared import BASE
from spacekg.entities import claimed
from spacekg.entities.outline import Outline, Part
from spacekg.errors import BadQueryError
from spacekg.model import Refusal
from spacekg.web import profile
from spacekg.web.addresses import Name

if TYPE_CHECKING:
    from spacekg.web.resources import Site


MOST_REFUSED = 200
"""How many refusals the page of a part lists."""
AROUND = 80
"""Characters shown at each side of refused words."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Words of which nothing is claimed, those around them, and each rule that looked there with what it lacks."""

    before: str
    words: str
    behind: str
    start: int
    reasons: tuple[tuple[str, str], ...]


def asked(site: Site, name: Name) -> int:
    """Give the number of the part that a request asks for, by `?part=` or as the one in which a claim is, by `?at=`.

    Raises:
        BadQueryError: the document has no such part.
    """
    outline = _outline(site, name)
    if not request.args.get("part"):
        return outline.of_claims.get(f"{BASE}claim/{request.args.get('at', '')}", 1)
    return number(len(outline.parts))


def number(parts: int) -> int:
    """Give the number of the part that a request asks for by `?part=`, of so many; without, the first.

    Raises:
        BadQueryError: there is no such part.
    """
    part = request.args.get("part", "") or "1"
    if not (part.isascii() and part.isdigit() and 1 <= int(part[:9]) <= parts):
        raise BadQueryError(f"part={part[:40]!a}: the parts here are 1 to {parts}")
    return int(part)


def shown(site: Site, name: Name, number: int) -> dict[str, object]:
    """Give what the page of a document shows of one of its parts."""
    outline = _outline(site, name)
    part = outline.parts[number - 1]
    claims = site.entities.claims_of(name.iri, part)
    text = site.published.texts.get(name.local, "")
    refused = _refused([each for each in site.published.refused.get(name.local, ()) if _begins_in(each, part)], text)
    return {
        "claims": claims,
        "segments": claimed.mark(text, claims, outline.names, (part.start, part.end)) if text else [],
        "opposed": profile.opposed(site.entities, claims),
        "part": number,
        "parts": len(outline.parts),
        "total": len(outline.of_claims),
        "refused": refused[:MOST_REFUSED],
        "all_refused": len(refused),
    }


def _begins_in(refusal: Refusal, part: Part) -> bool:
    """Whether refused words begin in a part; those that stand nowhere are told of in the first one."""
    return part.start <= max(refusal.start, 0) < max(part.end, 1)


def _refused(found: Sequence[Refusal], text: str) -> list[Refused]:
    """Bring together what was refused of the same words, and show them in their line."""
    shown = []
    for (start, end, words), same in groupby(found, key=lambda each: (each.start, each.end, each.words)):
        before = text[max(0, start - AROUND) : start].rpartition("\n")[2] if start >= 0 else ""
        behind = text[end : end + AROUND].partition("\n")[0] if start >= 0 else ""
        reasons = tuple((each.rule, each.reason) for each in same)
        shown.append(Refused(before, words, behind, start, reasons))
    return shown


def _outline(site: Site, name: Name) -> Outline:
    text = site.published.texts.get(name.local, "")
    return site.outlines.fetch(name.iri, lambda: site.entities.outline(name.iri, text))
