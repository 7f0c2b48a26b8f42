"""aims      what a craft is for, where a clause names the goal beside it and no pattern joins the two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spacekg.claims import clauses, frames
from spacekg.claims.arguments import Reading
from spacekg.claims.statements import Rule, Statement, sure
from spacekg.grammar import Word
from spacekg.model import Link, Modality, PassageKind

PURSUES = "pursues"
RULE = Rule("i-goal", 0.55)
"""Right about every second time, so never a fact by itself."""
THINGS = ("SpaceMission", "SpaceProgramme", "Spacecraft", "Instrument")
TOLERATED = frozenset({Modality.PLANNED, Modality.POSSIBLE})
"""What a craft is to study is what it is for, also before it flies."""


def apply(reading: Reading, said: Iterable[Statement]) -> Iterator[Statement]:
    """Yield the goals of what the clause is about, where a word above them tells of aims or study.

    Such words are those of the patterns that state `pursues`. What one of them says of a goal is left to it.
    """
    if reading.sentence.passage.kind in {PassageKind.QUESTION, PassageKind.HEADING, PassageKind.ROW}:
        return
    taken = {statement.object for statement in said}
    for word in reading.sentence.tree.words:
        concept = reading.sentence.concept_by_word.get(word.index, "")
        if (
            concept not in taken
            and reading.lexicon.concept_kinds.get(concept) == "Goal"
            and not _in_name(reading, word)
        ):
            trigger = next((w for w in (word, *reading.sentence.tree.ancestors(word)) if _aims(reading, w)), None)
            for link in _things(reading, word) if trigger is not None else ():
                confidence = sure(RULE.confidence, [link])
                yield Statement(link.entity, PURSUES, concept, RULE.id, confidence, trigger, TOLERATED)


def _in_name(reading: Reading, word: Word) -> bool:
    """Whether a word is part of a longer name: the «Disaster Monitoring Constellation» is no aim."""
    above = reading.sentence.tree.governor(word)
    return above is not None and {word.tag, above.tag} <= {"NNP", "NNPS"} and word.relation in clauses.MODIFIERS


def _aims(reading: Reading, word: Word) -> bool:
    return any(frame.property == PURSUES for frame in reading.lexicon.frames.get((frames.part(word), word.lemma), ()))


def _things(reading: Reading, word: Word) -> list[Link]:
    """What the clause names, else the one thing of the sentence, else what is pointed to, else the section's topic."""
    clause = clauses.clause(reading.sentence.tree, word)
    named = reading.fitting([x for group in reading.sentence.groups_of(clause) for x in group.links], THINGS)
    everywhere = reading.fitting(reading.sentence.links, THINGS)
    if named or everywhere:
        return named or (everywhere if len(everywhere) == 1 else [])
    return reading.pointed(clause, THINGS) or reading.about(THINGS)
