"""owners    whose «its» is where a state acts or a craft has parts: «China destroys its satellite», «its lander»."""

from __future__ import annotations

from collections.abc import Sequence

from spacekg.claims import anaphors
from spacekg.claims.descriptions import class_noun
from spacekg.claims.discourse import Memory
from spacekg.claims.focus import CRAFT
from spacekg.claims.sentences import Sentence
from spacekg.grammar import Word
from spacekg.model import Link

ITS = "its"
STATES = ("GeopoliticalEntity",)


def acting_state(sentence: Sentence, word: Word, memory: Memory) -> list[Link]:
    """The one state that is the subject of the verb over «its»: «China destroys its satellite»."""
    verb = anaphors.verb_over(sentence, word) if word.text.lower() == ITS else None
    subjects = sentence.tree.children(verb, *anaphors.SUBJECTS) if verb is not None else []
    before = sentence.groups_of(subject for subject in subjects if subject.index < word.index)
    own = [link for group in before for link in group.links]
    return own if len(own) == 1 and memory.is_any(own[0], STATES) else []


def of_craft(sentence: Sentence, word: Word, memory: Memory) -> bool:
    """Whether «its lander» is that of the craft spoken of, and not of an agency in the sentence before."""
    noun, offset = sentence.tree.words[word.head], sentence.passage.start + word.start
    kind = memory.lexicon.class_nouns.get(class_noun(sentence, memory.lexicon, noun), "")
    craft = any(memory.lexicon.declared.is_a(kind, wide) for wide in CRAFT)
    here = [link for group in sentence.groups if group.end < offset for link in group.links]
    return word.text.lower() == ITS and craft and not any(memory.is_any(link, ("Agent",)) for link in here)


def goes_on_about_state(last: Sequence[Link], memory: Memory) -> bool:
    """Whether «it» is no body named last, since the sentence before tells of a state alone: «China joined. It left»."""
    core = [link for spoken in memory.passages[-1:] for group in spoken.core for link in group.links]
    bodies = all(memory.is_any(link, ("Organization",)) for link in last)
    return bodies and bool(core) and all(memory.is_any(link, STATES) for link in core)
