"""framing   frame     quads about a thing → JSON-LD of one stable shape, its context inlined."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from spacekg.declared import BASE, RDF

TYPE = f"{RDF}type"
XSD = "http://www.w3.org/2001/XMLSchema#"
NEIGHBOUR: Mapping[str, Any] = {"prefLabel": {}, "label": {}}
"""What a thing that another is linked to says of itself: what it is called."""
TEXTS = ("description", "title", "disputeReason")

Json = dict[str, Any]
Node = NamedNode | BlankNode


def stable(context: Mapping[str, Any], single: Collection[str]) -> Json:
    """Make a context under which a property has a list of values always, or for those in `single` never.

    Texts in several languages become objects from language to list, so no key changes its kind with the data.
    """
    terms = context.get("@context", context)
    return {"@context": {term: _stable(term, definition, single) for term, definition in terms.items()}}


def frame(iri: str, quads: Iterable[Quad], shape: Mapping[str, Any], context: Mapping[str, Any]) -> Json:
    """Describe one thing by what quads say of it; the keys of its frame are there in any case.

    Of the language of JSON-LD frames this knows: `{}` for any value, a frame within a frame for which keys a linked
    thing has (only what it is called, where there is none), and terms of the frame's own context with `@reverse`.
    Links from other things that the frame does not name stand under `@reverse`.
    """
    terms = Terms({**context["@context"], **shape.get("@context", {})})
    known = _Known(quads, terms)
    node = NamedNode(iri)
    wanted = {key: inner for key, inner in shape.items() if not key.startswith("@")}
    backward = {terms.reverse[key]: key for key in wanted if key in terms.reverse}
    found: Json = {key: [] if key in terms.reverse else terms.nothing(key) for key in wanted}
    found |= known.described(node, {**{key: {} for key in terms.keys(known.properties(node))}, **wanted})
    others: dict[str, list[Json]] = defaultdict(list)
    for subject, predicate in known.links_to(node):
        if predicate in backward:
            found[backward[predicate]].append(known.embedded(subject, wanted[backward[predicate]]))
        else:
            others[terms.compact(predicate)].append(known.embedded(subject, NEIGHBOUR))
    whole = {"@context": terms.context, "id": iri, **{key: found[key] for key in sorted(found)}}
    return {**whole, "@reverse": dict(sorted(others.items()))} if others else whole


def written(document: Mapping[str, Any]) -> bytes:
    """Write a document as bytes, the context in one line so that the rest is easy to read."""
    lines = [f'"@context": {json.dumps(document["@context"], ensure_ascii=False, sort_keys=True)}']
    rest = {key: value for key, value in document.items() if key != "@context"}
    lines += [f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False, indent=1)}" for key, value in rest.items()]
    return ("{" + ",\n".join(lines) + "}\n").encode()


def _stable(term: str, definition: Any, single: Collection[str]) -> Any:
    if term == "type":
        return {"@id": "@type", "@container": "@set"}
    if term in TEXTS and isinstance(definition, str):
        return {"@id": definition, "@container": ["@language", "@set"]}
    if isinstance(definition, Mapping) and definition.get("@container") == "@language":
        return {**definition, "@container": ["@language", "@set"]}
    if term in single or term.startswith("@") or not isinstance(definition, str | Mapping):
        return definition
    if isinstance(definition, Mapping):
        return {**definition, "@container": "@set"}
    is_property = ":" in definition and "//" not in definition and definition.rpartition(":")[2][:1].islower()
    return {"@id": definition, "@container": "@set"} if is_property else definition


class Terms:
    """A context, read once: IRI to term and back."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        self.context = dict(context)

    @cached_property
    def reverse(self) -> dict[str, str]:
        """Terms for links from other things: term to the IRI of the property."""
        return {term: self.expand(each["@reverse"]) for term, each in self._definitions.items() if "@reverse" in each}

    def keys(self, iris: Iterable[str]) -> list[str]:
        """Give the key that each property is written as."""
        return [self.key(iri) for iri in iris]

    def key(self, iri: str) -> str:
        """Give the term of a property or class, else its IRI made short."""
        return "type" if iri == TYPE else self._terms.get(iri) or self.compact(iri)

    def nothing(self, key: str) -> list[object] | Json | None:
        """Give what a key holds when there is no value."""
        if isinstance(self.context.get(key), str):
            return None
        container = self._definitions.get(key, {"@container": "@set"}).get("@container", ())
        if "@language" in container:
            return {}
        return [] if "@set" in container else None

    def datatype(self, key: str) -> str:
        """Give the datatype, or `@id`, that values of a key are understood to have; empty when there is none."""
        return str(self._definitions.get(key, {}).get("@type", ""))

    def compact(self, iri: str) -> str:
        """Write an IRI by the longest prefix."""
        found = max(((len(space), name) for name, space in self._spaces.items() if iri.startswith(space)), default=None)
        return iri if found is None or iri.startswith(BASE + "id/") else f"{found[1]}:{iri[found[0] :]}"

    def expand(self, compact: str) -> str:
        """Write a compact IRI in full."""
        prefix, colon, local = compact.partition(":")
        return f"{self._spaces[prefix]}{local}" if colon and prefix in self._spaces else compact

    @cached_property
    def _definitions(self) -> dict[str, Mapping[str, Any]]:
        return {term: each for term, each in self.context.items() if isinstance(each, Mapping)}

    @cached_property
    def _spaces(self) -> dict[str, str]:
        return {name: each for name, each in self.context.items() if isinstance(each, str) and each[-1:] in "#/"}

    @cached_property
    def _terms(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for term, each in self.context.items():
            iri = each.get("@id", "") if isinstance(each, Mapping) else str(each)
            if ":" in iri and term not in self._spaces:
                found.setdefault(self.expand(iri), term)
        return found


class _Known:
    """Triples by subject and by object."""

    def __init__(self, quads: Iterable[Quad], terms: Terms) -> None:
        self._terms = terms
        self._from: dict[object, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        self._to: dict[object, list[tuple[Node, str]]] = defaultdict(list)
        for triple in sorted({quad.triple for quad in quads}, key=str):
            subject, predicate, value = triple.subject, triple.predicate.value, triple.object
            if isinstance(subject, Triple):
                continue
            self._from[subject][predicate].append(value)
            if value != subject and not isinstance(value, Literal):
                self._to[value].append((subject, predicate))

    def properties(self, node: Node) -> list[str]:
        return sorted(self._from[node])

    def links_to(self, node: Node) -> list[tuple[Node, str]]:
        return self._to[node]

    def embedded(self, node: Node, shape: Mapping[str, Any]) -> Json:
        name = node.value if isinstance(node, NamedNode) else str(node)
        return {"id": name, **self.described(node, shape or NEIGHBOUR)}

    def described(self, node: Node, shape: Mapping[str, Any]) -> Json:
        """Write the properties of a node that a frame names and that it has."""
        found: Json = {}
        for predicate in self.properties(node):
            key = self._terms.key(predicate)
            if key in shape:
                found[key] = self._values(key, self._from[node][predicate], shape[key])
        return found

    def _values(self, key: str, values: list[Any], shape: Mapping[str, Any]) -> Any:
        if key == "type":
            return sorted(self._terms.key(value.value) for value in values)
        nothing = self._terms.nothing(key)
        if isinstance(nothing, dict) and all(isinstance(value, Literal) for value in values):
            by_language: dict[str, list[str]] = defaultdict(list)
            for value in values:
                by_language[value.language or "@none"].append(value.value)
            return dict(sorted(by_language.items()))
        written = [self._value(key, value, shape) for value in values]
        return written[0] if nothing is None and len(written) == 1 else written

    def _value(self, key: str, value: Any, shape: Mapping[str, Any]) -> Any:
        if not isinstance(value, Literal):
            return self.embedded(value, shape)
        datatype, expected = value.datatype.value, self._terms.datatype(key)
        if value.language:
            return {"@value": value.value, "@language": value.language}
        if expected and self._terms.expand(expected) == datatype:
            return value.value
        if datatype == f"{XSD}string":
            return {"@value": value.value} if expected else value.value
        if datatype == f"{XSD}integer" and not expected and str(_whole(value.value)) == value.value:
            return _whole(value.value)
        return {"@value": value.value, "type": self._terms.compact(datatype)}


def _whole(digits: str) -> int:
    """Read a number that JSON keeps as it is; -1 stands for those that are too long."""
    return int(digits) if len(digits) <= 15 and digits.lstrip("-").isdigit() else -1
