"""containing  a filter that looks for text → the same, with a table of the literals that may have that text.

The engine goes through all rows of a group and asks the filter of each. Which literals have the three characters in a
row that a filter wants is known beforehand (`columns.Grams`), and they are often few.

Why both give the same rows. The group begins with a table of one variable, each of its values once, and with triples of
which that variable is an object. What these match is what they match without the table, as far as the variable has one
of its values. All that follows in the group (filters, OPTIONAL, MINUS, BIND, triples) takes these rows one by one and
leaves the variable its value, so in the end exactly the rows are missing that have another one. Each of them would have
been dropped by a filter of the group: it is not true without the text, and the table has all terms that have it and
stand where the variable stands. The filter is still asked.

A table has literals only. Where the filter asks for STR, which makes a text of an IRI, too, the property must have no
other objects. Named graphs may have what the default graph has not, so nothing is known of a query with FROM or GRAPH
around its triples, and what is different each time (RAND, BNODE, UUID) is left alone. Where only some of several rows
that are equal in order are wanted (LIMIT), it may be others of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spacekg import columns
from spacekg.columns import Columns, Grams, Numbers
from spacekg.guard import Names, Token
from spacekg.shortcuts import conditions, groups
from spacekg.shortcuts.conditions import Needed
from spacekg.shortcuts.groups import Group
from spacekg.shortcuts.reading import UnknownError
from spacekg.shortcuts.sizes import Sizes

TABLE = 500
"""To look for candidates takes as long as the engine takes for so many rows."""
GAIN = 2.0
"""How many times as many rows as there are candidates, the engine must go through."""
LOOKED = 10
"""How many literals may be looked at for each row that the engine goes through."""
MOST = 2_000
"""Candidates that are written into a query, so that where it was quick in a way not seen here it still is."""
LONGEST = 200_000
"""Bytes that they may have."""

_UNKNOWN = frozenset({"BASE", "FROM", "VALUES", "RAND", "BNODE", "UUID", "STRUUID"})


def shorten(graph: Columns, grams: Grams, gain: float, query: str, tokens: Sequence[Token]) -> str:
    """Write the candidates into a query, if it is one that looks for text in literals and that pays."""
    if not _UNKNOWN.isdisjoint(token.word for token in tokens) or "\\u" in query.lower():
        return query
    try:
        start, opening = groups.outermost(tokens)
        table = _Table(groups.read(tokens, opening), Sizes(graph, Names(list(tokens[:start]))), grams).written(gain)
    except UnknownError:
        return query
    body = tokens[opening].start + 1
    return f"{query[:body]} {table} {query[body:]}"


@dataclass(frozen=True, slots=True)
class _Table:
    """Makes the table of a group."""

    group: Group
    sizes: Sizes
    grams: Grams

    def written(self, gain: float) -> str:
        """Write the table for the variable that has the fewest candidates.

        Raises:
            UnknownError: there is none, or it does not pay.
        """
        wanted: dict[str, list[Needed]] = {}
        for condition in self.group.conditions:
            for each in conditions.needed(condition):
                wanted.setdefault(each.name, []).append(each)
        asked = min(map(self.sizes.matching, self.group.statements), default=0) if wanted else 0
        room = min(MOST, asked / gain - TABLE) if gain else MOST
        if room < 0:
            raise UnknownError
        most = LOOKED * max(asked, TABLE)
        found = {name: self._candidates(name, needs, most) for name, needs in wanted.items()}
        few = [(len(numbers), name) for name, numbers in found.items() if numbers is not None and len(numbers) <= room]
        name = min(few, default=(0, ""))[1]
        chosen = found.get(name)
        if chosen is None or not self.sizes.graph.same[chosen].all():
            raise UnknownError
        terms = b" ".join(self.sizes.graph.terms[each] for each in chosen.tolist())
        if len(terms) > LONGEST:
            raise UnknownError
        return f"VALUES ?{name} {{ {terms.decode()} }}"

    def _candidates(self, name: str, needs: Sequence[Needed], most: int) -> Numbers | None:
        """Give the literals that a variable may be, if it can be nothing else; else nothing."""
        places = [
            self.sizes.properties(each)
            for each in self.group.statements
            if each.object.kind == "variable" and each.object.text[1:] == name
            if len(each.path) == 1 or self.sizes.properties(each) is not None
        ]
        iris = all(need.may_be_iri for need in needs) and not any(map(self._has_only_literals, places))
        found = None if iris or not places else self.grams.find([text for need in needs for text in need.texts], most)
        if found is None:
            return None
        for properties in places:
            found = found if properties is None else columns.objects(self.sizes.graph, properties, found)
        return found

    def _has_only_literals(self, properties: Sequence[int] | None) -> bool:
        known = self.sizes.graph.properties
        return properties is not None and all(known[each].last < self.grams.number for each in properties)
