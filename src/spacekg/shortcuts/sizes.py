"""sizes     a triple pattern of a query, a graph in columns → its properties there, and how many triples match it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spacekg import columns
from spacekg.columns import Columns, Pattern
from spacekg.guard import Names, Token
from spacekg.shortcuts.groups import Statement

TYPE = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


@dataclass(frozen=True, slots=True)
class Sizes:
    """Looks patterns up in a graph, whose names a query writes in its own way."""

    graph: Columns
    names: Names

    def properties(self, statement: Statement) -> Sequence[int] | None:
        """Give those properties of a path that the graph has; None where it is none of one or several properties."""
        if any(token.text != "|" for token in statement.path[1::2]):
            return None
        written = [TYPE if token.text == "a" else self._iri(token) for token in statement.path[::2]]
        known = [iri for iri in written if iri is not None]
        if len(known) < len(written):
            return None
        return [self.graph.names[iri] for iri in known if iri in self.graph.names]

    def matching(self, statement: Statement) -> int:
        """Say how many rows an engine would go through if it began here; nothing where they may be few.

        What begins with a constant most often has few, but for kinds of things (`a/rdfs:subClassOf*`).
        """
        subject, thing = statement.subject, statement.object
        constant = subject.kind != "variable" or thing.kind != "variable"
        properties = self.properties(statement)
        if properties is None:
            few = subject.kind != "variable" or (constant and len(statement.path) == 1)
            return 0 if few else self.graph.size
        if not constant:
            return sum(columns.size(self.graph, Pattern("s", number, "o")) for number in properties)
        pattern = self.pattern(statement)
        return 0 if pattern is None else columns.size(self.graph, pattern)

    def pattern(self, statement: Statement) -> Pattern | None:
        """Give what is looked up in columns.

        Nothing where the graph lacks a term, the path is no single property, or there are not two nodes, one of them a
        variable.
        """
        subject, thing = self._node(statement.subject), self._node(statement.object)
        properties = self.properties(statement)
        if subject is None or thing is None or properties is None or len(properties) != 1 or len(statement.path) > 1:
            return None
        known = subject != thing and (isinstance(subject, str) or isinstance(thing, str))
        return Pattern(subject, properties[0], thing) if known else None

    def _node(self, token: Token) -> str | int | None:
        if token.kind == "variable":
            return token.text[1:]
        iri = self._iri(token)
        return None if iri is None else self.graph.terms.number(iri)

    def _iri(self, token: Token) -> bytes | None:
        iri = self.names.whole(token)
        return None if iri is None else f"<{iri}>".encode()
