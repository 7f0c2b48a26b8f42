"""values    Named, Statement, Claim, Description: what is known of one thing, as values that a page can show."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad

START = "a:"
"""Comes before every IRI there is: where a list begins."""
END = "zz:"
"""Comes behind every IRI there is: of a list that begins here, nothing is wanted."""


@dataclass(frozen=True, slots=True)
class Named:
    """A thing and what it is called in the language that was asked for, or the nearest there is."""

    iri: str
    name: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """What some named graphs say of a thing; a value that is no thing is a literal."""

    predicate: Named
    value: Named | Literal
    graphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Links:
    """Things that link to a thing by one property: how many there are, and some of them in the order of their IRIs."""

    predicate: Named
    total: int
    subjects: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that make a claim; `start` and `end` count code points of the document's text, -1 when unknown."""

    document: Named
    exact: str
    prefix: str
    suffix: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Claim:
    """What a document says, in which words, and what became of it; status, polarity and modality are bare words."""

    iri: str
    subject: Named
    predicate: Named
    object: Named | Literal
    status: str
    polarity: str
    modality: str
    confidence: str
    rule: str
    reason: str
    said_by: str
    against: tuple[str, ...]
    """IRIs of the claims and graphs that contradict it."""
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the long lists of a thing a description begins: behind these; `START` is the beginning."""

    property: str = START
    subject: str = START
    claim: str = START


@dataclass(frozen=True, slots=True)
class Description:
    """What is known of one thing; `after` is the place of the next part, None when this is the last."""

    thing: Named
    kinds: tuple[Named, ...]
    """Its classes, without those that are above another of them."""
    shapes: tuple[str, ...]
    """All its classes, the nearest first: whose frame describes it."""
    statements: tuple[Statement, ...]
    links: tuple[Links, ...]
    claims: tuple[Claim, ...]
    after: Place | None
    written: Callable[[], Iterable[Quad]] = field(compare=False, repr=False)
    """Gives the quads, which most readers of a page never ask for."""

    @property
    def quads(self) -> tuple[Quad, ...]:
        """All of this as quads, each in its named graph."""
        return tuple(sorted({*self.written()}, key=str))


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a document's text, the claims whose words it is part of, and the thing that it names, if it does."""

    text: str
    claims: tuple[Claim, ...]
    begun: frozenset[str] = frozenset()
    """IRIs of those of the claims whose words begin here."""
    thing: Named | None = None


Term = NamedNode | Literal
