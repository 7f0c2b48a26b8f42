"""protocol  Extractor, Terms, Stated: what a plug-in is given of the ontology, and what it returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from spacekg.model import Document, Modality, Passage, Polarity


@dataclass(frozen=True, slots=True)
class Term:
    """A property of the ontology: its domain and range are classes or datatypes, empty where any will do."""

    name: str
    domain: str
    range: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Known:
    """An entity or concept that claims may be about, by its local id."""

    id: str
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What a claim about one document may consist of."""

    passages: tuple[Passage, ...]
    """The pieces of the document that can be quoted, in order."""
    properties: tuple[Term, ...]
    concepts: tuple[Known, ...]
    entities: tuple[Known, ...]
    """The entities whose names were found in the document."""


@dataclass(frozen=True, slots=True)
class Stated:
    """One claim of a plug-in, not yet checked: any of it may be wrong.

    `start` and `end` count code points of the document's text. `subject` and `object` are local ids, or names as the
    quote has them; with a `datatype` (`xsd:gYear`) the object is a literal.
    """

    start: int
    end: int
    quote: str
    subject: str
    predicate: str
    object: str
    datatype: str = ""
    confidence: float = 0.6
    polarity: str = Polarity.AFFIRMED
    modality: str = Modality.ASSERTED
    attributed_to: str = ""


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a plug-in read out of one document, and numbers for the report, such as tokens and answers that failed."""

    stated: tuple[Stated, ...] = ()
    numbers: Mapping[str, float] = field(default_factory=dict)


class Extractor(Protocol):
    """A way of reading documents beside the rules; an entry point of the group `spacekg.extractors` makes one."""

    @property
    def name(self) -> str:
        """What claims call it as their rule."""

    def extract(self, document: Document, terms: Terms) -> Extraction:
        """Read one document.

        Raises:
            ExtractorError: it cannot work at all; what fails for a part of the document is counted instead.
        """
