"""parts     a release → the parts it is dumped in: all, each named graph, and all graphs under one licence."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

import pyoxigraph
from pyoxigraph import Literal, NamedNode, RdfFormat

from spacekg.declared import BASE
from spacekg.release import Release

DCTERMS = "http://purl.org/dc/terms/"
TITLE, LICENCE, SOURCE, CITATION = (
    f"{DCTERMS}{name}" for name in ("title", "license", "source", "bibliographicCitation")
)
_CREATIVE_COMMONS = re.compile(r"https?://creativecommons\.org/(?:licenses|publicdomain)/([a-z-]+)/([0-9.]+)/?.*")
_SLUG = re.compile(r"[^a-z0-9.]+")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a release: its name, its graphs, and on which terms it may be used.

    A part under several licences has them all; what is not said of a graph is "unknown".
    """

    name: str
    graphs: tuple[str, ...]
    licences: tuple[str, ...]
    attributions: tuple[str, ...]


def of(release: Release) -> list[Part]:
    """List the parts of a release: all of it, then by licence, then by graph, each sort by name."""
    told = _told(release)
    graphs = sorted(graph for graph in release.manifest["quads"] if graph != "DEFAULT")
    alone = [_part(f"graph-{_slug(graph.removeprefix(f'{BASE}graph/'))}", (graph,), told) for graph in graphs]
    by_licence: dict[str, list[str]] = defaultdict(list)
    for part in alone:
        by_licence[short(part.licences[0])].append(part.graphs[0])
    licences = [_part(f"licence-{name}", tuple(found), told) for name, found in sorted(by_licence.items())]
    return [_part("all", tuple(graphs), told), *licences, *alone]


def short(licence: str) -> str:
    """Write a licence so that the same one has one name: `CC BY 4.0` and its IRI are both `cc-by-4.0`."""
    match = _CREATIVE_COMMONS.fullmatch(licence)
    if match is not None:
        return f"cc0-{match[2]}" if match[1] == "zero" else f"cc-{match[1]}-{match[2]}"
    return _slug(re.sub(r"^https?://[^/]+/(?:licenses/)?", "", licence)) or "unknown"


def _part(name: str, graphs: tuple[str, ...], told: dict[str, dict[str, str]]) -> Part:
    found = sorted((_licence(graph, told) for graph in graphs), key=lambda each: each.startswith("http"))
    licences = {short(each): each for each in found}  # of two spellings, the IRI
    attributions = (_attribution(graph, told) for graph in graphs)
    return Part(name, graphs, tuple(licences[key] for key in sorted(licences)), tuple(dict.fromkeys(attributions)))


def _licence(graph: str, told: dict[str, dict[str, str]]) -> str:
    about = told.get(graph, {})
    return about.get(LICENCE) or told.get(about.get(SOURCE, ""), {}).get(LICENCE, "unknown")


def _attribution(graph: str, told: dict[str, dict[str, str]]) -> str:
    about = told.get(graph, {})
    if CITATION in about:
        return about[CITATION]
    title = told.get(about.get(SOURCE, ""), {}).get(TITLE)
    return f'"{title}", {about[SOURCE]}, by way of spacekg' if title else "spacekg developers"


def _told(release: Release) -> dict[str, dict[str, str]]:
    """Read what the release says about its graphs and about the documents that some of them come from."""
    told: dict[str, dict[str, str]] = defaultdict(dict)
    beginnings = tuple(f"<{BASE}{part}/".encode() for part in ("graph", "document"))
    wanted = (TITLE, LICENCE, SOURCE, CITATION)
    with release.graph.open("rb") as file:
        lines = b"".join(
            line for line in file if line.startswith(beginnings) and line.split(b" ", 2)[1][1:-1].decode() in wanted
        )
    for quad in pyoxigraph.parse(lines, format=RdfFormat.N_QUADS):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            told[quad.subject.value].setdefault(quad.predicate.value, quad.object.value)
    return told


def _slug(text: str) -> str:
    return _SLUG.sub("-", text.lower()).strip("-")
