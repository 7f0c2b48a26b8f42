"""publication  what a site shows beside the graph: texts, context, frames, schemas, shapes, and ids that moved."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyoxigraph import Quad

from spacekg import framing
from spacekg.declared import SKG, Declared, read_json
from spacekg.errors import DeclarationError
from spacekg.matching.redirects import follow
from spacekg.model import Refusal
from spacekg.release import Release

MOVED, WITHDRAWN = frozenset({"merged", "renamed"}), "withdrawn"


@dataclass(frozen=True, slots=True)
class Publication:
    """Everything that is published with a release and is no part of its graph."""

    prefixes: Mapping[str, str] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)
    """The JSON-LD context under which a property has the same kind of value wherever it stands."""
    frames: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """JSON-LD frames by the name of the class whose things they shape."""
    schemas: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """JSON Schemas by the same names: what comes out of each frame."""
    shapes: tuple[Quad, ...] = ()
    sections: tuple[tuple[str, str], ...] = ()
    """Under which heading a page shows a property, in the order of the page: pairs of heading and property IRI."""
    retired: Mapping[str, str] = field(default_factory=dict)
    """Local ids that are no more: to the id that stands for the same thing now, or to nothing if withdrawn."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """The text of each document by its name."""
    refused: Mapping[str, Sequence[Refusal]] = field(default_factory=dict)
    """What was found in each document and nothing is claimed of, in the order of its text."""
    release: Release | None = None
    """The release itself, where one is served; its files and older releases lie beside it."""


def read(declared: Declared, release: Release | None = None) -> Publication:
    """Read what is published beside the graph of a release; without one, there are no texts.

    Raises:
        DeclarationError: a frame, a schema or a table is wrong; the message names the file.
    """
    ontology, data = declared.folder / "ontology", declared.folder / "data"
    files = [] if release is None else [name for name in release.manifest["files"] if name.startswith("documents/")]
    single = frozenset(read_json(ontology / "frames" / "single.json")["properties"])
    return Publication(
        prefixes=declared.prefixes,
        context=framing.stable(declared.context, single),
        frames={path.stem: read_json(path) for path in sorted((ontology / "frames").glob("*.jsonld"))},
        schemas={path.stem: read_json(path) for path in sorted((ontology / "schemas").glob("*.json"))},
        shapes=declared.shapes,
        sections=tuple((row["section"], f"{SKG}{row['property']}") for row in _rows(data / "pages" / "sections.csv")),
        retired=read_retired(data / "reference" / "curated" / "retired.csv"),
        texts={Path(name).stem: release.text(Path(name).stem) for name in files} if release else {},
        refused=_by_document(release.refused) if release else {},
        release=release,
    )


def read_retired(path: Path) -> dict[str, str]:
    """Read the table of ids that are no more; an id that moved twice leads straight to where it is now.

    Raises:
        DeclarationError: a row is not one of `merged`, `renamed` (with a replacement) or `withdrawn` (with none),
            an id stands twice, or replacements go round in a circle.
    """
    table: dict[str, str] = {}
    for line, row in enumerate(_rows(path), start=2):
        moved = row["status"] in MOVED and row["replacement"]
        withdrawn = row["status"] == WITHDRAWN and not row["replacement"]
        if not row["id"] or row["id"] in table or not (moved or withdrawn):
            raise DeclarationError(
                f"{path}:{line}: wants an id of its own, and merged or renamed with a replacement or withdrawn without"
            )
        table[row["id"]] = row["replacement"]
    return {retired: follow(retired, table, str(path))[-1] for retired in table}


def _by_document(found: Iterable[Refusal]) -> dict[str, list[Refusal]]:
    refused: dict[str, list[Refusal]] = {}
    for each in found:
        refused.setdefault(each.document, []).append(each)
    return refused


def _rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)
    except OSError as error:
        raise DeclarationError(f"{path}: {error.strerror}; it comes with spacekg") from error
