"""turns     where a text turns to something else, and «the former» and «the latter» of two things just named."""

from __future__ import annotations

from collections.abc import Sequence

from spacekg.claims import focus
from spacekg.claims.acting import OTHERS
from spacekg.claims.anaphors import NUMBERED, OBJECTS, ORDER, SUBJECTS
from spacekg.claims.arguments import Reading
from spacekg.claims.discourse import Memory
from spacekg.claims.sentences import Sentence
from spacekg.grammar import Word
from spacekg.lexicon import singular
from spacekg.model import Link

AGREEMENT = "Agreement"
THINGS = ("Endeavour", "SpaceAsset")


def away(memory: Memory) -> bool:
    """Whether the passage before is about something without a known name, or about several things: «it» is neither."""
    last = memory.passages[-1:]
    groups = [group for spoken in last for group in spoken.core[:1]]
    several = any(sum(memory.is_any(link, THINGS) for link in group.links) > 1 for group in groups)
    return several or any(spoken.stranger or spoken.unknown for spoken in last)


def to_rival(memory: Memory) -> bool:
    """Whether the passage before is about a rival, successor or the like without a name: «the telescope» is that."""
    return any(spoken.stranger in OTHERS for spoken in memory.passages[-1:])


def to_others(reading: Reading) -> bool:
    """Whether a sentence is about an agreement, or about two things by «both» alone: not about its section's topic."""
    tree, nouns = reading.sentence.tree, reading.lexicon.class_nouns
    agreed = any(
        word.relation in {"dobj", "nsubjpass"} and nouns.get(singular(word.text.lower())) == AGREEMENT
        for word in tree.words
    )
    both = (word for word in tree.words if word.text.lower() == "both" and word.relation in OBJECTS)
    return agreed or any(len(reading.referents(word)) != 1 for word in both)


def in_order(memory: Memory, sentence: Sentence, word: Word) -> Sequence[Link]:
    """«The former», «the latter»: of the two agents or things named before it, here or in the last passage.

    «The first» and «the second» without a noun are of two things alone.
    """
    numbered = word.text.lower() in NUMBERED
    told = numbered and bool(sentence.tree.children(word, "prep", "relcl") or not sentence.tree.children(word, "det"))
    if word.relation not in {*SUBJECTS, *OBJECTS} or told:
        return ()
    start = sentence.passage.start + word.start
    here = [link for link in sentence.links if link.mention.end <= start]
    last = [link for spoken in memory.passages[-1:] for group in spoken.groups for link in group.links]
    for links in (here, sorted(last, key=lambda link: link.mention.start)):
        for kinds in (THINGS,) if numbered else (("Agent",), THINGS):
            alike = {link.entity: link for link in links if memory.is_any(link, kinds)}
            if len(alike) == 2:
                return [focus.pointed(list(alike.values())[ORDER[word.text.lower()]], sentence, word)]
    return ()
