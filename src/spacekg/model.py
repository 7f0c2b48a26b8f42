"""model     Document, Passage, Mention, Link, Claim, Refusal: the values that pass from stage to stage."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Document:
    """A text as it was read; every offset in spacekg counts Unicode code points of `text`.

    `text` of a `.txt` or `.md` file is the whole decoded file; of HTML and PDF, the text taken out of it.
    `body` is where the text proper starts, behind a front matter.
    """

    name: str
    """File name without its ending, in letters, digits, `-` and `_`; unique within a corpus."""
    media_type: str
    text: str
    text_sha256: str
    """SHA-256 of `text` in UTF-8, in hexadecimal."""
    file_sha256: str
    """SHA-256 of the file's bytes, in hexadecimal."""
    title: str
    source: str = ""
    """Where the document says its content comes from: an IRI or a citation."""
    licence: str = ""
    date: str = ""
    """ISO 8601: a year, a month or a day."""
    language: str = "en"
    body: int = 0


class PassageKind(StrEnum):
    """What sort of line a passage stands in."""

    HEADING = "heading"
    SENTENCE = "sentence"
    ITEM = "item"
    ROW = "row"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Passage:
    """The smallest unit that can be quoted as evidence: a sentence, a heading, a list item, a table row."""

    document: Document
    start: int
    end: int
    kind: PassageKind
    headings: tuple[str, ...] = ()
    """The headings the passage stands under, outermost first; a list item's last one may be its parent item."""
    cells: tuple[tuple[int, int], ...] = ()
    """A table row's cells as offsets into the document; empty for all other kinds."""
    header: tuple[str, ...] = ()
    """A table row's column headings, where the table has them."""

    @property
    def text(self) -> str:
        """The words of the passage, exactly as they stand in the document."""
        return self.document.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of a passage that is a name of one entity or of several."""

    passage: Passage
    start: int
    end: int
    candidates: tuple[str, ...]
    """Local ids of the entities that bear this name, best first; empty for a name nobody knows."""
    kind: str = ""
    """How the name names them: label, alias, acronym, demonym, former, hidden; `defined` by the text itself."""
    risky: bool = False
    """Whether the name is also an ordinary word, so that a capital at the start of a sentence proves nothing."""

    @property
    def surface(self) -> str:
        """The name as it is written here."""
        return self.passage.document.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Link:
    """A mention and the one entity it stands for."""

    mention: Mention
    entity: str
    """Local id of the entity."""
    method: str
    """Why this entity: `unique`, `defined`, `kind`, `co-mention`, `preferred`; `new` for a coined one."""


class Polarity(StrEnum):
    """Whether the sentence affirms or denies what the claim says."""

    AFFIRMED = "affirmed"
    DENIED = "denied"


class Modality(StrEnum):
    """In which mood the sentence says it."""

    ASSERTED = "asserted"
    PLANNED = "planned"
    POSSIBLE = "possible"
    HYPOTHETICAL = "hypothetical"
    REPORTED = "reported"
    ENDED = "ended"


class Status(StrEnum):
    """What the graph makes of a claim: only an accepted one becomes a plain triple."""

    ACCEPTED = "accepted"
    UNCERTAIN = "uncertain"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class Value:
    """A literal that a claim states: a date, a number, a name.

    `datatype` is a compact IRI such as `xsd:gYear`; empty means a string in `language`.
    """

    text: str
    datatype: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Coined:
    """An entity that no table has and a sentence brings up: a collaboration, an agreement, a quantity, a new name."""

    id: str
    kind: str
    """Class, as a local name of the ontology."""
    naming: tuple[str, tuple[str, ...]]
    """Words for its label and the entities (local ids) or words that complete them."""
    facts: tuple[tuple[str, str | Value], ...] = ()
    """Properties and values that hold by definition: what a collaboration concerns, the number of a quantity."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one passage says, as subject, property and object, with its place and its mood."""

    passage: Passage
    start: int
    end: int
    """The quote: the whole sentence, item or row that says it."""
    subject: str
    """Local id of an entity."""
    predicate: str
    """Local name of a property of the ontology, or a compact IRI such as `rdf:type`."""
    object: str | Value
    """Local id of an entity or concept, or a literal."""
    rule: str
    """Id of the pattern that found it."""
    confidence: float
    polarity: Polarity = Polarity.AFFIRMED
    modality: Modality = Modality.ASSERTED
    attributed_to: str = ""
    """Whom the sentence names as its source ("according to …"); empty when it speaks for itself."""
    status: Status = Status.ACCEPTED
    reason: str = ""
    """Why the status is not `accepted`, in words."""
    coined: tuple[Coined, ...] = ()
    """The entities that the claim itself brings up."""

    @property
    def quote(self) -> str:
        """The words that say it, exactly as they stand in the document."""
        return self.passage.document.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Words in which a rule or a plug-in looked for a claim, and why nothing was claimed of them."""

    document: str
    """Name of the document."""
    start: int
    end: int
    """Where the words stand in the document's text; -1 for words that do not stand there."""
    words: str
    rule: str
    """Id of the pattern, or the name of the plug-in."""
    reason: str
