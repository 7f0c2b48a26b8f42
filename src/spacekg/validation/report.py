"""report    what is wrong with a graph, where, what to do, and which sentence led to it."""

from __future__ import annotations

from dataclasses import dataclass

VIOLATION = "Violation"


@dataclass(frozen=True, slots=True, order=True)
class Quote:
    """An accepted claim that speaks of what is wrong, and the sentence it was read from."""

    claim: str
    sentence: str


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One thing that is wrong: IRIs as text, and a message that says what to do; unknown parts are empty."""

    severity: str
    """`Violation`, `Warning` or `Info`; only the first keeps a graph from being published."""
    shape: str
    """IRI of the shape, or of the check of `queries/checks`."""
    focus: str
    path: str
    value: str
    message: str
    claims: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """All that was found, sorted; `dataclasses.asdict` makes it JSON."""

    violations: tuple[Violation, ...]

    @property
    def conforms(self) -> bool:
        """Whether nothing of severity `Violation` was found."""
        return all(found.severity != VIOLATION for found in self.violations)
