"""directory what entities are called: all of them, read once, or where there are too many those that are shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import islice

from pyoxigraph import BlankNode, Literal, NamedNode

from spacekg.answers import Engine
from spacekg.declared import BASE
from spacekg.entities import likeness, naming
from spacekg.entities.values import Named

IDS = f"{BASE}id/"
FEW = 500_000
"""Triples up to which the names of all entities are read; of more, it would be most of what a start takes."""
MOST = 50_000
"""Names that are kept of those that were asked for."""
LONGEST = 120
"""Characters of an unknown name that are compared with known ones."""


class Directory:
    """The names of an engine's entities, and of whatever else its claims name."""

    def __init__(self, engine: Engine, few: int = FEW) -> None:
        self._engine = engine
        self._few = few
        self._others: dict[str, Named] = {}

    def read(self) -> None:
        """Read now what is read once only, if it is not too much."""
        if self._is_read:
            _ = self.labels

    @property
    def number(self) -> int:
        """How many entities there are."""
        if self._is_read or "entity/number" not in self._engine.queries:
            return len(self.labels)
        return int(text(self._engine.answer_named("entity/number")[0]["entities"]))

    @cached_property
    def labels(self) -> dict[str, str]:
        """English names of all entities, by local id, in the order of these; empty for one that has none.

        Raises:
            AnswerTooLargeError: there are more than one answer may have.
        """
        rows = self._engine.answer_named("entity/all") if "entity/all" in self._engine.queries else []
        return {text(row["entity"]).removeprefix(IDS): text(row.get("name")) for row in rows}

    def listed(self, first: int, number: int) -> list[str]:
        """List so many local ids, in their order, of which the first has this place, counted from 0."""
        if self._is_read or "entity/ids" not in self._engine.queries:
            return [*islice(self.labels, first, first + number)]
        return [text(row["entity"]).removeprefix(IDS) for row in self._engine.answer_part("entity/ids", first, number)]

    def near(self, name: str) -> list[str]:
        """List at most five ids that look like a name, or whose label does; none where there are too many ids."""
        return likeness.nearest(name[:LONGEST], self._spellings) if self._is_read else []

    def meet(self, iris: Iterable[str]) -> None:
        """Read what things are called that are shown together, those that nobody knows yet."""
        unknown = sorted({iri for iri in iris if not self._label(iri) and iri not in self._others})
        if unknown:
            kept = self._others if len(self._others) < MOST else {}
            self._others = {**kept, **self._asked(unknown)}

    def thing(self, iri: str) -> Named:
        """Call a thing by its English name."""
        label = self._label(iri)
        return Named(iri, label, "en") if label else self._others.get(iri) or self._asked([iri])[iri]

    def _asked(self, iris: Sequence[str]) -> dict[str, Named]:
        names: dict[str, list[tuple[str, Literal]]] = {}
        for row in self._engine.answer_named("entity/names", thing=iris):
            if isinstance(name := row["name"], Literal):
                names.setdefault(text(row["thing"]), []).append((text(row["kind"]), name))
        return {iri: naming.choose(iri, names.get(iri, ()), ("en",)) for iri in iris}

    @property
    def _is_read(self) -> bool:
        return self._engine.summary.triples <= self._few

    @cached_property
    def _spellings(self) -> dict[str, str]:
        return {known: likeness.slug(label) for known, label in self.labels.items()}

    def _label(self, iri: str) -> str:
        return self.labels.get(iri.removeprefix(IDS), "") if self._is_read else ""


def text(term: object) -> str:
    """Give the text of a term: of an IRI, or of a number that a query counted."""
    return term.value if isinstance(term, NamedNode | Literal | BlankNode) else ""
