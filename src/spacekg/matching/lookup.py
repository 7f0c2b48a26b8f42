"""lookup    an identifier, an IRI or a name → the entity it stands for, and all that stands for it elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from spacekg.matching import hits, spelling
from spacekg.matching.index import Index
from spacekg.matching.records import ID, SCHEMES, WIKIDATA, Record, canonical

QID = re.compile(r"(?:https?://(?:www\.)?wikidata\.org/(?:entity|wiki)/)?(Q[1-9]\d*)", re.IGNORECASE)
ROR = re.compile(r"https?://ror\.org/(\w+)")
PIECE = re.compile(r"\d{4}-\d{3}[A-Z]{1,3}")
GCAT = re.compile(r"S\d{5}")
SHAPES = ((QID, "wikidata"), (ROR, "ror"), (PIECE, "cospar"), (GCAT, "gcat"))
"""Identifiers that nothing else looks like, so that they may stand where a name is wanted."""


@dataclass(frozen=True, slots=True)
class Equivalent:
    """What one dataset calls an entity."""

    scheme: str
    value: str
    iri: str
    """Its address on the web, or empty."""
    relation: str
    """`exact` or `close` for Wikidata, empty where the index does not say."""


def find(index: Index, text: str) -> tuple[Record, ...]:
    """Find what an IRI, an identifier or an exact name stands for, the best known first; several where it is shared."""
    text = text.strip()
    return by_any_identifier(index, text) or by_name(index, text)


def find_all(index: Index, texts: Iterable[str]) -> Iterator[tuple[str, tuple[Record, ...]]]:
    """Find each of many, in order."""
    for text in texts:
        yield text, find(index, text)


def by_name(index: Index, name: str) -> tuple[Record, ...]:
    """Find the entities of exactly this name, in any spelling, order or language that the index knows."""
    key = spelling.key(name)
    return _sorted(index, (hit.form.record for hit in hits.written(index, name, key))) if key else ()


def by_iri(index: Index, iri: str) -> tuple[Record, ...]:
    """Find the entity of an IRI: one of ours, of Wikidata or of ROR."""
    local = iri.removeprefix(ID)
    if local != iri:
        return (index.records[local],) if local in index.records else ()
    return by_any_identifier(index, iri) if iri.startswith("http") else ()


def by_qid(index: Index, qid: str) -> tuple[Record, ...]:
    """Find the entity of a Wikidata item."""
    return by_identifier(index, "wikidata", qid)


def by_identifier(index: Index, scheme: str, value: str) -> tuple[Record, ...]:
    """Find what a dataset calls so: `cospar`, `ror`, `iso`, `gcat`, `norad`, `nssdca`, `naif`, `wikidata`."""
    scheme = SCHEMES.get(scheme.lower(), scheme)
    return _sorted(index, index.by_identifier.get((scheme, canonical(scheme, value)), ()))


def by_any_identifier(index: Index, text: str) -> tuple[Record, ...]:
    """Find what an identifier stands for whose scheme shows in its form."""
    if text.startswith(ID):
        return by_iri(index, text)
    for shape, scheme in SHAPES:
        if found := shape.fullmatch(text.strip()):
            return by_identifier(index, scheme, found[found.lastindex or 0])
    return ()


def looks_like_identifier(text: str) -> bool:
    """Whether a text can be an identifier; most names show at their first letter that they cannot."""
    return (text[:1] in "QqS12h" and any(letter.isdigit() for letter in text[1:])) or text.startswith("http")


def equivalents(record: Record) -> tuple[Equivalent, ...]:
    """Tell what other datasets call an entity, by scheme; the way back is `by_identifier`."""
    return tuple(
        Equivalent(scheme, value, _address(scheme, value), record.relation if scheme == "wikidata" else "")
        for scheme, values in sorted(record.identifiers.items())
        for value in values
    )


def summary(record: Record) -> Mapping[str, object]:
    """Tell what an answer in JSON says of an entity."""
    return {
        "id": record.id,
        "iri": record.iri,
        "label": record.label,
        "description": record.description,
        "type": record.kind,
        "wikidata": {"qid": record.qid, "match": record.relation, "seen": record.seen} if record.qid else None,
        "identifiers": {scheme: list(values) for scheme, values in sorted(record.identifiers.items())},
    }


def _address(scheme: str, value: str) -> str:
    return WIKIDATA + value if scheme == "wikidata" else value if value.startswith("http") else ""


def _sorted(index: Index, ids: Iterable[str]) -> tuple[Record, ...]:
    return tuple(sorted((index.records[each] for each in ids), key=lambda each: (-each.prominence, each.id)))
