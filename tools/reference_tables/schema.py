"""schema    the columns of every table, as a Frictionless data package."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from reference_tables.drafts import KINDS
from reference_tables.sources import Row

REQUIRED = {"required": True}
ID: dict[str, Any] = {"required": True, "pattern": "[a-z0-9]+(-[a-z0-9]+)*"}
SOURCE: dict[str, Any] = {"required": True, "enum": ["curated", "gcat", "iso", "ror", "wikidata"]}

TABLES: dict[str, dict[str, tuple[str, str, dict[str, Any]]]] = {
    "entities": {
        "id": ("string", "local id, the last part of the entity's IRI", ID | {"unique": True}),
        "class": ("string", "local name of a class of the ontology", REQUIRED),
        "label": ("string", "English label", REQUIRED),
        "description": ("string", "what it is, in a few English words", {}),
        "source": ("string", "where the label comes from", SOURCE),
        "prominence": (
            "integer",
            "how many sources, snapshots and languages know it: of two entities with one "
            "name, the larger number comes first",
            REQUIRED,
        ),
    },
    "names": {
        "id": ("string", "the entity", ID),
        "name": ("string", "the name", REQUIRED),
        "language": ("string", "language codes joined by |; empty when the source gives none", {}),
        "kind": ("string", "what sort of name; a hidden one is matched, never shown", {"enum": list(KINDS)}),
        "source": ("string", "where the name comes from", SOURCE),
        "risk": (
            "string",
            "word: also an ordinary English word; short: three letters or fewer",
            {"enum": ["word", "short"]},
        ),
    },
    "identifiers": {
        "id": ("string", "the entity", ID),
        "scheme": (
            "string",
            "whose identifier it is",
            {"enum": ["wikidata", "ror", "iso3166-1-alpha2", "cospar", "nssdca", "naif", "gcat", "website"]},
        ),
        "value": ("string", "the identifier", REQUIRED),
        "match": ("string", "whether it names the same thing or one close to it", {"enum": ["exact", "close"]}),
        "status": ("string", "only a verified one is served", {"enum": ["verified", "candidate", "rejected"]}),
        "evidence": ("string", "where it was seen", {}),
        "source": ("string", "who gives it", SOURCE),
        "method": ("string", "how it was joined", {}),
        "confidence": ("number", "between 0 and 1", {"minimum": 0, "maximum": 1}),
    },
    "facts": {
        "id": ("string", "the subject", ID),
        "property": ("string", "local name of a property of the ontology", REQUIRED),
        "value": ("string", "an entity's id or a literal", REQUIRED),
        "datatype": ("string", "id for an entity, else a datatype of XML Schema", REQUIRED),
        "as_of": ("string", "since when or when it was so, where the source says", {}),
        "source": ("string", "who says so", SOURCE),
    },
    "launches": {
        "id": ("string", "local id of the launch", ID | {"unique": True}),
        "label": ("string", "English label", REQUIRED),
        "tag": ("string", "international designation", REQUIRED),
        "date": ("string", "date in the precision of the source", REQUIRED),
        "datatype": ("string", "xsd:date, xsd:gYearMonth or xsd:gYear", REQUIRED),
        "vehicle": ("string", "id of the launch vehicle", {}),
        "site": ("string", "id of the launch site", {}),
        "providers": ("string", "ids of those who sold or ran the launch, joined by |", {}),
        "payloads": ("string", "ids of what it carried, as far as they are entities, joined by |", REQUIRED),
        "source": ("string", "who says so", SOURCE),
    },
    "closed": {
        "id": ("string", "the subject", ID),
        "property": (
            "string",
            "a property of the ontology, with ^ before it if the members stand before it and id behind; "
            "or quantity: and a kind of quantity",
            REQUIRED,
        ),
        "members": ("string", "ids of all there are, joined by |, or the number", REQUIRED),
        "as_of": ("date", "when it was so", REQUIRED),
        "source": ("string", "which document or knowledge says so", REQUIRED),
        "note": ("string", "what to know when using it", {}),
        "among": ("string", "classes, joined by |, of which the list is complete; others may be missing", {}),
    },
    "sources": {
        "source": ("string", "name of the source in the other tables", {"required": True, "unique": True}),
        "title": ("string", "its title", REQUIRED),
        "licence": ("string", "IRI of its licence", REQUIRED),
        "attribution": ("string", "the words to attribute it with", REQUIRED),
        "homepage": ("string", "where to find it", REQUIRED),
        "as_of": ("date", "the newest date its rows stand for", REQUIRED),
    },
    "left_out": {
        "source": ("string", "whose row it was", SOURCE),
        "identifier": ("string", "its identifier there", REQUIRED),
        "label": ("string", "its label there", {}),
        "reason": ("string", "why it became no entity", REQUIRED),
    },
}


def package(folder: Path, sources: list[Row]) -> dict[str, Any]:
    """The descriptor of the tables in `folder`, with their sizes and hashes."""
    return {
        "name": "spacekg-reference",
        "title": "Reference data of spacekg: agencies, states, missions, spacecraft and launches",
        "licenses": [{"path": path} for path in sorted({row["licence"] for row in sources})],
        "sources": [{"title": row["title"], "path": row["homepage"]} for row in sources],
        "resources": [_resource(folder / f"{name}.csv", columns) for name, columns in TABLES.items()],
    }


def _resource(path: Path, columns: dict[str, tuple[str, str, dict[str, Any]]]) -> dict[str, Any]:
    content = path.read_bytes()
    fields = [_field(name, *column) for name, column in columns.items()]
    return {
        "name": path.stem.replace("_", "-"),
        "path": path.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": {"fields": fields},
    }


def _field(name: str, kind: str, description: str, constraints: dict[str, Any]) -> dict[str, Any]:
    field = {"name": name, "type": kind, "description": description}
    return field | ({"constraints": constraints} if constraints else {})
