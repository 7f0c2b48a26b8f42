"""anaphors  which words point back to something named before: definite nouns, and «it» where it is not idle."""

from __future__ import annotations

from spacekg.claims.sentences import STAND_INS, Sentence, words_within
from spacekg.grammar import Word

DETERMINERS = {"the", "this", "that", "these", "those", "both", "all"}
NUMBERS = {"both": 2, "pair": 2, "duo": 2, "two": 2, "three": 3, "trio": 3, "four": 4, "each": 0}
"""Words that alone stand for that many craft just named: «the pair», «all three»; 0 for any number of them."""
SINGULAR = {"it", "its", "itself"}
PLURAL = {"they", "them", "their", "themselves"}
PLACES = {"here", "there"}
NUMBERED = {"first": 0, "second": 1}
ORDER = {"former": 0, "latter": 1, **NUMBERED}
"""Words for the first and the second of two things just named."""
ALONE = frozenset({*SINGULAR, *PLURAL, *PLACES, *ORDER, *NUMBERS})
POINTING = ALONE | DETERMINERS
SUBJECTS = {"nsubj", "nsubjpass"}
OBJECTS = {"dobj", "pobj"}
EMPTY = {"cost", "take", "seem", "appear", "remain", "happen"}
"""Verbs beside which «it» may mean nothing."""
PARTING = {
    *("other", "another", "first", "second", "third", "fourth", "next", "last", "previous", "earlier", "later"),
    *("former", "latter", "similar", "different", "own", "new", "old", "only", "final", "original", "future"),
}
"""Adjectives that part one thing from others of its kind."""


def pointing(sentence: Sentence) -> frozenset[int]:
    """The words that may point back: pronouns and the like, and the nouns that have their article for it."""
    words = sentence.tree.words
    said = [word for word in words if word.text.lower() in POINTING] if sentence.tree.forms & POINTING else []
    alone = {word.index for word in said if word.text.lower() in ALONE}
    nouns = (words[word.head] for word in said if word.relation in {"det", "predet"})
    return frozenset(alone | {noun.index for noun in nouns if definite(sentence, noun) or of_a_state(sentence, noun)})


def definite(sentence: Sentence, word: Word) -> bool:
    """Whether a noun with its article means one that was spoken of: «the new spacecraft», not «the first one»."""
    tree = sentence.tree
    determiners = {c.text.lower() for c in tree.children(word, "det", "predet")}
    if not determiners & DETERMINERS or (determiners == {"all"} and not tree.children(word, "nummod")):
        return False
    placed = word.relation in {*SUBJECTS, "pobj"}  # «assembled the craft in Stevenage» tells where that was done
    told = any(c.lemma == "of" or (placed and _at_a_place(sentence, c)) for c in tree.children(word, "prep"))
    told = told or _restricted(sentence, word)
    described = [c for c in tree.children(word, "amod", "compound", "nmod") if c.index < word.index]
    parted = any(c.text.lower() in PARTING or c.tag in {"JJR", "JJS"} or c.index in sentence.by_word for c in described)
    return not told and not parted


def _at_a_place(sentence: Sentence, preposition: Word) -> bool:
    """Whether a preposition tells by a place which one is meant: «the agency in Cairo»."""
    places = sentence.tree.children(preposition, "pobj") if preposition.lemma in {"in", "at", "from"} else []
    return any(place.tag.startswith("NNP") and place.index not in sentence.date_by_word for place in places)


def of_a_state(sentence: Sentence, word: Word) -> bool:
    """Whether a noun with its article is told by states or bodies alone: «the Franco-Chinese craft», «the ESA one»."""
    tree = sentence.tree
    own = [c for c in tree.children(word, "amod", "compound", "nmod") if c.index in sentence.by_word]
    if not own:
        return False
    bodies = {group.start for group in sentence.groups_of(c for c in own if c.text == STAND_INS["Organization"])}
    groups = [group for group in sentence.groups_of(own) if group.start not in bodies]
    states = all(link.mention.kind == "demonym" for group in groups for link in group.links)
    articles = {c.text.lower() for c in tree.children(word, "det")}
    rest = {c.text.lower() for c in tree.children(word, "amod")} & PARTING
    return states and not rest and bool(articles & {"the", "this"}) and not _restricted(sentence, word)


def count(sentence: Sentence, word: Word) -> int:
    """How many things a plural is said to be; 0 where it is not said, -1 where they are more than are looked for."""
    said = [word, *sentence.tree.children(word, "nummod", "det", "predet")]
    known = (NUMBERS[step.text.lower()] for step in said if step.text.lower() in NUMBERS)
    return next(known, -1 if any(step.relation == "nummod" for step in said[1:]) else 0)


def plural(sentence: Sentence, word: Word) -> bool:
    """Whether a noun means several things, also where it has no plural of its own: «both spacecraft»."""
    return word.tag == "NNS" or (word.tag == "NN" and count(sentence, word) > 1)


def verb_over(sentence: Sentence, word: Word) -> Word | None:
    """The nearest verb above a word."""
    return next((step for step in sentence.tree.ancestors(word) if step.tag.startswith("VB")), None)


def there(sentence: Sentence, verb: Word) -> list[Word]:
    """The words beside a verb that mean a place: «X took off there as well»."""
    return [child for child in sentence.tree.children(verb, "advmod") if child.text.lower() in PLACES]


def fronted(sentence: Sentence, pronoun: Word) -> list[Word]:
    """The words in front of a subject in its own clause: «built by X, it», «with X aboard, it» is not X."""
    verb = sentence.tree.words[pronoun.head]
    before = [c for c in sentence.tree.children(verb, "advcl", "prep", "npadvmod", "dep") if c.index < pronoun.index]
    finite = ("nsubj", "nsubjpass", "mark")
    return [w for c in before if not sentence.tree.children(c, *finite) for w in words_within(sentence.tree, c)]


def idle(sentence: Sentence, word: Word, verb: Word) -> bool:
    """Whether «it» only fills the subject's place: «what it costs to run it», «it is hard to say»."""
    tree = sentence.tree
    clause = any(tree.children(step, "aux", "mark") for step in tree.children(verb, "xcomp", "ccomp", "advcl"))
    return word.relation in SUBJECTS and clause and (verb.lemma in EMPTY or bool(tree.children(verb, "acomp")))


def emphatic(word: Word) -> bool:
    """Whether «itself» only stresses the noun beside it: «the craft itself», «tests of the kind itself»."""
    return word.text.lower() == "itself" and word.relation in {"appos", "npadvmod"}


def joined_object(sentence: Sentence, word: Word, verb: Word) -> bool:
    """«ESA provides the platform and operates it»: «it» is the platform, which has no name."""
    above = sentence.tree.governor(verb)
    if word.relation not in OBJECTS or verb.relation != "conj" or above is None:
        return False
    return any(
        noun.tag in {"NN", "NNP"} and noun.index not in sentence.by_word
        for noun in sentence.tree.children(above, "dobj")
    )


def _restricted(sentence: Sentence, word: Word) -> bool:
    """Whether a clause says which one is meant, with no comma before it: «the spacecraft that landed»."""
    words = sentence.tree.words
    return any(
        words[min((w.index for w in words_within(sentence.tree, clause)), default=clause.index) - 1].text != ","
        for clause in sentence.tree.children(word, "relcl", "acl")
    )
