"""places    in which state a body or site is: «Airbus in Toulouse, France», «(Turin, Italy)», «the Japanese firm X»."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from spacekg.claims import clauses
from spacekg.claims.arguments import Reading
from spacekg.claims.frames import DEMONYM
from spacekg.claims.kinds import class_of_words
from spacekg.claims.sentences import Group
from spacekg.claims.statements import COREFERENT, Statement, sure
from spacekg.grammar import Word
from spacekg.model import Link, PassageKind

BODIES = ("Organization", "LaunchSite", "GroundSystem")
STATE = ("State",)
FIXED = ("Company", "ResearchOrganization", "LaunchSite", "GroundSystem")
"""What is named with its town, and seldom does anything in another."""
SEATED = {
    *("base", "headquarter", "locate", "situate", "seat", "house", "site", "open", "sit", "lie", "stand", "settle"),
    *("be", "found", "establish", "set"),
}
"""Verbs whose subject is where they say."""
MADE = {
    "build",
    "make",
    "develop",
    "design",
    "assemble",
    "manufacture",
    "construct",
    "integrate",
    "test",
    "keep",
    "run",
}
"""Verbs that tell where a maker is: «built in Guildford by X»."""
AT = {"in", "at", "near", "outside", "on"}
TOWN = r"[A-Z][\w'-]+(?:\s(?:dos\s)?[A-Z][\w'-]+){0,2}"
BESIDE = re.compile(
    rf"(?:\s\([\w-]+\)|,?\sor\s[A-Z]+,?)?(?:,\s|\s\(|,?\s(?:in|at|near|of)\s)(?P<town>{TOWN})?(?:,\s|\sin\s)?"
    r"(?P<part>(?:in\s)?the\s(?:far\s|very\s)?(?:[a-z]+\s)?(?:north|south|east|west|heart|middle|steppes?|deserts?)\sof\s)?"
)
"""Between a body's name and its state: a short form, a preposition or comma, and a town."""
SET_OFF = re.compile(rf"(?:\s\([\w-]+\))?(?P<comma>,?)\s(?:in|at|near|on|outside|of)\s(?P<town>{TOWN})")
"""Behind a body's name: «, in Paris»; agencies sign and launch in towns without that comma."""
IN_BRACKETS = re.compile(r"\((?P<town>[A-Z][^(),]*),\s[^()]*\)\s*$")
OF_TOWN = re.compile(
    rf"\b(?P<town>{TOWN})(?:-based(?:\s[\w-]+){{0,2}}|\s(?:[a-z][\w-]*\s)?(?:firm|company|maker|institute|laborator\w+|works))"
    r"(?:\s(?:of|called)|,)?\s(?:the\s)?$"
)
"""Before a body's name: «the Munich firm of X», «Bremen-based X»."""
DESCRIPTIVE = re.compile(r"[A-Z][a-z]+(?:\s[A-Z][a-z]+)?\s(?:(?:national\s)?(?:(?:aero)?space\s)?agency|counterpart)$")
REACH = 40
"""How many characters before a noun are read for the state that it is of."""
COUNTERPART = "counterpart"
NEXT = re.compile(r",\s(?:the|an?)\s(?:[a-z-]+\s){0,2}")
QUALITY = re.compile(r"\s(?:[\w-]+\s){1,3}$")


def apply(reading: Reading) -> Iterator[Statement]:
    """Yield where the sentence says that organizations, launch sites and ground systems are."""
    yield from _written_behind(reading)
    yield from _in_brackets(reading)
    yield from _called(reading)
    yield from _town_before(reading)
    yield from _by_name(reading)
    for word in reading.sentence.tree.words:
        state = _town(reading, word)
        if state:
            for link in _at(reading, word):
                yield _said(reading, link, state, "p-town")


def _said(reading: Reading, link: Link, state: str, rule: str) -> Statement:
    if reading.is_any(link, ("SpaceAgency",)):
        name = "agencyOf" if rule == "p-called" else "basedIn"
    else:
        name = "basedIn" if reading.is_any(link, ("Organization",)) else "locatedIn"
    return Statement(link.entity, name, state, rule, sure(0.85, [link]))


def _bodies(reading: Reading) -> list[Link]:
    return [link for link in reading.sentence.links if reading.is_any(link, BODIES)]


def _written_behind(reading: Reading) -> Iterator[Statement]:
    """«Airbus in Toulouse, France», «Woomera in Australia»: the town may be one that nobody knows."""
    text = reading.sentence.passage.document.text
    links = reading.sentence.links
    for link, place in pairwise(links):
        match = BESIDE.fullmatch(text[link.mention.end : place.mention.start])
        fits = reading.is_any(place, STATE) and place.mention.kind != DEMONYM and reading.is_any(link, BODIES)
        site = reading.is_any(link, ("LaunchSite", "GroundSystem"))
        if match and fits and (match["town"] or (site and " in " in match[0])):
            yield _said(reading, link, place.entity, "p-behind")
    for link in _bodies(reading):
        match = SET_OFF.match(text, link.mention.end, reading.sentence.passage.end)
        sure_of = match and (match["comma"] or reading.is_any(link, FIXED))
        words = match["town"].split() if match and sure_of else []
        towns = (" ".join(words[:end]) for end in range(len(words), 0, -1))
        state = next((reading.lexicon.towns[town] for town in towns if town in reading.lexicon.towns), "")
        if state:
            yield _said(reading, link, state, "p-town")


def _in_brackets(reading: Reading) -> Iterator[Statement]:
    """A list item about a body that ends with its town and state in brackets."""
    passage, groups = reading.sentence.passage, reading.sentence.groups
    match = IN_BRACKETS.search(passage.text)
    if passage.kind is PassageKind.ITEM and match and len(groups) > 1 and len(groups[0].links) == 1:
        places = [x for x in groups[-1].links if x.mention.start > passage.start + match.start()]
        if len(places) == 1 and reading.is_any(places[0], STATE) and reading.is_any(groups[0].links[0], BODIES):
            yield _said(reading, groups[0].links[0], places[0].entity, "p-bracket")


def _town_before(reading: Reading) -> Iterator[Statement]:
    passage = reading.sentence.passage
    for link in _bodies(reading):
        match = OF_TOWN.search(passage.document.text, passage.start, link.mention.start)
        words = match["town"].split() if match else []
        towns = (" ".join(words[start:]) for start in range(len(words)))
        state = next((reading.lexicon.towns[town] for town in towns if town in reading.lexicon.towns), "")
        if state:
            yield _said(reading, link, state, "p-town")


def _called(reading: Reading) -> Iterator[Statement]:
    """«The French space agency CNES», «a Japanese company, ispace»."""
    text = reading.sentence.passage.document.text
    links = reading.sentence.links
    for place, link in pairwise(links):
        between = text[place.mention.end : link.mention.start].replace(",", "")
        own = reading.is_any(link, ("Organization",)) and reading.is_any(place, STATE)
        if own and QUALITY.match(between) and place.mention.kind == DEMONYM:
            kind = class_of_words(between.strip().split(" ")[-1], reading.lexicon)
            kind = kind or class_of_words(between, reading.lexicon)
            kind = (
                "SpaceAgency" if between.split()[-1] == COUNTERPART and reading.is_any(link, ("SpaceAgency",)) else kind
            )
            if kind and reading.lexicon.declared.is_a(kind, "Organization"):
                yield _said(reading, link, place.entity, "p-called")


def _by_name(reading: Reading) -> Iterator[Statement]:
    """«The French space agency», where that is another name of an agency: it says whose it is."""
    for link in reading.fitting(reading.sentence.links, ("SpaceAgency",)):
        text = link.mention.passage.document.text
        own = text[max(link.mention.start - REACH, link.mention.passage.start) : link.mention.end]
        if DESCRIPTIVE.search(own) and (link.method == COREFERENT or DESCRIPTIVE.fullmatch(link.mention.surface)):
            states = [state for state, agencies in reading.lexicon.agencies.items() if link.entity in agencies]
            yield from (_said(reading, link, state, "p-called") for state in states[:1])


def _town(reading: Reading, word: Word) -> str:
    tree = reading.sentence.tree
    if word.index in reading.sentence.by_word or not word.tag.startswith("NN"):
        return ""
    parts = [part.text for part in [*tree.children(word, "compound"), word] if part.text.lower() != "island"]
    names = (" ".join(parts[start:]) for start in range(len(parts)))
    return next((reading.lexicon.towns[name] for name in names if name in reading.lexicon.towns), "")


def _right_behind(reading: Reading, group: Group, noun: Word) -> bool:
    passage = reading.sentence.passage
    return NEXT.fullmatch(passage.document.text, group.end, passage.start + noun.start) is not None


def _at(reading: Reading, town: Word) -> list[Link]:
    """The bodies that are in a town: the noun before `in`, the subject of a verb of being there, the maker."""
    tree = reading.sentence.tree
    preposition = tree.governor(town)
    if town.relation == "poss" and preposition is not None:  # «Rome's Sapienza»
        return reading.fitting(reading.named(preposition, 1), BODIES)
    above = tree.governor(preposition) if preposition is not None and town.relation == "pobj" else None
    if above is None or preposition is None or preposition.lemma not in AT:
        return []
    # «X, the institute in Tokyo»
    hosts = clauses.host(tree, above) if above.relation == "appos" else []
    beside = [group for group in reading.sentence.groups_of(hosts) if _right_behind(reading, group, above)]
    at = reading.sentence.groups_of([above]) or beside
    if at:
        return reading.fitting(at[0].links[-1:], BODIES)
    if above.tag.startswith("VB") and above.lemma in SEATED:
        return reading.fitting([x for head in clauses.subject(tree, above) for x in reading.named(head)], BODIES)
    if above.lemma in MADE and clauses.is_passive(tree, above):
        return reading.fitting([x for head in clauses.agent(tree, above) for x in reading.named(head)], BODIES)
    return []
