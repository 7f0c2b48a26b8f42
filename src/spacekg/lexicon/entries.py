"""entries   what a row of data/lexicon says: a frame, a collaboration frame, a table column, a unit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Frame:
    """A word that states a relation, and where in the grammar around it subject and object stand."""

    id: str
    part: str
    words: frozenset[str]
    subject: tuple[str, ...]
    """Paths, best first; see `claims.arguments`."""
    subject_class: tuple[str, ...]
    property: str
    object: tuple[str, ...]
    object_class: tuple[str, ...]
    excluded: frozenset[str]
    """Objects that the words do not mean: who brings samples to Earth does not aim at it."""
    confidence: float
    tolerates: frozenset[str]
    """Moods in which the statement still holds: what a mission is planned to reach is its target."""
    example: str
    says: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class CollaborationFrame:
    """A word that states that several work together: on what, who, and in which of the collaboration types."""

    id: str
    part: str
    words: frozenset[str]
    things: tuple[str, ...]
    participants: tuple[str, ...]
    types: tuple[str, ...]
    at_least: int
    """How many must be named: who builds or launches something alone works with nobody."""
    confidence: float
    example: str
    says: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """What a table column states: a property and the class of its values.

    `alone` is the property instead where there is one value only: an agency alone operates, several take part.
    """

    property: str
    kind: str
    alone: str


@dataclass(frozen=True, slots=True)
class Unit:
    """What a number with this noun measures, of things of which classes, and the words of which one must be near."""

    kind: str
    unit: str
    subjects: tuple[str, ...]
    cues: frozenset[str]


@dataclass(frozen=True, slots=True)
class NameCue:
    """Words beside which a name stands that need not be in any table, and of what class they make it."""

    id: str
    shape: str
    """Where the name stands: see `candidates.shapes`."""
    words: tuple[str, ...]
    kind: str
    example: str
    finds: tuple[str, ...]
    """The new names of the example, and no others."""
