"""parallels what is said again of others by a clause without its verb: «A built X and B Y», «so did B»."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from spacekg.claims import clauses, gaps
from spacekg.claims.arguments import Reading
from spacekg.claims.gaps import Clause
from spacekg.claims.sentences import BRANCHES, Group, words_within
from spacekg.claims.statements import Statement
from spacekg.grammar import Word
from spacekg.model import Link, Value

STANDING_IN = {"do", "have", "be"}
"""Verbs that may stand for one said before."""
DENYING = {"not", "n't", "nor", "neither", "never", "no", "than", "if"}
ARGUMENTS = ("dobj", "attr", "acomp", "xcomp", "oprd", "auxpass", "expl")
BEHIND = ("prep", "dobj", "dative", "agent")
VEHICLE = "LaunchVehicle"
GAP, ECHO = "g-gapped", "g-echo"
FACTOR = 0.9
"""A clause whose verb must be supplied is read wrongly more often than one that has it."""


def apply(reading: Reading, said: Iterable[Statement]) -> Iterator[Statement]:
    """Yield what is said of the names of a clause without a verb of its own, by what the clause before it states."""
    by_verb: dict[Word, list[Statement]] = {}
    for statement in said:
        verb = _verb(reading, statement.trigger) if not statement.coined else None
        if verb is not None:
            by_verb.setdefault(verb, []).append(statement)
    if not by_verb:
        return
    for gap in gaps.find(reading.sentence, lambda link: _branch(reading, link)):
        yield from _again(reading, by_verb.get(gap.verb, ()), gap.told, gap.clause, (GAP, gap.verb))
    for echo in (word for word in reading.sentence.tree.words if _stands_in(reading, word)):
        before = [verb for verb in by_verb if verb.index < echo.index]
        verb = max(before, key=lambda verb: verb.index, default=echo)
        told, clause = _clause(reading, verb), _clause(reading, echo)
        if verb != echo and told and clause and gaps.alike(told.first, clause.first, lambda x: _branch(reading, x)):
            yield from _again(reading, by_verb[verb], told, clause, (ECHO, echo))


def _verb(reading: Reading, trigger: Word | None) -> Word | None:
    """The verb that states something, or over the noun that does: «paid half of the cost»."""
    steps = (trigger, *reading.sentence.tree.ancestors(trigger)) if trigger is not None else ()
    return next((step for step in steps if step.tag.startswith("VB")), None)


def _branch(reading: Reading, link: Link) -> str:
    kinds = reading.lexicon.declared.upward(reading.kind(link))
    return next((branch for branch in (VEHICLE, *BRANCHES) if branch in kinds), "")


def _stands_in(reading: Reading, word: Word) -> bool:
    """Whether a verb only stands for one said before: «NASA did», «as have A and B»; not where it denies that."""
    tree = reading.sentence.tree
    if word.lemma not in STANDING_IN or not word.tag.startswith("VB") or word.relation in {"aux", "auxpass"}:
        return False
    near = tree.children(word)
    denied = any(child.text.lower() in DENYING for child in near) or tree.words[word.index - 1].text.lower() in DENYING
    return bool(tree.children(word, "nsubj", "nsubjpass")) and not denied and not tree.children(word, *ARGUMENTS)


def _clause(reading: Reading, verb: Word) -> Clause | None:
    """The ends of a clause by its grammar."""
    tree = reading.sentence.tree
    subjects = reading.sentence.groups_of(clauses.subject(tree, verb))
    behind = [child for child in tree.children(verb, *BEHIND) if child.index > verb.index]
    below = [word for child in behind for word in words_within(tree, child)]
    others = tuple(group for group in reading.sentence.groups_of(below) if group not in subjects)
    return Clause(subjects[0], others, reading.date(verb)) if len(subjects) == 1 else None


def _again(
    reading: Reading, statements: Sequence[Statement], told: Clause, clause: Clause, rule: tuple[str, Word]
) -> Iterator[Statement]:
    """What some statements become where the names and the date of one clause stand for those of another."""
    stands: dict[str, Group] = {}
    free = list(clause.groups)
    for group in told.groups:
        other = next((one for one in free if gaps.alike(group, one, lambda link: _branch(reading, link))), None)
        if other is not None:
            free.remove(other)
            stands.update({link.entity: other for link in group.links})
    for statement in statements if clause.first not in free else ():
        for subject in _instead(stands, statement.subject):
            for value in _value(stands, statement.object, told, clause):
                named = {statement.subject, statement.object} & set(stands)
                if named and subject != value and (subject, value) != (statement.subject, statement.object):
                    sure = statement.confidence * FACTOR
                    yield replace(
                        statement, subject=subject, object=value, rule=rule[0], confidence=sure, trigger=rule[1]
                    )


def _instead(stands: Mapping[str, Group], end: str) -> list[str]:
    return [link.entity for link in stands[end].links] if end in stands else [end]


def _value(stands: Mapping[str, Group], end: str | Value, told: Clause, clause: Clause) -> list[str | Value]:
    """What an end becomes; a date becomes the date of the clause, and without one nothing is said."""
    if isinstance(end, str):
        return list(_instead(stands, end))
    dated = told.date is not None and told.date.value == end.text
    return [Value(clause.date.value, clause.date.datatype)] if dated and clause.date else []
