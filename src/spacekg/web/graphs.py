"""graphs    /ontology, /vocab, /shapes, /void and the like: whole graphs as documents, for people and programs."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request
from pyoxigraph import Literal, NamedNode, Quad
from werkzeug.exceptions import NotFound

from spacekg import export, formats
from spacekg.declared import BASE, OWL, RDF, RDFS, SKOS
from spacekg.entities import naming
from spacekg.formats import GraphFormat
from spacekg.web import negotiation, responses, signposts
from spacekg.web.resources import Site

DOCUMENTS = {
    "ontology": "The ontology",
    "vocab": "The vocabulary",
    "shapes": "The shapes that a correct graph has",
    "alignments": "What other vocabularies would make of ours",
    "void": "The description of the dataset",
    "queries": "The example queries",
}
"""Documents that are served under their own name, and what they are."""
GRAPHS = {"void": "description", "queries": "examples"}
"""Documents whose named graph is called otherwise."""
ANY = f"/<any({','.join(name for name in DOCUMENTS if name != 'queries')}):name>"
ANY_FILE = f"/<any({','.join(DOCUMENTS)}):name>.<ending>"
FIRST = ("class", "object property", "datatype property", "annotation property")
"""Under which heading a term stands that is of several kinds."""
DESCRIBING = (f"{RDFS}comment", f"{SKOS}definition", "http://purl.org/dc/terms/description")
RELATING = (
    *(f"{RDFS}{name}" for name in ("subClassOf", "subPropertyOf", "domain", "range")),
    f"{OWL}inverseOf",
    f"{SKOS}broader",
    f"{SKOS}inScheme",
)


@dataclass(frozen=True, slots=True)
class Term:
    """A class, property, concept or shape as a page lists it; `relations` are pairs of a word and an IRI."""

    iri: str
    anchor: str
    kinds: tuple[str, ...]
    name: str
    about: str
    relations: tuple[tuple[str, str], ...]


def blueprint(site: Site) -> Blueprint:
    """Make the documents that are whole graphs."""
    part = Blueprint("graphs", __name__)

    @part.get(ANY)
    def document(name: str) -> Response:
        return _negotiated(site, name)

    @part.get(ANY_FILE)
    def file(name: str, ending: str) -> Response:
        return written(site, name, _by_ending(ending))

    @part.get("/ontology/<version>")
    def version(version: str) -> Response:
        current = [iri.value for iri in _values(quads_of(site, "ontology"), f"{OWL}versionIRI")]
        if f"{BASE}ontology/{version}" not in current:
            raise NotFound
        return _negotiated(site, "ontology")

    @part.get("/.well-known/void")
    def void() -> Response:
        return written(site, "void", _by_accept(), "Accept")

    @part.get("/dataset")
    def dataset() -> Response:
        if negotiation.prefers_html(negotiation.accepted(request)):
            return responses.elsewhere(303, site.root, (), "Accept")
        return responses.elsewhere(303, f"{site.root}void{_by_accept().suffix}", (), "Accept")

    return part


def _negotiated(site: Site, name: str) -> Response:
    if negotiation.prefers_html(negotiation.accepted(request)):
        return _page(site, name)
    return written(site, name, _by_accept(), "Accept")


def _by_accept() -> GraphFormat:
    return negotiation.choose((), negotiation.accepted(request), formats.GRAPHS)


def _by_ending(ending: str) -> GraphFormat:
    format = next((each for each in formats.GRAPHS if each.suffix == f".{ending}"), None)
    if format is None:
        raise NotFound
    return format


def written(site: Site, name: str, format: GraphFormat, vary: str = "") -> Response:
    """Write a document in a format."""
    content = site.contents.get((name, format.name))
    if content is None:
        content = site.contents[name, format.name] = _content(site, name, format)
    links = signposts.of_document(site.root, name, formats.GRAPHS, name)
    response = responses.whole(content, format.content_type, links, vary)
    response.headers["Content-Location"] = f"{site.root}{name}{format.suffix}"
    return response


def _content(site: Site, name: str, format: GraphFormat) -> bytes:
    stream = io.BytesIO()
    context = site.published.context or {"@context": {}}
    export.write(quads_of(site, name), stream, format, site.published.prefixes, context)
    return stream.getvalue()


def quads_of(site: Site, name: str) -> list[Quad]:
    """Give what a document holds.

    Raises:
        NotFound: this release does not have it.
    """
    if name not in site.quads:
        graph = f"{BASE}graph/{GRAPHS.get(name, name)}"
        site.quads[name] = list(site.published.shapes) if name == "shapes" else site.entities.graph(graph)
    if not site.quads[name]:
        raise NotFound
    return site.quads[name]


def _page(site: Site, name: str) -> Response:
    links = signposts.of_document(site.root, name, formats.GRAPHS)
    terms = _terms(quads_of(site, name), responses.languages())
    content = render_template(
        "graph.html",
        title=DOCUMENTS[name],
        iri=f"{BASE}{name}",
        terms=terms,
        links=links,
        formats=[(format.label, f"{site.root}{name}{format.suffix}") for format in formats.GRAPHS],
    )
    return responses.whole(content.encode(), responses.PAGE, links, "Accept, Accept-Language")


def _terms(quads: Iterable[Quad], languages: Sequence[str]) -> list[Term]:
    """List what has a name of ours in a graph, the kinds together."""
    by_subject: dict[str, list[Quad]] = {}
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(BASE):
            by_subject.setdefault(quad.subject.value, []).append(quad)
    terms = [_term(iri, found, languages) for iri, found in by_subject.items()]
    return sorted((term for term in terms if term.kinds), key=lambda term: (term.kinds, term.name.casefold(), term.iri))


def _term(iri: str, quads: Sequence[Quad], languages: Sequence[str]) -> Term:
    kinds = sorted(
        naming.spelled(value.value) for value in _values(quads, f"{RDF}type") if isinstance(value, NamedNode)
    )
    names = [(kind, value) for kind in naming.KINDS for value in _values(quads, kind) if isinstance(value, Literal)]
    about = [value.value for kind in DESCRIBING for value in _values(quads, kind)]
    relations = ((naming.spelled(kind), value.value) for kind in RELATING for value in _values(quads, kind))
    return Term(
        iri=iri,
        anchor=iri.partition("#")[2],
        kinds=next(((kind,) for kind in FIRST if kind in kinds), tuple(kinds[:1])),
        name=naming.choose(iri, names, languages).name,
        about=about[0] if about else "",
        relations=tuple(sorted(relations)),
    )


def _values(quads: Iterable[Quad], predicate: str) -> list[NamedNode | Literal]:
    found = (quad.object for quad in quads if quad.predicate.value == predicate)
    return [value for value in found if isinstance(value, NamedNode | Literal)]
