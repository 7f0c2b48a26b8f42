"""mended    parses put right where the names show that the parser erred: «A built X and B built Y»."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from spacekg.claims.sentences import Sentence
from spacekg.grammar import Tree, Word
from spacekg.model import Link

FINITE = {"VBD", "VBZ", "VBP"}
JOINED = {"conj", "appos", "dobj", "pobj", "npadvmod"}
"""Relations in which the parser takes the subject of a second clause for one more object of the first."""
PARTED = {"conj", "ccomp", "parataxis", "dep", "advcl", "appos"}
"""Relations by which the parser hangs a clause on another across a semicolon."""
TOLD = {"advcl", "dep", "conj", "acl"}
"""Relations of a participle that may tell of the name right before its comma."""
TITLED = {"npadvmod", "dobj", "oprd", "dep"}
"""Relations in which the parser leaves a name that stands right behind its title."""
IsAgent = Callable[[Link], bool]


def put_right(sentence: Sentence, is_agent: IsAgent) -> Sentence:
    """The sentence with the words' governors that its names show; the same one where nothing is wrong."""
    better = {word.index: word for word in _better(sentence, is_agent)}
    if not better:
        return sentence
    return replace(sentence, tree=Tree(tuple(better.get(word.index, word) for word in sentence.tree.words)))


def _better(sentence: Sentence, is_agent: IsAgent) -> Iterator[Word]:
    for word in sentence.tree.words:
        if _behind_semicolon(sentence.tree, word):
            yield replace(word, relation="ROOT", head=word.index)
        elif word.tag in FINITE and _lacks_subject(sentence.tree, word):
            yield from _own_subject(sentence, word, is_agent)
        elif word.tag in {"VBN", "VBD"} and word.relation in TOLD:
            yield from _nearest_told(sentence, word, is_agent)
        elif word.relation == "conj" and word.index in sentence.by_word:
            yield from _without_verb(sentence, word, is_agent)
        elif word.relation in TITLED and word.index in sentence.by_word:
            yield from _titled(sentence, word)


def _behind_semicolon(tree: Tree, verb: Word) -> bool:
    """«A built X; B launched it»: a clause with a subject and a finite verb on its side of a semicolon is its own."""
    subjects = tree.children(verb, "nsubj", "nsubjpass", "expl") if verb.relation in PARTED else []
    finite = any(word.tag in {*FINITE, "MD"} for word in (verb, *tree.children(verb, "aux", "auxpass")))
    if not subjects or not finite:
        return False
    own = tree.words[min(verb.index, subjects[0].index) : max(verb.index, subjects[0].index)]
    between = tree.words[min(verb.index, verb.head) : max(verb.index, verb.head)]
    return any(word.text == ";" for word in between) and not any(word.text == ";" for word in own)


def _lacks_subject(tree: Tree, verb: Word) -> bool:
    return not tree.children(verb, "nsubj", "nsubjpass", "expl", "auxpass", "agent") and bool(
        tree.children(verb, "dobj")
    )


def _own_subject(sentence: Sentence, verb: Word, is_agent: IsAgent) -> Iterator[Word]:
    """«A built X and B built Y»: who stands right before a verb with an object does what it says."""
    before = sentence.tree.words[verb.index - 1] if verb.index else None
    joined = before is not None and before.relation in JOINED and before.head < before.index
    if before is not None and joined and _are(sentence, before, is_agent):
        yield replace(before, relation="nsubj", head=verb.index)


def _nearest_told(sentence: Sentence, participle: Word, is_agent: IsAgent) -> Iterator[Word]:
    """«A member of the X mission, led by B»: a participle with a doer behind a comma tells of the name before it."""
    tree, at = sentence.tree, participle.index
    if at < 2 or tree.words[at - 1].text != "," or not tree.children(participle, "agent"):
        return
    if tree.children(participle, "aux", "auxpass", "nsubj", "nsubjpass", "mark", "dobj"):
        return
    noun = tree.words[at - 2]
    named = [noun, *tree.children(noun, "compound")]
    group = next((sentence.by_word[w.index] for w in named if w.index in sentence.by_word), None)
    within = tree.words[tree.words[noun.head].head] if noun.relation == "pobj" else noun
    if within.relation in {"nsubj", "nsubjpass"} and within is not noun:
        return  # «The arm of X, made by Y, is long»
    if group is not None and noun.index != participle.head and not any(is_agent(link) for link in group.links):
        yield replace(participle, relation="acl", head=noun.index)


def _without_verb(sentence: Sentence, word: Word, is_agent: IsAgent) -> Iterator[Word]:
    """«A runs X and B Y»: the second pair is a clause whose verb is left out, and Y no second object of A."""
    tree = sentence.tree
    owner = tree.words[word.index - 1] if word.index else None
    if owner is None or owner.relation != "compound" or not _are(sentence, owner, is_agent):
        return
    first, opening = tree.words[word.head], tree.words[owner.index - 1]
    alike = any(_are(sentence, near, is_agent) for near in tree.children(first, "compound", "poss"))
    if first.relation == "dobj" and not alike and opening.text.lower() in {"and", ",", ";", "while"}:
        yield replace(word, relation="parataxis")


def _titled(sentence: Sentence, name: Word) -> Iterator[Word]:
    """«Visited the asteroid Itokawa»: a noun right before a name is no object beside it but its title."""
    noun = sentence.tree.words[name.index - 1] if name.index else None
    if noun is None or noun.relation != "dobj" or noun.tag != "NN" or noun.head != name.head:
        return
    if noun.index not in sentence.by_word and name.tag == "NNP":
        yield replace(noun, relation="compound", head=name.index)
        yield replace(name, relation="dobj")


def _are(sentence: Sentence, word: Word, is_agent: IsAgent) -> bool:
    """Whether a word stands for agents, and is no adjective."""
    group = sentence.by_word.get(word.index)
    return group is not None and word.tag.startswith("NNP") and all(is_agent(link) for link in group.links)
