"""discovery  how machines find their way: sitemap, robots.txt, JSON-LD context, schemas, frames, dataset markup."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape

from flask import Blueprint, Response
from pyoxigraph import Literal, NamedNode
from werkzeug.exceptions import NotFound

from spacekg import formats
from spacekg.answers import Row
from spacekg.declared import BASE, RDF
from spacekg.entities import Entities
from spacekg.web import responses
from spacekg.web.resources import Site

CONTEXT = "context/v1.jsonld"
SCHEMA = "https://schema.org/"
SITEMAP = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<{0} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{1}</{0}>\n'
)
CHUNK = 10_000
"""Pages in one part of the sitemap; five times as many are allowed."""
DOCUMENTS = (
    "",
    "queries",
    "sparql",
    "ontology",
    "vocab",
    "shapes",
    "void",
    "documents",
    "disputes",
    "about",
    "downloads",
    "api",
    "status",
    "status/fair",
)


def blueprint(site: Site) -> Blueprint:
    """Make what is asked for by crawlers and by programs that read our JSON-LD."""
    part = Blueprint("discovery", __name__)

    @part.get("/robots.txt")
    def robots() -> Response:
        refused = "Disallow: /sparql?\nDisallow: /search?\n"
        lines = f"User-agent: *\n{refused}Allow: /\nSitemap: {responses.absolute(site.root)}sitemap.xml\n"
        return responses.whole(lines.encode(), "text/plain; charset=utf-8")

    @part.get("/sitemap.xml")
    def sitemap() -> Response:
        parts = range(1, _pages(site.entities) // CHUNK + 2)
        return _written(
            "sitemapindex", "sitemap", (f"{responses.absolute(site.root)}sitemap/{number}.xml" for number in parts)
        )

    @part.get("/sitemap/<int:number>.xml")
    def chapter(number: int) -> Response:
        paths = _paths(site.entities, (number - 1) * CHUNK) if 0 < number < CHUNK else []
        if not paths:
            raise NotFound
        return _written("urlset", "url", (f"{responses.absolute(site.root)}{path}" for path in paths))

    @part.get(f"/{CONTEXT}")
    def context() -> Response:
        return _json(site.published.context, formats.JSON_LD.media_type, responses.FOREVER)

    @part.get("/schema/<name>.json")
    def schema(name: str) -> Response:
        return _json(_listed(site.published.schemas, name), "application/schema+json")

    @part.get("/frame/<name>.jsonld")
    def frame(name: str) -> Response:
        return _json(
            _listed(site.published.frames, name), 'application/ld+json; profile="http://www.w3.org/ns/json-ld#frame"'
        )

    return part


def dataset_markup(rows: Iterable[Row]) -> dict[str, object]:
    """Write what is said of the dataset in the words of schema.org, as search engines read it in a page."""
    nodes: dict[str, dict[str, Any]] = {}
    for row in rows:
        subject, predicate, value = row["subject"], row["predicate"], row["value"]
        if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode):
            _note(nodes.setdefault(subject.value, {"@id": subject.value}), predicate.value, value)
    whole = nodes.get(f"{BASE}dataset", {})
    if "@type" not in whole:
        return {}
    found = {key: [_embedded(nodes, value) for value in values] for key, values in whole.items() if key[0] != "@"}
    single = {key: values[0] if len(values) == 1 else values for key, values in sorted(found.items())}
    return {"@context": SCHEMA.rstrip("/"), "@id": whole["@id"], "@type": "Dataset", **single}


def _note(node: dict[str, Any], predicate: str, value: object) -> None:
    if predicate == f"{RDF}type" and isinstance(value, NamedNode) and value.value.startswith(SCHEMA):
        node["@type"] = value.value.removeprefix(SCHEMA)
    elif predicate.startswith(SCHEMA) and isinstance(value, NamedNode | Literal):
        node.setdefault(predicate.removeprefix(SCHEMA), []).append(value)


def _embedded(nodes: Mapping[str, dict[str, Any]], value: NamedNode | Literal) -> object:
    node = nodes.get(value.value, {})
    if not isinstance(value, NamedNode) or "@type" not in node:
        return value.value
    texts = {key: [each.value for each in values] for key, values in node.items() if key[0] != "@"}
    return {"@type": node["@type"], **{key: each[0] if len(each) == 1 else each for key, each in sorted(texts.items())}}


def _pages(entities: Entities) -> int:
    """How many pages there are."""
    return len(DOCUMENTS) + entities.number_of_documents + entities.number


def _paths(entities: Entities, first: int) -> list[str]:
    """The pages of one part of the sitemap, from a place that is counted from 0: documents come before entities."""
    found = [*DOCUMENTS[first : first + CHUNK]]
    first = max(0, first - len(DOCUMENTS))
    if len(found) < CHUNK:
        listed = entities.documents(first, CHUNK - len(found))
        found += [f"page/document/{document.iri.rpartition('/')[2]}" for document in listed]
    first = max(0, first - entities.number_of_documents)
    if len(found) < CHUNK:
        found += [f"page/{local}" for local in entities.listed(first, CHUNK - len(found))]
    return found


def _written(outer: str, inner: str, addresses: Iterable[str]) -> Response:
    entries = "".join(f"<{inner}><loc>{escape(address)}</loc></{inner}>\n" for address in addresses)
    return responses.whole(SITEMAP.format(outer, entries).encode(), "application/xml")


def _json(content: Mapping[str, Any], content_type: str, cache: str = responses.REVALIDATED) -> Response:
    written = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    return responses.whole(written.encode(), content_type, cache=cache)


def _listed(table: Mapping[str, Mapping[str, Any]], name: str) -> Mapping[str, Any]:
    if name not in table:
        raise NotFound
    return table[name]
