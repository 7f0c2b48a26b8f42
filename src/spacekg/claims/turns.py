"""turns     where a text turns to something else, and «the former» and «the latter» of two things just named."""

from __future__ import annotations

from collections.abc import Sequence

from spacekg.claims import discourse
from spacekg.claims.anaphors import OBJECTS, ORDER, SUBJECTS
from spacekg.claims.discourse import Memory
from spacekg.claims.sentences import Sentence
from spacekg.grammar import Word
from spacekg.model import Link

THINGS = ("Endeavour", "SpaceAsset")


def away(memory: Memory) -> bool:
    """Whether the passage before is about something without a known name, or about several things: «it» is neither."""
    last = memory.passages[-1:]
    groups = [group for spoken in last for group in spoken.core[:1]]
    several = any(sum(memory.is_any(link, THINGS) for link in group.links) > 1 for group in groups)
    return several or any(spoken.stranger or spoken.unknown for spoken in last)


def in_order(memory: Memory, sentence: Sentence, word: Word) -> Sequence[Link]:
    """«The former», «the latter»: of the two agents or things named before it, here or in the last passage."""
    if word.relation not in {*SUBJECTS, *OBJECTS}:
        return ()
    start = sentence.passage.start + word.start
    here = [link for link in sentence.links if link.mention.end <= start]
    last = [link for spoken in memory.passages[-1:] for group in spoken.groups for link in group.links]
    for links in (here, sorted(last, key=lambda link: link.mention.start)):
        for kinds in (("Agent",), THINGS):
            alike = {link.entity: link for link in links if memory.is_any(link, kinds)}
            if len(alike) == 2:
                return [discourse.pointed(list(alike.values())[ORDER[word.text.lower()]], sentence, word)]
    return ()
