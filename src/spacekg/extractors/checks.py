"""checks    what a plug-in stated → a claim, or the reason why it is refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from spacekg.claims.statements import DOUBTFUL_BELOW
from spacekg.declared import OWL, RDF, Declared, Property
from spacekg.extractors.protocol import Stated
from spacekg.extractors.standing import Standing
from spacekg.model import Claim, Coined, Document, Link, Modality, Passage, Polarity, Status, Value
from spacekg.names import fold, new_id
from spacekg.reference import Reference

OF_THE_GRAPH = frozenset({"Claim", "Document", "Participation", "QuantitativeClaim"})
"""Classes of the nodes that spacekg makes itself: no text names one, so no plug-in can say anything of one."""
NEW_NAME = "no table has a name in it"
"""Why a claim about a new name is no fact: nobody checked that there is such a thing."""
LONGEST_NAME = 80
LITERALS = {
    "xsd:gYear": re.compile(r"\d{4}"),
    "xsd:gYearMonth": re.compile(r"\d{4}-(0[1-9]|1[0-2])"),
    "xsd:date": re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"),
    "xsd:decimal": re.compile(r"[+-]?\d+(\.\d+)?"),
    "xsd:integer": re.compile(r"[+-]?\d+"),
    "xsd:string": re.compile(r".{1,200}"),
}
"""The datatypes that a plug-in may use, with what their literals look like."""


class Refused(Exception):  # it is no error: the reason is counted and the reading goes on
    """A stated claim that is not taken; the message is the reason, the same words for all of its kind."""


@dataclass(frozen=True)
class Desk:
    """What claims about one document are checked against."""

    document: Document
    passages: Sequence[Passage]
    links: Sequence[Link]
    reference: Reference
    declared: Declared
    standing: Standing

    def claim(self, stated: Stated, rule: str) -> Claim:
        """Make a claim of what a plug-in stated.

        Raises:
            Refused: the quote does not stand there, the property is unknown, or an end is not what it may be.
        """
        passage = self._passage(stated)
        term = self.declared.properties.get(stated.predicate)
        if term is None or not can_be_stated(term):
            raise Refused("no property of the ontology")
        subject, new_subject = self._end(stated.subject, term.domain, stated)
        value, new_object = self._object(stated, term.range)
        if subject == value:
            raise Refused("says something of a thing and itself")
        polarity, modality = self._mood(stated)
        if not 0.0 <= stated.confidence <= 1.0:
            raise Refused("no probability")
        coined = (*new_subject, *new_object)
        status, reason = _status(polarity, modality, stated.confidence)
        if status is Status.ACCEPTED and (coined or self.standing.doubt):
            status, reason = Status.UNCERTAIN, NEW_NAME if coined else self.standing.doubt
        return Claim(
            passage=passage,
            start=stated.start,
            end=stated.end,
            subject=subject,
            predicate=stated.predicate,
            object=value,
            rule=rule,
            confidence=self.standing.confidence(stated.confidence),
            polarity=polarity,
            modality=modality,
            attributed_to=stated.attributed_to[:LONGEST_NAME],
            status=status,
            reason=reason,
            coined=coined,
        )

    def _passage(self, stated: Stated) -> Passage:
        start, end, text = stated.start, stated.end, self.document.text
        if not (0 <= start < end <= len(text) and text[start:end] == stated.quote):
            raise Refused("the quote does not stand in the document")
        for passage in self.passages:
            if passage.start <= start and end <= passage.end:
                return passage
        raise Refused("the quote is not within one sentence, item or row")

    def _object(self, stated: Stated, wanted: str) -> tuple[str | Value, tuple[Coined, ...]]:
        literal = self._takes_literals(stated.predicate)
        if literal != bool(stated.datatype):
            raise Refused("a literal where the property wants a thing, or a thing where it wants a literal")
        if not literal:
            return self._end(stated.object, wanted, stated)
        pattern = LITERALS.get(stated.datatype)
        if pattern is None or not pattern.fullmatch(stated.object):
            raise Refused("no literal of its datatype")
        if stated.object[:4].lstrip("+-") not in stated.quote:
            raise Refused("an end is not named in the quote")
        return Value(stated.object, stated.datatype), ()

    def _takes_literals(self, name: str) -> bool:
        kind = (NamedNode(self.declared.iri(name)), NamedNode(f"{RDF}type"), NamedNode(f"{OWL}DatatypeProperty"))
        return any((quad.subject, quad.predicate, quad.object) == kind for quad in self.declared.ontology)

    def _end(self, text: str, wanted: str, stated: Stated) -> tuple[str, tuple[Coined, ...]]:
        """The entity or concept that a text means, by id or name; one that no table has becomes a candidate."""
        if text in self.declared.concepts:
            self._fits(self.declared.concepts[text].kind, wanted)
            return text, ()
        known = self._known(text)
        if known:
            self._fits(self.reference.entities[known].kind, wanted)
            return known, ()
        return self._candidate(text, wanted, stated)

    def _known(self, text: str) -> str:
        """An entity that the document names, by its id or by the name that the document has for it."""
        named = {link.entity for link in self.links}
        if text in self.reference.entities:
            if text not in named:
                raise Refused("an end is not named in the document")
            return text
        return next((link.entity for link in self.links if fold(link.mention.surface) == fold(text)), "")

    def _candidate(self, text: str, wanted: str, stated: Stated) -> tuple[str, tuple[Coined, ...]]:
        name = text.strip()
        new = new_id(name)
        if not new or len(name) > LONGEST_NAME or not name[:1].isupper() or name not in stated.quote:
            raise Refused("an end is not named in the quote")
        if not self.declared.has_class(wanted):
            raise Refused("a new name where the property does not say what it may be")
        return new, (Coined(new, wanted, (name, ())),)

    def _fits(self, kind: str, wanted: str) -> None:
        if wanted and self.declared.has_class(wanted) and not self.declared.is_a(kind, wanted):
            raise Refused("an end is outside the property's domain or range")

    def _mood(self, stated: Stated) -> tuple[Polarity, Modality]:
        try:
            return Polarity(stated.polarity), Modality(stated.modality)
        except ValueError:
            raise Refused("no polarity or modality that there is") from None


def can_be_stated(term: Property) -> bool:
    """Whether a text can say something with a property: it is of the ontology, and not of what spacekg notes down."""
    return ":" not in term.name and OF_THE_GRAPH.isdisjoint({term.domain, term.range})


def _status(polarity: Polarity, modality: Modality, confidence: float) -> tuple[Status, str]:
    if polarity is Polarity.DENIED:
        return Status.UNCERTAIN, "the text denies it"
    if modality is not Modality.ASSERTED:
        return Status.UNCERTAIN, f"the text does not assert it: {modality}"
    if confidence < DOUBTFUL_BELOW:
        return Status.UNCERTAIN, f"confidence {confidence:.2f} is under {DOUBTFUL_BELOW}"
    return Status.ACCEPTED, ""
