"""facts      what is declared, looked up by subject and predicate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from spacekg.declared import RDF

Resource = NamedNode | BlankNode | Triple
Value = Resource | Literal


class Facts:
    """Statements as a table of lookups; predicates are given as IRIs, answers come sorted."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        forward: defaultdict[tuple[Resource, str], set[Value]] = defaultdict(set)
        backward: defaultdict[tuple[str, Value], set[Resource]] = defaultdict(set)
        for quad in quads:
            forward[quad.subject, quad.predicate.value].add(quad.object)
            backward[quad.predicate.value, quad.object].add(quad.subject)
        self._forward, self._backward = forward, backward

    def values(self, subject: Resource, *predicates: str) -> list[Value]:
        """What a thing is joined to."""
        return sorted({each for one in predicates for each in self._forward.get((subject, one), ())}, key=str)

    def things(self, subject: Resource, predicate: str) -> list[NamedNode]:
        """Those of the values that have an IRI."""
        return [each for each in self.values(subject, predicate) if isinstance(each, NamedNode)]

    def nodes(self, subject: Resource, predicate: str) -> list[Resource]:
        """Those of the values that are things, with or without an IRI."""
        return [each for each in self.values(subject, predicate) if not isinstance(each, Literal)]

    def text(self, subject: Resource, predicate: str, language: str = "en") -> str:
        """The value in this language, or the one without a language; empty where there is none."""
        found = [each for each in self.values(subject, predicate) if isinstance(each, Literal)]
        return next((each.value for each in found if each.language in (language, None)), "")

    def texts(self, subject: Resource, predicate: str) -> list[Literal]:
        """The values that are text, in all languages, English first."""
        found = [each for each in self.values(subject, predicate) if isinstance(each, Literal)]
        return sorted(found, key=lambda each: (each.language != "en", each.language or "", each.value))

    def subjects(self, predicate: str, value: Value) -> list[Resource]:
        """What is joined to a value."""
        return sorted(self._backward.get((predicate, value), ()), key=str)

    def named(self, predicate: str, value: Value) -> list[NamedNode]:
        """Those of the subjects that have an IRI."""
        return [each for each in self.subjects(predicate, value) if isinstance(each, NamedNode)]

    def pairs(self, predicate: str) -> Iterator[tuple[Resource, Value]]:
        """Everything that a predicate joins, in order."""
        found = ((one, value) for (one, name), values in self._forward.items() if name == predicate for value in values)
        yield from sorted(found, key=str)

    def members(self, node: Value) -> list[Value]:
        """The members of an RDF list."""
        found: list[Value] = []
        while not isinstance(node, Literal) and (first := self.values(node, f"{RDF}first")):
            found.append(first[0])
            node = self.values(node, f"{RDF}rest")[0]
        return found
