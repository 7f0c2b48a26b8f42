"""downloads  describe the files of the whole dataset by the names that they are written and served under."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version

from pyoxigraph import Literal, NamedNode

from spacekg import formats
from spacekg.declared import BASE, RDF
from spacekg.description.terms import DATASET, DCAT, DCTERMS, OWN_LICENCE, SCHEMA, VOID, Triple, part
from spacekg.formats import GraphFormat

WHOLE = "all"
"""The part that holds all of a release."""
COMPRESSIONS = {".gz": "application/gzip", ".zst": "application/zstd"}
"""Endings of compressed files and their media types."""
_IANA = "https://www.iana.org/assignments/media-types/"


def file_name(made_by: str, part: str, format: GraphFormat, ending: str) -> str:
    """Name a file of a part of a release; the version of the software that made the release stands in it."""
    return f"spacekg-{made_by}-{part}{format.suffix}{ending}"


def describe() -> Iterator[Triple]:
    """Describe a file for each format and compression; the hashes stand beside the files, for they hold this too."""
    made = version("spacekg")
    for format in formats.GRAPHS:
        for ending, packed in COMPRESSIONS.items():
            file = NamedNode(f"{BASE}release/{made}/{file_name(made, WHOLE, format, ending)}")
            node = part(DATASET, "dump", format.name, ending[1:])
            yield DATASET, f"{VOID}dataDump", file
            yield DATASET, f"{DCAT}distribution", node
            yield DATASET, f"{SCHEMA}distribution", node
            yield node, f"{RDF}type", NamedNode(f"{DCAT}Distribution")
            yield node, f"{RDF}type", NamedNode(f"{SCHEMA}DataDownload")
            yield node, f"{DCTERMS}title", Literal(f"All of it as {format.label} ({ending[1:]})", language="en")
            yield node, f"{DCTERMS}license", NamedNode(OWN_LICENCE)
            yield node, f"{DCAT}downloadURL", file
            yield node, f"{DCAT}accessURL", NamedNode(f"{BASE}dumps")
            yield node, f"{DCAT}mediaType", NamedNode(f"{_IANA}{format.media_type}")
            yield node, f"{DCAT}compressFormat", NamedNode(f"{_IANA}{packed}")
            yield node, f"{SCHEMA}contentUrl", file
            yield node, f"{SCHEMA}encodingFormat", Literal(format.media_type)
