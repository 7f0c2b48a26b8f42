"""wikidata  refresh a SPARQL endpoint of Wikidata → the raw tables anew; check tells which linked items changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from spacekg.reference import Reference
from spacekg.wikidata import drift, items, roster, tables
from spacekg.wikidata.drift import Finding
from spacekg.wikidata.questions import Inquiry
from spacekg.wikidata.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Refreshed:
    """The folder of the new tables, how many rows each has, and what became of items that are no more.

    `moved` leads from a QID to the one it was merged into, or to nothing when it was deleted; `new` are the items
    that the reference tables do not have.
    """

    folder: Path
    rows: Mapping[str, int]
    moved: Mapping[str, str]
    new: tuple[str, ...]


def refresh(inquiry: Inquiry, reference: Reference, out: Path, at: str) -> Refreshed:
    """Write the raw tables of Wikidata anew as `out`/wikidata: the items we know, and new ones found by their class.

    The tables before stay until the new ones are whole. A refresh that was broken off goes on where it stood: its
    answers lie on a shelf in `out` until it is done. `at` is the day, which the tables name as their evidence.

    Raises:
        RemoteError: the endpoint gives no answer.
        DeclarationError: the hand-kept table of kinds or a query is wrong.
        WorkshopError: `out` cannot be used.
    """
    known = roster.read(reference, inquiry.rules.folder / "data" / "reference" / "curated")
    with tables.alone(out) as workshop:
        asked = replace(inquiry, shelf=Shelf(workshop / "answers"))
        new = roster.discover(asked, known)
        places, moved = roster.follow(known | new, items.states(asked, known | new))
        described = items.describe(asked, places)
        made = tables.make(described, places, roster.languages(reference), at)
        made["moved"] = sorted(moved.items())
        folder = tables.publish(made, out)
        Shelf(workshop / "answers").clear()
    return Refreshed(folder, {name: len(rows) for name, rows in made.items()}, moved, tuple(sorted(new)))


def check(inquiry: Inquiry, reference: Reference) -> list[Finding]:
    """Find out what has become of every linked item; each gives a row, also one with which all is well.

    Raises:
        RemoteError: the endpoint gives no answer.
    """
    return drift.find(inquiry, reference)
