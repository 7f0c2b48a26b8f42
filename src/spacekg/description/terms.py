"""terms     the names that the description of the dataset is written with."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from spacekg.declared import BASE

DCTERMS = "http://purl.org/dc/terms/"
DCAT = "http://www.w3.org/ns/dcat#"
VOID = "http://rdfs.org/ns/void#"
VOID_EXT = "http://ldf.fi/void-ext#"
SCHEMA = "https://schema.org/"
SH = "http://www.w3.org/ns/shacl#"
PROV = "http://www.w3.org/ns/prov#"
XSD = "http://www.w3.org/2001/XMLSchema#"

DATASET = NamedNode(f"{BASE}dataset")
OWN_LICENCE = "https://creativecommons.org/licenses/by/4.0/"

Triple = tuple[NamedNode, str, NamedNode | Literal]


def graph_node(name: str) -> NamedNode:
    """Give the IRI of a named graph."""
    return NamedNode(f"{BASE}graph/{name}")


def part(whole: NamedNode, *names: str) -> NamedNode:
    """Give the IRI of a part of something, as a fragment of its IRI: what it is of, from coarse to fine."""
    return NamedNode(f"{whole.value}#{'-'.join(name.replace(':', '-') for name in names)}")


def number(value: int) -> Literal:
    """Write a count."""
    return Literal(str(value), datatype=NamedNode(f"{XSD}integer"))
