"""mappings  assemble: identifiers → why each link to another dataset is believed, in a graph of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad

from spacekg.declared import BASE, RDF, RDFS, SKOS
from spacekg.reference import Identifier, Reference

GRAPH = NamedNode(f"{BASE}graph/mappings")
DCTERMS = "http://purl.org/dc/terms/"
VOID = "http://rdfs.org/ns/void#"
SSSOM = "https://w3id.org/sssom/"
SEMAPV = "https://w3id.org/semapv/vocab/"
XSD = "http://www.w3.org/2001/XMLSchema#"

TYPE, LABEL = NamedNode(f"{RDF}type"), NamedNode(f"{RDFS}label")
LINKSET, PREDICATE = NamedNode(f"{VOID}Linkset"), NamedNode(f"{VOID}linkPredicate")
REFERENCES, EVIDENCE = NamedNode(f"{DCTERMS}references"), NamedNode(f"{DCTERMS}source")
JUSTIFICATION, CONFIDENCE = NamedNode(f"{SSSOM}mapping_justification"), NamedNode(f"{SSSOM}confidence")
DECIMAL = NamedNode(f"{XSD}decimal")

SPACES = {"wikidata": "http://www.wikidata.org/entity/", "ror": ""}
"""The schemes whose identifiers are links, and what stands before each to make it an IRI."""
JUSTIFIED = {
    "by hand": "ManualMappingCuration",
    "seen with this label": "LexicalMatching",
    "name": "LexicalMatching",
    "given": "BackgroundKnowledgeBasedMatching",
    "in the extract": "BackgroundKnowledgeBasedMatching",
}
"""What the methods of the tables are called in SEMAPV."""
OTHERWISE = "UnspecifiedMatching"

Triple = tuple[NamedNode, NamedNode, NamedNode | Literal]


def assemble(reference: Reference) -> list[Quad]:
    """State how each verified link was made, on what evidence and how certain it is.

    Links that agree in all of that share one linkset, which points to the things they lead to: a node for each of
    9,000 links would be a third of the whole graph. Candidates and rejected links are left out.
    """
    links = [one for one in reference.identifiers if one.scheme in SPACES and one.status == "verified"]
    triples = dict.fromkeys(triple for one in links for triple in _linkset(one))
    return [Quad(*triple, GRAPH) for triple in triples]


def _linkset(one: Identifier) -> Iterator[Triple]:
    confidence = f"{one.confidence:.2f}"
    node = NamedNode(f"{BASE}linkset/{_hash((one.scheme, one.match, one.method, confidence, one.evidence))}")
    yield node, TYPE, LINKSET
    yield node, LABEL, Literal(f"Links to {one.scheme}: {one.method or 'method unknown'}", language="en")
    yield node, PREDICATE, NamedNode(f"{SKOS}{one.match}Match")
    yield node, JUSTIFICATION, NamedNode(f"{SEMAPV}{JUSTIFIED.get(one.method, OTHERWISE)}")
    yield node, CONFIDENCE, Literal(confidence, datatype=DECIMAL)
    if one.evidence:
        yield node, EVIDENCE, Literal(one.evidence)
    yield node, REFERENCES, NamedNode(f"{SPACES[one.scheme]}{one.value}")


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
