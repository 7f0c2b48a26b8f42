"""doing     who does what a noun or a task names: «X handled the launch», «the contract to build Y went to X»."""

from __future__ import annotations

from spacekg.claims import clauses
from spacekg.claims.clauses import behind, patient, subject, topic
from spacekg.grammar import Tree, Word

LIGHT_VERBS = {
    *("handle", "provide", "perform", "conduct", "carry", "do", "undertake", "manage", "arrange", "oversee", "make"),
    *("take", "bear", "cover", "foot", "pay", "meet", "shoulder", "put", "add", "set", "affix", "assume", "accept"),
    *("hold", "have", "share", "retain", "supervise", "run", "direct", "lead", "complete", "execute"),
    *("pick", "split", "divide", "play"),
}
"""Verbs whose subject does what their object names: «X handled the launch», «X bore the cost»."""
GIVING_VERBS = {
    *("entrust", "assign", "award", "give", "hand", "fall", "rest", "lie", "go", "leave", "contract", "pass"),
    *("transfer", "delegate"),
}
"""Verbs behind which stands, with `to` or `with`, who does what is given: «the launch was entrusted to X»."""
SHARING_VERBS = {"split", "share", "divide"}
"""Verbs behind which stands, with `between` or `among`, who does it together."""
COMING_VERBS = {"come", "stem"}
"""Verbs behind which stands, with `from`, who gave what their subject names: «the money came from X»."""
HIRING_VERBS = {"pay", "hire", "contract"}
"""Verbs whose object does what is named behind `for`: «X was paid for the ride»."""
TASKS = {"contract", "task", "job", "work", "honour", "honor", "order", "commission", "responsibility"}
"""Nouns for what is given to somebody to do: «the contract to build Y»."""
WINNING_VERBS = {"win", "receive", "get", "gain", "secure", "obtain", "land"}
"""Verbs whose subject is given what their object names."""


def agent(tree: Tree, verb: Word) -> list[Word]:
    """Who does it: as `clauses.agent`; of a task, «the contract to build Y», whoever it was given to."""
    above = tree.governor(verb)
    noun = tree.governor(above) if above is not None and verb.relation == "pcomp" else above
    task = noun is not None and verb.relation in {"acl", "pcomp", "relcl"} and noun.lemma in TASKS
    return (_taker(tree, noun) if noun is not None and task else []) or clauses.agent(tree, verb)


def _taker(tree: Tree, task: Word) -> list[Word]:
    verb = tree.governor(task)
    if verb is None:
        return []
    if task.relation == "dobj" and verb.lemma in GIVING_VERBS:
        given = subject(tree, verb) if clauses.is_passive(tree, verb) else tree.children(verb, "dative")
        return [word for word in given if word.tag != "IN"] or behind(tree, verb, "to")
    if task.relation == "dobj" and verb.lemma in WINNING_VERBS:
        return clauses.agent(tree, verb)
    return doer(tree, task)


def doer(tree: Tree, noun: Word) -> list[Word]:
    """Who does what a noun names, by the verb it stands with: «X handled the launch», «responsible for the launch»."""
    verb = tree.governor(noun)
    if verb is None:
        return []
    if noun.relation == "pobj":
        cause = tree.governor(verb)
        return _doer_behind(tree, verb, cause) if cause is not None else []
    found: list[Word] = []
    if noun.relation in {"dobj", "nsubjpass"} and verb.lemma in LIGHT_VERBS:
        found = clauses.agent(tree, verb)
    if not found and verb.lemma in GIVING_VERBS and noun.relation in {"nsubj", "nsubjpass", "dobj"}:
        found = [*behind(tree, verb, "to"), *behind(tree, verb, "with")]
    if not found and verb.lemma in SHARING_VERBS:
        found = [*behind(tree, verb, "between"), *behind(tree, verb, "among")]
    if not found and verb.lemma in COMING_VERBS and noun.relation == "nsubj":
        found = behind(tree, verb, "from")
    return found


def _doer_behind(tree: Tree, preposition: Word, cause: Word) -> list[Word]:
    """«X was paid for the launch», «X bore the cost of the launch», «X is responsible for it»."""
    if preposition.lemma == "for" and cause.lemma in HIRING_VERBS:
        return patient(tree, cause)
    if preposition.lemma in {"of", "for"} and cause.relation in {"dobj", "nsubj", "nsubjpass"}:
        return doer(tree, cause)
    responsible = preposition.lemma == "for" and cause.lemma in {"responsible", "accountable"}
    return topic(tree, cause) if responsible else []
