"""answers   lines without a verb: «How did it get there? On an H-IIA, from Tanegashima», «SpaceX, launch provider»."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacekg.claims import compounds, frames
from spacekg.claims.arguments import Reading
from spacekg.claims.lines import Part, told
from spacekg.claims.statements import Rule, Statement, sure
from spacekg.model import PassageKind, Value

PAYLOADS = ("Spacecraft", "SpaceMission")
RIDE = re.compile(
    r"^\W*(?:how|when|where|(?:on|by) what|from where) (?:did|was|were|has|have)\b.*"
    r"\b(?:get|go|fly|travel|reach|leave|launch\w*|carried|sent)\b",
    re.I,
)
"""Questions after the way up, of what has happened: not «How will it get there?»."""
WHO = re.compile(r"^\W*(?:and\s)?(?:who|which(?:\s[a-z]+){1,2}?)(?:\s(?:has|have|had))?\s(?P<verb>[a-z]+)\b", re.I)
"""Questions after who did something."""
PARTAKING = re.compile(
    r"^\W*(?:who|which (?:[a-z]+ )?(?:countries|nations|states|agencies|partners))\s(?:else\s)?"
    r"(?:takes? part|took part|participates?|participated|contributes?|contributed"
    r"|(?:is|are|was|were) (?:involved|behind|on board))\b",
    re.IGNORECASE,
)
"""Questions after who has a hand in something."""
PARTAKEN = ("SpaceMission", "SpaceProgramme", "SpaceAsset")
OPENING = re.compile(r"\W*(?:(?:the|both|mainly|mostly|chiefly|it was)\s)*", re.I)
"""What may stand before the names that an answer opens with."""
DENYING = re.compile(r"\b(?:not|never|no|nothing|planned|would|will|should|could|might|may|if)\b", re.I)
ROLE = re.compile(r",\s(?:the\s)?(?P<role>[a-z][a-z -]+?)(?=\s(?:for|of|with|in)\b|\s?[(,;.]|$)")
ANSWER = Rule("l-answer", 0.75)


def apply(reading: Reading) -> Iterator[Statement]:
    """Yield what a line without a verb says of the thing that the question or the heading above it names."""
    text = reading.sentence.passage.text
    if reading.topic and reading.question and not DENYING.search(f"{reading.question} {text}"):
        yield from _who(reading)
    if not reading.topic or _verbs(reading) or DENYING.search(text):
        return
    if RIDE.match(reading.question) and not DENYING.search(reading.question):
        yield from _ride(reading)
    groups = reading.sentence.groups
    if (
        reading.sentence.passage.kind is PassageKind.ITEM
        and groups
        and groups[0].start == reading.sentence.passage.start
    ):
        role = ROLE.match(reading.sentence.passage.document.text, groups[0].end, reading.sentence.passage.end)
        if role:
            yield from told(list(reading.topic), Part(reading, groups[0].start, groups[0].end), role["role"])


def _who(reading: Reading) -> Iterator[Statement]:
    """«Who built it? Airbus did.», «Which agency leads it? ESA»: the names that open an answer do what was asked."""
    asked = WHO.match(reading.question)
    passage, groups = reading.sentence.passage, reading.sentence.groups
    opens = bool(groups) and OPENING.fullmatch(passage.document.text, passage.start, groups[0].start) is not None
    done = compounds.lemma(reading, asked["verb"].lower()) if asked and opens else ""
    if PARTAKING.match(reading.question):
        for thing in reading.fitting(reading.topic, PARTAKEN):
            for agent in reading.fitting(reading.sentence.links, ("State", "Organization")):
                yield Statement(thing.entity, "hasParticipant", agent.entity, ANSWER.id, ANSWER.confidence)
    for frame in reading.lexicon.frames.get(("verb", done), ()):
        if "patient" in frame.subject and "agent" in frame.object:
            agents = reading.fitting(groups[0].links, frame.object_class)
            for thing in reading.fitting(reading.topic, frame.subject_class) if agents else ():
                for agent in agents:
                    confidence = sure(ANSWER.confidence, [thing, agent])
                    name = frames.of_craft(reading, frame.property, thing)
                    yield Statement(thing.entity, name, agent.entity, ANSWER.id, confidence)


def _verbs(reading: Reading) -> bool:
    return any(word.tag in {"VBD", "VBZ", "VBP", "MD"} for word in reading.sentence.tree.words)


def _ride(reading: Reading) -> Iterator[Statement]:
    """Vehicle, site and date of the ride, which the vehicle must be named for."""
    whole = Part(reading, reading.sentence.passage.start, reading.sentence.passage.end)
    vehicles = whole.links("LaunchVehicle")
    said: list[tuple[str, str | Value]] = [("launchVehicle", vehicle.entity) for vehicle in vehicles]
    said += [("launchSite", site.entity) for site in whole.links("LaunchSite")]
    said += [("launchedBy", company.entity) for company in whole.links("Company")]
    said += [("launchDate", value) for value in whole.values("date") if isinstance(value, Value)]
    for thing in reading.fitting(reading.topic, PAYLOADS) if len(vehicles) == 1 else ():
        for name, value in said:
            yield Statement(thing.entity, name, value, ANSWER.id, sure(ANSWER.confidence, [thing]))
