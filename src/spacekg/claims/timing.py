"""timing    from a word of a sentence to the date that the sentence gives it."""

from __future__ import annotations

from spacekg.claims.clauses import DEPTH
from spacekg.claims.dates import DateSpan
from spacekg.claims.sentences import Sentence
from spacekg.grammar import Tree, Word

TIMES = {"summer", "spring", "autumn", "fall", "winter", "end", "beginning", "start", "middle", "eve", "year", "day"}
"""Nouns through which a date still is the date of the verb: «in the summer of 2000»."""
TIMELESS = {"of", "by", "between", "with", "for", "about", "under"}
"""Prepositions behind which a date is not the date of the verb: «by an agreement of 2003»."""
EVENT_VERBS = {"take", "come", "occur", "happen", "follow", "be", "see"}
"""Verbs that only say when the event named by their subject was: «the launch took place in May»."""
SEEING_VERBS = {"see", "witness", "mark", "bring"}
"""Verbs whose subject or adjunct dates what their object names: «the year 1961 saw the birth of X»."""
DATE_PATHS = ("prep", "pobj", "npadvmod", "nmod", "dobj", "nsubjpass", "advmod", "appos")


def date(sentence: Sentence, word: Word) -> DateSpan | None:
    """The date nearest below a word: behind `in`, `on` or `since`, or right beside it."""
    level = [word, *_set_between(sentence, word)]
    verb = word.tag.startswith("VB")
    for _ in range(DEPTH):
        dated = [sentence.date_by_word[w.index] for w in level if w.index in sentence.date_by_word]
        found = [date for date in dated if not date.leads]
        if found:
            return found[0]
        open_ = [w for w in level if not verb or w.relation != "pobj" or w.lemma in TIMES]
        below = [child for w in open_ for child in sentence.tree.children(w, *DATE_PATHS)]
        level = [
            c for c in below if not (c.relation == "prep" and c.lemma in TIMELESS and verb and c.head == word.index)
        ]
    return _when(sentence, word) or _seen(sentence, word) or _leading(sentence, word)


def _when(sentence: Sentence, word: Word) -> DateSpan | None:
    """«On 20 October, when it left», «2004 saw it leave»: the date that a clause with `when` belongs to."""
    tree = sentence.tree
    above = tree.governor(word)
    joined = any(child.text.lower() == "when" for child in tree.children(word, "advmod"))
    if above is None or not joined or word.relation not in {"relcl", "advcl", "ccomp"}:
        return None
    own = sentence.date_by_word.get(above.index)
    near = [end for prep in tree.children(above, "prep") for end in tree.children(prep, "pobj")]
    dated = [sentence.date_by_word[end.index] for end in near if end.index in sentence.date_by_word]
    return own or next((date for date in dated if date.start < sentence.passage.start + word.start), None)


def _seen(sentence: Sentence, word: Word) -> DateSpan | None:
    """«The year 1961 saw the birth of X», «2004 brought the launch»: the date of the verb above its object."""
    tree = sentence.tree
    verb = tree.governor(word)
    if verb is None or word.relation != "dobj" or verb.lemma not in SEEING_VERBS:
        return None
    near = [
        step for child in tree.children(verb, "nsubj", "prep", "npadvmod") for step in (child, *tree.children(child))
    ]
    return next((sentence.date_by_word[step.index] for step in near if step.index in sentence.date_by_word), None)


def _leading(sentence: Sentence, word: Word) -> DateSpan | None:
    """The date that an entry of a timeline opens with, for what the entry itself says; not for a look back."""
    tree = sentence.tree
    verbs = [step for step in (word, *tree.ancestors(word)) if step.tag.startswith("VB")]
    aside = any(verb.relation in {"relcl", "advcl", "acl"} for verb in verbs)
    before = any(child.text.lower() == "had" for verb in verbs for child in tree.children(verb, "aux"))
    lead = next((date for date in sentence.dates if date.leads and not aside and not before), None)
    within = [date for date in sentence.dates if lead and not date.leads and date.value[:4] == lead.value[:4]]
    return within[0] if len(within) == 1 else lead


def _set_between(sentence: Sentence, word: Word) -> list[Word]:
    """What the parser hung on the verb although it stands right behind its subject: «the launch in 1957 opened»."""
    verb = sentence.tree.governor(word)
    if verb is None or not word.relation.startswith("nsubj"):
        return []
    preps = sentence.tree.children(verb, "prep")
    if word.tag.startswith("NN") and verb.lemma in EVENT_VERBS:
        return preps
    return [child for child in preps if word.index < child.index < verb.index]


def only_dates(tree: Tree, verb: Word) -> bool:
    """Whether a clause only tells of a time: «the day that X was launched»."""
    above = tree.governor(verb)
    return verb.relation in {"relcl", "acl"} and above is not None and above.lemma in TIMES
