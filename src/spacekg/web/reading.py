"""reading   a document → the part of its text that a page shows, its names and claims marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from spacekg.declared import BASE
from spacekg.entities import claimed
from spacekg.entities.outline import Outline
from spacekg.errors import BadQueryError
from spacekg.web import profile
from spacekg.web.addresses import Name

if TYPE_CHECKING:
    from spacekg.web.resources import Site


def asked(site: Site, name: Name) -> int:
    """Give the number of the part that a request asks for, by `?part=` or as the one in which a claim is, by `?at=`.

    Raises:
        BadQueryError: the document has no such part.
    """
    outline, number = _outline(site, name), request.args.get("part", "")
    if not number:
        return outline.of_claims.get(f"{BASE}claim/{request.args.get('at', '')}", 1)
    if not (number.isascii() and number.isdigit() and 1 <= int(number[:9]) <= len(outline.parts)):
        raise BadQueryError(f"part={number[:40]!a}: the parts of this document are 1 to {len(outline.parts)}")
    return int(number)


def shown(site: Site, name: Name, number: int) -> dict[str, object]:
    """Give what the page of a document shows of one of its parts."""
    outline = _outline(site, name)
    part = outline.parts[number - 1]
    claims = site.entities.claims_of(name.iri, part)
    text = site.published.texts.get(name.local, "")
    return {
        "claims": claims,
        "segments": claimed.mark(text, claims, outline.names, (part.start, part.end)) if text else [],
        "opposed": profile.opposed(site.entities, claims),
        "part": number,
        "parts": len(outline.parts),
        "total": len(outline.of_claims),
    }


def _outline(site: Site, name: Name) -> Outline:
    text = site.published.texts.get(name.local, "")
    return site.outlines.fetch(name.iri, lambda: site.entities.outline(name.iri, text))
