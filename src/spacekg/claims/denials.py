"""denials   which words of a sentence deny something: «nobody», «no agency», «neither A nor B», «would have»."""

from __future__ import annotations

from collections.abc import Iterable

from spacekg.claims import apart, routes
from spacekg.claims.arguments import Reading
from spacekg.grammar import Word
from spacekg.model import Polarity

NOT_DENIED = {
    "not": {"only", "just", "merely"},
    "no": {"fewer", "less", "more"},
    "none": {"other"},
    "nothing": {"but", "less", "short"},
}
"""A negation, and the words behind it that take it back."""
PRONOUN = "pronoun"
"""The part of cues such as «nobody»."""


def neither(reading: Reading, trigger: Word | None) -> bool:
    """Whether the clause of a word speaks of «neither A nor B», which two negations do not undo."""
    tree = reading.sentence.tree
    if not {"neither", "nor"} <= tree.forms:
        return False
    texts = [w.text.lower() for w in tree.words if trigger is None or apart.together(tree, w, trigger)]
    return "neither" in texts and "nor" in texts[texts.index("neither") :]


def by_none(reading: Reading, verb: Word) -> bool:
    """«No European agency took part»: the verb's subject or object denies it."""
    if not verb.tag.startswith("VB"):
        return False
    tree = reading.sentence.tree
    nouns = [noun for path in ("agent", "patient") for noun in routes.heads(tree, verb, path)]
    near = [word for noun in nouns for word in tree.children(noun, "det") if not not_only(reading, word)]
    none = any(reading.lexicon.cues.get(word.lemma) == ("determiner", Polarity.DENIED) for word in near)
    return none or by_nobody(reading, nouns)


def by_nobody(reading: Reading, words: Iterable[Word]) -> bool:
    """Whether one of some words is «nobody», «none» or the like: «none of its cameras came from X»."""
    cues = reading.lexicon.cues
    denying = (w for w in words if cues.get(w.text.lower()) == (PRONOUN, Polarity.DENIED))
    return any(not not_only(reading, word) for word in denying)


def unreal(reading: Reading, word: Word) -> bool:
    """«It could have flown to Mars»: it did not, whereas what could fly there aims at it."""
    helpers = {child.text.lower() for child in reading.sentence.tree.children(word, "aux")}
    return "have" in helpers and bool(helpers & {"could", "would", "should"})


def not_only(reading: Reading, word: Word) -> bool:
    """Whether a negation denies nothing: «not only», «no fewer than six»."""
    following = reading.sentence.tree.words[word.index + 1 : word.index + 2]
    return bool(following) and following[0].text.lower() in NOT_DENIED.get(word.text.lower(), ())
