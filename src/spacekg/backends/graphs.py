"""graphs    the graphs of a release ↔ the names they have in a server that holds several releases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import quote

from spacekg import guard
from spacekg.answers import Request
from spacekg.backends import plain
from spacekg.declared import BASE
from spacekg.guard import Names, Token
from spacekg.scan import Scan

STORED = f"{BASE}stored/"
"""What the name of every graph that spacekg keeps in a server begins with."""
HIDDEN = "stored_graph_"
"""What the variables begin with that a query is given beside its own."""
SOURCE = "http://purl.org/dc/terms/source"
"""By which property it is told in a server which graph of a release stands under a name."""


_NOTHING = Token("other", "", 0)


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """A query as a server with several releases is asked, and the graphs that it is about."""

    query: str
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    hidden: bool = False
    """Whether an answer with all variables has some that were not asked for."""

    def based(self, base: str) -> Dataset:
        """Give the query a base for the IRIs in it; Virtuoso takes one BASE, and at the very beginning."""
        if "BASE" in self.query.upper():
            first, second = (*islice(guard.cut(self.query), 2), _NOTHING, _NOTHING)[:2]
            if first.word == "BASE" and Names([]).whole(second):
                return self
        # On a line of its own, so that what follows keeps its columns.
        return Dataset(f"BASE <{base}>\n{self.query}", self.default, self.named, self.hidden)


class Stored:
    """What the graphs of one release are called in a server; nothing of another release can be seen through it."""

    def __init__(self, release: str, graphs: Iterable[str]) -> None:
        self.release = release
        self.union = f"{STORED}{release}/"
        """Every triple of the release once, but for the alignments: its default graph."""
        self.about = f"{self.union}about"
        """What the release has in the server, written when all of it is there."""
        self.ahead = f"{self.union}ahead"
        """Answers to questions of the site itself, asked when the release was brought."""
        self.names: Mapping[str, str] = {graph: f"{self.union}{quote(graph, safe='')}" for graph in sorted(graphs)}
        self._none = f"{self.union}none"

    def asked(self, query: str, request: Request, scan: Scan) -> Dataset:
        """Write a query so that it asks this release, and no other of the same server.

        Names of graphs behind FROM and GRAPH are put in the place of the release's own. A variable behind GRAPH stands
        for the release's own names as before: its partner, which stands for the server's, is joined to it by what the
        server was told about the release, or, where the graphs that are asked are chosen, by VALUES with a row for
        each graph. Either join keeps all other variables as they were.

        Raises:
            ForbiddenQueryError: it has what only some servers know, by which they may call others.
        """
        default = tuple([self._name(iri) for iri in request.default_graphs])
        named = tuple([self._name(iri) for iri in request.named_graphs])
        chosen = bool(default or named or scan.default_graphs or scan.named_graphs)
        if plain.is_simple(query):
            return Dataset(query, default, named) if chosen else Dataset(query, (self.union,))
        tokens = list(guard.cut(query))
        plain.check(tokens)
        edits = list(self._edits(tokens, self._listed if chosen else self._told))
        for edit in sorted(edits, key=lambda each: -each.start):
            query = f"{query[: edit.start]}{edit.text}{query[edit.end :]}"
        if not chosen:
            if HIDDEN in query and (inside := self._inside(query, scan)):
                return Dataset(inside, hidden=True)
            default = (self.union,)
            # Servers look into each of them, so a query without a variable behind GRAPH has only those that it names.
            fixed = (edit.text[1:-1] for edit in edits)
            named = (*self.names.values(), self.about) if HIDDEN in query else tuple(dict.fromkeys(fixed))
        return Dataset(query, default, named, hidden=HIDDEN in query)

    def _inside(self, query: str, scan: Scan) -> str:
        """Ask the pattern inside of the default graph, so that no graph has to be chosen; empty where that cannot be.

        Of graphs that are chosen servers look into one after the other, for each row: with hundreds of them, one page
        would take seconds. What is told about the release keeps others out all the same.
        """
        tokens = list(guard.cut(query))
        start, depth = guard.body(tokens, scan.form), 0
        for token in tokens:
            depth += (token.text == "{") - (token.text == "}") if token.start >= start else 0
            if depth < 0:
                outside = (each for each in tokens if not start <= each.start < token.start)
                if scan.form == "DESCRIBE" or any(each.word == "EXISTS" for each in outside):
                    return ""
                before, pattern, behind = query[:start], query[start : token.start], query[token.start :]
                return f"{before} GRAPH <{self.union}> {{ {pattern} }} {behind}"
        return ""

    def _edits(self, tokens: Sequence[Token], joined: Callable[[str, str], str]) -> Iterable[_Edit]:
        start = next((place for place, token in enumerate(tokens) if token.word in guard.FORMS), len(tokens))
        names, number = Names(list(tokens[:start])), 0
        for place, token in enumerate(tokens):
            following = tokens[place + 1 : place + 3]
            if token.word == "FROM" and following and following[0].word == "NAMED":
                following = following[1:]
            if token.word not in ("FROM", "GRAPH") or not following:
                continue
            graph, iri = following[0], names.iri(following[0])
            if iri is not None:
                yield _Edit(graph.start, graph.start + len(graph.text), f"<{self._name(iri)}>")
            elif token.word == "GRAPH" and graph.kind == "variable":
                number += 1
                partner = f"?{HIDDEN}{number}"
                yield _Edit(token.start, token.start, joined(partner, graph.text))
                yield _Edit(graph.start, graph.start + len(graph.text), partner)

    def _told(self, partner: str, variable: str) -> str:
        return f"{{ GRAPH <{self.about}> {{ {partner} <{SOURCE}> {variable} FILTER({partner} != <{self.union}>) }} }} "

    def _listed(self, partner: str, variable: str) -> str:
        rows = " ".join(f"(<{stored}> <{graph}>)" for graph, stored in self.names.items())
        return f"VALUES ({partner} {variable}) {{ {rows} }} "

    def _name(self, graph: str) -> str:
        """Give the name of a graph in the server; one that the release does not have is empty there."""
        return self.names.get(graph, self._none)
