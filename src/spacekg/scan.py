"""scan      what can be told about a query without parsing it; the guard tells it when it lets a query pass."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scan:
    """What can be told about a query without parsing it."""

    form: str
    """SELECT, ASK, CONSTRUCT or DESCRIBE; empty when no such word begins it, which the parser will refuse."""
    default_graphs: tuple[str, ...]
    """IRIs of its FROM clauses."""
    named_graphs: tuple[str, ...]
    """IRIs of its FROM NAMED clauses."""
    repeatable: bool
    """Whether the same data always give the same answer: no clock, no chance."""
    body: int
    """Where the text of the pattern begins, behind its opening brace; 0 when there is no pattern."""

    @property
    def makes_graph(self) -> bool:
        """Whether the answer is a graph and not rows or a truth value."""
        return self.form in ("CONSTRUCT", "DESCRIBE")
