"""description  assemble  sources, documents → what each named graph is, from where, and on which terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad

from spacekg.declared import BASE, RDF
from spacekg.model import Document
from spacekg.reference import Source

DCTERMS = "http://purl.org/dc/terms/"
DCAT = "http://www.w3.org/ns/dcat#"
GRAPH = NamedNode(f"{BASE}graph/description")
DATASET = NamedNode(f"{BASE}dataset")
OWN_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
OWN_GRAPHS = {
    "ontology": "Ontology of space collaboration",
    "vocab": "Vocabulary of space collaboration",
    "alignments": "Alignments to other vocabularies",
    "inferred": "What follows from the other graphs by the ontology",
}


Triple = tuple[NamedNode, str, NamedNode | Literal]


def assemble(sources: Iterable[Source], documents: Iterable[Document]) -> list[Quad]:
    """Describe the dataset and each of its named graphs, in a graph of their own.

    The graph of a document names the document, which states its licence itself.
    """
    triples = [
        *_dataset(DATASET, "spacekg"),
        *(triple for name, title in OWN_GRAPHS.items() for triple in _own(name, title)),
        *(triple for document in documents for triple in _document(document)),
        *(triple for source in sources for triple in _source(source)),
    ]
    return [Quad(subject, NamedNode(predicate), value, GRAPH) for subject, predicate, value in triples]


def _dataset(node: NamedNode, title: str) -> Iterator[Triple]:
    yield node, f"{RDF}type", NamedNode(f"{DCAT}Dataset")
    yield node, f"{DCTERMS}title", Literal(title, language="en")


def _part(name: str, title: str) -> Iterator[Triple]:
    yield DATASET, f"{DCTERMS}hasPart", _graph(name)
    yield from _dataset(_graph(name), title)


def _own(name: str, title: str) -> Iterator[Triple]:
    yield from _part(name, title)
    yield _graph(name), f"{DCTERMS}license", NamedNode(OWN_LICENCE)


def _document(document: Document) -> Iterator[Triple]:
    name = f"document/{document.name}"
    yield from _part(name, f"Claims of: {document.title}")
    yield _graph(name), f"{DCTERMS}source", NamedNode(f"{BASE}{name}")


def _source(source: Source) -> Iterator[Triple]:
    node = _graph(f"reference/{source.name}")
    yield from _part(f"reference/{source.name}", source.title)
    yield node, f"{DCTERMS}license", NamedNode(source.licence)
    yield node, f"{DCTERMS}source", NamedNode(source.homepage)
    yield node, f"{DCTERMS}bibliographicCitation", Literal(source.attribution)
    yield node, f"{DCTERMS}temporal", Literal(source.as_of)


def _graph(name: str) -> NamedNode:
    return NamedNode(f"{BASE}graph/{name}")
