"""routes    from a word to the words at the end of a path that data/lexicon names."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from spacekg.claims.clauses import MODIFIERS, behind, host, patient, subject, topic
from spacekg.claims.doing import agent, doer
from spacekg.grammar import Tree, Word

Heads = Callable[[Tree, Word], list[Word]]


def heads(tree: Tree, word: Word, path: str) -> list[Word]:
    """The words at the end of a path that starts at `word`: a row of `PATHS`, or a preposition, for its objects."""
    return PATHS[path](tree, word) if path in PATHS else behind(tree, word, path)


def _owners(tree: Tree, word: Word) -> list[Word]:
    # The owner in «ESA's Ariane launchers» hangs on `launchers`, which Ariane only modifies.
    above = tree.governor(word)
    nouns = [word, above] if above is not None and word.relation in MODIFIERS else [word]
    return [owner for noun in nouns for owner in tree.children(noun, "poss")]


def _owned(tree: Tree, verb: Word) -> list[Word]:
    """«Study Mars's air», «map the lunar surface»: whose the object is."""
    objects = [end for noun in patient(tree, verb) for end in (noun, *tree.children(noun, "conj"))]
    return [owner for noun in objects for owner in tree.children(noun, *MODIFIERS)]


def _above(tree: Tree, word: Word) -> list[Word]:
    return [found for verb in tree.ancestors(word) for found in topic(tree, verb)]


def _owner_of_predicate(tree: Tree, verb: Word) -> list[Word]:
    """«X was Japan's», «X is ESA's first visit»: whose the subject is."""
    if any(word.text.lower() == "it" for word in tree.children(verb, "nsubj")):
        return []  # «It was Kenya's national day» says nothing of a craft.
    said = tree.children(verb, "attr")
    own = [noun for noun in said if tree.children(noun, "case")]
    # «Giotto was European»
    return own + tree.children(verb, "acomp") + [owner for noun in said for owner in tree.children(noun, "poss")]


def _whole(tree: Tree, word: Word) -> list[Word]:
    """«X involves A and B working together»: what they work on is X."""
    above = tree.governor(word)
    return subject(tree, above) if above is not None and word.relation == "ccomp" and word.tag == "VBG" else []


def _by_which(tree: Tree, noun: Word) -> list[Word]:
    """«Partnerships by which A and B explored it»: who does what is done by them."""
    told = tree.children(noun, "relcl")
    means = [(clause, end) for clause in told for prep in tree.children(clause, "prep") for end in tree.children(prep)]
    return [word for clause, end in means if end.tag == "WDT" for word in tree.children(clause, "nsubj")]


PATHS: Mapping[str, Heads] = {
    "self": lambda _, word: [word],
    "agent": agent,
    "patient": patient,
    "dative": lambda tree, word: tree.children(word, "dative"),
    "topic": topic,
    "above": _above,
    "whole": _whole,
    "host": host,
    "doer": doer,
    "owned": _owned,
    "owner": _owner_of_predicate,
    "poss": _owners,
    "by which": _by_which,
    "compound": lambda tree, word: tree.children(word, "compound", "amod", "nmod"),
    "apposition": lambda tree, word: tree.children(word, "appos"),
    "clause": lambda tree, word: tree.children(word, "xcomp", "advcl"),
}
"""The paths that data/lexicon may name; any other word of a path is a preposition. `examples` is read by names."""
