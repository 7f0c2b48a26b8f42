"""description  the SPARQL 1.1 Service Description: what the endpoint has and can do, as a graph."""

from __future__ import annotations

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Triple

from spacekg import formats, search
from spacekg.answers import Limits, Summary
from spacekg.description import DATASET
from spacekg.formats import GraphFormat
from spacekg.united import ALIGNMENTS

PREFIXES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "dcat": "http://www.w3.org/ns/dcat#",
}
_DEFAULT = (
    "The default graph is the union of the named graphs, each triple once, without "
    f"<{ALIGNMENTS}>; name that graph to ask about it."
)


def write(summary: Summary, limits: Limits, address: str, format: GraphFormat) -> bytes:
    """Describe the endpoint at an address in a format of graphs."""
    triples = sorted({*_service(address, limits), *_searches(address), *_dataset(summary, address)}, key=str)
    return pyoxigraph.serialize(triples, format=format.codec, prefixes=PREFIXES) or b""


def _service(address: str, limits: Limits) -> set[Triple]:
    service = NamedNode(address)
    written = [format.codec.iri for format in formats.RESULTS] + [format.codec.iri for format in formats.TRIPLES]
    return {
        Triple(service, _term("rdf:type"), _term("sd:Service")),
        Triple(service, _term("sd:endpoint"), service),
        Triple(service, _term("sd:supportedLanguage"), _term("sd:SPARQL10Query")),
        Triple(service, _term("sd:supportedLanguage"), _term("sd:SPARQL11Query")),
        Triple(service, _term("rdfs:comment"), Literal(_limited(limits), language="en")),
        Triple(service, _term("sd:feature"), _term("sd:UnionDefaultGraph")),
        Triple(service, _term("sd:defaultDataset"), NamedNode(f"{address}#dataset")),
        Triple(service, _term("dcat:servesDataset"), DATASET),
        Triple(service, _term("rdfs:comment"), Literal(_DEFAULT, language="en")),
        *(Triple(service, _term("sd:resultFormat"), NamedNode(iri)) for iri in written),
    }


def _limited(limits: Limits) -> str:
    return (
        f"An answer has at most {limits.rows:,} rows or triples and {limits.answer_bytes:,} bytes, and takes at most "
        f"{limits.seconds:g} seconds; a larger one is an error, and none is cut short. A shorter time can be asked for "
        "with the parameter timeout, in seconds."
    )


def _searches(address: str) -> set[Triple]:
    """Tell of the properties that search, which are no part of the data."""
    return {
        triple
        for iri, about in search.PROPERTIES.items()
        for triple in (
            Triple(NamedNode(address), _term("sd:propertyFeature"), NamedNode(iri)),
            Triple(NamedNode(iri), _term("rdf:type"), _term("sd:Feature")),
            Triple(NamedNode(iri), _term("rdfs:comment"), Literal(about, language="en")),
        )
    }


def _dataset(summary: Summary, address: str) -> set[Triple]:
    dataset = NamedNode(f"{address}#dataset")
    default = NamedNode(f"{address}#default-graph")
    triples = {
        Triple(dataset, _term("rdf:type"), _term("sd:Dataset")),
        Triple(dataset, _term("owl:versionInfo"), Literal(summary.release)),
        Triple(dataset, _term("rdfs:seeAlso"), NamedNode(f"{address.removesuffix('sparql')}void.ttl")),
        Triple(dataset, _term("sd:defaultGraph"), default),
        *_graph(default, summary.triples),
        Triple(default, _term("rdfs:comment"), Literal(_DEFAULT, language="en")),
    }
    for number, (name, size) in enumerate(summary.graphs.items(), start=1):
        entry, graph = NamedNode(f"{address}#named-{number}"), NamedNode(f"{address}#graph-{number}")
        triples |= {
            Triple(dataset, _term("sd:namedGraph"), entry),
            Triple(entry, _term("rdf:type"), _term("sd:NamedGraph")),
            Triple(entry, _term("sd:name"), NamedNode(name)),
            Triple(entry, _term("sd:graph"), graph),
            *_graph(graph, size),
        }
    return triples


def _graph(graph: NamedNode, size: int) -> set[Triple]:
    count = Literal(str(size), datatype=_term("xsd:integer"))
    return {Triple(graph, _term("rdf:type"), _term("sd:Graph")), Triple(graph, _term("void:triples"), count)}


def _term(name: str) -> NamedNode:
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)
