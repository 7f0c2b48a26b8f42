"""catalogue  describe the dataset in DCAT, VoID, schema.org and PROV, with the prefixes its queries may use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version

from pyoxigraph import Literal, NamedNode

from spacekg import formats
from spacekg.declared import BASE, GRAPHS, OWL, RDF, RDFS, Declared
from spacekg.description import linksets
from spacekg.description.terms import (
    DATASET,
    DCAT,
    DCTERMS,
    OWN_LICENCE,
    PROV,
    SCHEMA,
    SH,
    VOID,
    XSD,
    Triple,
    graph_node,
    part,
)
from spacekg.reference import Source

TITLE = "spacekg: who works with whom in space"
ABOUT = (
    "A knowledge graph of international collaboration in space: agencies, states, missions, spacecraft, launches and "
    "agreements, from reference tables and from documents, each claim of a document with the sentence that makes it."
)
KEYWORDS = ("space exploration", "international collaboration", "space agencies", "space missions", "linked data")
MAKERS = "spacekg developers"
EXAMPLE = f"{BASE}id/iss"
ENDPOINT = NamedNode(f"{BASE}sparql")


def describe(sources: Sequence[Source], declared: Declared) -> Iterator[Triple]:
    """Say what the dataset is, how to get at it and what it was made from beside documents."""
    modified = max([source.as_of for source in sources] + _dates(declared), default="")
    yield from _texts(modified)
    yield from _access()
    yield from _void(declared.prefixes)
    yield from _prefixes(declared.prefixes)
    yield from _origin(sources)


def derived(source: NamedNode) -> Iterator[Triple]:
    """Say that the dataset was made from something."""
    yield part(DATASET, "build"), f"{PROV}used", source
    yield DATASET, f"{PROV}wasDerivedFrom", source


def _dates(declared: Declared) -> list[str]:
    changed = f"{DCTERMS}modified"
    found = (quad.object for quad in declared.ontology if quad.predicate.value == changed)
    return [value.value for value in found if isinstance(value, Literal)]


def _texts(modified: str) -> Iterator[Triple]:
    kinds = (f"{DCAT}Dataset", f"{VOID}Dataset", f"{SCHEMA}Dataset", f"{PROV}Entity")
    yield from ((DATASET, f"{RDF}type", NamedNode(kind)) for kind in kinds)
    made = Literal(version("spacekg"))
    words = [Literal(word, language="en") for word in KEYWORDS]
    stated: dict[str, Sequence[NamedNode | Literal]] = {
        f"{RDFS}label": [Literal(TITLE, language="en")],
        f"{DCTERMS}title": [Literal(TITLE, language="en")],
        f"{SCHEMA}name": [Literal(TITLE, language="en")],
        f"{DCTERMS}description": [Literal(ABOUT, language="en")],
        f"{SCHEMA}description": [Literal(ABOUT, language="en")],
        f"{OWL}versionInfo": [made],
        f"{DCAT}version": [made],
        f"{SCHEMA}version": [made],
        f"{DCTERMS}license": [NamedNode(OWN_LICENCE)],
        f"{SCHEMA}license": [NamedNode(OWN_LICENCE)],
        f"{DCAT}keyword": words,
        f"{SCHEMA}keywords": words,
    }
    if modified:
        day = Literal(modified, datatype=NamedNode(f"{XSD}date"))
        stated |= {f"{DCTERMS}modified": [day], f"{SCHEMA}dateModified": [day]}
    yield from ((DATASET, predicate, value) for predicate, values in stated.items() for value in values)
    yield from _makers()


def _makers() -> Iterator[Triple]:
    maker = part(DATASET, "makers")
    for role in (f"{DCTERMS}publisher", f"{DCTERMS}creator", f"{SCHEMA}creator", f"{SCHEMA}publisher"):
        yield DATASET, role, maker
    yield maker, f"{RDF}type", NamedNode(f"{SCHEMA}Organization")
    yield maker, f"{RDF}type", NamedNode(f"{PROV}Organization")
    yield maker, f"{SCHEMA}name", Literal(MAKERS)
    yield maker, f"{RDFS}label", Literal(MAKERS)


def _access() -> Iterator[Triple]:
    service, way = part(DATASET, "service"), part(DATASET, "sparql")
    for page in (f"{DCAT}landingPage", f"{SCHEMA}url", "http://xmlns.com/foaf/0.1/homepage"):
        yield DATASET, page, NamedNode(BASE)
    yield DATASET, f"{SCHEMA}isAccessibleForFree", Literal("true", datatype=NamedNode(f"{XSD}boolean"))
    yield service, f"{RDF}type", NamedNode(f"{DCAT}DataService")
    yield service, f"{DCTERMS}title", Literal("SPARQL endpoint", language="en")
    yield service, f"{DCAT}endpointURL", ENDPOINT
    yield service, f"{DCAT}endpointDescription", ENDPOINT
    yield service, f"{DCAT}servesDataset", DATASET
    yield service, f"{DCTERMS}conformsTo", NamedNode("http://www.w3.org/TR/sparql11-protocol/")
    yield DATASET, f"{DCAT}distribution", way
    yield DATASET, f"{SCHEMA}distribution", way
    yield way, f"{RDF}type", NamedNode(f"{DCAT}Distribution")
    yield way, f"{RDF}type", NamedNode(f"{SCHEMA}DataDownload")
    yield way, f"{DCTERMS}title", Literal("Answers to SPARQL queries", language="en")
    yield way, f"{DCTERMS}license", NamedNode(OWN_LICENCE)
    yield way, f"{DCAT}accessService", service
    yield way, f"{DCAT}accessURL", ENDPOINT
    yield way, f"{SCHEMA}contentUrl", ENDPOINT
    for format in formats.RESULTS:
        yield way, f"{SCHEMA}encodingFormat", Literal(format.media_type)


def _void(prefixes: Mapping[str, str]) -> Iterator[Triple]:
    yield DATASET, f"{VOID}sparqlEndpoint", ENDPOINT
    yield DATASET, f"{VOID}uriSpace", Literal(BASE)
    yield DATASET, f"{VOID}exampleResource", NamedNode(EXAMPLE)
    for format in formats.TRIPLES:
        yield DATASET, f"{VOID}feature", NamedNode(format.codec.iri)
    others = [space for _, space in linksets.OTHERS.values()]
    for namespace in prefixes.values():
        if not namespace.startswith((BASE, *others)) or namespace == f"{BASE}ontology#":
            yield DATASET, f"{VOID}vocabulary", NamedNode(namespace)


def _prefixes(prefixes: Mapping[str, str]) -> Iterator[Triple]:
    for prefix, namespace in prefixes.items():
        node = part(DATASET, "prefix", prefix)
        yield DATASET, f"{SH}declare", node
        yield node, f"{RDF}type", NamedNode(f"{SH}PrefixDeclaration")
        yield node, f"{SH}prefix", Literal(prefix)
        yield node, f"{SH}namespace", Literal(namespace, datatype=NamedNode(f"{XSD}anyURI"))


def _origin(sources: Sequence[Source]) -> Iterator[Triple]:
    build, software = part(DATASET, "build"), part(DATASET, "software")
    yield DATASET, f"{PROV}wasGeneratedBy", build
    yield build, f"{RDF}type", NamedNode(f"{PROV}Activity")
    yield build, f"{RDFS}label", Literal("the build of this release", language="en")
    yield build, f"{PROV}wasAssociatedWith", software
    yield software, f"{RDF}type", NamedNode(f"{PROV}SoftwareAgent")
    yield software, f"{RDFS}label", Literal(f"spacekg {version('spacekg')}")
    yield software, f"{DCTERMS}hasVersion", Literal(version("spacekg"))
    for used in GRAPHS.values():
        yield build, f"{PROV}used", used
    for source in sources:
        yield from derived(graph_node(f"reference/{source.name}"))
