"""gaps      where a clause leaves out the verb of the one before it: «A built X and B Y», «A in 2022, B in 2023»."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from spacekg.claims import clauses
from spacekg.claims.dates import DateSpan
from spacekg.claims.sentences import Group, Sentence
from spacekg.grammar import Tree, Word
from spacekg.model import Link

OPENS = re.compile(r"(?:[,;]\s(?:and\s|while\s|whereas\s)?|\s(?:and|while)\s)(?:the\s)?$")
"""What stands before the first name of such a clause."""
STOP = re.compile(r"[;.!]")
NAME, DATE = "§", "¤"
AMOUNT = (
    r"(?:(?:about|some|over|nearly|almost|another|only)\s)?(?:(?:[$€£]\s?)?\d[\d.,]*\d|\d|half|the rest|the remainder"
    r"|(?:a|one|two|three|four)\s(?:third|quarter|fifth|sixth|tenth)s?)"
    r"(?:\s?%|\s(?:million|billion|per\scent|percent|dollars|euros|pounds|of\s(?:it|them)))*"
)
PLACED = re.compile(r"[,.;]|\s(?:in|on|from|by|to|at|with|for|until|since)\s")
AMOUNTED = re.compile(r"(?:\d|%|million|billion|cent|half|third|quarter|fifth|dollars|euros|pounds)$")
REST = re.compile(
    rf"(?:,?\s{NAME})?(?:,?\s{AMOUNT})?(?:,?\s(?:(?:mostly|mainly|later|also|then|only|both)\s)?"
    rf"(?:in|on|from|by|to|at|with|for|until|since|aboard|around)\s(?:the\s|an?\s)?[{NAME}{DATE}])*\s?"
)
"""What may follow it: a name, and names and dates behind prepositions, but no noun and no verb.

An amount may stand in the place of the object: «A paid 40 million, B 30»."""
JOINT = 20
"""How many characters before a name are read for what opens a clause."""
FEW_VERBS = 6
"""How many verbs before such a clause may be the one that it leaves out."""
MOST = 12
"""How many names a list has at most that stands for another."""
LONGEST = 120
"""How many characters such a clause has at most."""
AGENT = "Agent"
ACTING = {"Organization", "GeopoliticalEntity"}
BRANCH_OF_PLACE = "GeopoliticalEntity"
BranchOf = Callable[[Link], str]


@dataclass(frozen=True)
class Clause:
    """The ends of a clause: the name it opens with, the other names, and its date."""

    first: Group
    others: tuple[Group, ...]
    date: DateSpan | None

    @property
    def groups(self) -> tuple[Group, ...]:
        """All its names."""
        return (self.first, *self.others)


@dataclass(frozen=True)
class Gap:
    """A clause without its verb, the verb, and the clause that has it."""

    verb: Word
    told: Clause
    clause: Clause
    start: int
    end: int


def find(sentence: Sentence, branch_of: BranchOf) -> Iterator[Gap]:
    """Yield the clauses that leave their verb out, each with the nearest clause before it that has such names."""
    opening = list(_opening(sentence, branch_of))
    if not opening:
        return
    ends = [*(at for _, at, _ in opening[1:]), sentence.passage.end]
    told: list[Clause] = []
    verb: Word | None = None
    for (group, at, placed), end in zip(opening, ends, strict=True):
        clause = None if placed else _without_verb(sentence, group, end)
        if clause is None:
            told, verb = [], None
            continue
        if verb is None:
            verb, told = _with_verb(sentence, clause, at, branch_of)
        if verb is not None and _like(told[0], clause, branch_of):
            last = max([*(one.end for one in clause.groups), clause.date.end if clause.date else 0])
            yield Gap(verb, told[0], clause, group.start, last)


def cut(sentence: Sentence, branch_of: BranchOf) -> Sentence:
    """The sentence with what a clause without a verb names taken out of the clause before it."""
    tree, offset = sentence.tree, sentence.passage.start
    for gap in find(sentence, branch_of):
        inside = {w.index for w in tree.words if gap.start <= w.start + offset < gap.end}
        tree = Tree(tuple(_parted(word, inside, gap.verb) for word in tree.words))
    return sentence if tree is sentence.tree else replace(sentence, tree=tree)


def _parted(word: Word, inside: set[int], verb: Word) -> Word:
    if (word.index in inside) == (word.head in inside):
        return word
    return replace(word, head=word.index, relation="ROOT") if word.index in inside else replace(word, head=verb.index)


def _opening(sentence: Sentence, branch_of: BranchOf) -> Iterator[tuple[Group, int, bool]]:
    """The names that may open a clause, where what stands before them begins, and whether they only say where."""
    text = sentence.passage.document.text
    ends = {group.end for group in sentence.groups} | {date.end for date in sentence.dates}
    for group in sentence.groups:
        start = max(group.start - JOINT, sentence.passage.start)
        match = OPENS.search(text[start : group.start])
        # «Flew in 1980, Ann Other (Mongolia) and B in 1981»: a name that no table has opens that clause.
        joined = match is not None and match[0].startswith(" ")
        amount = joined and AMOUNTED.search(text[start : start + match.start()]) if match else None
        if match and (not joined or amount or start + match.start() in ends):
            at = start + match.start()
            comma = match[0].startswith(",") and "and" not in match[0]
            comma = comma and PLACED.match(text, group.end, sentence.passage.end) is not None
            state = comma and branch_of(group.links[0]) == BRANCH_OF_PLACE
            # «From X, Y, in 2004»: a state behind a place; behind a date it is one that acts.
            yield group, at, state and not any(date.start < at <= date.end for date in sentence.dates)


def _without_verb(sentence: Sentence, first: Group, end: int) -> Clause | None:
    """The clause from a name to an offset, where it has no words but names and dates and what joins them."""
    text = sentence.passage.document.text
    stop = STOP.search(text, first.end, end)
    end = stop.start() if stop else end
    names = [group for group in sentence.groups if first.end <= group.start < end]
    dates = [date for date in sentence.dates if first.end <= date.start < end]
    spans = sorted([(g.start, g.end, NAME) for g in names] + [(d.start, d.end, DATE) for d in dates])
    if end - first.end > LONGEST or not text[first.end : end].strip():
        return None
    parts, at = [], first.end
    for begin, until, sign in spans:
        parts += [text[at:begin], sign]
        at = until
    rest = "".join([*parts, text[at:end]])
    return Clause(first, tuple(names), dates[0] if dates else None) if REST.fullmatch(rest) else None


def _with_verb(sentence: Sentence, clause: Clause, end: int, branch_of: BranchOf) -> tuple[Word | None, list[Clause]]:
    """The last verb before an offset whose clause has names like those of another."""
    offset = sentence.passage.start
    verbs = [word for word in sentence.tree.words if word.tag.startswith("VB") and word.start + offset < end]
    for verb in reversed(verbs[-FEW_VERBS:]):
        subjects = sentence.groups_of(clauses.subject(sentence.tree, verb))
        behind = [g for g in sentence.groups if verb.start + offset < g.start < end and g not in subjects]
        dates = [date for date in sentence.dates if date.start < end]
        if len(subjects) == 1:
            told = Clause(subjects[0], tuple(behind), dates[0] if len(dates) == 1 else None)
            if _like(told, clause, branch_of):
                return verb, [told]
    return None, []


def _like(told: Clause, clause: Clause, branch_of: BranchOf) -> bool:
    """Whether a clause opens with a name like that of the other's subject, or like what stands behind its verb."""
    if any(len(group.links) > MOST for group in (*told.groups, *clause.groups)):
        return False
    return any(alike(group, clause.first, branch_of) for group in (told.first, *told.others[:1]))


def alike(group: Group, other: Group, branch_of: BranchOf) -> bool:
    """Whether two names stand for things of one kind; states and bodies both act."""
    kinds = {AGENT if (b := branch_of(link)) in ACTING else b for link in (group.links[0], *other.links)}
    return len(kinds) == 1 and "" not in kinds
