"""carried   whose is what a craft has on board: «carries a Spanish weather station», «with a French seismometer»."""

from __future__ import annotations

from spacekg.claims import clauses
from spacekg.claims.arguments import Reading
from spacekg.grammar import Word
from spacekg.lexicon import singular

CARRYING = {
    "carry",
    "bear",
    "have",
    "host",
    "feature",
    "include",
    "take",
    "bring",
    "hold",
    "contain",
    "sport",
    "comprise",
}
"""Verbs whose object, where their subject is a craft, is on board."""
GIVERS = {"from", "of", "by"}
"""Prepositions behind which stands whose the thing before them is."""
INSTRUMENT = "Instrument"


def is_cargo(reading: Reading, noun: Word) -> bool:
    """Whether a noun names what a craft carries, and not a craft, rocket or body of its own."""
    tree = reading.sentence.tree
    step = noun
    while step.relation == "conj":
        step = tree.words[step.head]
    above = tree.governor(step)
    if above is None or noun.index in reading.sentence.by_word:
        return False
    kind = reading.lexicon.class_nouns.get(singular(noun.text.lower()), "")
    if kind not in {"", INSTRUMENT}:
        return False
    carried = step.relation == "dobj" and above.lemma in CARRYING
    return carried or (step.relation == "pobj" and above.text.lower() == "with")


def is_giver(reading: Reading, word: Word) -> bool:
    """Whether a name tells whose cargo is: it qualifies the noun, or stands behind `from`, `of` or `built by`."""
    tree = reading.sentence.tree
    above = tree.governor(word)
    if above is None:
        return False
    if word.relation in clauses.MODIFIERS:
        return is_cargo(reading, above)
    noun = tree.governor(above) if word.relation == "pobj" and above.text.lower() in GIVERS else None
    if noun is not None and noun.relation == "acl":
        noun = tree.governor(noun)
    return noun is not None and is_cargo(reading, noun)


def givers(reading: Reading, part: Word, verb: Word | None) -> list[Word]:
    """Words that tell whose a part is: «German cameras», «cameras from Japan», «the camera is German»."""
    tree = reading.sentence.tree
    giving = [end for prep in tree.children(part, "prep") if prep.lemma == "from" for end in tree.children(prep)]
    told = tree.children(verb, "acomp") if verb is not None and verb.lemma == "be" and part.relation == "nsubj" else []
    return [*tree.children(part, *clauses.MODIFIERS), *giving, *told]
