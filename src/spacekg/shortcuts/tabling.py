"""tabling   triples of which only counts or each row once is asked → a table of what matches them, with those counts.

The patterns of a group are joined in columns of numbers, which is quicker than the engine where many rows match and few
of them differ in what the query asks for. All else, the filters, groups, sums and order, stays the engine's.

Why both give the same answer. The triples of a group match a bag of rows. Patterns of triples match what is the same
term, and so do numbers, one for each term. Filters and unions look at one row at a time, and of it at the variables
that stand beside the triples, so it is the same to them whether rows that agree in these stand there once, with how
many they are in a variable of its own, or that many times. In the end only counts, groups and different rows are asked:

- COUNT(*), and COUNT of a variable that each row has, is the sum of how many they are; without any rows both are 0.
- COUNT(DISTINCT) is counted in columns, where each group has but one row in the table, so the sum is that number.
- Groups and different rows are the same of once as of many times.

Where only some of several rows that are equal in order are wanted (LIMIT), it may be others of them. A term goes from
the graph into the query, so it must be one that means the same there: no blank node, and no IRI that a base or an
escape could change; else the query is left as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from spacekg import columns
from spacekg.columns import Columns, Numbers, Pattern, Rows
from spacekg.guard import Names, Token
from spacekg.shortcuts import reading
from spacekg.shortcuts.reading import Asked, Block, Statement, UnknownError
from spacekg.shortcuts.sizes import TYPE

WORDS = frozenset({"COUNT", "DISTINCT", "GROUP"})
"""A query without any of them is none of those that are known."""
TABLE = 500
"""To make a table takes as long as the engine takes to join so many rows, whatever is in it."""
GAIN = 2.0
"""How many times as long as for the table, a row for each term in it, joining must take the engine."""


def shorten(graph: Columns, gain: float, query: str, tokens: Sequence[Token]) -> str:
    """Put a table in the place of the triples of a query, if it is one that asks no more of them and that pays."""
    start = next((place for place, token in enumerate(tokens) if token.word == "SELECT"), len(tokens))
    if any(token.word == "BASE" for token in tokens[:start]) or "\\u" in query.lower():
        return query
    try:
        asked = reading.read(tokens, start)
        table = _Table(asked, Names(list(tokens[:start])), graph, gain)
        edits = [edit for block in asked.blocks for edit in table.edits(block)]
    except (UnknownError, MemoryError):  # what is too much for columns may not be for the engine
        return query
    edits += [(count.first, count.last, f"SUM({table.name(number)})") for number, count in enumerate(asked.counts)]
    for first, last, text in sorted(edits, reverse=True):
        query = f"{query[: tokens[first].start]}{text}{query[tokens[last].start + len(tokens[last].text) :]}"
    return query


class _Table:
    """Makes the table of each block of triples."""

    def __init__(self, asked: Asked, names: Names, graph: Columns, gain: float) -> None:
        self._asked = asked
        self._names = names
        self._graph = graph
        self._gain = gain

    def name(self, number: int) -> str:
        """Give the variable for what one COUNT counts."""
        return f"?{self._asked.fresh}{number}"

    def edits(self, block: Block) -> list[tuple[int, int, str]]:
        """Write the table in the place of the first piece of a block, and nothing in the place of the others.

        Raises:
            UnknownError: it cannot be made, or does not pay.
        """
        names = sorted(self._asked.beside & block.names)
        rows = self._matching(block, {*names, *(count.name for count in self._asked.counts if count.distinct)})
        table, counts = rows.grouped(names)
        if self._gain * (TABLE + table.number * len(names)) > rows.joined:
            raise UnknownError
        written = [self._written(table.columns[name]) for name in names]
        for count in self._asked.counts:
            numbers = rows.different(names, count.name) if count.distinct else counts
            written.append([str(number) for number in numbers.tolist()])
        variables = [f"?{name}" for name in names] + [self.name(number) for number in range(len(self._asked.counts))]
        lines = "".join(f"({row})" for row in map(" ".join, zip(*written, strict=True)))
        (first, last), *others = block.pieces
        return [(first, last, f"VALUES ({' '.join(variables)}) {{ {lines} }} "), *((*piece, "") for piece in others)]

    def _matching(self, block: Block, wanted: set[str]) -> Rows:
        if not wanted and not self._asked.counts:
            raise UnknownError
        patterns = [self._pattern(statement) for statement in block.statements]
        rows = columns.find(self._graph, patterns, wanted)
        if rows is None:
            raise UnknownError
        return rows

    def _pattern(self, statement: Statement) -> Pattern:
        subject, thing = (self._node(node) for node in (statement.subject, statement.object))
        name = TYPE if statement.predicate.text == "a" else self._iri(statement.predicate)
        number = self._graph.names.get(name)
        nothing_new = subject == thing or (isinstance(subject, int) and isinstance(thing, int))
        if number is None or nothing_new:
            raise UnknownError
        return Pattern(subject, number, thing)

    def _node(self, token: Token) -> str | int:
        if token.kind == "variable":
            return token.text[1:]
        number = self._graph.terms.number(self._iri(token))
        if number is None:
            raise UnknownError
        return number

    def _iri(self, token: Token) -> bytes:
        iri = self._names.whole(token)
        if iri is None:
            raise UnknownError
        return f"<{iri}>".encode()

    def _written(self, column: Numbers) -> list[str]:
        if not self._graph.same[column].all():
            raise UnknownError
        return [self._graph.terms[number].decode() for number in column.tolist()]
