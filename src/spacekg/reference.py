"""reference    what is known before any document is read: entities, their names, identifiers and facts."""

from __future__ import annotations

import csv
import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from spacekg.errors import DeclarationError

LOCAL_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
QID = re.compile(r"Q[1-9][0-9]*")
FILLED, WHOLE, SHARE = re.compile(r".*\S.*"), re.compile(r"\d+"), re.compile(r"[01](?:\.\d+)?")
LITERALS = {
    "xsd:date": re.compile(r"\d{4}-\d\d-\d\d"),
    "xsd:gYearMonth": re.compile(r"\d{4}-(?:0[1-9]|1[0-2])"),
    "xsd:gYear": re.compile(r"\d{4}"),
    "xsd:decimal": re.compile(r"-?\d+(?:\.\d+)?"),
}
NAME_KINDS = frozenset({"label", "alias", "acronym", "former", "demonym", "common", "hidden"})
RISKS = frozenset({"", "word", "short"})
MATCHES = frozenset({"exact", "close"})
STATUSES = frozenset({"verified", "candidate", "rejected"})
QUANTITY, BACKWARDS = "quantity:", "^"

COLUMNS = {
    "entities.csv": ("id", "class", "label", "description", "source", "prominence"),
    "names.csv": ("id", "name", "language", "kind", "source", "risk"),
    "identifiers.csv": ("id", "scheme", "value", "match", "status", "evidence", "source", "method", "confidence"),
    "facts.csv": ("id", "property", "value", "datatype", "as_of", "source"),
    "launches.csv": tuple("id label tag date datatype vehicle site providers payloads source".split()),
    "closed.csv": ("id", "property", "members", "as_of", "source", "note", "among"),
    "sources.csv": ("source", "title", "licence", "attribution", "homepage", "as_of"),
}


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing with a stable local id; `kind` is the local name of its class in the ontology."""

    id: str
    kind: str
    label: str
    description: str
    source: str
    prominence: int
    """How many sources, snapshots and languages know it; the larger one is meant when two share a name."""


@dataclass(frozen=True, slots=True)
class Name:
    """One name of an entity: a label, alias, acronym, former name or demonym, or hidden: matched and never shown."""

    text: str
    entity: str
    language: str
    """Codes joined by `|`, or empty when the source gives none."""
    kind: str
    risk: str
    """`word` when it is also an ordinary English word, `short` when it has three letters or fewer, or empty."""
    source: str


@dataclass(frozen=True, slots=True)
class Identifier:
    """What another dataset calls an entity, `exact` or `close`; only a verified one may be served."""

    entity: str
    scheme: str
    value: str
    match: str
    status: str
    evidence: str
    source: str
    method: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Fact:
    """A statement about an entity; `value` is a local id where `datatype` is `id`, else a literal."""

    entity: str
    property: str
    value: str
    datatype: str
    as_of: str
    source: str


@dataclass(frozen=True, slots=True)
class Launch:
    """A launch event; vehicle, site, providers and payloads are local ids, empty where unknown."""

    id: str
    label: str
    tag: str
    date: str
    datatype: str
    vehicle: str
    site: str
    providers: tuple[str, ...]
    payloads: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class ClosedList:
    """All objects of a subject and property, or subjects if `^` stands before it; `quantity:` has a number instead."""

    entity: str
    property: str
    members: tuple[str, ...]
    as_of: str
    source: str
    note: str
    among: tuple[str, ...]
    """The classes of which the list is complete: an object of another class is not disputed by it."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from, and on which terms."""

    name: str
    title: str
    licence: str
    attribution: str
    homepage: str
    as_of: str


@dataclass(frozen=True, slots=True)
class Reference:
    """All reference tables; every id in them is the id of an entity or, in `launches`, of a launch."""

    entities: Mapping[str, Entity]
    names: tuple[Name, ...]
    identifiers: tuple[Identifier, ...]
    facts: tuple[Fact, ...]
    launches: tuple[Launch, ...]
    closed: tuple[ClosedList, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """One row with its place, so that a complaint can name it."""

    file: str
    number: int
    cells: list[str]

    def refuse(self, column: str, trouble: str) -> DeclarationError:
        return DeclarationError(f"{self.file}: row {self.number}: {column}: {trouble}")

    def require(self, column: str, value: str, known: Container[str]) -> None:
        if value not in known:
            what = "no row of entities.csv has it as its id" if isinstance(known, dict) else "unknown value"
            raise self.refuse(column, f"{value!r}: {what}")

    def match(self, column: str, value: str, pattern: re.Pattern[str], wanted: str) -> None:
        if not pattern.fullmatch(value):
            raise self.refuse(column, f"{value!r}: wants {wanted}")

    def check_literal(self, column: str, value: str, datatype: str) -> None:
        wanted = LITERALS.get(datatype)
        if wanted is None:
            raise self.refuse("datatype", f"{datatype!r}: wants id or one of {', '.join(sorted(LITERALS))}")
        if not wanted.fullmatch(value) or not _is_in_calendar(value, datatype):
            raise self.refuse(column, f"{value!r} is no {datatype}")


def read(folder: Path) -> Reference:
    """Read and check the tables in `folder`.

    Raises:
        DeclarationError: a table is missing or wrong; the message names the file, the row and the column.
    """
    sources = tuple(Source(*line.cells) for line in _lines(folder, "sources.csv"))
    known = frozenset(source.name for source in sources)
    entities: dict[str, Entity] = {}
    for line in _lines(folder, "entities.csv", known):
        entity = _entity(line)
        if entity.id in entities:
            raise line.refuse("id", f"{entity.id!r} stands here a second time; give each entity one row")
        entities[entity.id] = entity
    return Reference(
        entities=entities,
        names=tuple(_name(line, entities) for line in _lines(folder, "names.csv", known)),
        identifiers=_identifiers(_lines(folder, "identifiers.csv", known), entities),
        facts=tuple(_fact(line, entities) for line in _lines(folder, "facts.csv", known)),
        launches=_launches(_lines(folder, "launches.csv", known), entities),
        closed=tuple(_closed(line, entities) for line in _lines(folder, "closed.csv")),
        sources=sources,
    )


def _lines(folder: Path, file: str, sources: frozenset[str] = frozenset()) -> Iterator[_Line]:
    columns, number = COLUMNS[file], 1
    try:
        with (folder / file).open(encoding="utf-8", newline="") as stream:
            rows = csv.reader(stream, strict=True)
            if (header := tuple(next(rows, ()))) != columns:
                raise DeclarationError(f"{file}: row 1: columns are {','.join(header)}; wants {','.join(columns)}")
            for number, cells in enumerate(rows, 2):
                line = _Line(file, number, cells)
                if len(cells) != len(columns):
                    raise line.refuse(columns[-1], f"{len(cells)} cells; wants {len(columns)}")
                if sources and cells[columns.index("source")] not in sources:
                    raise line.refuse("source", f"{cells[columns.index('source')]!r} is not in sources.csv")
                yield line
    except OSError as error:
        raise DeclarationError(f"{file}: {error.strerror}; wants it in {folder}") from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise DeclarationError(f"{file}: row {number + 1}: {error}; wants CSV in UTF-8 (RFC 4180)") from error


def _entity(line: _Line) -> Entity:
    local, kind, label, description, source, prominence = line.cells
    line.match("id", local, LOCAL_ID, "lower-case letters, digits and single hyphens")
    line.match("class", kind, FILLED, "a class")
    line.match("label", label, FILLED, "a label")
    line.match("prominence", prominence, WHOLE, "a whole number")
    return Entity(local, kind, label, description, source, int(prominence))


def _name(line: _Line, entities: Mapping[str, Entity]) -> Name:
    local, text, language, kind, source, risk = line.cells
    line.require("id", local, entities)
    line.require("kind", kind, NAME_KINDS)
    line.require("risk", risk, RISKS)
    line.match("name", text, FILLED, "a name")
    return Name(text, local, language, kind, risk, source)


def _identifiers(lines: Iterator[_Line], entities: Mapping[str, Entity]) -> tuple[Identifier, ...]:
    found = []
    holders: dict[str, str] = {}
    for line in lines:
        local, scheme, value, match, status, evidence, source, method, confidence = line.cells
        line.require("id", local, entities)
        line.require("match", match, MATCHES)
        line.require("status", status, STATUSES)
        line.match("value", value, FILLED, "an identifier")
        line.match("confidence", confidence, SHARE, "a number from 0 to 1")
        if scheme == "wikidata":
            line.match("value", value, QID, "a QID: Q and a number")
        if scheme == "wikidata" and status == "verified" and holders.setdefault(value, local) != local:
            raise line.refuse("value", f"{value} is already the item of {holders[value]!r}; one item, one entity")
        found.append(Identifier(local, scheme, value, match, status, evidence, source, method, float(confidence)))
    return tuple(found)


def _fact(line: _Line, entities: Mapping[str, Entity]) -> Fact:
    local, _, value, datatype, _, _ = line.cells
    line.require("id", local, entities)
    if datatype == "id":
        line.require("value", value, entities)
    else:
        line.check_literal("value", value, datatype)
    return Fact(*line.cells)


def _launches(lines: Iterator[_Line], entities: Mapping[str, Entity]) -> tuple[Launch, ...]:
    found: dict[str, Launch] = {}
    for line in lines:
        local, label, tag, day, datatype, vehicle, site, providers, payloads, source = line.cells
        if local in found or local in entities:
            raise line.refuse("id", f"{local!r} stands a second time; give each launch an id of its own")
        line.check_literal("date", day, datatype)
        for column in ("vehicle", "site", "providers", "payloads"):
            for one in _split(line.cells[COLUMNS["launches.csv"].index(column)]):
                line.require(column, one, entities)
        several = _split(providers), _split(payloads)
        found[local] = Launch(local, label, tag, day, datatype, vehicle, site, *several, source)
    return tuple(found.values())


def _closed(line: _Line, entities: Mapping[str, Entity]) -> ClosedList:
    local, relation, members, as_of, source, note, among = line.cells
    line.require("id", local, entities)
    line.check_literal("as_of", as_of, "xsd:date")
    for member in () if relation.startswith(QUANTITY) else _split(members):
        line.require("members", member, entities)
    return ClosedList(local, relation, _split(members), as_of, source, note, _split(among))


def _is_in_calendar(value: str, datatype: str) -> bool:
    try:
        return datatype != "xsd:date" or bool(date.fromisoformat(value))
    except ValueError:
        return False


def _split(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()
