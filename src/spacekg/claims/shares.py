"""shares    whose the parts are that only a number and an adjective name: «two telescopes, one Russian, one German»."""

from __future__ import annotations

from collections.abc import Iterator

from spacekg.claims import carried, clauses, whose
from spacekg.claims.arguments import Reading
from spacekg.claims.focus import CRAFT
from spacekg.claims.statements import Statement
from spacekg.grammar import Word
from spacekg.model import Link


def apply(reading: Reading) -> Iterator[Statement]:
    """Yield that a state takes part in the craft that has such parts on board, or that its verb is said of."""
    tree = reading.sentence.tree
    for index, group in reading.sentence.by_word.items():
        word = tree.words[index]
        if tree.children(word, "nummod") and all(link.mention.kind == whose.DEMONYM for link in group.links):
            noun = _parted(reading, word)
            things = _carriers(reading, noun) if noun is not None else []
            yield from whose.said(things, list(group.links), whose.PART, word)


def _parted(reading: Reading, word: Word) -> Word | None:
    """The plural of which a number and an adjective name one."""
    tree, step = reading.sentence.tree, word
    while step.relation == "conj":
        step = tree.words[step.head]
    above = tree.governor(step)
    plural = above is not None and above.tag == "NNS" and above.index not in reading.sentence.by_word
    return above if plural and step.relation == "appos" else None


def _carriers(reading: Reading, noun: Word) -> list[Link]:
    verb = reading.sentence.tree.governor(noun)
    if verb is None or noun.relation != "dobj" or verb.lemma not in carried.CARRYING:
        return []
    subjects = clauses.subject(reading.sentence.tree, verb)
    named = reading.fitting([link for step in subjects for link in reading.links(step, "self")], CRAFT)
    return named or reading.pointed(subjects, CRAFT)
