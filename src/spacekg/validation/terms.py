"""terms     the terms of pyoxigraph, in which all graphs are held → those of rdflib, which pySHACL wants."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple


def graph(statements: Iterable[Quad | Triple]) -> rdflib.Graph:
    """Make a graph of rdflib."""
    made = rdflib.Graph(bind_namespaces="none")
    for each in statements:
        made.add((term(each.subject), term(each.predicate), term(each.object)))
    return made


def literal(value: Literal) -> rdflib.Literal:
    """Make a literal of rdflib, with the same words."""
    datatype = None if value.language else value.datatype.value
    return rdflib.Literal(value.value, lang=value.language, datatype=datatype, normalize=False)


def term(value: Term) -> rdflib.URIRef | rdflib.Literal | rdflib.BNode:
    """Make a term of rdflib; what is neither a name nor a literal is a blank node there."""
    if isinstance(value, NamedNode):
        return rdflib.URIRef(value.value)
    if isinstance(value, Literal):
        return literal(value)
    return rdflib.BNode(str(value) if isinstance(value, Triple) else value.value)
