"""axioms     what OWL and SKOS say of a term, as lines of its table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode

from spacekg.declared import OWL, RDF, RDFS, SKOS
from spacekg.ontology_docs import constraints
from spacekg.ontology_docs.facts import Resource, Value
from spacekg.ontology_docs.terms import Book, Phrase, Ref, Row, Term, rows

MATCHES = {
    "same as": f"{SKOS}exactMatch",
    "close to": f"{SKOS}closeMatch",
    "narrower than": f"{SKOS}broadMatch",
    "wider than": f"{SKOS}narrowMatch",
    "related to": f"{SKOS}relatedMatch",
    "kind of (logical)": f"{RDFS}subClassOf",
    "kind of (logical) ": f"{RDFS}subPropertyOf",
}
"""How a term may stand to one of another vocabulary."""
TRAITS = ("Functional", "InverseFunctional", "Transitive", "Symmetric", "Asymmetric", "Irreflexive", "Reflexive")
JOINT = Ref(" and ")


def of_class(term: Term, book: Book) -> tuple[Row, ...]:
    """The lines of a class."""
    core, node = book.core, term.node
    return rows(
        (
            ("kind of", _each(core.things(node, f"{RDFS}subClassOf"), book)),
            ("kinds", _each(core.named(f"{RDFS}subClassOf", node), book)),
            ("defined as", (expression(each, book) for each in core.nodes(node, f"{OWL}equivalentClass"))),
            ("follows for", _unnamed(node, book)),
            ("excludes", _each(_disjoint(node, book), book)),
            ("properties of it", _each(core.named(f"{RDFS}domain", node), book)),
            ("properties to it", _each(core.named(f"{RDFS}range", node), book)),
            ("concepts", _each(core.named(f"{RDF}type", node), book)),
        )
    )


def of_property(term: Term, book: Book) -> tuple[Row, ...]:
    """The lines of a property."""
    core, node = book.core, term.node
    traits = [name for name in TRAITS if NamedNode(f"{OWL}{name}Property") in core.values(node, f"{RDF}type")]
    return rows(
        (
            ("from", _each(core.things(node, f"{RDFS}domain"), book)),
            ("from, by its shape", _each(_shaped(node, book), book)),
            ("to", _each(core.things(node, f"{RDFS}range"), book)),
            ("kind of", _each(core.things(node, f"{RDFS}subPropertyOf"), book)),
            ("kinds", _each(core.named(f"{RDFS}subPropertyOf", node), book)),
            ("the other way round", _each(_both_ways(node, f"{OWL}inverseOf", book), book)),
            ("is", ((Ref(name.lower()),) for name in traits)),
            ("follows from", (_chain(each, book) for each in core.values(node, f"{OWL}propertyChainAxiom"))),
        )
    )


def of_concept(term: Term, book: Book) -> tuple[Row, ...]:
    """The lines of a concept."""
    core, node = book.core, term.node
    facets = (core.text(each, f"{SKOS}prefLabel") for each in core.named(f"{SKOS}member", node))
    return rows(
        (
            ("is a", _each(_classes(node, book), book)),
            ("wider", _each(core.things(node, f"{SKOS}broader"), book)),
            ("narrower", _each(core.named(f"{SKOS}broader", node), book)),
            ("related", _each(_both_ways(node, f"{SKOS}related", book), book)),
            ("facet", ((Ref(facet),) for facet in facets)),
            ("defines", _each(_defined(node, book), book)),
        )
    )


def mappings(term: Term, book: Book) -> tuple[Row, ...]:
    """How a term stands to those of other vocabularies."""
    found = ((name.strip(), _each(book.alignments.things(term.node, iri), book)) for name, iri in MATCHES.items())
    return rows(found)


def expression(node: Resource, book: Book) -> Phrase:
    """Write a class expression: its parts joined by and, a restriction as property, some or value, and what it asks."""
    core = book.core
    if parts := core.nodes(node, f"{OWL}intersectionOf"):
        phrases = [expression(each, book) for each in core.members(parts[0]) if not isinstance(each, Literal)]
        return tuple(ref for number, phrase in enumerate(phrases) for ref in ((JOINT,) if number else ()) + phrase)
    if on := core.values(node, f"{OWL}onProperty"):
        some = core.values(node, f"{OWL}someValuesFrom")
        word, value = ("some", some[0]) if some else ("value", core.values(node, f"{OWL}hasValue")[0])
        return book.ref(on[0]), Ref(f" {word} "), book.ref(value)
    return (book.ref(node),)


def _each(values: Iterable[Value], book: Book) -> Iterator[Phrase]:
    return ((book.ref(value),) for value in values)


def _both_ways(node: NamedNode, predicate: str, book: Book) -> list[NamedNode]:
    return sorted({*book.core.things(node, predicate), *book.core.named(predicate, node)}, key=str)


def _shaped(node: NamedNode, book: Book) -> list[NamedNode]:
    """The classes that a shape allows for the subjects of a property without a domain: a union is not OWL 2 RL."""
    if book.core.things(node, f"{RDFS}domain"):
        return []
    targeted = book.shapes.subjects(f"{constraints.SH}targetSubjectsOf", node)
    return [each for shape in targeted for each in constraints.classes(shape, book)]


def _chain(node: Value, book: Book) -> Phrase:
    steps = [book.ref(each) for each in book.core.members(node)]
    return tuple(ref for number, step in enumerate(steps) for ref in ((Ref(", then "),) if number else ()) + (step,))


def _unnamed(node: NamedNode, book: Book) -> Iterator[Phrase]:
    """What is of a class by a general axiom: the expression on its left."""
    for each in book.core.subjects(f"{RDFS}subClassOf", node):
        if not isinstance(each, NamedNode):
            yield expression(each, book)


def _disjoint(node: NamedNode, book: Book) -> list[Value]:
    core = book.core
    found: set[Value] = set(_both_ways(node, f"{OWL}disjointWith", book))
    for _, members in core.pairs(f"{OWL}members"):
        together = core.members(members)
        if node in together:
            found |= set(together)
    return sorted(found - {node}, key=str)


def _classes(node: NamedNode, book: Book) -> list[NamedNode]:
    return [each for each in book.core.things(node, f"{RDF}type") if each in book.terms]


def _defined(node: NamedNode, book: Book) -> Iterator[NamedNode]:
    """The classes that are defined by having this concept as a value."""
    core = book.core
    asking = set(core.subjects(f"{OWL}hasValue", node))
    for one, whole in core.pairs(f"{OWL}equivalentClass"):
        parts = [] if isinstance(whole, Literal) else core.values(whole, f"{OWL}intersectionOf")
        if isinstance(one, NamedNode) and any(asking & set(core.members(each)) for each in parts):
            yield one
