"""sources    the raw files and the hand-kept ones, read whole."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

Row = dict[str, str]


@dataclass(frozen=True)
class Sources:
    """Rows of every raw file, in file order."""

    verified: list[Row]
    objects: list[Row]
    organisations: list[Row]
    crewed: list[Row]
    joined: list[Row]
    gcat_organisations: list[Row]
    payloads: list[Row]
    catalogue: list[Row]
    launches: list[Row]
    places: list[Row]
    research: list[Row]
    countries: list[Row]
    moved: list[Row]
    """Items that were merged into others or deleted, where a refresh found any."""


@dataclass(frozen=True)
class Curated:
    """Rows of the hand-kept files, in file order."""

    entities: list[Row]
    names: list[Row]
    identifiers: list[Row]
    facts: list[Row]
    closed: list[Row]
    kinds: list[Row]
    sites: list[Row]
    vehicles: list[Row]
    agencies: list[Row]
    risky: list[Row]
    sources: list[Row]


def raw(folder: Path) -> Sources:
    """Read the raw files below `folder`."""
    return Sources(
        verified=tabbed(folder / "wikidata/entities_verified.tsv"),
        objects=tabbed(folder / "wikidata/space_objects.tsv"),
        organisations=tabbed(folder / "wikidata/space_organisations.tsv"),
        crewed=tabbed(folder / "wikidata/crewed_missions.tsv"),
        joined=tabbed(folder / "gcat/objects_wikidata_joined.tsv"),
        gcat_organisations=tabbed(folder / "gcat/orgs.tsv"),
        payloads=tabbed(folder / "gcat/psatcat.tsv"),
        catalogue=tabbed(folder / "gcat/satcat_nondebris_outoforbit.tsv"),
        launches=separated(folder / "gcat/launches_orbital_1957_present.csv"),
        places=tabbed(folder / "gcat/sites.tsv"),
        research=tabbed(folder / "ror/ror_space_organizations.tsv"),
        countries=separated(folder / "iso/country-codes.csv"),
        moved=tabbed(folder / "wikidata/moved.tsv") if (folder / "wikidata/moved.tsv").exists() else [],
    )


def curated(folder: Path) -> Curated:
    """Read the hand-kept files in `folder`."""
    return Curated(**{name: separated(folder / f"{name}.csv") for name in Curated.__dataclass_fields__})


def tabbed(path: Path) -> list[Row]:
    """Rows of a file of tab-separated values without quoting, its comment lines left out."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        header = [name.lstrip("#") for name in next(rows)]
        body = (row for row in rows if not row[0].startswith("#"))
        return [dict(zip(header, (cell.strip() for cell in row), strict=False)) for row in body]


def separated(path: Path) -> list[Row]:
    """Rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return [{key: value.strip() for key, value in row.items()} for row in csv.DictReader(stream)]
