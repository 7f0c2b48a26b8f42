"""launches  what was launched when, on what, from where: «rose from Vandenberg», «the launch of X in 1957»."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spacekg.claims import clauses
from spacekg.claims.arguments import Reading
from spacekg.claims.statements import Rule, Statement, sure
from spacekg.grammar import Word
from spacekg.model import Link, Value

PAYLOADS = ("Spacecraft", "SpaceMission")
VEHICLE_PATHS = ("on", "aboard", "atop", "by", "agent", "with", "patient", "host")
SITE_PATHS = ("from", "at", "patient", "near")
WHAT_PATHS = ("patient", "agent", "of", "poss", "compound", "topic")
INTO = {"into", "in"}
FIRST = {"first", "maiden"}
LAUNCH = Rule("f-launch", 0.9)
DEPARTURE = Rule("f-departure", 0.8)
YEAR = re.compile(r"\s\(((?:19|20)\d\d)\)")
YEAR_BEHIND = Rule("f-year-behind", 0.7)
FIRST_FLIGHT = Rule("f-first-flight", 0.8)


def apply(reading: Reading) -> Iterator[Statement]:
    """Yield date, vehicle and site of launches. A verb of plain motion needs a vehicle or a site to mean one."""
    yield from _years(reading)
    for word in reading.sentence.tree.words:
        alone = _alone(reading, word) if word.index not in reading.sentence.by_word else None
        if alone is not None:
            yield from _first_flight(reading, word)
            yield from _launch(reading, word, LAUNCH if alone else DEPARTURE)


def _years(reading: Reading) -> Iterator[Statement]:
    """«Geotail (1992)»: the year in brackets behind a craft is the year of its launch."""
    text = reading.sentence.passage.document.text
    for group in reading.sentence.groups:
        inside = [link for item in group.items for link in item.inside]
        for link in reading.fitting([*group.links, *inside], PAYLOADS):
            year = YEAR.match(text, link.mention.end)
            value = Value(year[1], "xsd:gYear") if year else _day_in_brackets(reading, link)
            if value:
                yield Statement(link.entity, "launchDate", value, YEAR_BEHIND.id, YEAR_BEHIND.confidence)


def _day_in_brackets(reading: Reading, link: Link) -> Value | None:
    """«(Sputnik 1, 4 October 1957)»: a day that stands alone behind a craft is the day of its launch."""
    text = reading.sentence.passage.document.text
    opened = text[link.mention.start - 1 : link.mention.start] == "("
    gap = ", " if opened else " ("
    for date in reading.sentence.dates:
        beside = text[link.mention.end : date.start] == gap and text[date.end : date.end + 1] == ")"
        if beside and date.datatype == "xsd:date":
            return Value(date.value, date.datatype)
    return None


def _alone(reading: Reading, word: Word) -> bool | None:
    """Whether a word says by itself that something was launched; none where it is no word of launching."""
    verbs = reading.lexicon.launch_verbs
    if not word.tag.startswith(("VB", "NN")):
        return None
    particles = {child.text.lower() for child in reading.sentence.tree.children(word, "prt", "advmod", "prep")}
    found = next((verbs[word.lemma, particle] for particle in particles if (word.lemma, particle) in verbs), None)
    if found and particles & INTO and reading.bodies - {"earth"}:
        return False  # «It was put into orbit around Mars» tells of an arrival.
    return verbs.get((word.lemma, "")) if found is None else found


def _launch(reading: Reading, word: Word, rule: Rule) -> Iterator[Statement]:
    spoken_of = clauses.subject(reading.sentence.tree, word) or not word.tag.startswith("VB")
    payloads = reading.first(word, WHAT_PATHS if spoken_of else (*WHAT_PATHS, "section"), PAYLOADS)
    vehicles = reading.first(word, VEHICLE_PATHS, ("LaunchVehicle",))
    sites = reading.first(word, SITE_PATHS, ("LaunchSite",))
    if not payloads or (rule is DEPARTURE and not vehicles and not sites):
        return
    date = reading.date(word)
    said: list[tuple[str, str | Value, Sequence[Link]]] = []
    said += [("launchDate", Value(date.value, date.datatype), ())] if date else []
    said += [("launchVehicle", vehicle.entity, (vehicle,)) for vehicle in vehicles]
    said += [("launchSite", site.entity, (site,)) for site in sites]
    for payload in payloads:
        for name, value, links in said:
            yield Statement(payload.entity, name, value, rule.id, sure(rule.confidence, [payload, *links]), word)


def _first_flight(reading: Reading, word: Word) -> Iterator[Statement]:
    """«Vega first flew in 2012», «the maiden flight of Ariane 6»: a vehicle has a first flight and no launch date."""
    tree = reading.sentence.tree
    below = [word, *tree.children(word)]
    near = {
        child.text.lower()
        for step in (*below, *(far for child in below for far in tree.children(child)))
        for child in tree.children(step)
    }
    date = reading.date(word)
    if date is not None and near & FIRST:
        for vehicle in reading.first(word, ("patient", "agent", "of", "topic"), ("LaunchVehicle",)):
            value = Value(date.value, date.datatype)
            confidence = sure(FIRST_FLIGHT.confidence, [vehicle])
            yield Statement(vehicle.entity, "startDate", value, FIRST_FLIGHT.id, confidence, word)
