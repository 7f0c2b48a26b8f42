"""plurals   which things several stand for: «they», «the two probes», «the pair», «the satellites» of one mission."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spacekg.claims import anaphors, focus
from spacekg.claims.anaphors import PLURAL
from spacekg.claims.descriptions import class_noun
from spacekg.claims.discourse import Memory
from spacekg.claims.focus import CRAFT
from spacekg.claims.sentences import Sentence
from spacekg.claims.statements import COREFERENT
from spacekg.grammar import Word
from spacekg.model import Link

FEW = 4
"""How many things at most one word takes up."""


def several(memory: Memory, sentence: Sentence, word: Word, kinds: Sequence[str]) -> list[Link]:
    """The things of these classes named in the last passage that names any, or in two: «they», «the two probes».

    Where it is said how many they are, there must be so many.
    """
    count = anaphors.count(sentence, word)
    own = memory.lexicon.kinds_of_noun(class_noun(sentence, memory.lexicon, word))
    strange = word.text.lower() in PLURAL and any(spoken.strangers for spoken in memory.passages[-1:])
    found: dict[str, Link] = {}
    if strange or (anaphors.plural(sentence, word) and not own):  # «China joined the talks»
        return []
    for spoken in reversed(memory.passages):
        links = [link for group in spoken.groups for link in group.links if memory.is_any(link, kinds)]
        fitting = [x for x in links if (memory.entities[x.entity].kind in own if own else memory.is_any(x, CRAFT))]
        found.update({link.entity: replace(link, method=COREFERENT) for link in fitting})
        if len(found) > 1:
            break
    return list(found.values()) if len(found) == count or (not count and 1 < len(found) <= FEW) else []


def fleet(memory: Memory, sentence: Sentence, word: Word, kinds: Sequence[str]) -> list[Link]:
    """«The satellites», «they»: a mission of several craft, where no other has been spoken of lately."""
    accord = [link for link in memory.accord if memory.is_any(link, kinds) and link.mention.surface.endswith("s")]
    if word.text.lower() in PLURAL and accord:
        return [focus.pointed(link, sentence, word) for link in accord]  # «The Accords … They were signed by …»
    lately = [x for spoken in memory.passages for g in spoken.groups for x in g.links]
    about = (memory.centre or memory.topic)[:1]
    others = {x.entity for x in lately if memory.is_any(x, CRAFT)} - {link.entity for link in about}
    spoken_of = word.text.lower() in PLURAL or speaks_of_craft(memory, sentence, word)
    if others or not spoken_of or any(spoken.strangers for spoken in memory.passages[-1:]):
        return []
    return [focus.pointed(link, sentence, word) for link in about if memory.is_any(link, kinds)]


def counted(memory: Memory, sentence: Sentence, word: Word, count: int) -> Sequence[Link]:
    """«The pair», «all three»: the craft of the last passage that names any, where they are that many."""
    if sentence.tree.children(word, "prep", "amod") or word.relation in {"nummod", "det", "predet", "compound"}:
        return ()
    mission = [link for link in memory.topic if memory.is_any(link, ("SpaceMission",))]
    for spoken in reversed(memory.passages):
        craft = {x.entity: x for group in spoken.groups for x in group.links if memory.is_any(x, CRAFT)}
        if craft:
            found = list(craft.values())
            twins = len(found) == 1 and count == 2 and spoken.several
            if len(found) == count or (not count and 1 < len(found) <= FEW) or twins:
                return [focus.pointed(link, sentence, word) for link in found]
            break
    return mission if word.text.lower() in {"pair", "duo", "trio"} else ()


def speaks_of_craft(memory: Memory, sentence: Sentence, word: Word) -> bool:
    """Whether a noun is one for a craft or mission."""
    kind = memory.lexicon.class_nouns.get(class_noun(sentence, memory.lexicon, word), "")
    return any(memory.lexicon.declared.is_a(kind, craft) for craft in (*CRAFT, "Endeavour"))
