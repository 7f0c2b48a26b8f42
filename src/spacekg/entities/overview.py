"""overview  what pages show beside a description: who works with whom, counts, dates, disputes, names in a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from spacekg import formats
from spacekg.answers import Engine, Request, Row
from spacekg.entities import naming, rows
from spacekg.entities.values import START, Claim, Named

MOST_DATES = 400
"""How many dates a timeline has; its query asks for one more."""
MOST_DISPUTES = 100
"""How many disputed claims one part of their list has; the query asks for one more."""


@dataclass(frozen=True, slots=True)
class Tie:
    """Two that work together, and in how many collaborations."""

    first: Named
    second: Named
    together: int


@dataclass(frozen=True, slots=True)
class Happening:
    """A date, what of the thing it dates, and the thing."""

    date: str
    predicate: str
    about: Named


class Overview:
    """Asks an engine's release about many things at once; what it has no query for, it knows nothing of."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def network(self) -> list[Tie]:
        """List who works with whom, the closest pairs first."""
        return [
            Tie(rows.in_short(row, "first"), rows.in_short(row, "second"), int(rows.text(row, "together")))
            for row in self._ask("network")
        ]

    def standing(self) -> Mapping[str, int]:
        """Count claims by their status."""
        return {naming.spelled(rows.text(row, "status")): int(rows.text(row, "claims")) for row in self._ask("counts")}

    def timeline(self, thing: str) -> list[Happening]:
        """List the dates of what a thing takes part in, the earliest first, one more than `MOST_DATES` at most."""
        return [
            Happening(
                rows.text(row, "date"), naming.spelled(rows.text(row, "predicate")), rows.named(row, "about", "name")
            )
            for row in self._ask("timeline", thing=thing)
        ]

    def disputed(self, read: Callable[[str], Claim | None], after: str = START) -> list[Claim]:
        """Read the disputed claims, and those that another contradicts, from one on, one more than `MOST_DISPUTES`."""
        found = (read(rows.text(row, "claim")) for row in self._ask("disputes", after=after))
        return [claim for claim in found if claim is not None]

    def mentioned(self, document: str) -> Mapping[str, Named]:
        """Give what a document names, by each of its names; a name of two such things stands for neither."""
        found = self._ask("mentioned", document=document)
        things = {(rows.text(row, "name"), rows.text(row, "thing")) for row in found}
        times = Counter(name for name, _ in things)
        return {name: Named(thing, naming.spelled(thing)) for name, thing in sorted(things) if times[name] == 1}

    def table(self, thing: str) -> bytes:
        """Write what each source says of a thing as CSV.

        Raises:
            UnknownQueryError: the release ships no query for it.
        """
        return self._csv("table", thing=thing)

    def claims(self) -> bytes:
        """Write all claims as CSV.

        Raises:
            UnknownQueryError: the release ships no query for it.
            AnswerTooLargeError: there are more than one answer may have.
        """
        return self._csv("claims")

    def sources(self) -> list[Mapping[str, str]]:
        """List the sources: their graph, title, where they are, terms, the day they were read, and their triples."""
        names = ("graph", "title", "source", "terms", "read", "triples")
        return [{name: rows.text(row, name) for name in names} for row in self._ask("sources")]

    def _csv(self, query: str, **iris: str) -> bytes:
        text = self._engine.shipped(f"pages/{query}")
        return self._engine.answer_own(Request(text, results=formats.CSV, bindings=iris)).content

    def _ask(self, query: str, **iris: str) -> Sequence[Row]:
        if f"pages/{query}" not in self._engine.queries:
            return []
        return self._engine.answer_named(f"pages/{query}", **iris)
