"""clauses   who does what to whom in a parsed sentence: from a verb or noun to the words that are its arguments."""

from __future__ import annotations

from collections.abc import Iterator

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
FORMING_VERBS = {"form", "constitute", "make", "represent", "mark"}
"""Verbs whose object is said of their subject: «X forms part of Y»."""
RESULT_VERBS = {"result", "arise", "stem", "come", "emerge", "grow"}
OPENING = {"ROOT", "ccomp", "relcl", "acl", "parataxis"}
"""Relations of a word that opens a clause of its own."""
WITH_SUBJECT = {"conj", "advcl", "pcomp", "dep"}
"""Relations of a word that opens one where it has a subject of its own."""
MEMBERSHIP = {"member", "partner", "participant", "signatory"}
"""Nouns that say the same before a general noun as alone: «member states», «partner agencies»."""
ASKING_VERBS = {
    *("commission", "order", "ask", "hire", "contract", "task", "tell", "let", "allow", "help", "invite", "pay"),
    *("choose", "select", "pick", "entrust", "engage", "require", "instruct", "direct", "appoint", "have", "get"),
}
"""Verbs whose object does what the verb behind says: «ESA commissioned X to build Y»."""
UNCHANGED = {"set", "put", "cut"}
"""Verbs whose participle is also their infinitive."""
LIGHT_GIVING = {"add", "put", "give", "make", "lend", "take"}
"""Verbs whose prepositions belong to their object: «gave way to X»."""
OPENING_TAGS = {"VBN", "VBD", "VBZ", "VBG"}
"""Tags of a verb that may open a sentence without its subject."""
NOMINAL_TAGS = ("NN", "PRP", "WP", "DT", "CD", "EX")
LEADING = {"leadership", "lead", "direction", "guidance", "management", "command", "auspices", "umbrella"}
"""Nouns behind `under`, behind which stands who leads."""
DEPTH = 6
"""How many steps a path may climb; a sentence that nests deeper is not read further."""


def agent(tree: Tree, verb: Word) -> list[Word]:
    """Who does it: the subject of an active verb, what stands behind `by` at a passive one."""
    if is_passive(tree, verb):
        by = [prep for prep in tree.children(verb, "agent", "prep") if prep.lemma == "by"]
        by = [prep for prep in by if tree.words[prep.index - 1].text not in {"than", "not"}]  # «rather than by NASA»
        return [target for prep in by or _shared_doer(tree, verb, DEPTH) for target in tree.children(prep, "pobj")]
    return _subject(tree, verb, SUBJECTS, DEPTH)


def patient(tree: Tree, verb: Word) -> list[Word]:
    """To whom it is done: the object of an active verb, the subject of a passive one."""
    if is_passive(tree, verb):
        # «X, launched for A by B, reached Y»: the parser takes the participle for a finite verb.
        finite = tree.children(verb, "agent") and tree.children(verb, "nsubj")
        return tree.children(verb, "nsubj") if finite else _subject(tree, verb, ("nsubjpass",), DEPTH)
    told = _object_told(tree, verb)
    if told:
        return told
    # «It involves A and B working together»: the objects are the subjects of the clause below.
    clauses = [clause for clause in tree.children(verb, "ccomp") if clause.tag == "VBG"]
    small = [subject for clause in clauses for subject in tree.children(clause, "nsubj")]
    # «X lent Y a camera»: what was lent is the camera, and Y only has it.
    own = tree.children(verb, "dobj", "oprd") or tree.children(verb, "dative")
    return [*(own or _shared_object(tree, verb, DEPTH)), *small]


def _shared_doer(tree: Tree, verb: Word, depth: int) -> list[Word]:
    """«Designed, built and flown by A»: the parser gives A to the last of the participles alone."""
    last = next((step for step in tree.children(verb, "conj") if step.tag == verb.tag), None)
    if last is None or depth == 0 or tree.children(last, "nsubj", "nsubjpass", "dobj"):
        return []
    return tree.children(last, "agent") or _shared_doer(tree, last, depth - 1)


def _shared_object(tree: Tree, verb: Word, depth: int) -> list[Word]:
    """«A launched and tracked X»: the object stands behind the last of verbs that are joined without anything else."""
    last = next((step for step in tree.children(verb, "conj") if step.tag == verb.tag), None)
    if last is None or depth == 0 or tree.children(last, "nsubj", "nsubjpass", "aux", "auxpass", "mark"):
        return []
    between = tree.words[verb.index + 1 : last.index]
    bare = all(step.text == "," or step.relation == "cc" for step in between)
    return (tree.children(last, "dobj") or _shared_object(tree, last, depth - 1)) if bare else []


def _object_told(tree: Tree, verb: Word) -> list[Word]:
    """«X, which A launched», «the craft that A built»: the noun that a relative clause says is the verb's object."""
    above = tree.governor(verb)
    told = any(word.text.lower() in {"which", "that"} for word in tree.children(verb, "dobj"))
    return [_told(tree, above)] if above is not None and verb.relation == "relcl" and told else []


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


def left_out(tree: Tree, verb: Word, opens: int) -> str:
    """Which end a verb lacks that opens a sentence, `agent` or `patient`: «Launched by X», «Carries a dish»; else none.

    What stands before the offset `opens` is a label: «Guest: Built by X».
    """
    first = tree.words[verb.head] if verb.relation == "conj" else verb
    root = first.head == first.index or tree.words[first.head].start < opens
    told = any(step.start >= opens for step in subject(tree, verb))
    before = (step for step in tree.words[: first.index] if step.start >= opens)
    if not root or told or any(step.tag.startswith(NOMINAL_TAGS) for step in before):
        return ""
    return "patient" if is_passive(tree, verb) else "agent"


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
    waiting = [word]
    while waiting:
        each = waiting.pop()
        yield each
        waiting += [child for child in reversed(tree.children(each)) if not _opens(tree, child)]


def behind(tree: Tree, word: Word, preposition: str) -> list[Word]:
    """What stands behind a preposition of `word`, of its objects, or of what its prepositions bring in."""
    if preposition not in tree.forms and preposition not in tree.lemmas:
        return []
    near = tree.children(word, "prep", "agent", "dative", "acl", "advcl", "advmod")
    light = tree.governor(word)
    if light is not None and word.relation == "dobj" and light.lemma in LIGHT_GIVING:
        near += tree.children(light, "dative", "prep")  # «added their names to X», «put up the money for X»
    for child in tree.children(word, "dobj", "nsubjpass", "attr", "prep", "advmod", "prt"):
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
    if tree.children(verb, *PASSIVE) or (tree.children(verb, "agent") and not tree.children(verb, "dobj")):
        return True
    if verb.index == 0 and verb.lemma in UNCHANGED and verb.relation == "advcl":
        return not tree.children(verb, "aux", "mark", "dobj", "nsubj")  # «Set up in 2010, the agency …»
    if verb.relation in {"acl", "advcl"}:
        return verb.tag == "VBN" and not tree.children(verb, "aux", "mark")
    if verb.relation == "conj" and verb.tag in {"VBN", "VBD"} and not tree.children(verb, "aux", "nsubj", "dobj"):
        return _joined_passive(tree, verb)
    alone = verb.head == verb.index and verb.tag in {"VBN", "VBD"}
    return alone and not tree.children(verb, "nsubj", "csubj", "expl", "aux", "dobj")


def _joined_passive(tree: Tree, verb: Word) -> bool:
    """«Was designed and built in Japan», «built by X and launched by Y»: a participle behind one in the passive."""
    first = verb
    for _ in range(DEPTH):
        first = tree.words[first.head] if first.relation == "conj" else first
    if first.relation == "conj":
        return False  # nobody joins so many
    return is_passive(tree, first) and (verb.tag == "VBN" or first.relation == "acl")


def _subject(tree: Tree, verb: Word, relations: tuple[str, ...], depth: int) -> list[Word]:
    own, above = tree.children(verb, *relations), tree.governor(verb)
    named = bool(own) and own[0].text.lower() in RELATIVE
    relative = named and verb.relation == "relcl"
    if named and above is not None and verb.relation == "conj" and above.relation == "relcl":
        return [_told(tree, tree.words[above.head])]  # «a rover that CNES built and that crawls over Phobos»
    if above is None and not own and verb.tag in {"VBN", "VBG"}:
        return _opened_for(tree, verb, relations)
    if named and above is not None and verb.relation == "ccomp" and above.lemma == "be":
        return tree.children(above, "attr")  # «It was A that built X.»
    if above is None or (own and not relative):
        return own
    if relative or verb.relation in {"acl", "relcl"}:
        told, said = _told(tree, above), tree.governor(above)
        return [told, *_called(tree, verb, told, said)]
    return _inherited(tree, verb, above, depth - 1) if depth else []


def _called(tree: Tree, verb: Word, told: Word, said: Word | None) -> list[Word]:
    """«X was the first Indian to visit it», «the company that built it was X»: who is named for its noun."""
    if said is None or said.lemma != "be":
        return []
    infinitive = any(word.tag == "TO" for word in tree.children(verb, "aux"))
    if told.relation == "attr" and infinitive:
        return tree.children(said, "nsubj")
    return tree.children(said, "attr") if told.relation == "nsubj" else []


def _opened_for(tree: Tree, participle: Word, relations: tuple[str, ...]) -> list[Word]:
    """«Lifted by X at noon, the two craft parted»: the subject behind the comma, though the parser sees two roots."""
    roots = [w for w in tree.words[participle.index + 1 :] if w.head == w.index and w.tag.startswith("VB")]
    found = tree.children(roots[0], *relations, *SUBJECTS) if roots else []
    return found if found and any(w.text == "," for w in tree.words[participle.index : found[0].index]) else []


def employers(tree: Tree, staff: Word) -> list[Word]:
    """Whose people they are: «a team from A», «a consortium led by A», «a team under the leadership of A»."""
    behind = [prep for prep in tree.children(staff, "prep") if prep.lemma in {"of", "from", "in", "at", "under"}]
    ends = [end for prep in behind for end in tree.children(prep, "pobj")]
    under = [prep for end in ends if end.lemma in LEADING for prep in tree.children(end, "prep") if prep.lemma == "of"]
    led = [by for verb in tree.children(staff, "acl") if verb.lemma in {"lead", "head"} for by in agent(tree, verb)]
    heads = [end for prep in under for end in tree.children(prep, "pobj")]
    return [*(end for end in ends if end.lemma not in LEADING), *heads, *led]


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
        infinitive = any(word.tag == "TO" for word in tree.children(verb, "aux"))
        asking = above.lemma in ASKING_VERBS and (verb.relation == "xcomp" or infinitive)
        asked = tree.children(above, "dobj") if asking else []
        if asked:
            return asked
        own = tree.children(above, *SUBJECTS, "nsubjpass")
        if own and own[0].text.lower() not in RELATIVE:
            return own
        sought = (SUBJECTS, ("nsubjpass",)) if own else ((*SUBJECTS, "nsubjpass"),)
        return next((found for each in sought if (found := _subject(tree, above, each, depth))), [])
    higher = tree.governor(above)
    if verb.relation == "pcomp" and higher is not None:
        # «with ten countries cooperating» names who cooperates; «by cooperating» leaves it to the verb above.
        return tree.children(above, "pobj") or subject(tree, higher)
    return []


def _host(tree: Tree, noun: Word, depth: int) -> list[Word]:
    above = tree.governor(noun)
    if above is None or depth == 0:
        return []
    if noun.relation in {"attr", "oprd"} or (noun.relation == "dobj" and above.lemma in FORMING_VERBS):
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
    if preposition.lemma == "of" and above.text.lower() == "out":
        above = tree.governor(above) or above  # «grew out of a partnership»
    if preposition.lemma == "of" and above.lemma in RESULT_NOUNS:
        return _host(tree, above, depth)
    if preposition.lemma in {"of", "from"} and above.lemma in RESULT_VERBS:
        return subject(tree, above)
    return []
