"""compounds what a hyphen joins to a name: «the Airbus-built Gaia», «a NASA-led mission», «the Mercury-bound probe»."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacekg.claims import clauses, frames
from spacekg.claims.arguments import Reading
from spacekg.claims.sentences import HYPHENED, Group
from spacekg.claims.statements import Rule, Statement, sure
from spacekg.grammar import Word
from spacekg.model import Link

SHORT = re.compile(r"\s(?:[a-z][\w-]*\s){0,3}")
"""What may stand between the participle and the name: «the Airbus-built observatory Gaia»."""
BOUND = "bound"
TARGET = Rule("h-bound", 0.85)
FLYING = ("Endeavour", "Spacecraft")
IRREGULAR = {
    "paid": "pay",
    "gave": "give",
    "sent": "send",
    "led": "lead",
    "built": "build",
    "made": "make",
    "run": "run",
    "flown": "fly",
}


def apply(reading: Reading) -> Iterator[Statement]:
    """Yield what a verb's patterns say of its participle that a hyphen joins to the name of who does it."""
    text, passage = reading.sentence.passage.document.text, reading.sentence.passage
    for group in reading.sentence.groups:
        match = HYPHENED.match(text, group.end, passage.end)
        word = reading.word_at(group.start - passage.start) if match else None
        if match and word is not None:
            things = _qualified(reading, word)
            yield from _bound(reading, group, things, word) if match["word"] == BOUND else ()
            yield from _done(reading, group, things, (lemma(reading, match["word"]), word))


def lemma(reading: Reading, participle: str) -> str:
    """The lemma of a participle or past form, as the patterns have it."""
    regular = (participle, *(participle.removesuffix(ending) for ending in ("ed", "d", "s", "es")))
    return IRREGULAR.get(participle) or next((form for form in regular if ("verb", form) in reading.lexicon.frames), "")


def _bound(reading: Reading, group: Group, things: list[Link], word: Word) -> Iterator[Statement]:
    for body in reading.fitting(group.links, ("CelestialBody",)):
        for thing in reading.fitting(things, FLYING):
            yield Statement(
                thing.entity, "target", body.entity, TARGET.id, sure(TARGET.confidence, [thing, body]), word
            )


def _done(reading: Reading, group: Group, things: list[Link], verb: tuple[str, Word]) -> Iterator[Statement]:
    said, word = verb
    for frame in reading.lexicon.frames.get(("verb", said), ()):
        if "patient" in frame.subject and "agent" in frame.object:
            agents = [x for x in reading.fitting(group.links, frame.object_class) if x.entity not in frame.excluded]
            for thing in reading.fitting(things, frame.subject_class) if agents else ():
                for agent in agents:
                    confidence = sure(frame.confidence, [thing, agent])
                    name = frames.of_craft(reading, frame.property, thing)
                    yield Statement(thing.entity, name, agent.entity, frame.id, confidence, word)


def _qualified(reading: Reading, word: Word) -> list[Link]:
    """What the participle tells of: the name behind it, or what its noun stands for, «Gaia is an ESA-led mission»."""
    text, start = reading.sentence.passage.document.text, reading.sentence.passage.start + word.end
    behind = [g for g in reading.sentence.groups if g.start > start and SHORT.fullmatch(text, start, g.start)]
    tree = reading.sentence.tree
    above = tree.governor(word)
    if behind or above is None or not above.tag.startswith("NN"):
        return list(behind[0].links) if behind else []
    return reading.named(above) or [link for noun in clauses.host(tree, above) for link in reading.named(noun)]
