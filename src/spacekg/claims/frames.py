"""frames    the declared verbs, nouns and names of data/lexicon, applied to a parsed sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from spacekg.claims import clauses, statements
from spacekg.claims.arguments import Reading
from spacekg.claims.clauses import MODIFIERS
from spacekg.claims.statements import Rule, Statement, sure
from spacekg.grammar import Word
from spacekg.lexicon import DATE, CollaborationFrame, Frame
from spacekg.model import Link, Value

CONCEPT = "vocab:"
DEMONYM = "demonym"
SOME = re.compile(r"\b(?:some|several|various|many|few|other|certain)\s+$", re.IGNORECASE)
"""What stands before a name of many, such as «European nations», when not all of them are meant."""
JOINT = {"joint", "shared", "collaborative", "cooperative"}
PARTS = {"VB": "verb", "NN": "noun", "JJ": "adjective"}
"""How the tags of a part of speech begin."""
NOMINAL = {"nsubj", "nsubjpass", "dobj", "pobj", "attr"}
THINGS = ("Endeavour", "SpaceAsset")
PARTS_OF_CRAFT = {"StationModule", "Instrument"}
DEPARTING = {"off", "out"}
"""Particles of verbs whose date is that of a departure: «set off in May» is no landing."""
LANDING = "landingDate"
MAKING = {"developedBy", "operator", "launchedBy"}
"""Properties that hold of a thing and not of whose part is made: «the maker of the camera of X»."""
ALIKE = {"successorOf"}
"""Properties that join an agent to an agent, or a thing to a thing."""
ONE_TO_ONE = {"agencyOf", "basedIn"}
SINGULAR = {"is", "was"}
COPULA = "be"
"""A word that nearly every sentence has: that it states nothing is no news."""
SHARED = {"operator": "hasParticipant", "ledBy": "hasParticipant"}
"""What a noun says of several owners instead: «a NASA/ESA mission» names partners, and not who operates it."""
OWN = ("self",)
MADE = ("patient",)
"""Where the things of a verb stand that are made together."""
AIM_PATHS = ("in", "on", "to", "for", "of")


def apply(reading: Reading) -> Iterator[Statement]:
    """Yield what every declared word of the sentence states."""
    of_names = [frame for frame in reading.lexicon.name_frames if reading.may_name(frame.subject_class)]
    for word in reading.sentence.tree.words:
        if word.index in reading.sentence.by_word:
            for frame in _of_name(reading, word, of_names):
                yield from _relation(reading, word, frame)
            continue
        if not part(word):
            continue
        for key in _keys(reading, word):
            for frame in reading.lexicon.frames.get(key, ()):
                yield from _relation(reading, word, frame)
        for together in () if _phrased(reading, word) else reading.lexicon.collaborations.get(_key(word), ()):
            yield from _collaboration(reading, word, together)


def _of_name(reading: Reading, word: Word, found: Sequence[Frame]) -> Iterator[Frame]:
    """The patterns that may hold of a name: those of its own class, and all where it may stand for another."""
    own = reading.classes_of(reading.links(word, "self"))
    for frame in found:
        if frame.subject != OWN or word.index in reading.pointing or not own.isdisjoint(frame.subject_class):
            yield frame


def silent(reading: Reading) -> Iterator[tuple[str, Word, str]]:
    """Yield the declared words that state nothing in the sentence: the pattern's id, the word and what it lacks."""
    for word in reading.sentence.tree.words:
        if part(word) and word.index not in reading.sentence.by_word and word.lemma != COPULA:
            for frame in (frame for key in _keys(reading, word) for frame in reading.lexicon.frames.get(key, ())):
                lack = _lack(reading, word, frame)
                if lack:
                    yield frame.id, word, lack
            for together in reading.lexicon.collaborations.get(_key(word), ()):
                if not any(_collaboration(reading, word, together)):
                    yield together.id, word, "too few are named who could work together"


def _lack(reading: Reading, word: Word, frame: Frame) -> str:
    if not reading.first(word, frame.subject, frame.subject_class):
        return f"no {' or '.join(frame.subject_class)} at {', '.join(frame.subject)}"
    if not any(_objects(reading, word, frame)):
        return f"no {' or '.join(frame.object_class)} at {', '.join(frame.object)}"
    return "" if any(_relation(reading, word, frame)) else "both ends are the same"


def _keys(reading: Reading, word: Word) -> list[tuple[str, str]]:
    """The key of a word, of a verb with its particle, «come down», and of a noun with its modifier, «lead role»."""
    kind, lemma = _key(word)
    tree = reading.sentence.tree
    if kind == "noun":
        return [(kind, lemma), *((kind, f"{near.lemma} {lemma}") for near in tree.children(word, "compound", "amod"))]
    beside = tree.children(word, "prt", "advmod", "prep") if kind == "verb" else []
    return [
        *([] if _phrased(reading, word) else [(kind, lemma)]),
        *((kind, f"{lemma} {near.text.lower()}") for near in beside),
    ]


def _phrased(reading: Reading, word: Word) -> bool:
    """Whether a verb and its particle mean something of their own, «make up», which a pattern declares."""
    particles = reading.sentence.tree.children(word, "prt", "advmod") if word.tag.startswith("VB") else []
    return any(("verb", f"{word.lemma} {near.text.lower()}") in reading.lexicon.frames for near in particles)


def _key(word: Word) -> tuple[str, str]:
    """Part of speech and lemma under which a word is declared; «landing» in a noun's place is a noun."""
    if word.tag == "VBG" and word.relation in NOMINAL:
        return "noun", word.text.lower()
    return part(word), word.lemma


def part(word: Word) -> str:
    """Part of speech, as rows of patterns name it; empty for words that none is made of."""
    return PARTS.get(word.tag[:2], "")


def _relation(reading: Reading, word: Word, frame: Frame) -> Iterator[Statement]:
    subjects = reading.first(word, frame.subject, frame.subject_class)
    if frame.part == "name" and frame.object == ("poss",):
        # «NASA's CloudSat and the Franco-American CALIPSO»: the owner is that of its own list.
        own = set() if _names_part(reading, word) else {x.entity for x in reading.sentence.by_word[word.index].links}
        subjects = [link for link in subjects if link.entity in own]
    subjects = [] if _of_another(reading, word, frame.property) else subjects
    objects = list(_objects(reading, word, frame)) if subjects else []
    if len(subjects) > 1 and word.text.lower() in SINGULAR:
        return  # «A, B and one, C, was European»: the parser joins what no verb of one thing has.
    if frame.property in ONE_TO_ONE and max(len(subjects), len(objects)) > 1:
        return  # Which of the agencies is of which of the states is anybody's guess.
    shared = frame.part != "verb" and len(objects) > 1
    name = SHARED.get(frame.property, frame.property) if shared else frame.property
    trigger = None if frame.part == "name" else word
    seen: set[frozenset[str | Value]] = set()
    for subject in subjects:
        for value, links in objects:
            pair = frozenset((subject.entity, value))
            # Where both ends are one list, «between A and B», each pair is said once.
            if subject.entity != value and pair not in seen and not _unlike(reading, frame, subject, links):
                seen.add(pair)
                confidence = sure(frame.confidence, [subject, *links])
                said = of_craft(reading, name, subject)
                yield Statement(subject.entity, said, value, frame.id, confidence, trigger, frame.tolerates)


def _of_another(reading: Reading, word: Word, name: str) -> bool:
    """Whether a word tells of a part of something, «the maker of the camera of X», or of a departure and no landing."""
    tree, known = reading.sentence.tree, reading.lexicon.involvements
    if name == LANDING:
        return any(near.text.lower() in DEPARTING for near in tree.children(word, "prt", "advmod"))
    if name not in MAKING or not word.tag.startswith("NN"):
        return False
    behind = [prep for prep in tree.children(word, "prep") if prep.lemma in {"of", "for"}]
    ends = [end for prep in behind for end in tree.children(prep, "pobj") if end.index not in reading.sentence.by_word]
    return any(("noun", end.lemma) in known for end in ends)


def _names_part(reading: Reading, word: Word) -> bool:
    """Whether a name only tells of what something is part: «ESA's Orion module» is a module of ESA's."""
    above = reading.sentence.tree.governor(word)
    noun = above.lemma if above is not None and word.relation in MODIFIERS else ""
    kind = reading.lexicon.class_nouns.get(noun, "")
    return kind in PARTS_OF_CRAFT and not reading.fitting(reading.links(word, "self"), (kind,))


def of_craft(reading: Reading, name: str, subject: Link) -> str:
    """What a property is called of a craft: only undertakings are led, craft are run."""
    led = name == "ledBy" and not reading.is_any(subject, ("Endeavour",))
    return "operator" if led else name


def _unlike(reading: Reading, frame: Frame, subject: Link, links: list[Link]) -> bool:
    """Whether a body would come after a craft: «ESA stations followed the probe»."""
    alike = {reading.is_any(link, ("Agent",)) for link in (subject, *links)}
    return frame.property in ALIKE and len(alike) > 1


def _objects(reading: Reading, word: Word, frame: Frame) -> Iterator[tuple[str | Value, list[Link]]]:
    if frame.object_class == (DATE,):
        date = reading.date(word)
        if date is not None:
            yield Value(date.value, date.datatype), []
        return
    named = reading.first(word, frame.object, frame.object_class)
    yield from ((link.entity, [link]) for link in named if link.entity not in frame.excluded)
    for path in frame.object:
        for head in reading.heads(word, path):
            for concept in reading.concepts(head):
                if reading.lexicon.concept_kinds[concept] in frame.object_class:
                    yield concept, []


def _collaboration(reading: Reading, word: Word, frame: CollaborationFrame) -> Iterator[Statement]:
    things = reading.all(word, frame.things, THINGS)
    participants = [x for x in reading.all(word, frame.participants, ("Agent",)) if not is_part_of_world(reading, x)]
    apart = _with_whom(reading, word) or (not things and frame.things == MADE and _by_turns(reading, word))
    participants = [] if apart else participants
    types = _types(reading, word, frame, things, participants)
    # «Partnering with A and B» does not say that A works with B.
    alone = frame.part == "verb" and not things and not reading.all(word, ("agent",), ("Agent",))
    # A joint mission is one of several, whoever they are.
    joint = any(child.lemma in JOINT for child in reading.sentence.tree.children(word, "amod"))
    enough = joint or frame.at_least == 1
    # «X, a joint mission with A»: whose it is beside A goes without saying.
    told = len(participants) >= (1 if joint and things else frame.at_least) or (types and not participants and enough)
    if told and not alone:
        bodies = [body.entity for body in reading.all(word, AIM_PATHS, ("CelestialBody",))]
        rule = Rule(frame.id, frame.confidence)
        for statement in statements.collaboration(things, participants, types, bodies, rule):
            yield replace(statement, trigger=word)


def _by_turns(reading: Reading, verb: Word) -> bool:
    """«Its probes are built by A, B and C»: of several things without names each may be the work of one."""
    tree = reading.sentence.tree
    together = any(word.text.lower() in {"together", "jointly"} for word in tree.children(verb, "advmod"))
    each = any(word.text.lower() == "each" for word in tree.children(verb, "advmod", "appos", "dep"))
    nouns = clauses.patient(tree, verb) if clauses.is_passive(tree, verb) and not together else []
    return each or any(noun.tag == "NNS" and noun.index not in reading.sentence.by_word for noun in nouns)


def _with_whom(reading: Reading, verb: Word) -> bool:
    """Whether a clause tells or asks with whom it is done: «with whom they work» names none of these."""
    tree = reading.sentence.tree
    near = [*tree.children(verb, "dobj"), *(end for prep in tree.children(verb, "prep") for end in tree.children(prep))]
    asked = [word for word in near if word.tag in {"WP", "WDT"}]
    return any(tree.words[max(word.index - 1, 0)].text.lower() in {"with", "alongside"} for word in asked)


def is_part_of_world(reading: Reading, link: Link) -> bool:
    """Whether «European» only tells what a collaboration is like, or «some European nations» are not all of them."""
    text, start = reading.sentence.passage.document.text, link.mention.start
    some = bool(SOME.search(text, max(start - 20, 0), start))
    return some or (link.mention.kind == DEMONYM and reading.kind(link) == "StateGroup")


def _types(
    reading: Reading, word: Word, frame: CollaborationFrame, things: list[Link], participants: list[Link]
) -> list[str]:
    near = [word, *reading.sentence.tree.children(word, "amod", "compound")]
    # Who builds something nameless together may do so by turns: only a thing makes the kind of work sure.
    told = len(participants) != 1 and (things or frame.part != "verb" or frame.things != MADE)
    types = [f"{CONCEPT}{name}" for name in frame.types if told]
    types += [reading.sentence.concept_by_word.get(w.index, "") for w in near]
    kinds = reading.lexicon.concept_kinds
    return list(dict.fromkeys(name for name in types if kinds.get(name) == "CollaborationType"))
