"""mappings  assemble: identifiers → why each link to another dataset is believed, in a graph of its own."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

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
SUBSET, TRIPLES = NamedNode(f"{VOID}subset"), NamedNode(f"{VOID}triples")
FROM, TO = NamedNode(f"{VOID}subjectsTarget"), NamedNode(f"{VOID}objectsTarget")
DECIMAL, INTEGER = NamedNode(f"{XSD}decimal"), NamedNode(f"{XSD}integer")

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
    sets: dict[tuple[str, ...], list[Identifier]] = defaultdict(list)
    for one in reference.identifiers:
        if one.scheme in SPACES and one.status == "verified":
            sets[one.scheme, one.match, one.method, f"{one.confidence:.2f}", one.evidence].append(one)
    return [Quad(*triple, GRAPH) for key, links in sets.items() for triple in _linkset(key, links)]


def _linkset(key: tuple[str, ...], links: Collection[Identifier]) -> Iterator[Triple]:
    scheme, match, method, confidence, evidence = key
    node, dataset = NamedNode(f"{BASE}linkset/{_hash(key)}"), NamedNode(f"{BASE}dataset")
    yield node, TYPE, LINKSET
    yield node, LABEL, Literal(f"Links to {scheme}: {method or 'method unknown'}", language="en")
    yield NamedNode(f"{dataset.value}#links-{scheme}-{match}"), SUBSET, node
    yield node, FROM, dataset
    yield node, TO, NamedNode(f"{dataset.value}#other-{scheme}")
    yield node, TRIPLES, Literal(str(len({(one.entity, one.value) for one in links})), datatype=INTEGER)
    yield node, PREDICATE, NamedNode(f"{SKOS}{match}Match")
    yield node, JUSTIFICATION, NamedNode(f"{SEMAPV}{JUSTIFIED.get(method, OTHERWISE)}")
    yield node, CONFIDENCE, Literal(confidence, datatype=DECIMAL)
    if evidence:
        yield node, EVIDENCE, Literal(evidence)
    for value in dict.fromkeys(one.value for one in links):
        yield node, REFERENCES, NamedNode(f"{SPACES[scheme]}{value}")


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
