"""members  who belongs to several just spoken of: «Ten states joined X. Cuba was one of them», «The partners are …»."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from spacekg.claims import focus, moods, statements
from spacekg.claims.arguments import Reading
from spacekg.claims.sentences import Group, Item
from spacekg.claims.statements import Rule, Statement
from spacekg.grammar import Word
from spacekg.lexicon import singular
from spacekg.model import Link, Modality, PassageKind, Polarity

AGENT = ("Agent",)
PARTNERS = {"partner", "participant", "contributor", "party"}
THINGS = ("SpaceMission", "SpaceProgramme", "Spacecraft", "SpaceStation", "Instrument", "StationModule", "Consortium")
LISTING = {"be", "include"}
AMONG = {"of", "among"}
ONES = {"one", "two", "three", "four", "some", "several", "many", "first", "last", "latest"}
PARTNER = Rule("m-partner", 0.8)
Readers = Sequence[Callable[[Reading], Iterator[Statement]]]


def apply(reading: Reading) -> Iterator[Statement]:
    """Yield that those take part of whom the sentence says that they are the partners, in what was spoken of."""
    if reading.sentence.passage.kind not in {PassageKind.SENTENCE, PassageKind.ITEM}:
        return
    for word in reading.sentence.tree.words:
        if word.index not in reading.sentence.by_word and singular(word.text.lower()) in PARTNERS:
            named = _listed(reading, word)
            things = _undertaking(reading, word) if named else []
            # «A and B are partners» says that they work together, «the partners are A and B» not by itself.
            if things or word.relation == "attr":
                yield from statements.collaboration(things, named, (), (), PARTNER)


def told_before(reading: Reading, readers: Readers) -> Iterator[Statement]:
    """Yield what the sentence before says of several agents of those whom this one tells to be among them."""
    named = [link for word in reading.sentence.tree.words for link in _among(reading, word)]
    before = reading.before if named and not moods.doubtful(reading) else None
    if before is None:
        return
    for noun in before.sentence.tree.words:
        if _several(before, noun):
            standing = _in_place(before, noun, named)
            yield from _partners_before(before, noun, named)
            for statement in (found for reader in readers for found in reader(standing)):
                mood = moods.mood(standing, statement.trigger)
                plain = mood.modality is Modality.ASSERTED and mood.polarity is Polarity.AFFIRMED
                if plain and not {link.entity for link in named}.isdisjoint((statement.subject, statement.object)):
                    yield replace(statement, trigger=None, confidence=statements.sure(statement.confidence, named))
            return


def _partners_before(before: Reading, noun: Word, named: Sequence[Link]) -> Iterator[Statement]:
    """«X has five partner agencies. They are …»: in what the partners take part of whom the sentence before speaks."""
    tree = before.sentence.tree
    words = {singular(step.text.lower()) for step in (noun, *tree.children(noun, "compound", "amod"))}
    verb = tree.words[noun.head]
    owners = [*tree.children(noun, "poss"), *(tree.children(verb, "nsubj") if verb.lemma == "have" else [])]
    if not words.isdisjoint(PARTNERS) and not moods.doubtful(before):
        things = before.fitting([link for step in owners for link in before.named(step)], THINGS)
        yield from statements.collaboration(things, named, (), (), PARTNER)


def _listed(reading: Reading, word: Word) -> list[Link]:
    """«The partners are A and B», «Its partners include A»: the agents that are said to be the partners."""
    tree, verb = reading.sentence.tree, reading.sentence.tree.words[word.head]
    if word.relation == "pobj" and verb.text.lower() == "among" and tree.words[verb.head].lemma == "be":
        there = tree.children(tree.words[verb.head], "nsubj", "attr")
        return reading.fitting([x for end in there for x in reading.links(end, "self")], AGENT)
    if word.relation not in focus.CORE or verb.lemma not in LISTING:
        return []
    near = tree.children(verb, "attr", "dobj") if word.relation == "nsubj" else tree.children(verb, "nsubj")
    plural = word.tag == "NNS" or len(tree.children(word, "det", "poss")) == 1
    return reading.fitting([x for end in near if plural for x in reading.links(end, "self")], AGENT)


def _undertaking(reading: Reading, word: Word) -> list[Link]:
    """What they are partners in: behind a preposition, whose they are, or what is being spoken of."""
    tree = reading.sentence.tree
    behind = [end for prep in tree.children(word, "prep") for end in tree.children(prep, "pobj")]
    owners = tree.children(word, "poss")
    named = reading.fitting([x for end in (*behind, *owners) for x in reading.named(end)], THINGS)
    # «NASA's partners are …» does not tell in what.
    whose = any(owner.index in reading.sentence.by_word for owner in owners)
    if named or behind or whose or reading.fitting(reading.sentence.links, THINGS):
        return named
    return reading.pointed(owners, THINGS) or reading.about(THINGS) or _last(reading)


def _last(reading: Reading) -> list[Link]:
    links = reading.before.sentence.links if reading.before is not None else []
    things = reading.fitting(links, THINGS)
    return [replace(link, method=statements.COREFERENT) for link in things] if len(things) == 1 else []


def _among(reading: Reading, word: Word) -> list[Link]:
    """Who is «one of them» or «among them» by the main verb of the sentence, or who «they» are."""
    tree = reading.sentence.tree
    if word.text.lower() == "they" and word.relation == "nsubj" and tree.words[word.head].lemma == "be":
        named = reading.sentence.groups_of(tree.children(tree.words[word.head], "attr"))
        return reading.fitting([link for group in named for link in group.links], AGENT)
    if word.text.lower() not in {"them", "these", "those"} or word.relation != "pobj":
        return []
    preposition = tree.words[word.head]
    above = tree.governor(preposition)
    if above is None or preposition.text.lower() not in AMONG:
        return []
    one = above.text.lower() in ONES and above.relation in {"attr", "nsubj"}
    verb = tree.governor(above) if one else above
    if verb is None or verb.lemma != "be" or verb.head != verb.index or (preposition.lemma == "of" and not one):
        return []
    ends = [end for end in tree.children(verb, "nsubj", "attr") if end is not above]
    return reading.fitting([link for group in reading.sentence.groups_of(ends) for link in group.links], AGENT)


def _several(reading: Reading, noun: Word) -> bool:
    """Whether a noun means several agents that have no names: «ten countries», «other partners»."""
    kind = reading.lexicon.class_nouns.get(singular(noun.text.lower()), "")
    agents = singular(noun.text.lower()) in PARTNERS or reading.lexicon.declared.is_a(kind, AGENT[0])
    named = noun.index in reading.sentence.by_word or bool(_examples(reading, noun))
    return noun.tag == "NNS" and agents and not named


def _examples(reading: Reading, noun: Word) -> list[Link]:
    """Who is named as examples of a plural, or in apposition to it."""
    return [*reading.links(noun, "examples"), *reading.links(noun, "apposition")]


def _in_place(reading: Reading, noun: Word, named: Sequence[Link]) -> Reading:
    """The sentence with these agents in the place of the noun."""
    pointed = [focus.pointed(link, reading.sentence, noun) for link in named]
    group = Group(tuple(Item(link, link.mention.end) for link in pointed))
    groups = tuple(sorted([*reading.sentence.groups, group], key=lambda each: each.start))
    by_word = {**reading.sentence.by_word, noun.index: group}
    return replace(reading, sentence=replace(reading.sentence, groups=groups, by_word=by_word), found={}, led={})
