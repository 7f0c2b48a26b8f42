"""formats   the one table of RDF formats: of graphs and of query results."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pyoxigraph import QueryResultsFormat, RdfFormat

from spacekg.errors import SpacekgError, UnknownFormatError

Codec = TypeVar("Codec", RdfFormat, QueryResultsFormat)

# pyoxigraph writes both without a complaint: a property no element can be named after, and controls XML forbids.
_NOT_XML = re.compile(rb"<oxprefix\d*: |[\x00-\x08\x0b\x0c\x0e-\x1f]")


class InexpressibleError(SpacekgError):
    """A format cannot hold what is to be written in it; another one can."""


@dataclass(frozen=True, slots=True, eq=False)
class Format(Generic[Codec]):
    """One way to write a graph or the rows of a query: how it is called, asked for and written.

    It is a row of the tables below and equal to no other, so to look something up by it reads none of its fields.
    """

    name: str
    """Short name, as `--format` and `?format=` take it."""
    label: str
    """The name people know it by."""
    media_type: str
    """The registered media type; what an answer is labelled with."""
    suffix: str
    """Ending of a file's name, with its dot."""
    codec: Codec
    """What pyoxigraph calls it."""
    names: tuple[str, ...] = ()
    """Other short names that clients send."""
    media_types: tuple[str, ...] = ()
    """Other media types that clients send; they are understood and never sent back."""
    keeps_graphs: bool = False
    """Whether named graphs survive; in all other formats their union is written."""

    @property
    def content_type(self) -> str:
        """The media type as a header says it: a text is in UTF-8."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type

    def accepted(self) -> Iterator[str]:
        """Give every media type that asks for this format, the registered one first."""
        yield self.media_type
        yield from self.media_types

    def spellings(self) -> Iterator[str]:
        """Give every name, ending and media type of this format."""
        yield from (self.name, self.suffix, *self.names, *self.accepted())


GraphFormat = Format[RdfFormat]
ResultFormat = Format[QueryResultsFormat]

TURTLE = Format(
    "turtle", "Turtle", "text/turtle", ".ttl", RdfFormat.TURTLE,
    names=("ttl", "n3", "text"),
    media_types=("application/x-turtle", "application/turtle", "text/n3", "text/rdf+n3", "application/n3"),
)  # fmt: skip
JSON_LD = Format(
    "json-ld", "JSON-LD", "application/ld+json", ".jsonld", RdfFormat.JSON_LD,
    names=("jsonld", "json"),
    media_types=("application/x-json+ld", "application/json"),
)  # fmt: skip
N_TRIPLES = Format(
    "ntriples", "N-Triples", "application/n-triples", ".nt", RdfFormat.N_TRIPLES,
    names=("nt", "n-triples"),
    media_types=("text/plain", "text/ntriples"),
)  # fmt: skip
RDF_XML = Format(
    "rdf", "RDF/XML", "application/rdf+xml", ".rdf", RdfFormat.RDF_XML,
    names=("rdf+xml", "rdfxml", "rdf-xml", "xml", "owl"),
    media_types=("application/xml", "text/xml", "text/rdf+xml"),
)  # fmt: skip
N_QUADS = Format(
    "nquads", "N-Quads", "application/n-quads", ".nq", RdfFormat.N_QUADS,
    names=("nq", "n-quads"),
    media_types=("text/x-nquads", "text/nquads"),
    keeps_graphs=True,
)  # fmt: skip
TRIG = Format(
    "trig", "TriG", "application/trig", ".trig", RdfFormat.TRIG,
    media_types=("application/x-trig",),
    keeps_graphs=True,
)  # fmt: skip

JSON = Format(
    "json", "JSON", "application/sparql-results+json", ".srj", QueryResultsFormat.JSON,
    names=("srj", "sparql-results+json"),
    media_types=("application/json", "text/javascript", "application/javascript"),
)  # fmt: skip
XML = Format(
    "xml", "XML", "application/sparql-results+xml", ".srx", QueryResultsFormat.XML,
    names=("srx", "sparql-results+xml"),
    media_types=("application/xml", "text/xml", "application/rdf+xml"),
)  # fmt: skip
CSV = Format("csv", "CSV", "text/csv", ".csv", QueryResultsFormat.CSV)
TSV = Format(
    "tsv", "TSV", "text/tab-separated-values", ".tsv", QueryResultsFormat.TSV, names=("tab",),
)  # fmt: skip

GRAPHS: tuple[GraphFormat, ...] = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML, N_QUADS, TRIG)
"""Formats of graphs, the one that is written when nobody asks first."""
TRIPLES: tuple[GraphFormat, ...] = tuple(format for format in GRAPHS if not format.keeps_graphs)
"""Formats of the one graph that CONSTRUCT and DESCRIBE make."""
RESULTS: tuple[ResultFormat, ...] = (JSON, XML, CSV, TSV)
"""Formats of the rows of SELECT and the truth of ASK."""


def find(spelling: str, table: tuple[Format[Codec], ...]) -> Format[Codec]:
    """Look a format up by short name, ending or media type, without regard to case and parameters.

    Raises:
        UnknownFormatError: nothing in the table is called that; the message lists what there is.
    """
    wanted = spelling.partition(";")[0].strip().lower()
    for format in table:
        if wanted in format.spellings():
            return format
    raise UnknownFormatError(f"unknown format {spelling!r}: choose one of {_listed(table)}")


def of_file(path: Path, table: tuple[Format[Codec], ...]) -> Format[Codec]:
    """Look up the format that a file's ending stands for.

    Raises:
        UnknownFormatError: the ending stands for none; the message lists the endings that do.
    """
    for format in table:
        if path.suffix.lower() == format.suffix:
            return format
    endings = ", ".join(format.suffix for format in table)
    raise UnknownFormatError(f"{path.name}: the ending tells the format, so give the file one of {endings}")


def check_written(content: bytes, format: GraphFormat | ResultFormat) -> None:
    """Make sure that what was written can be read again.

    Raises:
        InexpressibleError: it is meant to be XML and is not.
    """
    if format.media_type.endswith("xml") and _NOT_XML.search(content):
        raise InexpressibleError(
            f"{format.label} cannot hold this: a property's IRI does not end in a name, or a text has control "
            "characters; choose another format"
        )


def _listed(table: tuple[Format[Codec], ...]) -> str:
    return ", ".join(f"{format.name} ({format.media_type})" for format in table)
