"""backbone  assemble: reference tables → quads, a named graph for each source, so that licences stay apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from urllib.parse import quote, urlsplit

from pyoxigraph import Literal, NamedNode, Quad

from spacekg.declared import BASE, RDF, RDFS, SKG, SKOS, SKV
from spacekg.reference import BACKWARDS, QUANTITY, ClosedList, Identifier, Launch, Name, Reference

XSD = "http://www.w3.org/2001/XMLSchema#"
DCTERMS = "http://purl.org/dc/terms/"
FOAF = "http://xmlns.com/foaf/0.1/"
WIKIDATA = "http://www.wikidata.org/entity/"
CURATED = "curated"

TYPE, LABEL = NamedNode(f"{RDF}type"), NamedNode(f"{RDFS}label")
PREFERRED, ALTERNATIVE = NamedNode(f"{SKOS}prefLabel"), NamedNode(f"{SKOS}altLabel")
HIDDEN, ACRONYM = NamedNode(f"{SKOS}hiddenLabel"), NamedNode(f"{SKG}acronym")
DESCRIPTION, HOMEPAGE = NamedNode(f"{DCTERMS}description"), NamedNode(f"{FOAF}homepage")
MATCHES = {"exact": NamedNode(f"{SKOS}exactMatch"), "close": NamedNode(f"{SKOS}closeMatch")}

BY_KIND = {
    "label": (PREFERRED, LABEL),
    "alias": (ALTERNATIVE,),
    "acronym": (ALTERNATIVE, ACRONYM),
    "former": (ALTERNATIVE,),
    "demonym": (HIDDEN,),
    "common": (HIDDEN,),
    "hidden": (HIDDEN,),
}
"""By which properties a name is stated: what is never shown is a hidden label."""

LITERAL_IDS = {
    "cospar": "cosparId",
    "nssdca": "nssdcaId",
    "naif": "naifId",
    "gcat": "gcatId",
    "iso3166-1-alpha2": "isoCode",
}
LINKS: Mapping[str, Callable[[str], str]] = {"wikidata": WIKIDATA.__add__, "ror": str}

Triple = tuple[NamedNode, NamedNode, NamedNode | Literal]


def graph(source: str) -> NamedNode:
    """The named graph that holds what one source of `sources.csv` says."""
    return NamedNode(f"{BASE}graph/reference/{source}")


def assemble(reference: Reference) -> list[Quad]:
    """Turn the tables into quads, each once, in the order of the tables.

    Candidate and rejected identifiers are left out. The members of a closed list are stated as curated facts.
    """
    graphs = {source.name: graph(source.name) for source in reference.sources}
    quads: dict[Quad, None] = {}
    for source, triples in _by_source(reference):
        named = graphs[source]
        for triple in triples:
            quads[Quad(*triple, named)] = None
    return list(quads)


def _by_source(reference: Reference) -> Iterator[tuple[str, Iterator[Triple]]]:
    for entity in reference.entities.values():
        yield entity.source, _entity(entity.id, entity.kind, entity.description)
    for name in reference.names:
        yield name.source, _name(name)
    for identifier in reference.identifiers:
        if identifier.status == "verified":
            yield identifier.source, _identifier(identifier)
    for fact in reference.facts:
        value = _id(fact.value) if fact.datatype == "id" else _literal(fact.value, fact.datatype)
        yield fact.source, iter([(_id(fact.entity), _property(fact.property), value)])
    for launch in reference.launches:
        yield launch.source, _launch(launch)
    for closed in reference.closed:
        yield CURATED, _quantity(closed) if closed.property.startswith(QUANTITY) else _members(closed)


def _entity(local: str, kind: str, description: str) -> Iterator[Triple]:
    yield _id(local), TYPE, _property(kind)
    if description:
        yield _id(local), DESCRIPTION, Literal(description, language="en")


def _name(name: Name) -> Iterator[Triple]:
    node, languages = _id(name.entity), name.language.split("|") if name.language else [""]
    for language in languages:
        text = Literal(name.text, language=language) if language else Literal(name.text)
        for relation in BY_KIND[name.kind]:
            yield node, relation, text


def _identifier(identifier: Identifier) -> Iterator[Triple]:
    node = _id(identifier.entity)
    if identifier.scheme in LINKS:
        yield node, MATCHES[identifier.match], NamedNode(LINKS[identifier.scheme](identifier.value))
    if identifier.scheme == "ror" and identifier.match == "exact":
        yield node, _property("rorId"), Literal(identifier.value.rsplit("/", 1)[-1])
    if relation := LITERAL_IDS.get(identifier.scheme):
        yield node, _property(relation), Literal(identifier.value)
    if identifier.scheme == "website" and (iri := _iri(identifier.value)):
        yield node, HOMEPAGE, NamedNode(iri)


def _launch(launch: Launch) -> Iterator[Triple]:
    node = _id(launch.id)
    yield node, TYPE, _property("Launch")
    for relation in (PREFERRED, LABEL):
        yield node, relation, Literal(launch.label, language="en")
    yield node, _property("cosparId"), Literal(launch.tag)
    yield node, _property("date"), _literal(launch.date, launch.datatype)
    if launch.vehicle:
        yield node, _property("launchVehicle"), _id(launch.vehicle)
    if launch.site:
        yield node, _property("launchSite"), _id(launch.site)
    for provider in launch.providers:
        yield node, _property("launchProvider"), _id(provider)
    for payload in launch.payloads:
        yield node, _property("launchOf"), _id(payload)


def _members(closed: ClosedList) -> Iterator[Triple]:
    relation, owner = _property(closed.property.removeprefix(BACKWARDS)), _id(closed.entity)
    for member in map(_id, closed.members):
        yield (member, relation, owner) if closed.property.startswith(BACKWARDS) else (owner, relation, member)


def _quantity(closed: ClosedList) -> Iterator[Triple]:
    kind = closed.property.removeprefix(QUANTITY)
    node = _id(f"{closed.entity}-{kind}")
    yield node, TYPE, _property("QuantitativeClaim")
    yield node, _property("quantityOf"), _id(closed.entity)
    yield node, _property("quantityKind"), NamedNode(f"{SKV}{kind}")
    yield node, _property("value"), _literal(closed.members[0], "xsd:decimal")
    yield node, _property("date"), _literal(closed.as_of, "xsd:date")


@cache
def _id(local: str) -> NamedNode:
    return NamedNode(f"{BASE}id/{local}")


@cache
def _property(name: str) -> NamedNode:
    return NamedNode(f"{SKG}{name}")


def _literal(value: str, datatype: str) -> Literal:
    return Literal(value, datatype=_xsd(datatype.removeprefix("xsd:")))


@cache
def _xsd(name: str) -> NamedNode:
    return NamedNode(f"{XSD}{name}")


def _iri(address: str) -> str:
    """The address as an IRI, or nothing when it is none."""
    parts = urlsplit(address)
    return quote(address, safe="%/:=&?~#+!$,;'@()*[]") if parts.scheme in ("http", "https") and parts.netloc else ""
