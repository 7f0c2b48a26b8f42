"""claims    the lines of claims and their evidence, in order → a Parquet file with a row for each claim."""

from __future__ import annotations

from collections import defaultdict
from contextlib import ExitStack
from typing import Any, Self

import pyoxigraph
from pyoxigraph import Literal, Quad, RdfFormat

from spacekg.declared import RDF, SKG, SKV
from spacekg.errors import MissingExtraError
from spacekg.shards.cutting import CLAIM, thing
from spacekg.shards.places import Hashed, Place

OA, PROV = "http://www.w3.org/ns/oa#", "http://www.w3.org/ns/prov#"
PARTS = {
    "subject": f"{RDF}subject",
    "property": f"{RDF}predicate",
    "object": f"{RDF}object",
    "status": f"{SKG}status",
    "polarity": f"{SKG}polarity",
    "modality": f"{SKG}modality",
    "confidence": f"{SKG}confidence",
    "rule": f"{SKG}rule",
    "attributed_to": f"{SKG}attributedTo",
    "reason": f"{SKG}disputeReason",
    "document": f"{OA}hasSource",
    "quote": f"{OA}exact",
    "start": f"{OA}start",
    "end": f"{OA}end",
}
"""Each column and the property of the claim or its evidence whose value stands in it."""
COLUMNS = ("claim", *PARTS, "object_datatype", "object_language", "graph")
SHORT = frozenset({"status", "polarity", "modality"})
"""Columns of concepts of our vocabulary, of which the name stands there alone."""
NUMBERS = {"confidence": float, "start": int, "end": int}
HELD = 4_000_000
"""How many bytes of lines are held before their rows are written."""
_COLUMN = {iri: column for column, iri in PARTS.items()}

Row = dict[str, Any]


class Claims:
    """Takes the lines of a shard and writes the rows of its claims; there is no file where there is no claim."""

    def __init__(self, place: Place, name: str) -> None:
        self._place, self._name = place, name
        self._opened = ExitStack()
        self._lines: list[bytes] = []
        self._size = 0
        self._count = 0
        self._file: Hashed | None = None
        self._writer: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        with self._opened:
            if error[0] is None and self._lines:
                self._flush()

    @property
    def told(self) -> dict[str, dict[str, Any]]:
        """The file by its name, with its size, hash and number of claims."""
        return {self._name: {**self._file.told, "claims": self._count}} if self._file else {}

    def write(self, line: bytes) -> None:
        """Take the next line; those that are not of claims are passed over."""
        if not line.startswith(CLAIM):
            return
        if self._size > HELD and thing(line) != thing(self._lines[-1]):
            self._flush()
        self._lines.append(line)
        self._size += len(line)

    def _flush(self) -> None:
        pyarrow, parquet = _libraries()
        types = {"confidence": pyarrow.float64(), "start": pyarrow.int64(), "end": pyarrow.int64()}
        schema = pyarrow.schema([(name, types.get(name, pyarrow.string())) for name in COLUMNS])
        if self._file is None:
            self._file = self._opened.enter_context(self._place.made(self._name))
            self._writer = self._opened.enter_context(parquet.ParquetWriter(self._file, schema, compression="zstd"))
        found = rows(b"".join(self._lines))
        self._writer.write_table(pyarrow.Table.from_pylist(found, schema))
        self._count += len(found)
        self._lines, self._size = [], 0


def rows(lines: bytes) -> list[Row]:
    """Make the rows of claims: one for each claim and the document that makes it."""
    found: dict[tuple[str, str], Row] = defaultdict(dict)
    for quad in pyoxigraph.parse(lines, format=RdfFormat.N_QUADS):
        column = _COLUMN.get(quad.predicate.value)
        if column:
            claim = str(getattr(quad.subject, "value", "")).partition("#")[0]
            found[claim, str(getattr(quad.graph_name, "value", ""))] |= _cells(column, quad)
    return [{"claim": key[0], "graph": key[1], **found[key]} for key in sorted(found) if "subject" in found[key]]


def _cells(column: str, quad: Quad) -> Row:
    value = quad.object
    text = str(getattr(value, "value", value))
    cells: Row = {column: NUMBERS.get(column, str)(text.removeprefix(SKV) if column in SHORT else text)}
    if column == "object" and isinstance(value, Literal):
        cells |= {"object_datatype": value.datatype.value, "object_language": value.language or ""}
    return cells


def _libraries() -> tuple[Any, Any]:
    try:
        import pyarrow  # noqa: PLC0415  # an extra
        from pyarrow import parquet  # noqa: PLC0415  # the same
    except ModuleNotFoundError as error:
        raise MissingExtraError("pyarrow", "scale") from error
    return pyarrow, parquet
