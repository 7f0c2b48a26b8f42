"""explanation explain   a document, passage by passage: what was found in it, by which rule, and what was refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from spacekg import candidates, disputes, grammar, links
from spacekg.corpus import extraction
from spacekg.corpus.extraction import Extraction, Tools
from spacekg.model import Claim, Coined, Document, Link, Modality, Passage, Polarity, Status, Value

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a passage and whom it stands for; `start` and `end` count in the passage."""

    start: int
    end: int
    surface: str
    entity: str
    label: str
    kind: str
    """The class of the entity."""
    method: str
    """Why this entity: see `model.Link`."""


@dataclass(frozen=True, slots=True)
class Refused:
    """What was found and not used: a name, a pattern's word, a whole passage; and why."""

    what: str
    surface: str
    reason: str


@dataclass(frozen=True, slots=True)
class Stated:
    """A claim with its ends in words."""

    subject: str
    predicate: str
    object: str
    claim: Claim

    @property
    def mood(self) -> str:
        """How it is said: `asserted`, `denied`, or for instance `denied, reported by nasa`."""
        claim = self.claim
        denied = ["denied"] if claim.polarity is Polarity.DENIED else []
        plain = claim.modality is Modality.ASSERTED
        by = f" by {claim.attributed_to}" if claim.attributed_to else ""
        return ", ".join([*denied, *([] if denied and plain else [f"{claim.modality}{by}"])])


@dataclass(frozen=True, slots=True)
class Explained:
    """A passage and everything that was made of it."""

    passage: Passage
    names: tuple[Named, ...]
    claims: tuple[Stated, ...]
    refused: tuple[Refused, ...]

    @property
    def pieces(self) -> list[tuple[str, Named | None]]:
        """The words of the passage cut at its names: each piece with the name that it is, if it is one."""
        text, cut, position = self.passage.text, [], 0
        for named in self.names:
            cut += [(text[position : named.start], None), (text[named.start : named.end], named)]
            position = named.end
        return [(words, named) for words, named in [*cut, (text[position:], None)] if words]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A document and what was made of each of its passages, in order."""

    document: Document
    passages: tuple[Explained, ...]

    def counts(self) -> dict[str, int]:
        """How many passages, names, refusals and claims of each status there are."""
        statuses = [stated.claim.status for each in self.passages for stated in each.claims]
        return {
            "passages": len(self.passages),
            "names": sum(len(each.names) for each in self.passages),
            **{str(status): statuses.count(status) for status in Status},
            "refused": sum(len(each.refused) for each in self.passages),
        }


def explain(document: Document, tools: Tools) -> Explanation:
    """Read one document as a build of it alone would, and tell what was made of each passage."""
    read = extraction.extract([document], tools)[0]
    judged = disputes.judge(read.claims, tools.reference, tools.lexicon.declared)
    names = _by_passage((link.mention.passage, _named(link, tools)) for link in read.links)
    stated = _by_passage((claim.passage, _stated(claim, tools)) for claim in judged)
    refused = _by_passage(_refused(read, tools))
    return Explanation(
        document,
        tuple(
            Explained(
                passage,
                tuple(names.get(passage.start, ())),
                tuple(stated.get(passage.start, ())),
                tuple(refused.get(passage.start, ())),
            )
            for passage in read.passages
        ),
    )


def _by_passage(found: Iterable[tuple[Passage, T]]) -> dict[int, list[T]]:
    """What belongs to each passage, by its start."""
    gathered: dict[int, list[T]] = {}
    for passage, each in found:
        gathered.setdefault(passage.start, []).append(each)
    return gathered


def _named(link: Link, tools: Tools) -> Named:
    mention, entity = link.mention, tools.reference.entities[link.entity]
    start, end = mention.start - mention.passage.start, mention.end - mention.passage.start
    return Named(start, end, mention.surface, entity.id, entity.label, entity.kind, link.method)


def _stated(claim: Claim, tools: Tools) -> Stated:
    ends = (claim.subject, claim.object)
    subject, value = (end.text if isinstance(end, Value) else _label(end, claim.coined, tools) for end in ends)
    return Stated(subject, claim.predicate, value, claim)


def _label(name: str, coined: Iterable[Coined], tools: Tools) -> str:
    """What an entity, a concept or a coined node is called; a class is called by its name."""
    entities, concepts = tools.reference.entities, tools.lexicon.declared.concepts
    if name in entities:
        return entities[name].label
    if name in concepts:
        return concepts[name].labels[0]
    node = next((node for node in coined if node.id == name), None)
    return name if node is None else f"{node.naming[0]} {_listed(node.naming[1], tools)}".strip()


def _listed(names: Sequence[str], tools: Tools) -> str:
    return ", ".join(_label(name, (), tools) for name in names)


def _refused(read: Extraction, tools: Tools) -> Iterator[tuple[Passage, Refused]]:
    for mention in read.open:
        yield mention.passage, Refused("name", mention.surface, links.reason_open(mention, tools.reference))
    known = (tools.index, tools.reference)
    for candidate in candidates.considered(read.passages, read.mentions, tools.lexicon, known):
        if candidate.reason:
            yield candidate.hit.passage, Refused(candidate.hit.cue.id, candidate.hit.name, candidate.reason)
    for passage in read.passages:
        if reason := grammar.refused(passage.text):
            yield passage, Refused("passage", "", f"not parsed, so nothing is claimed of it: {reason}")
    for each in read.refused:
        passage = next(passage for passage in read.passages if passage.start <= each.start and each.end <= passage.end)
        yield passage, Refused(each.rule, each.words, each.reason)
