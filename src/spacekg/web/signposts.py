"""signposts  what is linked to what, typed: the Link header of FAIR Signposting, and the same as a link set."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spacekg import formats
from spacekg.declared import BASE
from spacekg.description import DATASET, OWN_LICENCE
from spacekg.formats import GraphFormat
from spacekg.web.addresses import HTML, Name

LINKSET = "application/linkset+json"
SCHEMA = "https://schema.org/"
KINDS = {
    "SpaceMission": "Event",
    "Launch": "Event",
    "Organization": "Organization",
    "Person": "Person",
    "State": "Country",
    "Document": "Article",
    "Claim": "Claim",
    "Concept": "DefinedTerm",
    "Dataset": "Dataset",
}
"""What schema.org calls a class of ours; what is not listed is a Thing."""


@dataclass(frozen=True, slots=True)
class Link:
    """A typed link to somewhere; `media_type` is what is found there, where one thing is."""

    relation: str
    target: str
    media_type: str = ""
    profile: str = ""

    def header(self) -> str:
        """Write the link as part of a Link header."""
        parts = [f"<{self.target}>", f'rel="{self.relation}"']
        parts += [f'type="{self.media_type}"'] if self.media_type else []
        return "; ".join(parts)

    def entry(self) -> dict[str, str]:
        """Write the link as part of a link set."""
        return {"href": self.target, **({"type": self.media_type} if self.media_type else {})}


@dataclass(frozen=True, slots=True)
class Signposts:
    """The links of everything that is served about one thing; `root` is the address of this site with its last slash.

    `kind` is what schema.org calls the thing, `schema` the name of the JSON Schema of its JSON-LD.
    """

    name: Name
    root: str
    kind: str = "Thing"
    schema: str = ""

    @property
    def page(self) -> str:
        """Where people read about the thing."""
        return f"{self.root}page/{self.name.path}"

    @property
    def linkset(self) -> str:
        """Where all links about the thing stand together."""
        return f"{self.root}linkset/{self.name.path}"

    @property
    def table(self) -> str:
        """Where spreadsheets find what is said of the thing."""
        return f"{self.root}data/{self.name.path}.csv"

    def file(self, format: GraphFormat) -> str:
        """Where the thing is described in a format."""
        return f"{self.root}data/{self.name.path}{format.suffix}"

    def of_page(self) -> list[Link]:
        """Give the links of the page: what to cite, where the data are, on which terms."""
        data = [Link("describedby", self.file(format), format.media_type) for format in formats.GRAPHS]
        alternate = [Link("alternate", self.file(format), format.media_type) for format in formats.GRAPHS]
        return [
            Link("cite-as", self.name.iri),
            Link("canonical", f"{BASE}page/{self.name.path}"),
            *data,
            *alternate,
            Link("type", f"{SCHEMA}AboutPage"),
            Link("type", f"{SCHEMA}{self.kind}"),
            *self._shared(),
        ]

    def of_data(self, format: GraphFormat) -> list[Link]:
        """Give the links of a description in one format."""
        others = [each for each in formats.GRAPHS if each is not format]
        schema = [Link("describedby", f"{self.root}schema/{self.schema}.json", "application/schema+json")]
        return [
            Link("describes", self.page, HTML),
            Link("canonical", f"{BASE}data/{self.name.path}{format.suffix}"),
            Link("alternate", self.page, HTML),
            *(Link("alternate", self.file(each), each.media_type) for each in others),
            *(schema if self.schema and format is formats.JSON_LD else ()),
            Link("type", f"{SCHEMA}Dataset"),
            *self._shared(),
        ]

    def of_name(self) -> list[Link]:
        """Give the links of a redirect from the thing to what is known of it."""
        described = [Link("describedby", self.file(format), format.media_type) for format in formats.GRAPHS]
        return [Link("describedby", self.page, HTML), *described, Link("linkset", self.linkset, LINKSET)]

    def as_linkset(self) -> bytes:
        """Write the links of the page and of every format as one document."""
        contexts = [(self.page, self.of_page())]
        contexts += [(self.file(format), self.of_data(format)) for format in formats.GRAPHS]
        content = {"linkset": [_context(anchor, links) for anchor, links in contexts]}
        return json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"

    def _shared(self) -> list[Link]:
        return [
            Link("license", OWN_LICENCE),
            Link("collection", f"{self.root}void.ttl", formats.TURTLE.media_type),
            Link("linkset", self.linkset, LINKSET),
        ]


def header(links: Iterable[Link]) -> str:
    """Write a Link header."""
    return ", ".join(link.header() for link in links)


def of_document(root: str, name: str, offered: Sequence[GraphFormat], page: str = "") -> list[Link]:
    """Give the links of a document that is served at its own name, such as the ontology."""
    return [
        Link("canonical", f"{BASE}{name}"),
        *([Link("alternate", f"{root}{page}", HTML)] if page else []),
        *(Link("alternate", f"{root}{name}{format.suffix}", format.media_type) for format in offered),
        Link("describedby", f"{root}void.ttl", formats.TURTLE.media_type),
        Link("license", OWN_LICENCE),
        Link("type", f"{SCHEMA}Dataset"),
        Link("cite-as", DATASET.value if name == "void" else f"{BASE}{name}"),
    ]


def _context(anchor: str, links: Iterable[Link]) -> dict[str, object]:
    entry: dict[str, object] = {"anchor": anchor}
    for link in links:
        if link.relation != "linkset":
            entry.setdefault(link.relation, [])
            entry[link.relation].append(link.entry())  # type: ignore[attr-defined]  # it is a list, two lines above
    return entry
