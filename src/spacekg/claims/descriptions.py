"""descriptions whom a sentence means that it only describes: «the French space agency», «Ottawa», «we»."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from spacekg.claims.anaphors import PARTING
from spacekg.claims.clauses import MODIFIERS
from spacekg.claims.discourse import Memory
from spacekg.claims.focus import CRAFT, INDEFINITE
from spacekg.claims.sentences import Group, Item, Sentence
from spacekg.claims.statements import COREFERENT
from spacekg.grammar import Word
from spacekg.lexicon import Lexicon, singular
from spacekg.model import Link, Mention, PassageKind

AGENCY, COUNTERPART = "agency", "counterpart"
CIVIL = {"space", "aerospace", "national", "civil", "own"}
"""Words beside `agency` that leave it the one for space: no weather, news or mapping agency."""
STATES = ("State", "StateGroup")
ACTING = {"by", "between"}
SEATED = {"be", "lie", "host", "see", "have"}
"""Verbs of which a town may be the subject as a town."""
SPEAKERS = {"we", "us", "our"}
UNSAID = {*INDEFINITE, "no", "any", "some", "each", "every", "other"}
ENDS = {"nsubj", "nsubjpass", "dobj", "attr", "pobj"}


def described(sentence: Sentence, memory: Memory) -> Sentence:
    """The sentence with such words standing for the agents and craft that they mean."""
    if sentence.passage.kind not in {PassageKind.SENTENCE, PassageKind.ITEM}:
        return sentence
    found: dict[int, Group] = {}
    for word in sentence.tree.words:
        if word.index not in sentence.by_word and word.relation not in MODIFIERS[:3]:
            meant = _meant(sentence, memory, word, found)
            if meant:
                found[word.index] = _group(sentence, word, meant)
    if not found:
        return sentence
    groups = sorted([*sentence.groups, *found.values()], key=lambda group: group.start)
    return replace(sentence, groups=tuple(groups), by_word={**sentence.by_word, **found})


def _meant(sentence: Sentence, memory: Memory, word: Word, found: dict[int, Group]) -> Sequence[str]:
    text = word.text.lower()
    if text in SPEAKERS:
        return [link.entity for link in memory.speaker]
    if word.tag.startswith("NN") and singular(text) in {AGENCY, COUNTERPART}:
        return list(_agencies(sentence, memory, word))
    if word.tag.startswith("NNP"):
        return _government(sentence, memory, word, found)
    return _lead(sentence, memory, word) if word.tag.startswith("NN") and not found else []


def _agencies(sentence: Sentence, memory: Memory, word: Word) -> Iterator[str]:
    """The agencies of the states beside the noun: «the American and Indian space agencies», «the agency of Japan»."""
    tree, above = sentence.tree, sentence.tree.governor(word)
    said = [c for c in tree.children(word, *MODIFIERS) if c.index not in sentence.by_word]
    near = [c for c in tree.children(word, *MODIFIERS) if c.index in sentence.by_word]
    behind = [end for c in tree.children(word, "prep") if c.lemma == "of" for end in tree.children(c, "pobj")]
    if any(c.text.lower() in UNSAID for c in tree.children(word)):
        return
    named = any(c.index in sentence.by_word for c in tree.children(word, "appos"))
    if named or word.relation == "attr":
        return
    if singular(word.text.lower()) == COUNTERPART:
        if not _among_agencies(sentence, memory):
            return
    elif any(c.text.lower() not in CIVIL and c.relation != "nummod" and c.tag != "PRP$" for c in said):
        return
    groups = [g for g in sentence.groups_of(near or behind) if all(memory.is_any(link, STATES) for link in g.links)]
    agencies = [name for g in groups for link in g.links if (name := _agency(memory, link.entity))]
    # «JAXA, the Japanese space agency»: the name says it.
    titled = sentence.groups_of([above]) if above is not None and word.relation == "appos" else []
    yield from agencies if not set(agencies) <= {link.entity for g in titled for link in g.links} else ()


def _among_agencies(sentence: Sentence, memory: Memory) -> bool:
    """Whether it is an agency whose counterpart is spoken of."""
    before = [link for spoken in memory.passages[-1:] for group in spoken.core for link in group.links]
    return any(memory.is_any(link, ("SpaceAgency",)) for link in [*sentence.links, *before])


def _agency(memory: Memory, state: str) -> str:
    """The space agency of a state; of several the one that the text has named."""
    agencies = [name for name in memory.lexicon.agencies.get(state, ()) if name in memory.entities]
    told = [name for name in agencies if name in memory.named]
    return (told or agencies)[0] if len(told) == 1 or len(agencies) == 1 else ""


def _government(sentence: Sentence, memory: Memory, word: Word, found: dict[int, Group]) -> Sequence[str]:
    """The state whose government is named by its seat: «Ottawa gave the arm», «agreed between Paris and Bonn»."""
    tree, above = sentence.tree, sentence.tree.governor(word)
    before = [c.text for c in tree.children(word, "compound", "amod", "nmod") if c.index < word.index]
    states = [s for s in memory.lexicon.governments.get(" ".join([*before, word.text]), ()) if s in memory.entities]
    if not states or above is None:
        return []
    acts = word.relation == "nsubj" and above.tag.startswith("VB") and above.lemma not in SEATED
    acts = acts or (word.relation == "pobj" and above.lemma in ACTING)
    acts = acts or (word.relation == "conj" and above.index in found)
    owns = word.relation == "poss" and ("noun", above.lemma) in memory.lexicon.involvements
    here = [state for state in states if any(link.entity == state for link in sentence.links)]
    told = here or [state for state in states if state in memory.named] or states
    return told[:1] if (acts or owns) and len(told) == 1 else []


def _lead(sentence: Sentence, memory: Memory, word: Word) -> Sequence[str]:
    """What a report opens with before it gives the name: «a radar satellite reached orbit», and then «NISAR»."""
    lead = [link for link in memory.lead if link.entity not in memory.named]
    if not lead or word.relation not in ENDS or any(memory.is_any(link, CRAFT) for link in sentence.links):
        return []
    tree = sentence.tree
    kinds = memory.lexicon.kinds_of_noun(class_noun(sentence, memory.lexicon, word))
    parted = any(c.text.lower() in PARTING - {"new", "first"} for c in tree.children(word, "amod"))
    fresh = word.tag == "NN" and any(c.text.lower() in {"a", "an", "this", "the"} for c in tree.children(word, "det"))
    kind = memory.entities[lead[0].entity].kind
    return [lead[0].entity] if fresh and not parted and (kind in kinds or set(CRAFT) & kinds) else []


def class_noun(sentence: Sentence, lexicon: Lexicon, word: Word) -> str:
    """The noun with those before it that has a class: «launch vehicle» before «vehicle»."""
    before = [c for c in sentence.tree.children(word, "compound", "amod") if c.index < word.index]
    last = singular(word.text.lower())
    nouns = (" ".join([*(c.text.lower() for c in before[at:]), last]) for at in range(len(before) + 1))
    return next((noun for noun in nouns if noun in lexicon.class_nouns), last)


def _group(sentence: Sentence, word: Word, meant: Sequence[str]) -> Group:
    start = sentence.passage.start + word.start
    end = sentence.passage.start + word.end
    mention = Mention(sentence.passage, start, end, tuple(meant), "pronoun")
    return Group(tuple(Item(Link(mention, entity, COREFERENT), end) for entity in dict.fromkeys(meant)))
