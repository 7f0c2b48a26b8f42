"""rows      the rows of data/lexicon, read and checked: a wrong one is refused with file and line."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from spacekg.declared import Declared
from spacekg.errors import DeclarationError
from spacekg.lexicon.calibration import Calibration
from spacekg.lexicon.entries import CollaborationFrame, Column, Frame, NameCue, Unit
from spacekg.model import Modality, Polarity

PARTS = {"verb", "noun", "adjective", "name"}
SHAPES = {"before", "after", "within", "examples", "apposition", "called"}
DATE = "date"


def rows(path: Path) -> Iterator[tuple[dict[str, str], str]]:
    """Read a table; yields each row by its columns, and the file and line it stands in."""
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream, strict=True)
        for row in reader:
            where = f"{path}:{reader.line_num}"
            if None in row or None in row.values():
                raise DeclarationError(f"{where}: wants {len(reader.fieldnames or ())} columns")
            yield row, where


def split(cell: str) -> tuple[str, ...]:
    """The alternatives of a cell."""
    return tuple(part for part in cell.split("|") if part)


def class_(name: str, where: str, declared: Declared) -> str:
    """A class of the ontology, or `date`; any other name is refused."""
    if name != DATE and not declared.has_class(name):
        raise DeclarationError(f"{where}: {name} is no class of the ontology")
    return name


def property_(name: str, where: str, declared: Declared) -> str:
    """A property that claims may use; any other name is refused."""
    if not declared.has_property(name):
        raise DeclarationError(f"{where}: {name} is no property of the ontology")
    return name


def columns(path: Path, declared: Declared) -> dict[str, tuple[Column, ...]]:
    """Read `columns.csv`: heading → the columns it may be."""
    columns: dict[str, list[Column]] = {}
    for row, where in rows(path):
        name = property_(row["property"], where, declared)
        alone = property_(row["alone"], where, declared) if row["alone"] else ""
        columns.setdefault(row["heading"], []).append(Column(name, class_(row["class"], where, declared), alone))
    return {heading: tuple(found) for heading, found in columns.items()}


def agencies(path: Path) -> dict[str, tuple[str, ...]]:
    """Read `states.csv`: state → its space agencies."""
    return {row["state"]: split(row["agencies"]) for row, _ in rows(path)}


def governments(path: Path) -> dict[str, tuple[str, ...]]:
    """Read `states.csv`: town → the states whose government sits or sat there."""
    seats: dict[str, tuple[str, ...]] = {}
    for row, _ in rows(path):
        for seat in split(row["seats"]):
            seats[seat] = (*seats.get(seat, ()), row["state"])
    return seats


def calibration(path: Path) -> Calibration:
    """Read `calibration.csv`: rule → how many of its claims were right, of how many."""
    counts: dict[str, tuple[int, int]] = {}
    for row, where in rows(path):
        if not (
            row["right"].isdecimal() and row["seen"].isdecimal() and 0 <= int(row["right"]) <= int(row["seen"]) > 0
        ):
            raise DeclarationError(f"{where}: wants right and seen as whole numbers, right at most seen")
        counts[row["rule"]] = int(row["right"]), int(row["seen"])
    return Calibration(counts)


def units(path: Path) -> dict[str, tuple[Unit, ...]]:
    """Read `units.csv`: noun → what it may measure."""
    units: dict[str, list[Unit]] = {}
    for row, _ in rows(path):
        for word in split(row["words"]):
            unit = Unit(row["kind"], row["unit"], split(row["subjects"]), frozenset(split(row["cues"])))
            units.setdefault(word, []).append(unit)
    return {word: tuple(found) for word, found in units.items()}


def frame(row: dict[str, str], where: str, declared: Declared) -> Frame:
    """Check a row of `frames.csv`."""
    if row["part"] not in PARTS:
        raise DeclarationError(f"{where}: part is one of {', '.join(sorted(PARTS))}, not {row['part']!r}")
    return Frame(
        row["id"],
        row["part"],
        frozenset(split(row["words"])),
        split(row["subject"]),
        tuple(class_(name, where, declared) for name in split(row["subject_class"])),
        property_(row["property"], where, declared),
        split(row["object"]),
        tuple(class_(name, where, declared) for name in split(row["object_class"])),
        frozenset(split(row["excluded"])),
        _confidence(row["confidence"], where),
        frozenset(split(row["tolerates"])),
        row["example"],
        _says(row["says"], where),
    )


def collaboration(row: dict[str, str], where: str) -> CollaborationFrame:
    """Check a row of `collaborations.csv`."""
    return CollaborationFrame(
        row["id"],
        row["part"],
        frozenset(split(row["words"])),
        split(row["things"]),
        split(row["participants"]),
        split(row["types"]),
        int(row["at_least"]),
        _confidence(row["confidence"], where),
        row["example"],
        _says(row["says"], where),
    )


def name_cue(row: dict[str, str], where: str, declared: Declared) -> NameCue:
    """Check a row of `new_names.csv`."""
    if row["shape"] not in SHAPES:
        raise DeclarationError(f"{where}: shape is one of {', '.join(sorted(SHAPES))}, not {row['shape']!r}")
    if not (words := split(row["words"])):
        raise DeclarationError(f"{where}: wants words")
    kind = class_(row["class"], where, declared)
    return NameCue(row["id"], row["shape"], words, kind, row["example"], split(row["finds"]))


def _confidence(cell: str, where: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = -1.0
    if not 0 < value <= 1:
        raise DeclarationError(f"{where}: confidence is a number over 0 and up to 1, not {cell!r}")
    return value


def _says(cell: str, where: str) -> tuple[tuple[str, str, str], ...]:
    triples = [tuple(part.split()) for part in cell.split(";") if part.strip()]
    if any(len(triple) != len(("subject", "property", "object")) for triple in triples):
        raise DeclarationError(f"{where}: `says` is `subject property object; …`, not {cell!r}")
    return tuple((subject, name, value) for subject, name, value in triples)


def effect(row: dict[str, str], where: str) -> str:
    """The effect of a row of `cues.csv`: a mood, or denial."""
    allowed = {*Modality, Polarity.DENIED}
    if row["effect"] not in allowed:
        raise DeclarationError(f"{where}: effect is one of {', '.join(sorted(allowed))}, not {row['effect']!r}")
    return row["effect"]
