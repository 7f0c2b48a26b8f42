"""kinds     what names are called: «agencies such as NASA», «ESA (European Space Agency)», «Roscosmos in Russia»."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from spacekg.claims.arguments import Reading
from spacekg.claims.clauses import MODIFIERS
from spacekg.claims.sentences import Group, Item
from spacekg.claims.statements import COREFERENT, Rule, Statement, sure
from spacekg.grammar import Word
from spacekg.lexicon import Lexicon, singular
from spacekg.model import Link, PassageKind, Value

TYPE = "rdf:type"
ALIAS = "skos:altLabel"
DESCRIBED = re.compile(r"\s(?:(?:[a-z-]+|X-ray)\s){0,2}(?P<noun>[a-z-]+),?\s(?:called\s|named\s)?")
WORDS = re.compile(r"[A-Za-z][A-Za-z-]*")


def apply(reading: Reading) -> Iterator[Statement]:
    """Yield the classes, short names and states that the sentence gives to its names."""
    for group in reading.sentence.groups:
        called = next((kind for item in group.items if (kind := class_of_words(item.called, reading.lexicon))), "")
        if called:
            yield from typed(list(group.links), called, Rule("k-other-like", 0.85))
        for item in group.items:
            yield from _inside(reading, item)
    yield from _owned(reading)
    yield from _described(reading)
    for word in reading.sentence.tree.words:
        if word.tag.startswith("NN") and word.index not in reading.sentence.by_word:
            yield from _called(reading, word)
    yield from _listed(reading)
    yield from _qualifying(reading)


def class_of_noun(reading: Reading, word: Word) -> str:
    """The class that a noun with its modifiers speaks of: `space telescope` before `telescope`; empty for others."""
    tree = reading.sentence.tree
    modifiers = [child for child in tree.children(word, *MODIFIERS) if child.index < word.index]
    for start in range(len(modifiers) + 1):
        noun = " ".join([*(m.text.lower() for m in modifiers[start:]), singular(word.text.lower())])
        if noun in reading.lexicon.typing_nouns:
            return reading.lexicon.class_nouns[noun]
    return ""


def class_of_words(text: str, lexicon: Lexicon) -> str:
    """The class that a heading such as `Space agencies involved` speaks of: its first noun that is a class noun."""
    words = [word.lower() for word in WORDS.findall(text)]
    for start in range(len(words)):
        for end in range(min(start + 3, len(words)), start, -1):
            noun = singular(" ".join(words[start:end]))
            if noun in lexicon.typing_nouns:
                return lexicon.class_nouns[noun]
    return ""


def typed(links: Sequence[Link], kind: str, rule: Rule, trigger: Word | None = None) -> Iterator[Statement]:
    """Say of each name that it is of this class."""
    for link in links:
        yield Statement(link.entity, TYPE, kind, rule.id, sure(rule.confidence, [link]), trigger)


def _inside(reading: Reading, item: Item) -> Iterator[Statement]:
    link = item.link
    for other in item.inside:
        if other.entity == link.entity:
            short = min(link.mention.surface, other.mention.surface, key=len)
            if item.end == other.mention.end and short == reading.entities[link.entity].label:
                continue  # «The French space agency, CNES»: its name is no short form.
            yield Statement(link.entity, ALIAS, Value(short, language="en"), "k-short-name", 0.95)
        else:
            yield from _state(reading, link, other, "k-state-behind")
            if reading.is_any(other, ["GeopoliticalEntity"]) and reading.is_any(link, ["Endeavour"]):
                yield Statement(link.entity, "hasParticipant", other.entity, "k-state-behind", 0.8)


def _owned(reading: Reading) -> Iterator[Statement]:
    """«Canada's CSA», «the Italian agency ASI»."""
    tree = reading.sentence.tree
    for index, group in reading.sentence.by_word.items():
        for child in tree.children(tree.words[index], "poss"):
            owner: Group | None = reading.sentence.by_word.get(child.index)
            if owner and len(owner.items) == 1:
                yield from _state(reading, group.links[0], owner.links[0], "k-state-before")


def _described(reading: Reading) -> Iterator[Statement]:
    """«An American orbiter, Cassini, and a European probe, Huygens»: the state of a craft, before what it is called."""
    text = reading.sentence.passage.document.text
    for places, named in pairwise(reading.sentence.groups):
        between, link = DESCRIBED.fullmatch(text, places.end, named.start), named.links[0]
        kind = class_of_words(between["noun"], reading.lexicon) if between else ""
        body = reading.is_any(link, ["Organization"])  # «instead of a Russian rocket, ESA chose …»
        if kind and not body and reading.lexicon.declared.is_a(kind, "SpaceAsset"):
            for place in (place for place in places.links if place.mention.kind == "demonym"):
                yield from _state(reading, link, place, "k-state-described")


def _state(reading: Reading, link: Link, place: Link, rule: str) -> Iterator[Statement]:
    if reading.is_any(place, ["GeopoliticalEntity"]) and reading.is_any(link, ["Organization"]):
        predicate = "agencyOf" if reading.is_any(link, ["SpaceAgency"]) else "basedIn"
        yield Statement(link.entity, predicate, place.entity, rule, 0.9)
    if reading.is_any(place, ["GeopoliticalEntity"]) and reading.is_any(link, ["SpaceAsset"]):
        yield Statement(link.entity, "hasParticipant", place.entity, rule, 0.8)


def _called(reading: Reading, word: Word) -> Iterator[Statement]:
    """«agencies such as NASA», «SpaceX is a company», «Europa, an icy moon»."""
    kind = class_of_noun(reading, word)
    if kind:
        links = [*reading.links(word, "examples"), *reading.links(word, "host")]
        own = [x for x in links if x.method != COREFERENT and not _colon_between(reading, word, x)]
        own = [x for x in own if x.mention.kind != "demonym"]  # «two telescopes, one Russian and one German»
        yield from typed(own, kind, Rule("k-called", 0.85), word)


def _qualifying(reading: Reading) -> Iterator[Statement]:
    """«The Europa launcher», «Soyuz rockets»: a name in front of a noun of its own class is called that."""
    tree = reading.sentence.tree
    for index, group in reading.sentence.by_word.items():
        above = tree.governor(tree.words[index])
        if above is not None and tree.words[index].relation in {"compound", "nmod"} and len(group.links) == 1:
            kind = class_of_noun(reading, above)
            own = [link for link in group.links if kind and reading.is_any(link, (kind,))]
            yield from typed(own, kind, Rule("k-qualifying", 0.85), above)


def _colon_between(reading: Reading, word: Word, link: Link) -> bool:
    """Whether a label's colon parts the noun from the name: «JWST mission: NASA» does not call NASA a mission."""
    passage = reading.sentence.passage
    ends = sorted([passage.start + word.start, link.mention.start])
    return ":" in passage.document.text[ends[0] : ends[1]]


def _listed(reading: Reading) -> Iterator[Statement]:
    """A list item that is a name and nothing else to speak of, under a heading that says what is listed."""
    passage, groups = reading.sentence.passage, reading.sentence.groups
    if passage.kind is not PassageKind.ITEM or not passage.headings or len(groups) != 1:
        return
    before = reading.sentence.text_before(groups[0].start)
    after = passage.document.text[groups[0].end : passage.end]
    kind = class_of_words(passage.headings[-1], reading.lexicon)
    if kind and not any(c.isalnum() for c in before + after):
        yield from typed(list(groups[0].links), kind, Rule("k-listed", 0.85))
