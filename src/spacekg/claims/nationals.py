"""nationals «the Japanese probe», «the European rocket»: the one thing of a noun's class that is of that state.

Whose a thing is, the text has said before, or the reference does in the words that describe it. Where neither does, it
is the only craft that was named, unless the reference describes that as another's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacekg.claims import focus, turns
from spacekg.claims.descriptions import class_noun
from spacekg.claims.discourse import Memory
from spacekg.claims.focus import CRAFT
from spacekg.claims.sentences import Sentence
from spacekg.grammar import Word
from spacekg.model import Link

CLASSES = (CRAFT, ("LaunchVehicle",), ("SpaceStation",), ("StationModule",), ("Instrument",))
"""What such nouns speak of; the tables call many a craft a mission, and the other way round."""
WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")
OWNERS = ("GeopoliticalEntity", "SpaceAgency")
STEM = 4
"""How many letters a state shares with its adjective: Japan, Japanese."""


def meant(sentence: Sentence, word: Word, memory: Memory) -> Sequence[Link]:
    """The thing that a noun with the adjective of a state stands for; none where it may be several."""
    near = sentence.tree.children(word, "amod", "compound", "nmod")
    states = [link for group in sentence.groups_of(near) for link in group.links]
    if word.tag != "NN" or not states or not all(memory.is_any(x, OWNERS) for x in states) or turns.to_rival(memory):
        return ()
    things = _of_class(sentence, word, memory)
    own = [thing for thing in things if all(_is_of(thing, state, memory) for state in states)]
    free = [thing for thing in things if not _of_others(thing, states, memory)]
    # The tables do not describe rockets: «the American rocket» need not be the only one that was named.
    alone = len(things) == 1 and memory.is_any(things[0], CRAFT)
    found = own if own else free if alone else []
    return [focus.pointed(found[0], sentence, word)] if len(found) == 1 else ()


def _of_class(sentence: Sentence, word: Word, memory: Memory) -> list[Link]:
    kind = memory.lexicon.class_nouns.get(class_noun(sentence, memory.lexicon, word), "")
    is_a = memory.lexicon.declared.is_a
    wide = next((names for names in CLASSES if kind and any(is_a(kind, name) for name in names)), ())
    return [link for link in memory.named.values() if wide and memory.is_any(link, wide)]


def _is_of(thing: Link, state: Link, memory: Memory) -> bool:
    """Whether the text called it by the state, or its description names the state or its agency."""
    text = memory.entities[thing.entity].description
    said = state.entity in memory.owners.get(thing.entity, ())
    body = memory.entities[state.entity].label in text
    return said or body or state.mention.surface in set(WORD.findall(text)) or _names_agency(text, state.entity, memory)


def _of_others(thing: Link, states: Sequence[Link], memory: Memory) -> bool:
    """Whether the text or the description tells that it is another state's."""
    own = {state.entity for state in states}
    own |= {name for name, agencies in memory.lexicon.agencies.items() if not own.isdisjoint(agencies)}
    text, said = memory.entities[thing.entity].description, memory.owners.get(thing.entity, set())
    others = [state for state in memory.lexicon.agencies if state not in own]
    stems = {word[:STEM].lower() for word in WORD.findall(text) if word[:1].isupper() and len(word) > STEM}
    named = any(state[:STEM] in stems or _names_agency(text, state, memory) for state in others)
    return (bool(said) and own.isdisjoint(said)) or named


def _names_agency(text: str, state: str, memory: Memory) -> bool:
    """Whether a description names an agency of the state, in full or by its short name."""
    agencies = [agency for agency in memory.lexicon.agencies.get(state, ()) if agency in memory.entities]
    short = {agency.upper() for agency in agencies if "-" not in agency}
    return not short.isdisjoint(WORD.findall(text)) or any(memory.entities[a].label in text for a in agencies)
