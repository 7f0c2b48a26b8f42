"""clauses   who does what to whom in a parsed sentence: from a verb or noun to the words that are its arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from spacekg.grammar import Tree, Word

SUBJECTS = ("nsubj", "csubj", "expl")
PASSIVE = ("nsubjpass", "auxpass")
RELATIVE = {"which", "that", "who"}
INHERITING = {"xcomp", "advcl", "ccomp", "conj"}
MODIFIERS = ("compound", "amod", "nmod", "poss", "nummod")
RESULT_NOUNS = {
    "result",
    "product",
    "outcome",
    "example",
    "fruit",
    "symbol",
    "form",
    "testament",
    "case",
    "instance",
    "one",
}
NAMING_VERBS = {"be", "include", "comprise", "remain", "become"}
"""Verbs whose other side says who a noun is: «the partners are A and B»."""
BELONGING = {"be", "belong", "count", "rank"}
RESULT_VERBS = {"result", "arise", "stem", "come", "emerge", "grow"}
DEPTH = 6
"""How many steps a path may climb; a sentence that nests deeper is not read further."""

Heads = Callable[[Tree, Word], list[Word]]


def heads(tree: Tree, word: Word, path: str) -> list[Word]:
    """The words at the end of a path that starts at `word`: a row of `PATHS`, or a preposition, for its objects."""
    return PATHS[path](tree, word) if path in PATHS else behind(tree, word, path)


def agent(tree: Tree, verb: Word) -> list[Word]:
    """Who does it: the subject of an active verb, what stands behind `by` at a passive one."""
    if is_passive(tree, verb):
        by = [prep for prep in tree.children(verb, "agent", "prep") if prep.lemma == "by"]
        return [target for prep in by for target in tree.children(prep, "pobj")]
    return _subject(tree, verb, SUBJECTS, DEPTH)


def patient(tree: Tree, verb: Word) -> list[Word]:
    """To whom it is done: the object of an active verb, the subject of a passive one."""
    if is_passive(tree, verb):
        return _subject(tree, verb, ("nsubjpass",), DEPTH)
    # «It involves A and B working together»: the objects are the subjects of the clause below.
    clauses = [clause for clause in tree.children(verb, "ccomp") if clause.tag == "VBG"]
    small = [subject for clause in clauses for subject in tree.children(clause, "nsubj")]
    return [*tree.children(verb, "dobj", "oprd", "dative"), *small]


def topic(tree: Tree, word: Word) -> list[Word]:
    """What the sentence speaks of: the subjects of the verbs above, the nearest first."""
    verbs = [step for step in (word, *tree.ancestors(word)) if step.tag.startswith("VB")]
    return [found for verb in verbs for found in subject(tree, verb) if found != word]


def host(tree: Tree, noun: Word) -> list[Word]:
    """What a noun is said of: «X, a partnership», «X is a partnership», «X is the result of a partnership»."""
    return _host(tree, noun, DEPTH)


def subject(tree: Tree, verb: Word) -> list[Word]:
    """The subject of a verb, active or passive; one that is left out is taken from the clause above."""
    return _subject(tree, verb, SUBJECTS, DEPTH) or _subject(tree, verb, ("nsubjpass",), DEPTH)


def behind(tree: Tree, word: Word, preposition: str) -> list[Word]:
    """What stands behind a preposition of `word`, of its objects, or of what its prepositions bring in."""
    near = tree.children(word, "prep", "agent", "dative", "acl", "advcl", "advmod")
    for child in tree.children(word, "dobj", "nsubjpass", "attr", "prep"):
        ends = [end for pobj in tree.children(child, "pobj") for end in (pobj, *tree.children(pobj, "conj"))]
        near += tree.children(child, "prep")
        near += [far for end in ends for far in tree.children(end, "prep")]
    found = [prep for prep in near if preposition in {prep.lemma, prep.text.lower()}]
    # «It went round the Moon»: the parser takes `round` for an adverb and the Moon for an object.
    rounds = [way for way in tree.children(word, "advmod", "prt") if way.text.lower() == preposition]
    led_to = [end for way in rounds for end in tree.children(word, "dobj", "npadvmod") if 0 < end.index - way.index < 4]
    return list(
        dict.fromkeys(led_to + [t for prep in found for t in tree.children(prep, "pobj", "pcomp", "dobj", "prep")])
    )


def is_passive(tree: Tree, verb: Word) -> bool:
    """Whether a verb is in the passive: «was built», or «built by A» behind a noun."""
    return bool(tree.children(verb, *PASSIVE)) or (
        verb.relation in {"acl", "advcl"} and verb.tag == "VBN" and not tree.children(verb, "aux", "mark")
    )


def _subject(tree: Tree, verb: Word, relations: tuple[str, ...], depth: int) -> list[Word]:
    own, above = tree.children(verb, *relations), tree.governor(verb)
    relative = bool(own) and own[0].text.lower() in RELATIVE and verb.relation == "relcl"
    if above is None or (own and not relative):
        return own
    if relative or verb.relation in {"acl", "relcl"}:
        return [above]
    return _inherited(tree, verb, above, depth - 1) if depth else []


def _inherited(tree: Tree, verb: Word, above: Word, depth: int) -> list[Word]:
    if verb.relation in INHERITING:
        if not above.tag.startswith("VB"):
            return [above]
        return _subject(tree, above, SUBJECTS, depth) or _subject(tree, above, ("nsubjpass",), depth)
    higher = tree.governor(above)
    if verb.relation == "pcomp" and higher is not None:
        # «with ten countries cooperating» names who cooperates; «by cooperating» leaves it to the verb above.
        return tree.children(above, "pobj") or subject(tree, higher)
    return []


def _host(tree: Tree, noun: Word, depth: int) -> list[Word]:
    above = tree.governor(noun)
    if above is None or depth == 0:
        return []
    if noun.relation in {"attr", "oprd"}:
        return subject(tree, above)
    if noun.relation == "nsubj" and above.lemma in NAMING_VERBS:
        return tree.children(above, "attr", "dobj")
    if noun.relation == "conj":
        return _host(tree, above, depth - 1)
    if noun.relation == "pobj":
        return _host_of_object(tree, above, depth - 1)
    return [above] if noun.relation == "appos" else []


def _host_of_object(tree: Tree, preposition: Word, depth: int) -> list[Word]:
    above = tree.governor(preposition)
    if above is None:
        return []
    if preposition.lemma == "as":
        return [*patient(tree, above), *subject(tree, above)]
    if preposition.lemma in {"among", "to"} and above.lemma in BELONGING:
        return [*subject(tree, above), *tree.children(above, "attr")]
    if preposition.lemma == "of" and above.lemma in RESULT_NOUNS:
        return _host(tree, above, depth)
    if preposition.lemma in {"of", "from"} and above.lemma in RESULT_VERBS:
        return subject(tree, above)
    return []


def _owners(tree: Tree, word: Word) -> list[Word]:
    # The owner in «ESA's Ariane launchers» hangs on `launchers`, which Ariane only modifies.
    above = tree.governor(word)
    nouns = [word, above] if above is not None and word.relation in MODIFIERS else [word]
    return [owner for noun in nouns for owner in tree.children(noun, "poss")]


def _above(tree: Tree, word: Word) -> list[Word]:
    return [found for verb in tree.ancestors(word) for found in topic(tree, verb)]


def _whole(tree: Tree, word: Word) -> list[Word]:
    """«X involves A and B working together»: what they work on is X."""
    above = tree.governor(word)
    return subject(tree, above) if above is not None and word.relation == "ccomp" and word.tag == "VBG" else []


PATHS: Mapping[str, Heads] = {
    "self": lambda _, word: [word],
    "agent": agent,
    "patient": patient,
    "topic": topic,
    "above": _above,
    "whole": _whole,
    "host": host,
    "poss": _owners,
    "compound": lambda tree, word: tree.children(word, "compound", "amod", "nmod"),
    "apposition": lambda tree, word: tree.children(word, "appos"),
    "clause": lambda tree, word: tree.children(word, "xcomp", "advcl"),
}
"""The paths that data/lexicon may name; any other word of a path is a preposition. `examples` is read by names."""
