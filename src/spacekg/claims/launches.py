"""launches  what was launched when, on what, from where: «rose from Vandenberg», «the launch of X in 1957»."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spacekg.claims import anaphors, clauses, moods
from spacekg.claims.arguments import Reading
from spacekg.claims.statements import Rule, Statement, sure
from spacekg.grammar import Word
from spacekg.model import Link, Value

PAYLOADS = ("Spacecraft", "SpaceMission")
VEHICLE_PATHS = ("on", "aboard", "atop", "by", "agent", "with", "patient", "host")
SITE_PATHS = ("from", "at", "patient", "near")
WHAT_PATHS = ("patient", "agent", "of", "poss", "compound", "topic")
INTO = {"into", "in"}
FIRST = {"first", "maiden", "inaugural", "debut"}
UPWARD = {"to", "into"}
ALOFT = {"orbit", "space"}
GROUND = {"ground", "pad", "launchpad"}
REACHING = {"reach", "attain", "achieve"}
HOSTING = {"host", "see", "witness"}
MAKING = {"make", "have", "complete", "perform", "fly"}
ON = re.compile(
    r"\b(?:on|aboard|atop|by|with|riding|rode|using)\s(?:board\s)?(?:(?:an?|the|its|their|one)\s)?(?:[a-z]+\s)?$"
)
FROM = re.compile(r"\b(?:from|out of|at)\s(?:the\s)?$")
CLAUSE_END = re.compile(r"[;:]|,\s(?:and|but|while)\s")
FINITE = {"VBD", "VBZ", "VBP", "MD"}
WORD = re.compile(r"\w")
LAUNCH = Rule("f-launch", 0.9)
DEPARTURE = Rule("f-departure", 0.8)
YEAR = re.compile(r"\s\(((?:19|20)\d\d)\)")
OF_YEAR = re.compile(r",\s(?:of|from)\s((?:19|20)\d\d)(?=[,.;])")
YEAR_BEHIND = Rule("f-year-behind", 0.7)
ENTRY = Rule("f-entry", 0.75)
RIDE = Rule("f-ride", 0.75)
RIDE_DATE = Rule("f-ride-date", 0.75)
ON_BOARD = {"on", "aboard", "atop", "by", "with", "inside"}
LIFTING = {
    *("carry", "take", "lift", "launch", "send", "put", "loft", "bring", "deliver", "boost", "place", "hurl", "haul"),
}
"""Verbs whose subject, where it is a rocket, is what their object rode on."""
GROUNDED = {
    *("run", "control", "operate", "track", "command", "see", "watch", "manage", "build", "steer", "monitor", "fly"),
}
"""Verbs of what is done from a site without a launch."""
FLYING = ("LaunchVehicle", "StationModule", "CrewedSpacecraft")
"""What may fly more than once."""
RIDERS = ("Person", "CelestialBody")
FIRST_FLIGHT = Rule("f-first-flight", 0.8)


def apply(reading: Reading) -> Iterator[Statement]:
    """Yield date, vehicle and site of launches. A verb of plain motion needs a vehicle or a site to mean one."""
    yield from _years(reading)
    yield from _entries(reading)
    for word in reading.sentence.tree.words:
        alone = _alone(reading, word) if word.index not in reading.sentence.by_word else None
        if alone is not None:
            yield from _first_flight(reading, word)
            yield from _launch(reading, word, LAUNCH if alone else DEPARTURE)
    yield from _rides(reading)


def _years(reading: Reading) -> Iterator[Statement]:
    """«Geotail (1992)»: the year in brackets behind a craft is the year of its launch."""
    text = reading.sentence.passage.document.text
    for group in reading.sentence.groups:
        inside = [link for item in group.items for link in item.inside]
        for link in reading.fitting([*group.links, *inside], PAYLOADS):
            year = YEAR.match(text, link.mention.end) or OF_YEAR.match(text, link.mention.end)
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
    if _upward(reading, word):
        return True
    found = next((verbs[word.lemma, particle] for particle in particles if (word.lemma, particle) in verbs), None)
    if found and particles & INTO and reading.bodies - {"earth"}:
        return False  # «It was put into orbit around Mars» tells of an arrival.
    return verbs.get((word.lemma.lower(), "")) if found is None else found


def _upward(reading: Reading, word: Word) -> bool:
    """«Brought to orbit», «left the Earth», «climbed into space»: from the ground, and not to another body."""
    if not word.tag.startswith("VB"):
        return False
    tree = reading.sentence.tree
    ends = [end for prep in tree.children(word, "prep") if prep.lemma in UPWARD for end in tree.children(prep, "pobj")]
    ends += tree.children(word, "xcomp")  # «delivered it to orbit»: the parser takes `orbit` for a verb
    ends += tree.children(word, "dobj") if word.lemma in REACHING else []
    lifted = any(end.lemma in ALOFT for end in ends) and not reading.bodies - {"earth"}
    left = tree.children(word, "dobj") if word.lemma in {"leave", "quit", "depart"} else []
    from_earth = any(x.entity == "earth" for noun in left for x in reading.named(noun, 1))
    return lifted or from_earth or any(noun.lemma in GROUND for noun in left)


def _launch(reading: Reading, word: Word, rule: Rule) -> Iterator[Statement]:
    above = reading.sentence.tree.governor(word)
    if above is not None and word.relation in {"pobj", "pcomp"} and above.lemma in {"before", "until"}:
        return  # «Two days before launch, X stood at Y.»
    spoken_of = clauses.subject(reading.sentence.tree, word) or not word.tag.startswith("VB")
    payloads = reading.first(word, WHAT_PATHS if spoken_of else (*WHAT_PATHS, "section"), PAYLOADS)
    of_nobody = not payloads and _of_nobody(reading, word)
    payloads = reading.about(PAYLOADS) if of_nobody else payloads
    vehicles = reading.first(word, VEHICLE_PATHS, ("LaunchVehicle",))
    vehicles = vehicles or ([] if of_nobody else _behind(reading, word, ON, "LaunchVehicle"))
    sites = reading.first(word, SITE_PATHS, ("LaunchSite",))
    sites = sites or _hosts(reading, word) or reading.pointed(anaphors.there(reading.sentence, word), ("LaunchSite",))
    sites = sites or ([] if of_nobody else _behind(reading, word, FROM, "LaunchSite"))
    if not payloads or (rule is DEPARTURE and not vehicles and not sites and not _sent(reading, word)):
        return
    date = reading.date(word)
    # «At 9:21 p.m. Sunday»: the parser hangs the day on the hour.
    day = Value(date.value, date.datatype) if date else _dated(reading, word) if vehicles or sites else None
    said: list[tuple[str, str | Value, Sequence[Link]]] = []
    said += [("launchDate", day, ())] if day else []
    said += [("launchVehicle", vehicle.entity, (vehicle,)) for vehicle in vehicles]
    said += [("launchSite", site.entity, (site,)) for site in sites]
    said += [("launchedBy", agent.entity, (agent,)) for agent in _launchers(reading, word, rule)]
    for payload in payloads:
        for name, value, links in said:
            yield Statement(payload.entity, name, value, rule.id, sure(rule.confidence, [payload, *links]), word)


def _hosts(reading: Reading, word: Word) -> list[Link]:
    """«Wenchang hosted the launch of X»."""
    verb = reading.sentence.tree.governor(word) if word.tag.startswith("NN") and word.relation == "dobj" else None
    subjects = clauses.subject(reading.sentence.tree, verb) if verb is not None and verb.lemma in HOSTING else []
    return reading.fitting([x for noun in subjects for x in reading.named(noun)], ("LaunchSite",))


def _launchers(reading: Reading, word: Word, rule: Rule) -> list[Link]:
    """Who launches: behind `by`, or the subject of a verb that says by itself that something was launched."""
    flown = word.lemma == "fly" and clauses.is_passive(reading.sentence.tree, word)
    told = (rule is LAUNCH or flown) and word.tag.startswith("VB")
    told = told and bool(clauses.patient(reading.sentence.tree, word))  # «it went up» tells of the craft
    found = [x for head in clauses.agent(reading.sentence.tree, word) for x in reading.named(head)] if told else []
    return reading.fitting(found, ("Organization", "GeopoliticalEntity"))


def _of_nobody(reading: Reading, word: Word) -> bool:
    """«The launch took place in May»: a launch that the sentence gives to no craft."""
    tree = reading.sentence.tree
    determiners = {child.text.lower() for child in tree.children(word, "det")}
    own = tree.children(word, "amod", "poss", "compound", "nmod", "nummod", "relcl") or reading.fitting(
        reading.sentence.links, PAYLOADS
    )
    of = any(child.lemma in {"of", "for"} for child in tree.children(word, "prep"))
    return (word.tag == "NN" or word.index == 0) and determiners <= {"the"} and not own and not of


def _behind(reading: Reading, word: Word, preposition: re.Pattern[str], kind: str) -> list[Link]:
    """The names of a class behind a preposition after the word, wherever the parser hung them, in the same clause."""
    text, start = reading.sentence.passage.document.text, reading.sentence.passage.start
    for group in reading.sentence.groups:
        found = reading.fitting(group.links, (kind,)) if group.start > start + word.start else []
        between = text[start + word.end : group.start]
        if found and preposition.search(between) and not CLAUSE_END.search(between):
            return found
    return []


def _sent(reading: Reading, word: Word) -> bool:
    """«India flew the probe in 2023»: a state or agency that flies a craft, to no body the sentence names."""
    agents = word.lemma == "fly" and reading.first(word, ("agent",), ("GeopoliticalEntity", "SpaceAgency"))
    return bool(agents) and bool(reading.first(word, ("patient",), PAYLOADS)) and not reading.bodies


def _rides(reading: Reading) -> Iterator[Statement]:
    """A craft and, behind «on», «atop» or «from», a rocket or site in one clause, whatever its verb."""
    tree = reading.sentence.tree
    for index, group in reading.sentence.by_word.items():
        word = tree.words[index]
        vehicles = reading.fitting(group.links, ("LaunchVehicle",)) if _carries(reading, word) else []
        sites = reading.fitting(group.links, ("LaunchSite",)) if _sends(reading, word) else []
        if len(vehicles) + len(sites) == 1 and not moods.doubtful(reading, word):
            name, found = ("launchVehicle", vehicles) if vehicles else ("launchSite", sites)
            date = _dated(reading, word)
            for payload in _in_clause(reading, word):
                confidence = sure(RIDE.confidence, [payload, *found])
                yield Statement(payload.entity, name, found[0].entity, RIDE.id, confidence, word)
                if date:
                    yield Statement(payload.entity, "launchDate", date, RIDE_DATE.id, confidence, word)


def _dated(reading: Reading, word: Word) -> Value | None:
    """The one date of the clause that a rocket or site stands in, behind its verb, and on its side of a semicolon."""
    sentence, clause = reading.sentence, clauses.clause(reading.sentence.tree, word)
    dated = [(w, d) for w in clause if (d := sentence.date_by_word.get(w.index)) and not d.leads and w != word]
    if len(dated) != 1:
        return None
    (there, date), text = dated[0], sentence.passage.text
    apart = ";" in text[min(there.start, word.start) : max(there.start, word.start)]
    return None if apart else Value(date.value, date.datatype)


def _carries(reading: Reading, word: Word) -> bool:
    above = reading.sentence.tree.governor(word)
    if above is None:
        return False
    if word.relation == "pobj":
        return above.text.lower() in ON_BOARD
    return above.lemma in LIFTING and word.relation == "nsubj"


def _sends(reading: Reading, word: Word) -> bool:
    tree = reading.sentence.tree
    above = tree.governor(word)
    if above is None or word.relation != "pobj" or above.text.lower() not in {"from", "of", "off"}:
        return False
    out = above.text.lower() != "of" or tree.words[max(above.index - 1, 0)].text.lower() == "out"
    verb = next((step for step in tree.ancestors(word) if step.tag.startswith("VB")), None)
    return out and (verb is None or verb.lemma not in GROUNDED or bool(tree.children(verb, "prt")))


def _in_clause(reading: Reading, word: Word) -> list[Link]:
    """The craft of a clause: named, else pointed back to, else the one that the sentence or section is about."""
    words = clauses.clause(reading.sentence.tree, word)
    groups = reading.sentence.groups_of(words)
    named = reading.fitting([link for group in groups for link in group.links], PAYLOADS)
    if named:
        return named if len({g.start for g in groups if reading.fitting(g.links, PAYLOADS)}) == 1 else []
    elsewhere = reading.fitting(reading.sentence.links, PAYLOADS)
    about = [] if len(elsewhere) > 1 else elsewhere or ([] if _rider(reading, words) else reading.about(PAYLOADS))
    return reading.pointed(words, PAYLOADS) or about


def _rider(reading: Reading, words: Sequence[Word]) -> bool:
    """Whether somebody or something went up whom no table has: «Norman Thagard, who had gone up on a Soyuz»."""
    subjects = [word for word in words if word.relation in {"nsubj", "nsubjpass"}]
    groups = reading.sentence.by_word
    # A satellite with the name of a moon is none that the tables have.
    others = [w.index for w in subjects if w.index in groups and reading.fitting(groups[w.index].links, RIDERS)]
    unknown = (w.index in others or (w.tag.startswith("NNP") and w.index not in groups) for w in subjects)
    return any(unknown) or any(word.text.lower() == "who" for word in subjects)


def _first_flight(reading: Reading, word: Word) -> Iterator[Statement]:
    """«Vega first flew in 2012», «the maiden flight of Ariane 6»: a vehicle has a first flight and no launch date."""
    tree = reading.sentence.tree
    above = tree.governor(word)
    made = above if above is not None and word.relation == "dobj" and above.lemma in MAKING else None
    behind = [end for prep in tree.children(word, "prep") for end in tree.children(prep, "pobj")]
    times = [end for end in behind if end.lemma == "time"]
    near = {
        child.text.lower() for step in (word, *times) for child in tree.children(step, "amod", "advmod", "compound")
    }
    date = reading.date(word) or (reading.date(made) if made else None)
    if date is not None and near & FIRST:
        for vehicle in reading.first(word, ("patient", "agent", "of", "poss", "topic"), FLYING):
            value = Value(date.value, date.datatype)
            confidence = sure(FIRST_FLIGHT.confidence, [vehicle])
            yield Statement(vehicle.entity, "startDate", value, FIRST_FLIGHT.id, confidence, word)


def _entries(reading: Reading) -> Iterator[Statement]:
    """«1999: KITSAT-3 from India on a PSLV»: an entry without a verb that opens with a date and names a vehicle."""
    lead = next((date for date in reading.sentence.dates if date.leads), None)
    if lead is None or len(reading.sentence.groups) < 2 or any(w.tag in FINITE for w in reading.sentence.tree.words):
        return
    text = reading.sentence.passage.document.text
    first, *others = reading.sentence.groups
    things = reading.fitting(first.links, PAYLOADS) if not WORD.search(text, lead.end, first.start) else []
    for group in others:
        between = text[first.end : group.start]
        for vehicle in reading.fitting(group.links, ("LaunchVehicle",)) if ON.search(between) else ():
            if not CLAUSE_END.search(between):
                for thing in things:
                    for name, value in (
                        ("launchVehicle", vehicle.entity),
                        ("launchDate", Value(lead.value, lead.datatype)),
                    ):
                        yield Statement(thing.entity, name, value, ENTRY.id, ENTRY.confidence)
