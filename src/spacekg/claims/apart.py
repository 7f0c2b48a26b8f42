"""apart     which clauses of a sentence stand apart, so that what one denies or plans is not said of another."""

from __future__ import annotations

from spacekg.grammar import Tree, Word

MAIN = -1
"""The part of a sentence that no other clause is set off from."""
RELATIVE = {"WDT", "WP"}
JOINED = {"conj", "ccomp", "parataxis"}
"""Relations of a clause beside another; the parser hangs either of the two on the other."""
SUBJECTS = ("nsubj", "nsubjpass", "expl")
POINTING = {"this", "that", "these", "those", "none", "neither", "both", "all"}
"""Subjects that take up what the clause before says: «but that was never agreed»."""
BREAKS = {",", ";"}


def part_of(tree: Tree, word: Word) -> int:
    """The index of the verb of the set-off clause that a word stands in; `MAIN` where it stands in none.

    Set off are a relative clause or participle behind a comma, «X, which rose from Y, is not a probe», and one with
    a subject of its own beside another: «A is to give the camera, but B has built the bus».
    """
    for step in (word, *tree.ancestors(word)):
        if _relative(tree, step) or _beside(tree, step):
            return step.index
    return MAIN


def together(tree: Tree, word: Word, other: Word) -> bool:
    """Whether two words stand in the same part of a sentence."""
    return word.index == other.index or part_of(tree, word) == part_of(tree, other)


def told(tree: Tree, word: Word) -> list[Word]:
    """The noun of a name that a word's relative clause tells of: «X, a telescope for which A gave the camera»."""
    clause = next((step for step in (word, *tree.ancestors(word)) if step.relation == "relcl"), None)
    noun = tree.governor(clause) if clause is not None else None
    return [noun] if noun is not None and noun.relation in {"appos", "attr"} else []


def _relative(tree: Tree, verb: Word) -> bool:
    """A relative clause or participle behind a comma, or behind a noun that is set off itself."""
    told = verb.relation == "relcl" and any(step.tag in RELATIVE for step in _words_below(tree, verb))
    if not told and not (verb.relation == "acl" and verb.tag == "VBN"):
        return False
    noun = tree.words[verb.head]
    return _behind_comma(tree, verb) or (noun.relation == "appos" and _behind_comma(tree, noun))


def _words_below(tree: Tree, verb: Word) -> list[Word]:
    """The words below a verb, and those below its prepositions: «for which»."""
    near = tree.children(verb)
    return [*near, *(end for prep in near if prep.relation == "prep" for end in tree.children(prep))]


def _behind_comma(tree: Tree, word: Word) -> bool:
    first = min(child.index for child in (word, *tree.children(word)) if child.relation != "punct")
    return tree.words[max(first - 1, 0)].text == ","


def _beside(tree: Tree, verb: Word) -> bool:
    """Whether a clause has a subject of its own and stands beside the main one, behind a comma or stop."""
    subjects = tree.children(verb, *SUBJECTS)
    if not subjects or subjects[0].text.lower() in POINTING:
        return False
    if verb.head == verb.index:
        first = min(verb.index, subjects[0].index)
        return len(tree.roots) > 1 and any(word.text == ";" for word in tree.words[:first])
    above = tree.words[verb.head]
    return verb.relation in JOINED and above.head == above.index and _parted(tree, verb, above)


def _parted(tree: Tree, verb: Word, above: Word) -> bool:
    """Whether a comma or stop with a joining word parts two clauses, and not only a saying and what is said."""
    between = tree.words[min(verb.index, above.index) + 1 : max(verb.index, above.index)]
    joining = any(near.relation == "cc" and near.head in {verb.index, above.index} for near in between)
    return any(near.text in BREAKS for near in between) and (joining or any(near.text == ";" for near in between))
