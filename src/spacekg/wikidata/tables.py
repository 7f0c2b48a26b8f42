"""tables    items → the raw tables of Wikidata from which the reference tables are made, put in place at one stroke."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from spacekg.errors import SpacekgError
from spacekg.wikidata.items import Item
from spacekg.wikidata.roster import MISSIONS, ORGANISATIONS, Place

NAME = "wikidata"
"""The folder of the tables among the raw files; a link to the newest of those that were written."""
WORKSHOP = ".refresh"
"""What a refresh needs while it runs: its lock, the answers it got, and the folder it writes."""
EMPTY_CELL = ""

COLUMNS = {
    "entities_verified": "qid label_en kind aliases description extra_identifiers evidence",
    "space_objects": "qid kind label description instance_of part_of has_part cospar_id nssdca_id naif_id aliases "
    "snapshots",
    "space_organisations": "qid name country iso2 founded headquarters website roles spacecraft_count",
    "crewed_missions": "qid label launch_year operator enwiki_slug",
    "moved": "qid target",
}
EXTRA = {"cospar": "cospar", "nssdca": "nssdca", "naif": "naif", "iso2": "iso2", "iso3": "iso3",
         "country_iso2": "country_iso2", "website": "website"}  # fmt: skip
RESEARCH = "https://ror.org/"

Cells = tuple[str, ...]
Tables = dict[str, list[Cells]]


class WorkshopError(SpacekgError):
    """The folder for new tables cannot be used: it is taken, in the way, or cannot be written."""


def make(items: Iterable[Item], places: Mapping[str, Place], languages: frozenset[str], seen: str) -> Tables:
    """Write items as rows of the raw tables, an item in each table it belongs to; `seen` says where and when.

    An item that has no label is in the table of objects alone, which tells why it is left out. A mission that was
    never launched is no row of the flown ones.
    """
    made: Tables = {name: [] for name in COLUMNS}
    for item in items:
        place = places[item.qid]
        if place.verified and item.label:
            made["entities_verified"].append(_verified(item, place, seen))
        if place.kind:
            made["space_objects"].append(_object(item, place, languages, seen))
        if place.also == ORGANISATIONS and item.label:
            made["space_organisations"].append(_organisation(item))
        if place.also == MISSIONS and item.label and item.first("launched"):
            made["crewed_missions"].append(_crewed(item))
    return made


def publish(tables: Tables, out: Path) -> Path:
    """Write tables into a folder named by their content and let `wikidata` in `out` lead to it; gives that folder.

    Until then the tables before stay as they are; afterwards they still lie beside the new ones.

    Raises:
        WorkshopError: something else has that name, or the folder cannot be written.
    """
    link = out / NAME
    if link.exists() and not link.is_symlink():
        raise WorkshopError(f"{link}: is a folder that no refresh made; move it away or give another --out")
    files = {f"{name}.tsv": _text(COLUMNS[name].split(), rows) for name, rows in sorted(tables.items())}
    digest = hashlib.sha256("".join(files.values()).encode()).hexdigest()[:16]
    target, unfinished = out / f"{NAME}-{digest}", out / WORKSHOP / "unfinished"
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        for name, content in files.items():
            _write(unfinished / name, content)
        if not target.exists():
            unfinished.rename(target)
        pointer = out / WORKSHOP / NAME
        pointer.unlink(missing_ok=True)
        pointer.symlink_to(target.name)
        pointer.replace(link)
    except OSError as error:
        raise WorkshopError(f"{error.filename or out}: cannot write the tables: {error.strerror}") from error
    return target


@contextmanager
def alone(out: Path) -> Iterator[Path]:
    """Keep other refreshes out of `out` meanwhile; yields the workshop in it.

    Raises:
        WorkshopError: another one is at work there, or the folder cannot be written.
    """
    workshop = out / WORKSHOP
    try:
        workshop.mkdir(parents=True, exist_ok=True)
        lock = (workshop / "lock").open("w", encoding="utf-8")
    except OSError as error:
        raise WorkshopError(f"{error.filename or out}: cannot be written: {error.strerror}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WorkshopError(f"{out}: another refresh is at work there; wait, or give another --out") from None
        yield workshop


def _verified(item: Item, place: Place, seen: str) -> Cells:
    extra = [f"{name}={item.first(column)}" for column, name in EXTRA.items() if item.first(column)]
    extra += [f"ror={RESEARCH}{item.first('ror')}"] if item.first("ror") else []
    extra += [f"p31label={','.join(item.values['instance_of'])}"] if item.values.get("instance_of") else []
    aliases = sorted(text for text, codes in item.names().items() if "en" in codes and text != item.label)
    evidence = " ; ".join(filter(None, (place.evidence, seen)))
    kept = ";".join(one for one in extra if ";" not in one)
    return (item.qid, item.label, place.verified, "|".join(aliases), item.description, kept, evidence)


def _object(item: Item, place: Place, languages: frozenset[str], seen: str) -> Cells:
    aliases: dict[str, set[str]] = {}
    for text, codes in item.names().items():
        if text.lower() != item.label.lower() and (spoken := codes & languages):
            aliases.setdefault(text.lower(), set()).update(spoken)
    cells = (
        "|".join(item.values.get(column, ())) for column in "instance_of part_of has_part cospar nssdca naif".split()
    )
    known = "|".join(filter(None, (place.evidence.removeprefix("Wikidata "), seen)))
    tagged = (f"{text}@{','.join(sorted(codes))}" for text, codes in sorted(aliases.items()))
    return (item.qid, place.kind, item.label, item.description, *cells, "|".join(tagged), known)


def _organisation(item: Item) -> Cells:
    columns = ("country", "country_iso2", "founded", "headquarters", "website")
    return (item.qid, item.label, *(item.first(column) for column in columns), EMPTY_CELL, EMPTY_CELL)


def _crewed(item: Item) -> Cells:
    return (item.qid, item.label, item.first("launched")[:4], item.first("operator"), EMPTY_CELL)


def _text(columns: Iterable[str], rows: Iterable[Cells]) -> str:
    return "".join("\t".join(cells) + "\n" for cells in (tuple(columns), *rows))


def _write(path: Path, content: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
