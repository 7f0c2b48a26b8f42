"""candidates extract the names that no table has, by what stands beside them → claims of their class, none a fact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from spacekg import grammar
from spacekg.candidates import doubts, shapes
from spacekg.candidates.shapes import Hit
from spacekg.lexicon import Lexicon
from spacekg.model import Claim, Coined, Mention, Passage, PassageKind, Status
from spacekg.names import Names, new_id
from spacekg.reference import Reference

TYPE = "rdf:type"
CONFIDENCE = 0.5
REASON = "no table has this name, and what it is rests on the words beside it alone"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a cue takes for a name: a claim of its class, or the reason why it is none."""

    hit: Hit
    reason: str
    """Why it is no new name; empty for one."""

    @property
    def claim(self) -> Claim:
        """That a thing of this name is of the cue's class: always `uncertain`, with an id that no known thing has."""
        passage, name = self.hit.passage, self.hit.name
        subject = new_id(name)
        return Claim(
            passage=passage,
            start=passage.start,
            end=passage.end,
            subject=subject,
            predicate=TYPE,
            object=self.hit.cue.kind,
            rule=self.hit.cue.id,
            confidence=CONFIDENCE,
            status=Status.UNCERTAIN,
            reason=REASON,
            coined=(Coined(subject, self.hit.cue.kind, (name, ())),),
        )


def find(
    passages: Iterable[Passage], mentions: Iterable[Mention], lexicon: Lexicon, known: tuple[Names, Reference]
) -> list[Claim]:
    """Find the names beside cues that `known` has not, in order; each of a passage and class once.

    `mentions` are all known names of the passages, also those that stayed open: an ambiguous name is no new one.
    Nothing but the class is claimed of a new name, and that is no fact.
    """
    new = [each.claim for each in considered(passages, mentions, lexicon, known) if not each.reason]
    return list({(claim.passage, claim.subject, claim.object): claim for claim in reversed(new)}.values())[::-1]


def considered(
    passages: Iterable[Passage], mentions: Iterable[Mention], lexicon: Lexicon, known: tuple[Names, Reference]
) -> Iterator[Candidate]:
    """Yield everything that stands where a cue wants a name and is not known, with the reason where it is none."""
    by_passage: dict[Passage, list[Mention]] = {}
    for mention in mentions:
        by_passage.setdefault(mention.passage, []).append(mention)
    for _, group in groupby(passages, key=lambda passage: passage.document.name):
        hits = [hit for passage in group if _may_name(passage) for hit in shapes.find(passage, lexicon)]
        if hits:
            judge = doubts.Judge(lexicon, known, by_passage, doubts.people(hits[0].passage.document, lexicon))
            yield from _judged(hits, judge)


def _may_name(passage: Passage) -> bool:
    """Whether a capital says something here: not in headings, nor in what nobody parses."""
    return passage.kind is not PassageKind.HEADING and not grammar.refused(passage.text)


def _judged(hits: Sequence[Hit], judge: doubts.Judge) -> Iterator[Candidate]:
    """Cut what is known from each hit and ask grammar about those that nothing else speaks against."""
    first = [(cut, judge.reason(cut)) for hit in hits if (cut := judge.cut(hit)) is not None]
    asked = list(dict.fromkeys(hit.passage for hit, reason in first if not reason))
    trees = dict(zip(asked, grammar.parse((passage.text, ()) for passage in asked), strict=True))
    for hit, reason in first:
        yield Candidate(hit, reason or doubts.by_grammar(hit, trees[hit.passage]))
