"""description  assemble  sources, documents, declarations, quads → what the dataset is, of what and on which terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from pyoxigraph import Literal, NamedNode, Quad

from spacekg.declared import BASE, RDF, Declared
from spacekg.description import catalogue, downloads, examples, linksets, partitions
from spacekg.description.linksets import Links
from spacekg.description.linksets import count as links
from spacekg.description.partitions import Tally, tally
from spacekg.description.terms import DATASET, DCAT, DCTERMS, OWN_LICENCE, VOID, Triple, graph_node
from spacekg.model import Document
from spacekg.reference import Source

GRAPH = graph_node("description")
EXAMPLES = graph_node("examples")
OWN_GRAPHS = {
    "ontology": "Ontology of space collaboration",
    "vocab": "Vocabulary of space collaboration",
    "alignments": "Alignments to other vocabularies",
    "mappings": "Why each link to another dataset is believed",
    "inferred": "What follows from the other graphs by the ontology",
    "description": "Description of the dataset and of each of its graphs",
    "examples": "Example queries",
}

__all__ = [
    "DATASET",
    "EXAMPLES",
    "GRAPH",
    "OWN_LICENCE",
    "Links",
    "Tally",
    "assemble",
    "describe",
    "links",
    "of_documents",
    "of_graphs",
    "tally",
]


def assemble(
    sources: Sequence[Source], documents: Sequence[Document], declared: Declared, quads: Sequence[Quad]
) -> list[Quad]:
    """Describe the dataset and each of its named graphs, and write the shipped queries as examples, sorted.

    `quads` is what the dataset holds beside its description, counted as VoID partitions and linksets. The
    graph of a document names the document, which states its licence itself.
    """
    return describe(sources, documents, declared, (tally(quads), links(quads)))


def describe(
    sources: Sequence[Source], documents: Sequence[Document], declared: Declared, counted: tuple[Tally, Links]
) -> list[Quad]:
    """Do what `assemble` does with what was counted of the quads: partitions and links."""
    found, linked = counted
    described = chain(
        catalogue.describe(sources, declared),
        downloads.describe(),
        chain.from_iterable(_own(name, title) for name, title in OWN_GRAPHS.items()),
        chain.from_iterable(map(_document, documents)),
        chain.from_iterable(_source(source) for source in sources),
        partitions.describe(found, declared.name),
        linksets.describe(linked),
    )
    shown = examples.describe(declared.queries.values())
    return sorted({*_quads(described, GRAPH), *_quads(shown, EXAMPLES)}, key=str)


def of_documents(documents: Iterable[Document]) -> Iterator[Quad]:
    """Give what `describe` says of documents alone."""
    return _quads(chain.from_iterable(map(_document, documents)), GRAPH)


def of_graphs(found: Tally, declared: Declared) -> Iterator[Quad]:
    """Give what `describe` says of named graphs alone, from what was counted of them."""
    return _quads(partitions.of_graphs(found, declared.name), GRAPH)


def _quads(triples: Iterable[Triple], graph: NamedNode) -> Iterator[Quad]:
    for subject, predicate, value in triples:
        yield Quad(subject, NamedNode(predicate), value, graph)


def _part(name: str, title: str) -> Iterator[Triple]:
    node = graph_node(name)
    yield DATASET, f"{DCTERMS}hasPart", node
    yield DATASET, f"{VOID}subset", node
    yield node, f"{RDF}type", NamedNode(f"{DCAT}Dataset")
    yield node, f"{RDF}type", NamedNode(f"{VOID}Dataset")
    yield node, f"{DCTERMS}title", Literal(title, language="en")


def _own(name: str, title: str) -> Iterator[Triple]:
    yield from _part(name, title)
    yield graph_node(name), f"{DCTERMS}license", NamedNode(OWN_LICENCE)


def _document(document: Document) -> Iterator[Triple]:
    name = f"document/{document.name}"
    yield from _part(name, f"Claims of: {document.title}")
    yield graph_node(name), f"{DCTERMS}source", NamedNode(f"{BASE}{name}")
    yield from catalogue.derived(NamedNode(f"{BASE}{name}"))


def _source(source: Source) -> Iterator[Triple]:
    node = graph_node(f"reference/{source.name}")
    yield from _part(f"reference/{source.name}", source.title)
    yield node, f"{DCTERMS}license", NamedNode(source.licence)
    yield node, f"{DCTERMS}source", NamedNode(source.homepage)
    yield node, f"{DCTERMS}bibliographicCitation", Literal(source.attribution)
    yield node, f"{DCTERMS}temporal", Literal(source.as_of)
