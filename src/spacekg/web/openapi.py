"""openapi   the routes of an app → an OpenAPI 3.1 document of all but the SPARQL endpoint, which describes itself."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, Rule

from spacekg.description import OWN_LICENCE

TABLE = Path(__file__).parent / "routes.csv"
"""What each route is for, and the parameters of its query."""
LEFT_OUT = frozenset({"static", "sparql.endpoint"})
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
JSON_BODIES = ("POST", "PUT", "PATCH")
PROBLEM = {
    "description": "It could not be done: `detail` says why, and what to do.",
    "content": {
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
        "text/html": {"schema": {"type": "string"}},
    },
}
SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}


def describe(app: Flask, root: str) -> dict[str, Any]:
    """Write the document; `root` is the address of the site with its last slash."""
    table = _table()
    paths: dict[str, dict[str, Any]] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        if rule.endpoint not in LEFT_OUT:
            path = re.sub(r"<(?:[^<>]*:)?(\w+)>", r"{\1}", rule.rule)
            paths.setdefault(path, {}).update(_operations(rule, table.get(rule.endpoint, {})))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "spacekg",
            "version": version("spacekg"),
            "description": f"Questions in SPARQL go to {root}sparql, which describes itself there.",
            "license": {"name": "CC BY 4.0", "url": OWN_LICENCE},
        },
        "servers": [{"url": root.rstrip("/") or "/"}],
        "paths": paths,
        "components": {"schemas": {"Problem": SCHEMA}},
    }


def _table() -> dict[str, Mapping[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["endpoint"]: row for row in csv.DictReader(file)}


def _operations(rule: Rule, row: Mapping[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for method in METHODS:
        if method in (rule.methods or ()):
            yield method.lower(), _operation(rule, row, method)


def _operation(rule: Rule, row: Mapping[str, str], method: str) -> dict[str, Any]:
    asked = [
        {"name": name, "in": "query", "schema": {"type": "string", "maxLength": 2000}}
        for name in (row.get("parameters") or "").split()
        if method == "GET"
    ]
    found: dict[str, Any] = {
        "operationId": f"{rule.endpoint.replace('.', '_')}_{method.lower()}",
        "summary": row.get("summary") or rule.endpoint.rpartition(".")[2].replace("_", " "),
        "tags": [rule.endpoint.partition(".")[0]],
        "parameters": [*_places(rule), *asked],
        "responses": {
            "200": {"description": "What was asked for."},
            "3XX": {"description": "It is elsewhere, or has not changed."},
            "4XX": PROBLEM,
            "5XX": PROBLEM,
        },
    }
    if method in JSON_BODIES:
        found["requestBody"] = {"content": {"application/json": {"schema": {}}}}
    return found


def _places(rule: Rule) -> Iterator[dict[str, Any]]:
    for name in sorted(rule.arguments):
        yield {"name": name, "in": "path", "required": True, "schema": _schema(rule._converters[name])}


def _schema(converter: BaseConverter) -> dict[str, Any]:
    if isinstance(converter, AnyConverter):
        return {"type": "string", "enum": sorted(converter.items)}
    return {"type": "integer", "minimum": 0} if isinstance(converter, IntegerConverter) else {"type": "string"}
