"""naming    names of a thing in several languages → the one to show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import unquote

from pyoxigraph import Literal

from spacekg.declared import RDFS, SKOS
from spacekg.entities.values import Named

LABEL = f"{RDFS}label"
KINDS = (f"{SKOS}prefLabel", "http://purl.org/dc/terms/title", LABEL)
"""Properties that name a thing, the one that names it best first."""
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[-_]+")


def choose(iri: str, names: Iterable[tuple[str, Literal]], languages: Sequence[str]) -> Named:
    """Take the best name: of the first language that has one, then English, then any; a preferred one before others.

    `names` are pairs of a property's IRI and a name, `languages` lower-case tags. A thing without a name is called by
    the end of its IRI.
    """
    wanted = [*languages, "en", ""]
    best = min(
        ((_rank(name.language or "", wanted), _kind(kind), name.value, name) for kind, name in names),
        key=lambda each: each[:3],
        default=None,
    )
    if best is None:
        return Named(iri, spelled(iri))
    return Named(iri, best[3].value, best[3].language or "")


def spelled(iri: str) -> str:
    """Make a name of the end of an IRI: `skos/core#exactMatch` is an exact match."""
    end = re.split(r"[#/]", iri.rstrip("#/"))[-1]
    words = _HUMPS.sub(" ", unquote(end)).split()
    return " ".join(word if word.isupper() else word.lower() for word in words)


def _rank(language: str, wanted: Sequence[str]) -> int:
    """Give the place of a language among the wanted ones: `pt-BR` is also `pt`, and the other way round."""
    for place, tag in enumerate(wanted):
        if tag == language.lower() or (tag and tag.partition("-")[0] == language.lower().partition("-")[0]):
            return place
    return len(wanted)


def _kind(kind: str) -> int:
    return KINDS.index(kind) if kind in KINDS else len(KINDS)
