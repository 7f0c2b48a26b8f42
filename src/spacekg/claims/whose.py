"""whose     whose a craft is, or what it has on board, where no verb says so: «Nozomi, Japan's first probe to Mars»."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from spacekg.claims import clauses, frames
from spacekg.claims.arguments import STAFF, Reading
from spacekg.claims.brackets import FILLER, rest
from spacekg.claims.statements import COREFERENT, Rule, Statement, sure
from spacekg.grammar import Word
from spacekg.lexicon import singular
from spacekg.model import Link

PARTICIPANT = "hasParticipant"
CRAFT = ("Spacecraft", "SpaceMission", "SpaceProgramme", "StationModule", "Instrument")
OWNERS = ("GeopoliticalEntity", "SpaceAgency")
DEMONYM = "demonym"
OPPOSED = {
    *("rival", "competitor", "opponent", "target", "neighbour", "neighbor", "enemy", "failure", "loss", "dream"),
    *("wish", "guest", "customer", "client", "passenger", "favourite", "favorite", "ally", "name", "word"),
}
"""Nouns whose owner has no hand in what is called so."""
SPOKEN = {"decision", "report", "vote", "view", "opinion", "debate", "law", "claim", "article", "book", "agreement"}
"""Nouns that are on a craft only as on a subject."""
ON_BOARD = {"on", "aboard", "inside"}
LAUNCHING = {"launch", "loft", "lift", "orbit", "build", "make", "develop", "operate", "run"}
"""Verbs behind which a state after `for` is whose craft it is."""
MAKING = {"build", "make", "develop", "design", "assemble", "manufacture", "construct", "integrate"}
AS_PARTNERS = re.compile(r"\sas\s(?:an?\s|its\s|the\s)?(?:[a-z]+\s)?(?:partner|participant|contributor)s?\b")
WITH = re.compile(r",?\s(?:with|carrying)\s(?:the\s)?(?:[a-z]+\s){0,2}")
CREW = Rule("w-crew", 0.75)
TITLE = Rule("w-title", 0.8)
PART = Rule("w-part", 0.75)
BEHALF = Rule("w-behalf", 0.75)
BRACKET = Rule("w-bracket", 0.8)


def apply(reading: Reading) -> Iterator[Statement]:
    """Yield that an agent takes part in a craft, where a noun, a preposition or a bracket tells that it is theirs."""
    yield from _bracketed(reading)
    yield from _as_partners(reading)
    yield from _crewed(reading)
    if not reading.may_name(CRAFT):
        return
    for word in reading.sentence.tree.words:
        if word.index in reading.sentence.by_word:
            yield from _on_behalf(reading, word)
            yield from _described(reading, word)
            yield from _built_in(reading, word)
        elif word.tag.startswith(("NN", "CD")):
            owners = _owners(reading, word)
            yield from _described(reading, word)
            if owners:
                yield from said(_called(reading, word), owners, TITLE, word)
                near = [owner for owner in owners if not frames.is_part_of_world(reading, owner)]
                yield from said(_aboard(reading, word), near, PART, word) if near else ()


def _described(reading: Reading, noun: Word) -> Iterator[Statement]:
    """«The Franco-Chinese observatory», where that stands for a craft: whose the words say that it is."""
    if not reading.sentence.groups_of(reading.sentence.tree.children(noun, *clauses.MODIFIERS)):
        return
    back = [link for link in reading.links(noun, "self") if link.method == COREFERENT]
    links = reading.fitting(back or reading.referents(noun, CRAFT), CRAFT) if noun.tag == "NN" else []
    near = reading.sentence.groups_of(reading.sentence.tree.children(noun, "compound", "nmod"))
    bodies = reading.fitting([link for group in near for link in group.links], OWNERS[1:])
    yield from said(links, _owners(reading, noun) or bodies, TITLE, noun) if links else ()


def owned(reading: Reading, noun: Word, things: Sequence[Link]) -> Iterator[Statement]:
    """Yield that whoever is named before a noun as its owner takes part in what it is said of."""
    yield from said(things, _owners(reading, noun), TITLE, noun) if things else ()


def said(things: Sequence[Link], owners: Sequence[Link], rule: Rule, trigger: Word | None) -> Iterator[Statement]:
    """Yield that each owner takes part in each thing."""
    for thing in things:
        for owner in owners:
            confidence = sure(rule.confidence, [thing, owner])
            yield Statement(thing.entity, PARTICIPANT, owner.entity, rule.id, confidence, trigger)


def _owners(reading: Reading, noun: Word) -> list[Link]:
    """Who is named before a noun as its owner or by an adjective: «Japan's probe», «a European one»."""
    kind = reading.lexicon.class_nouns.get(singular(noun.text.lower()), "")
    acts = noun.lemma in STAFF or reading.lexicon.declared.is_a(kind, "Agent")
    if acts or noun.lemma in OPPOSED:
        return []
    tree = reading.sentence.tree
    near = tree.children(noun, *clauses.MODIFIERS)
    # «An Italian X-ray satellite»: the parser may hang the adjective on the noun between.
    near = [*near, *(far for child in near for far in tree.children(child, "amod") if far.index < child.index)]
    return [
        link
        for child in near
        if child.index in reading.sentence.by_word
        for link in reading.fitting(reading.links(child, "self"), OWNERS)
        if child.relation == "poss" or link.mention.kind == DEMONYM
    ]


def _called(reading: Reading, noun: Word) -> list[Link]:
    """The craft that a noun is said of, before it or behind: «Nozomi, Japan's first probe», «X was a Soviet answer»."""
    tree = reading.sentence.tree
    hosts = clauses.host(tree, noun)
    idle = noun.relation != "appos" and any(host.tag == "PRP" for host in hosts)
    said = [link for host in hosts for link in reading.links(host, "self")] if hosts and not idle else []
    return reading.fitting([*said, *reading.links(noun, "apposition")], CRAFT)


def _aboard(reading: Reading, noun: Word) -> list[Link]:
    """The craft that has a noun on board, «Denmark's telltale on Phoenix», or does something with it."""
    tree = reading.sentence.tree
    if ("noun", noun.lemma) in reading.lexicon.collaborations or noun.lemma in SPOKEN:
        return []
    on = [end for prep in tree.children(noun, "prep") if prep.text.lower() in ON_BOARD for end in tree.children(prep)]
    aboard = reading.sentence.groups_of(on)
    above = tree.governor(noun)
    verb = tree.governor(above) if above is not None and noun.relation == "pobj" and above.lemma == "with" else None
    using = verb is not None and verb.tag.startswith("VB") and noun.tag == "NN"
    doing = reading.sentence.groups_of(clauses.subject(tree, verb)) if using and verb is not None else []
    return reading.fitting(
        [link for group in (*aboard, *doing) for link in group.links], ("Spacecraft", "SpaceMission")
    )


def _built_in(reading: Reading, name: Word) -> Iterator[Statement]:
    """«Mio was designed and built in Japan»: the state in which a craft was made."""
    tree = reading.sentence.tree
    preposition = tree.governor(name) if name.relation == "pobj" else None
    verb = tree.governor(preposition) if preposition is not None and preposition.lemma == "in" else None
    if verb is not None and verb.lemma in MAKING and clauses.is_passive(tree, verb):
        patients = clauses.patient(tree, verb)
        made = reading.fitting([link for step in patients for link in reading.links(step, "self")[:1]], CRAFT)
        owned = [child for step in patients for child in tree.children(step, "poss")]  # «its antenna was built in …»
        states = reading.fitting(reading.links(name, "self"), OWNERS[:1])
        yield from said(made or (reading.pointed(owned, CRAFT) if states else []), states, PART, verb)


def _crewed(reading: Reading) -> Iterator[Statement]:
    """«Soyuz 19, with Alexey Leonov, was in orbit»: who is named behind a flight is of its crew."""
    text = reading.sentence.passage.document.text
    for flight, crew in pairwise(reading.sentence.groups):
        craft = reading.fitting(flight.links, ("CrewedMission", "CrewedSpacecraft"))
        if len(craft) == 1 and WITH.fullmatch(text, flight.end, crew.start):
            for person in reading.fitting(crew.links, ("Person",)):
                yield Statement(person.entity, "crewMemberOf", craft[0].entity, CREW.id, sure(CREW.confidence, craft))


def _as_partners(reading: Reading) -> Iterator[Statement]:
    """Who is named so: «Geotail was Japan's, with ISAS and NASA as partners»."""
    text, passage = reading.sentence.passage.document.text, reading.sentence.passage
    for group in reading.sentence.groups:
        behind = AS_PARTNERS.match(text, group.end, passage.end)
        if behind and text[: group.start].endswith(("with ", "with the ")):
            things = reading.fitting(reading.sentence.links, CRAFT) or reading.about(CRAFT)
            word = reading.word_at(group.start - passage.start)
            yield from said(things if len(things) == 1 else (), reading.fitting(group.links, ("Agent",)), PART, word)


def _on_behalf(reading: Reading, name: Word) -> Iterator[Statement]:
    """«Selene mapped the Moon for JAXA», «lofted for South Korea»: for whom a craft does what it does."""
    tree = reading.sentence.tree
    preposition = tree.governor(name) if name.relation == "pobj" else None
    verb = tree.governor(preposition) if preposition is not None and preposition.lemma == "for" else None
    if verb is None or not verb.tag.startswith("VB"):
        return
    kinds = ("SpaceAgency", "State") if verb.lemma in LAUNCHING else ("SpaceAgency",)
    owners = reading.fitting(reading.links(name, "self"), kinds)
    ends = [*clauses.patient(tree, verb), *clauses.subject(tree, verb)] if owners else []
    things = reading.fitting([x for group in reading.sentence.groups_of(ends) for x in group.links], CRAFT[:2])
    yield from said(things, owners, BEHALF, verb)


def _bracketed(reading: Reading) -> Iterator[Statement]:
    """«Europe (Columbus)», «India (Chandrayaan-3, 2023)»: a craft in a bracket behind whose it is."""
    for group in reading.sentence.groups:
        for item in group.items:
            owner = reading.fitting([item.link], ("State", "StateGroup", "SpaceAgency"))
            things = reading.fitting(item.inside, CRAFT[:4]) if owner else []
            if things and len(things) == len(item.inside) and not FILLER.sub("", rest(item)):
                yield from said(things, owner, BRACKET, None)
