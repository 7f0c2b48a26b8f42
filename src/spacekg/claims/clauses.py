"""clauses   who does what to whom in a parsed sentence: from a verb or noun to the words that are its arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from spacekg.grammar import Tree, Word

SUBJECTS = ("nsubj", "csubj", "expl")
PASSIVE = ("nsubjpass", "auxpass")
RELATIVE = {"which", "that", "who"}
INHERITING = {"xcomp", "advcl", "ccomp", "conj"}
MODIFIERS = ("compound", "amod", "nmod", "poss", "nummod")
RESULT_NOUNS = {
    *("result", "product", "outcome", "example", "fruit", "symbol", "form", "testament", "case", "instance", "one"),
}
NAMING_VERBS = {"be", "include", "comprise", "remain", "become"}
"""Verbs whose other side says who a noun is: «the partners are A and B»."""
BELONGING = {"be", "belong", "count", "rank"}
RESULT_VERBS = {"result", "arise", "stem", "come", "emerge", "grow"}
OPENING = {"ROOT", "ccomp", "relcl", "acl", "parataxis"}
"""Relations of a word that opens a clause of its own."""
WITH_SUBJECT = {"conj", "advcl", "pcomp", "dep"}
"""Relations of a word that opens one where it has a subject of its own."""
MEMBERSHIP = {"member", "partner", "participant", "signatory"}
"""Nouns that say the same before a general noun as alone: «member states», «partner agencies»."""
LIGHT_VERBS = {
    *("handle", "provide", "perform", "conduct", "carry", "do", "undertake", "manage", "arrange", "oversee", "make"),
    *("take", "bear", "cover", "foot", "pay", "meet", "shoulder", "put", "add", "set", "affix", "assume", "accept"),
    *("hold", "have", "share", "retain", "supervise", "run", "direct", "lead", "complete", "execute"),
}
"""Verbs whose subject does what their object names: «X handled the launch», «X bore the cost»."""
ASKING_VERBS = {
    *("commission", "order", "ask", "hire", "contract", "task", "tell", "let", "allow", "help", "invite", "pay"),
}
"""Verbs whose object does what the verb behind says: «ESA commissioned X to build Y»."""
GIVING_VERBS = {"entrust", "assign", "award", "give", "hand", "fall", "rest", "lie", "go", "leave", "contract"}
"""Verbs behind which stands, with `to` or `with`, who does what is given: «the launch was entrusted to X»."""
HIRING_VERBS = {"pay", "hire", "contract"}
"""Verbs whose object does what is named behind `for`: «X was paid for the ride»."""
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
        by = [prep for prep in by if tree.words[prep.index - 1].text not in {"than", "not"}]  # «rather than by NASA»
        return [target for prep in by for target in tree.children(prep, "pobj")]
    return _subject(tree, verb, SUBJECTS, DEPTH)


def patient(tree: Tree, verb: Word) -> list[Word]:
    """To whom it is done: the object of an active verb, the subject of a passive one."""
    if is_passive(tree, verb):
        return _subject(tree, verb, ("nsubjpass",), DEPTH)
    # «It involves A and B working together»: the objects are the subjects of the clause below.
    clauses = [clause for clause in tree.children(verb, "ccomp") if clause.tag == "VBG"]
    small = [subject for clause in clauses for subject in tree.children(clause, "nsubj")]
    # «X lent Y a camera»: what was lent is the camera, and Y only has it.
    return [*(tree.children(verb, "dobj", "oprd") or tree.children(verb, "dative")), *small]


def topic(tree: Tree, word: Word) -> list[Word]:
    """What the sentence speaks of: the subjects of the verbs above, the nearest first."""
    verbs = [step for step in (word, *tree.ancestors(word)) if step.tag.startswith("VB")]
    return [found for verb in verbs for found in subject(tree, verb) if found != word]


def host(tree: Tree, noun: Word) -> list[Word]:
    """What a noun is said of: «X, a partnership», «X is a partnership», «X is the result of a partnership»."""
    return _host(tree, noun, DEPTH)


def doer(tree: Tree, noun: Word) -> list[Word]:
    """Who does what a noun names, by the verb it stands with: «X handled the launch», «responsible for the launch»."""
    verb = tree.governor(noun)
    if verb is None:
        return []
    if noun.relation == "pobj":
        cause = tree.governor(verb)
        return _doer_behind(tree, verb, cause) if cause is not None else []
    if verb.lemma in GIVING_VERBS and noun.relation in {"nsubj", "nsubjpass"}:
        return [*behind(tree, verb, "to"), *behind(tree, verb, "with")]
    if verb.lemma in LIGHT_VERBS and noun.relation in {"dobj", "nsubjpass"}:
        return agent(tree, verb)
    return []


def _doer_behind(tree: Tree, preposition: Word, cause: Word) -> list[Word]:
    """«X was paid for the launch», «X bore the cost of the launch», «X is responsible for it»."""
    if preposition.lemma == "for" and cause.lemma in HIRING_VERBS:
        return patient(tree, cause)
    if preposition.lemma in {"of", "for"} and cause.relation in {"dobj", "nsubj", "nsubjpass"}:
        return doer(tree, cause)
    responsible = preposition.lemma == "for" and cause.lemma in {"responsible", "accountable"}
    return topic(tree, cause) if responsible else []


def subject(tree: Tree, verb: Word) -> list[Word]:
    """The subject of a verb, active or passive; one that is left out is taken from the clause above."""
    return _subject(tree, verb, SUBJECTS, DEPTH) or _subject(tree, verb, ("nsubjpass",), DEPTH)


def clause(tree: Tree, word: Word) -> list[Word]:
    """The words of the clause that a word stands in, and the noun that a relative clause tells of."""
    head = word
    while not _opens(tree, head):
        head = tree.words[head.head]
    above = tree.governor(head)
    told = [above] if above is not None and head.relation in {"relcl", "acl"} else []
    return [*told, *_within(tree, head)]


def _opens(tree: Tree, word: Word) -> bool:
    if word.head == word.index or word.relation in OPENING:
        return True
    return word.relation in WITH_SUBJECT and bool(tree.children(word, "nsubj", "nsubjpass"))


def _within(tree: Tree, word: Word) -> Iterator[Word]:
    yield word
    for child in tree.children(word):
        if not _opens(tree, child):
            yield from _within(tree, child)


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
    """Whether a verb is in the passive: «was built», «built by A» behind a noun or as all of a line."""
    if tree.children(verb, *PASSIVE):
        return True
    if verb.relation in {"acl", "advcl"}:
        return verb.tag == "VBN" and not tree.children(verb, "aux", "mark")
    alone = verb.head == verb.index and verb.tag in {"VBN", "VBD"}
    return alone and not tree.children(verb, "nsubj", "csubj", "expl", "aux", "dobj")


def _subject(tree: Tree, verb: Word, relations: tuple[str, ...], depth: int) -> list[Word]:
    own, above = tree.children(verb, *relations), tree.governor(verb)
    named = bool(own) and own[0].text.lower() in RELATIVE
    relative = named and verb.relation == "relcl"
    if named and above is not None and verb.relation == "conj" and above.relation == "relcl":
        return [_told(tree, tree.words[above.head])]  # «a rover that CNES built and that crawls over Phobos»
    if above is None and not own and verb.tag in {"VBN", "VBG"}:
        return _opened_for(tree, verb, relations)
    if above is None or (own and not relative):
        return own
    if relative or verb.relation in {"acl", "relcl"}:
        return [_told(tree, above)]
    return _inherited(tree, verb, above, depth - 1) if depth else []


def _opened_for(tree: Tree, participle: Word, relations: tuple[str, ...]) -> list[Word]:
    """«Lifted by X at noon, the two craft parted»: the subject behind the comma, though the parser sees two roots."""
    roots = [w for w in tree.words[participle.index + 1 :] if w.head == w.index and w.tag.startswith("VB")]
    found = tree.children(roots[0], *relations, *SUBJECTS) if roots else []
    return found if found and any(w.text == "," for w in tree.words[participle.index : found[0].index]) else []


def _told(tree: Tree, noun: Word) -> Word:
    """What a relative clause tells of: «a rover of 25 kg which» is the rover, though the kilograms are nearer."""
    preposition = tree.governor(noun)
    above = tree.governor(preposition) if preposition is not None and noun.relation == "pobj" else None
    measure = preposition is not None and preposition.lemma == "of" and bool(tree.children(noun, "nummod"))
    return above if above is not None and measure and above.tag.startswith("NN") else noun


def _inherited(tree: Tree, verb: Word, above: Word, depth: int) -> list[Word]:
    if verb.relation in INHERITING:
        if not above.tag.startswith("VB"):
            return [above]
        asked = tree.children(above, "dobj") if verb.relation == "xcomp" and above.lemma in ASKING_VERBS else []
        if asked:
            return asked
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
    if noun.relation == "conj" or (noun.relation == "compound" and noun.lemma in MEMBERSHIP):
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


PATHS: Mapping[str, Heads] = {
    "self": lambda _, word: [word],
    "agent": agent,
    "patient": patient,
    "topic": topic,
    "above": _above,
    "whole": _whole,
    "host": host,
    "doer": doer,
    "owned": _owned,
    "owner": _owner_of_predicate,
    "poss": _owners,
    "compound": lambda tree, word: tree.children(word, "compound", "amod", "nmod"),
    "apposition": lambda tree, word: tree.children(word, "appos"),
    "clause": lambda tree, word: tree.children(word, "xcomp", "advcl"),
}
"""The paths that data/lexicon may name; any other word of a path is a preposition. `examples` is read by names."""
