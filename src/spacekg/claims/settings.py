"""settings  benefits, challenges, remedies and goals: concepts, read by the word or heading they stand under."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from spacekg.claims.arguments import Reading
from spacekg.claims.kinds import WORDS
from spacekg.claims.statements import Rule, Statement
from spacekg.lexicon import Lexicon, singular
from spacekg.model import Modality

KINDS = {"yields": "Benefit", "faces": "Challenge", "mitigatedBy": "Mitigation", "pursues": "Goal"}
GENERIC = "international-space-collaboration"
UNDER_HEADING = Rule("s-under-heading", 0.75)
IN_SENTENCE = Rule("s-in-sentence", 0.65)
TOLERATED = frozenset({Modality.PLANNED, Modality.POSSIBLE})
"""«Can bring» and «will bring» name a benefit as well as «brings»."""


def apply(reading: Reading) -> Iterator[Statement]:
    """Yield the benefits, challenges, remedies and goals that the text gives to collaboration in space."""
    lexicon, passage = reading.lexicon, reading.sentence.passage
    here = _properties(passage.text, lexicon)
    above = [name for heading in passage.headings for name in _properties(heading, lexicon)]
    for start, concept in _concepts(reading):
        for name in dict.fromkeys([*here, *above]):
            # A goal needs its heading: «the goal» in a sentence is as a rule the goal of something named there.
            if KINDS[name] == lexicon.concept_kinds[concept] and (name != "pursues" or name in above):
                rule = UNDER_HEADING if name in above else IN_SENTENCE
                for subject in _subjects(reading, name):
                    trigger = reading.word_at(start - passage.start)
                    yield Statement(subject, name, concept, rule.id, rule.confidence, trigger, TOLERATED)


def _concepts(reading: Reading) -> Iterator[tuple[int, str]]:
    """The concepts of the sentence with those that stand for the same thing seen from another side."""
    for start, _, concept in reading.sentence.concepts:
        for name in (concept, *reading.lexicon.related.get(concept, ())):
            yield start, name


def _subjects(reading: Reading, name: str) -> list[str]:
    if name != "mitigatedBy":
        return [GENERIC]
    concept_kinds = reading.lexicon.concept_kinds
    found = [concept for _, _, concept in reading.sentence.concepts]
    return list(dict.fromkeys(concept for concept in found if concept_kinds[concept] == "Challenge"))


def _properties(text: str, lexicon: Lexicon) -> list[str]:
    return [lexicon.settings[word] for word in _forms(text) if word in lexicon.settings]


@lru_cache(maxsize=4096)
def _forms(text: str) -> tuple[str, ...]:
    """Each word of a sentence, or of a heading over many, in small letters: its singular, and as it is written."""
    words = (word.lower() for word in WORDS.findall(text))
    return tuple(form for word in words for form in dict.fromkeys((singular(word), word)))
