"""groups    Triple, Part, Group: the pattern of a query as values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from spacekg.guard import Token


@dataclass(frozen=True, slots=True)
class Triple:
    """A triple pattern; `verb` holds the tokens of its property or path. A node without a token is made by brackets."""

    subject: Token
    verb: tuple[Token, ...]
    value: Token

    @property
    def names(self) -> frozenset[str]:
        """Names of its variables and blank nodes."""
        return names((self.subject, *self.verb, self.value))


@dataclass(slots=True)
class Part:
    """One element of a group: triples, a nested group, or an expression; `names` are what joins it to others."""

    kind: str
    start: Token
    names: frozenset[str] = frozenset()
    triple: Triple | None = None
    graph: Token | None = None
    """What names the graph of a GRAPH pattern."""
    groups: list[Group] = field(default_factory=list)


@dataclass(slots=True)
class Group:
    """What stands between two braces."""

    parts: list[Part] = field(default_factory=list)

    @property
    def names(self) -> frozenset[str]:
        """Names that are visible outside."""
        return frozenset().union(*(part.names for part in self.parts))

    def triples(self) -> Iterator[Triple]:
        """Give every triple pattern in it, however deep."""
        for part in self.parts:
            if part.triple is not None:
                yield part.triple
            for group in part.groups:
                yield from group.triples()

    def walk(self) -> Iterator[Group]:
        """Give this group and every group in it."""
        yield self
        for part in self.parts:
            for group in part.groups:
                yield from group.walk()


def names(tokens: Iterable[Token]) -> frozenset[str]:
    """Give the names of all variables and blank nodes among tokens; `?x` and `$x` are one."""
    return frozenset(
        f"?{token.text[1:]}" if token.kind == "variable" else token.text
        for token in tokens
        if token.kind in ("variable", "blank")
    )
