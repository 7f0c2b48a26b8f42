"""export    write     quads → files, the same bytes for the same quads."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import pyoxigraph
from pyld import jsonld
from pyoxigraph import Quad, Triple

from spacekg import formats
from spacekg.errors import SpacekgError
from spacekg.formats import GraphFormat

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


class ExportError(SpacekgError):
    """A graph cannot be written where it was asked for, or its JSON-LD context is not whole."""


def write(
    quads: Iterable[Quad],
    target: Path | BinaryIO,
    format: GraphFormat,
    prefixes: Mapping[str, str],
    context: Mapping[str, Any],
) -> None:
    """Write quads to a file or a stream; of formats without named graphs, their union, each triple once.

    A file appears whole or not at all: it is written beside its place and then moved there. `context` is a JSON-LD
    context; it goes into the file, so that nothing has to be fetched to read it.

    Raises:
        ExportError: the file cannot be written, or the context names a document.
        InexpressibleError: RDF/XML cannot spell a property's IRI, or a text has control characters.
    """
    content = _serialized(quads, format, prefixes, context)
    if isinstance(target, Path):
        _move_into_place(content, target)
    else:
        target.write(content)


def _serialized(
    quads: Iterable[Quad], format: GraphFormat, prefixes: Mapping[str, str], context: Mapping[str, Any]
) -> bytes:
    if format is formats.JSON_LD:
        return _json_ld(_union(quads), context)
    terms: list[Quad] | list[Triple] = _by_graph(quads) if format.keeps_graphs else _union(quads)
    content = pyoxigraph.serialize(terms, format=format.codec, prefixes=dict(prefixes)) or b""
    formats.check_written(content, format)
    return content


def _by_graph(quads: Iterable[Quad]) -> list[Quad]:
    return sorted(set(quads), key=lambda quad: (str(quad.graph_name), str(quad)))


def _union(quads: Iterable[Quad]) -> list[Triple]:
    return sorted({quad.triple for quad in quads}, key=str)


def _json_ld(triples: Iterable[Triple], context: Mapping[str, Any]) -> bytes:
    """Compact the graph, and write one node a line so that two versions can be compared.

    rdflib's writer is as fast, but orders its nodes by hash and fails 4 of 10 tests of JSON-LD.
    """
    expanded = json.loads(pyoxigraph.serialize(triples, format=formats.JSON_LD.codec) or b"[]")
    for node in expanded:
        if all("@id" in value for value in node.get(_TYPE, [{}])):
            node["@type"] = [value["@id"] for value in node.pop(_TYPE)]
    inner = context.get("@context", context)
    options = {"skipExpansion": True, "graph": True, "documentLoader": _no_document}
    try:
        compacted = _Compactor().compact(expanded, {"@context": inner}, options)
    except jsonld.JsonLdError as error:
        raise ExportError(
            f"the JSON-LD context cannot be used ({error.code or 'it names another document'}): "
            "it must be whole, for nothing is fetched"
        ) from None
    (graph,) = (value for key, value in compacted.items() if key != "@context")  # the context may rename @graph
    nodes = ",\n".join(_dumped(node) for node in graph)
    return f'{{"@context": {_dumped(inner)},\n"@graph": [\n{nodes}\n]}}\n'.encode()


class _Compactor(jsonld.JsonLdProcessor):  # type: ignore[misc]  # pyld has no types
    """PyLD's processor with a memory: it goes through the whole context for each IRI, and most IRIs come often."""

    def __init__(self) -> None:
        super().__init__()
        self._compacted: dict[tuple[object, ...], Any] = {}

    def _compact_iri(self, active_ctx: Any, iri: Any, value: Any = None, *rest: Any, **named: Any) -> Any:
        if value is not None:
            return super()._compact_iri(active_ctx, iri, value, *rest, **named)
        key = (active_ctx.get("_uuid"), iri, rest, *sorted(named.items()))
        if key not in self._compacted:
            self._compacted[key] = super()._compact_iri(active_ctx, iri, value, *rest, **named)
        return self._compacted[key]


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _no_document(url: str, _options: Mapping[str, Any]) -> Mapping[str, Any]:
    raise jsonld.JsonLdError(f"{url} is not fetched", "spacekg.NoFetching", code="it names another document")


def _move_into_place(content: bytes, target: Path) -> None:
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        with partial.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    except OSError as error:
        raise ExportError(f"{target}: cannot be written: {error.strerror}") from None
    finally:
        with suppress(OSError):
            partial.unlink()
