"""focus     what a sentence says something of, only compares with, or brings up without a known name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from spacekg.claims.acting import OTHERS
from spacekg.claims.sentences import Group, Item, Sentence
from spacekg.claims.statements import COREFERENT
from spacekg.grammar import Tree, Word
from spacekg.lexicon import Lexicon, singular
from spacekg.model import Link, Mention

CRAFT = ("Spacecraft", "SpaceMission")
COMPARING = {"than", "like", "unlike", "before", "after", "since", "ahead", "behind", "besides", "beyond"}
"""Words behind which stands what a sentence only compares with or dates by."""
CORE = {"nsubj", "nsubjpass", "dobj", "attr"}
"""Relations of what a sentence says something of."""
INDEFINITE = {"a", "an", "another"}
SEVERAL = {"two", "twin", "twins", "pair", "both", "duo"}
EVENTS = {"launch", "liftoff", "lift-off", "takeoff", "touchdown", "landing", "contact", "construction", "work"}
"""Nouns that open a sentence without an article and are no name: «Launch was in May»."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """The names of a passage: those that it says something of, first what its subject stands for, and the others."""

    core: tuple[Group, ...]
    rest: tuple[Group, ...]
    stranger: str = ""
    """The noun of the thing without a known name that the passage is about: «a new probe», «Zorblax-2»."""
    strangers: bool = False
    """Whether it is about several things without names, which «they» then are: «the pictures are free»."""

    unknown: bool = False
    """Whether its subject is a name that no table knows, or that stayed open: «Galileo had been there before»."""
    several: bool = False
    """Whether it says that a thing is two or more: «the twin satellites of GRACE»."""

    @property
    def groups(self) -> tuple[Group, ...]:
        """All names, the likeliest to be taken up first."""
        return (*self.core, *self.rest)


def of(sentence: Sentence, subject: Sequence[Link], lexicon: Lexicon) -> Spoken:
    """What a sentence says something of, whose subject stands for these."""
    tree = sentence.tree
    aside = [group for group in sentence.groups if compared(sentence, group)]
    subjects = [group for group in sentence.groups_of(root_subjects(tree)) if group not in aside]
    named = {link.entity for group in subjects for link in group.links}
    told = tuple(Item(link, link.mention.end) for link in subject if link.entity not in named)
    ends = [word for word in tree.words if word.relation in CORE or word.head == word.index]
    ends += [word for end in ends for word in tree.children(end, "appos")]
    core = [*subjects, *(group for group in sentence.groups_of(ends) if group not in subjects and group not in aside)]
    rest = [group for group in sentence.groups if group not in core and group not in aside]
    first = (Group(told),) if told else ()
    strangers = not subject and not subjects and any(word.tag == "NNS" for word in root_subjects(tree))
    several = not tree.forms.isdisjoint(SEVERAL)
    there = [word for root in tree.roots if tree.children(root, "expl") for word in tree.children(root, "attr")]
    heads = (*root_subjects(tree), *there, *_under(tree))
    unknown = not told and not subjects and any(open_name(sentence, word) for word in heads)
    return Spoken((*first, *core), (*rest, *aside), stranger(sentence, lexicon), strangers, unknown, several)


def root_subjects(tree: Tree) -> list[Word]:
    """The subjects of a sentence's main verb, also where the parser took that of a clause of time for it."""
    dated = [root for root in tree.roots if any(c.text.lower() in COMPARING for c in tree.children(root, "mark"))]
    roots = [clause for root in dated for clause in tree.children(root, "ccomp")] or tree.roots
    return [word for root in roots for word in tree.children(root, "nsubj", "nsubjpass")]


def _under(tree: Tree) -> list[Word]:
    """What a sentence begins to speak of with «under»: «Under the Charter, seventeen members give pictures»."""
    opening = [word for word in tree.words[:1] if word.lemma == "under"]
    return [end for word in opening for end in tree.children(word, "pobj")]


def compared(sentence: Sentence, group: Group) -> bool:
    """Whether a sentence only compares with a name or dates by it: «one day ahead of X», «before X landed»."""
    tree = sentence.tree
    word = next((tree.words[index] for index, other in sentence.by_word.items() if other is group), None)
    for step in (word, *tree.ancestors(word)) if word is not None else ():
        if step.text.lower() in COMPARING:
            return True
        if step.tag.startswith("VB"):
            return any(mark.text.lower() in COMPARING for mark in tree.children(step, "mark"))
    return False


def stranger(sentence: Sentence, lexicon: Lexicon) -> str:
    """The noun of something that no table knows and that a sentence is about; empty where it is about none.

    That is «a new probe», «another rover», or a name that is a craft's by its digits or by the noun beside it.
    """
    rival = next((word.lemma for word in sentence.tree.words if _other(sentence, word)), "")
    fresh = (noun for word in root_subjects(sentence.tree) if (noun := nameless(sentence, lexicon, word)))
    return rival or next(fresh, "")


def _other(sentence: Sentence, word: Word) -> bool:
    """Whether a noun brings up something else than what was spoken of, and no name: «its rival», «had a successor»."""
    tree, at = sentence.tree, sentence.by_word
    if word.tag != "NN" or word.lemma not in OTHERS or word.relation not in {"nsubj", "nsubjpass", "dobj"}:
        return False
    said = [*tree.children(word), *tree.children(tree.words[word.head], "attr", "appos")]
    return word.index not in at and not any(step.index in at for step in said if step.relation not in {"poss", "prep"})


def nameless(sentence: Sentence, lexicon: Lexicon, word: Word, kinds: Sequence[str] = ()) -> str:
    """The noun by which a word means a thing of these classes, or any, that no table knows; empty if it means none."""
    tree = sentence.tree
    near = [word, *tree.children(word)]
    if any(step.index in sentence.by_word for step in near if step.relation != "poss"):
        return ""
    nouns = [step for step in near if names_class(step, lexicon, kinds)]
    # «ESA built a lander»: that may be part of what the text is about, «another lander» is not.
    articles = {"another"} if word.relation == "dobj" else INDEFINITE
    fresh = any(step.text.lower() in articles for step in tree.children(word, "det"))
    named = word.tag.startswith("NNP") and (nouns or any(c.isdigit() for c in word.text))
    return singular(word.text.lower()) if named or (word in nouns and fresh) else ""


def names_class(word: Word, lexicon: Lexicon, kinds: Sequence[str]) -> bool:
    """Whether a noun speaks of a thing of these classes, or of any class."""
    kind = lexicon.class_nouns.get(singular(word.text.lower()), "")
    return bool(kind) and (not kinds or any(lexicon.declared.is_a(kind, wide) for wide in kinds))


def open_name(sentence: Sentence, subject: Word) -> bool:
    """Whether a subject is a name without a link, also one that is an ordinary word at the head of its sentence."""
    tree = sentence.tree
    if subject.index in sentence.by_word or any(c.index in sentence.by_word for c in tree.children(subject)):
        return False
    if subject.index == 0 and subject.text.lower() in EVENTS:
        return False
    alone = subject.index == 0 and subject.tag == "NN" and not tree.children(subject, "det", "amod", "prep")
    return subject.tag == "NNP" or (alone and subject.lemma not in {"nobody", "nothing", "none"})


def pointed(link: Link, sentence: Sentence, word: Word) -> Link:
    """A name as a word stands for it that points back to it."""
    start, end = sentence.passage.start + word.start, sentence.passage.start + word.end
    return replace(link, mention=Mention(sentence.passage, start, end, (link.entity,), "pronoun"), method=COREFERENT)
