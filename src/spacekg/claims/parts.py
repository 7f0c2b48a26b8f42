"""parts     what belongs to what is spoken of, where only its article says so: «Rosetta … The lander, Philae, …»."""

from __future__ import annotations

from collections.abc import Iterator

from spacekg.claims.anaphors import PARTING
from spacekg.claims.arguments import Reading
from spacekg.claims.statements import Rule, Statement, sure
from spacekg.grammar import Word
from spacekg.lexicon import singular
from spacekg.model import Link, PassageKind

WHOLES = {
    "Lander": ("SpaceMission", "SpaceProbe"),
    "Rover": ("SpaceMission", "SpaceProbe", "Lander"),
    "StationModule": ("SpaceStation",),
}
"""Class of a part → of what it may be one."""
PART = Rule("b-part", 0.75)


def apply(reading: Reading) -> Iterator[Statement]:
    """Yield that a part named behind its noun and article belongs to the mission or station that the text is about."""
    if reading.sentence.passage.kind not in {PassageKind.SENTENCE, PassageKind.ITEM} or not reading.may_name(WHOLES):
        return
    for word in reading.sentence.tree.words:
        kind = reading.lexicon.class_nouns.get(singular(word.text.lower()), "")
        if kind in WHOLES and _is_the_one(reading, word):
            parts = reading.fitting(_behind_comma(reading, word), (kind,))
            others = [link for link in reading.sentence.links if link not in parts]
            wholes = reading.about(WHOLES[kind]) if parts and not reading.fitting(others, WHOLES[kind]) else []
            for part in parts if len(wholes) == 1 and wholes[0].entity != parts[0].entity else ():
                yield Statement(part.entity, "partOf", wholes[0].entity, PART.id, sure(PART.confidence, wholes), word)


def _is_the_one(reading: Reading, noun: Word) -> bool:
    tree = reading.sentence.tree
    article = any(child.text.lower() == "the" for child in tree.children(noun, "det"))
    parted = any(child.text.lower() in PARTING - {"first", "second", "third"} for child in tree.children(noun, "amod"))
    return article and not parted and noun.index not in reading.sentence.by_word


def _behind_comma(reading: Reading, noun: Word) -> list[Link]:
    """The names in apposition to a noun, which a comma parts from it."""
    words = reading.sentence.tree.words
    comma = words[noun.index + 1].text == "," if noun.index + 1 < len(words) else False
    beside = reading.sentence.tree.children(noun, "appos") if comma else []
    return [link for group in reading.sentence.groups_of(beside) for link in group.links]
