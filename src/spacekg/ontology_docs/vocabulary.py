"""vocabulary the schemes of concepts, each with its facets and its tree."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from spacekg.declared import RDF, SKOS
from spacekg.ontology_docs.pictures import Branch
from spacekg.ontology_docs.terms import SCHEME, Book, Term, slug

DESCRIPTION = "http://purl.org/dc/terms/description"


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme of concepts and its page."""

    iri: str
    page: str
    title: str
    description: str
    concepts: tuple[Term, ...]
    tree: tuple[Branch, ...]
    facets: tuple[tuple[str, tuple[Term, ...]], ...]
    """Names of groups that cut across the tree, with their members."""


def schemes(book: Book) -> list[Scheme]:
    """The schemes, by IRI."""
    core = book.core
    return [_scheme(node, book) for node in core.named(f"{RDF}type", SCHEME)]


def _scheme(node: NamedNode, book: Book) -> Scheme:
    core = book.core
    own = [book.terms[each] for each in core.named(f"{SKOS}inScheme", node) if each in book.terms]
    tops = [term for term in own if not core.things(term.node, f"{SKOS}broader")]
    return Scheme(
        iri=node.value,
        page=slug(node),
        title=core.text(node, f"{SKOS}prefLabel"),
        description=core.text(node, DESCRIPTION),
        concepts=tuple(sorted(own, key=lambda term: term.name)),
        tree=tuple(_branch(term, book) for term in _by_label(tops)),
        facets=tuple(_facets(own, book)),
    )


def _branch(term: Term, book: Book) -> Branch:
    below = [book.terms[each] for each in book.core.named(f"{SKOS}broader", term.node) if each in book.terms]
    return Branch(term, tuple(_branch(each, book) for each in _by_label(below)))


def _by_label(concepts: list[Term]) -> list[Term]:
    return sorted(concepts, key=lambda term: term.label.lower())


def _facets(concepts: list[Term], book: Book) -> list[tuple[str, tuple[Term, ...]]]:
    core, own = book.core, {term.node for term in concepts}
    facets = core.named(f"{RDF}type", NamedNode(f"{SKOS}Collection"))
    found = [(facet, [each for each in core.things(facet, f"{SKOS}member") if each in own]) for facet in facets]
    return [
        (core.text(facet, f"{SKOS}prefLabel"), tuple(book.terms[each] for each in members))
        for facet, members in found
        if members
    ]
