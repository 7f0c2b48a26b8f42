"""acting    who only stands beside what a clause tells of: compared with, a rival of it, or within another's name."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from spacekg.claims.sentences import Sentence
from spacekg.grammar import Tree, Word

BESIDE = {
    *("than", "like", "unlike", "before", "after", "since", "until", "despite", "without", "against", "about"),
    *("during", "besides", "beyond", "near", "behind", "instead", "except", "over", "under", "across", "via"),
}
"""Prepositions behind which stands what a clause only compares with, dates by or sets aside."""
OTHERS = {
    *("rival", "competitor", "opponent", "critic", "enemy", "neighbour", "neighbor", "predecessor", "successor"),
    *("equivalent", "alternative", "answer"),
}
"""Nouns for somebody or something else than whose it is: «a rival of X»."""
OR = re.compile(r"\bor\b")
GONE = {"former", "ex", "retired", "onetime", "erstwhile"}
"""Adjectives for people who no longer work for whom they are named with."""


def aside(tree: Tree, word: Word) -> bool:
    """Whether a clause only compares with a name, dates by it or sets it aside: «by X rather than by Y», «unlike Y»."""
    above = tree.governor(word)
    if above is None or word.relation != "pobj":
        return False
    before = tree.words[max(above.index - 1, 0)].text.lower()
    return above.text.lower() in BESIDE or before in {"instead", "than"} or compared(tree, word)


def compared(tree: Tree, word: Word) -> bool:
    """Whether a word belongs to the second half of a comparison: «larger than that of X», «as large as X»."""
    for step in (word, *tree.ancestors(word)):
        if step.tag.startswith("VB"):
            return False
        measured = tree.governor(step) if step.text.lower() == "as" else None
        degrees = tree.children(measured, "advmod") if measured is not None and measured.lemma != "well" else []
        if step.text.lower() == "than" or any(near.text.lower() == "as" for near in degrees):
            return True
    return False


def excepted(tree: Tree, word: Word) -> bool:
    """Whether a word is joined to others as what is not meant: «X, and not Y»."""
    first = min(child.index for child in (word, *tree.children(word, "det", "amod", "compound")))
    return first > 0 and tree.words[first - 1].text.lower() == "not"


def joined(tree: Tree, word: Word) -> list[Word]:
    """The words joined to a word that are meant with it: «X and Y», but of «X, and not Y» only X."""
    return [child for child in tree.children(word, "conj") if not excepted(tree, child)]


def another(tree: Tree, word: Word) -> bool:
    """Whether a name only tells whose rival or the like somebody is: «a competitor of X»."""
    above = tree.governor(word)
    if above is None:
        return False
    noun = tree.governor(above) if word.relation == "pobj" and above.lemma == "of" else above
    return noun is not None and noun.lemma in OTHERS and word.relation in {"pobj", "poss"}


def formerly(tree: Tree, noun: Word) -> bool:
    """Whether somebody no longer works for whom he is named with: «a former X engineer»."""
    return any(child.text.lower() in GONE for child in tree.children(noun, "amod"))


def within(tree: Tree, word: Word, nouns: Collection[int]) -> int | None:
    """The one of some nouns of whose phrase a word is part: «X, a telescope of Y»; none where it is of none."""
    for step in tree.ancestors(word):
        if step.tag.startswith("VB"):
            return None
        if step.index in nouns:
            return step.index
    return None


def alternatives(sentence: Sentence) -> set[str]:
    """The agents of whom only one is meant: «A or B built it»."""
    text = sentence.passage.document.text
    found = [g for g in sentence.groups if len(g.links) > 1]
    last = [(group, group.links[-2].mention.end, group.links[-1].mention.start) for group in found]
    return {link.entity for group, end, start in last if OR.search(text[end:start]) for link in group.links}


def uncompared(tree: Tree, word: Word, ends: list[Word]) -> list[Word]:
    """The ends of a path without what is only compared with or excepted: «paid less for X than for Y», «X, not Y»."""
    if tree.forms.isdisjoint({"than", "not"}):
        return ends
    meant = [end for end in ends if not excepted(tree, end)]
    return [end for end in meant if not _behind_than(tree.words[word.index : end.index])]


def _behind_than(between: Sequence[Word]) -> bool:
    """Whether words lead into what stands behind `than`; «more than six states» compares nothing."""
    than = [at for at, word in enumerate(between) if word.text.lower() == "than"]
    rest = between[than[-1] + 1 :] if than else ()
    return (
        bool(rest) and rest[0].tag != "CD" and not any(step.tag.startswith("VB") or step.text == "," for step in rest)
    )
