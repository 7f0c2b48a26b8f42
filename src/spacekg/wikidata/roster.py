"""roster    which items the raw tables hold, in which of them, and as what: those we know and those found new."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from spacekg.errors import DeclarationError
from spacekg.reference import Identifier, Reference
from spacekg.wikidata import questions
from spacekg.wikidata.questions import Inquiry

KINDS = "raw_kinds.csv"
COLUMNS = ("class", "verified", "object", "also")
SEEN = "seen with this label"
"""The method of an identity that stands in the table of verified items."""
ORGANISATIONS, MISSIONS = "organisations", "missions"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands: `verified` and `kind` are its kinds in the two tables that have one, empty if not there.

    `also` names a further table; `evidence` is what was known of the item before.
    """

    verified: str = ""
    kind: str = ""
    also: str = ""
    evidence: str = ""


def read(reference: Reference, folder: Path) -> dict[str, Place]:
    """Place the items of the reference tables; `folder` holds the hand-kept table that says what a class is called.

    Raises:
        DeclarationError: that table is missing or wrong, or has no row for a class.
    """
    kinds = _kinds(folder / KINDS)
    return {
        one.value: _place(one, reference.entities[one.entity].kind, kinds)
        for one in reference.identifiers
        if one.scheme == "wikidata" and one.status == "verified" and one.source == "wikidata"
    }


def discover(inquiry: Inquiry, known: Mapping[str, Place]) -> dict[str, Place]:
    """Ask for what nobody knows yet: the QID of each new item, with its place.

    Raises:
        RemoteError: the endpoint gives no answer.
    """
    found: dict[str, Place] = {}
    for row in inquiry.pages("discovered"):
        if (qid := questions.qid(row["item"])) and qid not in known and qid not in found:
            found[qid] = Place(kind=getattr(row["kind"], "value", ""))
    return found


def follow(places: Mapping[str, Place], states: Mapping[str, str]) -> tuple[dict[str, Place], dict[str, str]]:
    """Leave out what was deleted and put what was merged under its new item; also gives where each of those went.

    An item that is itself in its place keeps that, whatever is merged into it.
    """
    kept = {qid: place for qid, place in places.items() if states.get(qid, qid) == ""}
    moved = {qid: states.get(qid, "") for qid in places if qid not in kept}
    for qid, target in moved.items():
        if target:
            kept.setdefault(target, places[qid])
    return kept, moved


def languages(reference: Reference) -> frozenset[str]:
    """The codes of all languages in which the tables have names."""
    return frozenset(code for name in reference.names for code in name.language.split("|") if code)


def _place(one: Identifier, kind: str, kinds: Mapping[str, Place]) -> Place:
    if kind not in kinds:
        raise DeclarationError(f"{KINDS}: no row for {kind}, the class of {one.entity!r}; add one")
    place = replace(kinds[kind], evidence=one.evidence)
    seen = one.method == SEEN or not (place.kind or place.also)
    return place if seen else replace(place, verified="")


def _kinds(path: Path) -> dict[str, Place]:
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows: Iterable[list[str]] = list(csv.reader(stream, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DeclarationError(f"{path}: {error}; it says what the raw tables call a class") from error
    header, *body = rows or [[]]
    if tuple(header) != COLUMNS:
        raise DeclarationError(f"{path.name}: row 1: columns are {','.join(header)}; wants {','.join(COLUMNS)}")
    for number, cells in enumerate(body, 2):
        if len(cells) != len(COLUMNS) or cells[3] not in ("", ORGANISATIONS, MISSIONS):
            raise DeclarationError(f"{path.name}: row {number}: also: wants {ORGANISATIONS}, {MISSIONS} or nothing")
    return {name: Place(verified, kind, also) for name, verified, kind, also in body}
