"""captions  labels and remarks without a verb: «XMM-Newton, Ariane 5, Kourou, December 1999», «a camera (Sweden)»."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacekg.claims import moods
from spacekg.claims.arguments import Reading
from spacekg.claims.sentences import Group
from spacekg.claims.statements import Rule, Statement, sure
from spacekg.lexicon import singular
from spacekg.model import Link, PassageKind, Value

CRAFT = ("Spacecraft", "SpaceMission")
GIVERS = ("Organization", "State")
RIDES = (("launchVehicle", "LaunchVehicle"), ("launchSite", "LaunchSite"))
FINITE = {"VBD", "VBZ", "VBP", "MD"}
OPENS = re.compile(
    r"(?:^|[,;:(\u2013\u2014\u00b7])\s*(?:(?:on|aboard|atop|from|by|launched|launch)\s){0,2}(?:an?\s|the\s|one\s)?$"
)
"""What stands before a part of a label that is a name or a date alone."""
CLOSES = re.compile(r"\s*(?:[,;.:)\u2013\u2014\u00b7]|$)")
WORD = re.compile(r"(?P<word>\w+)\s$")
JOINING = re.compile(r"(?:[,;/&\s]|\band\b)*")
NEAR = 40
"""How many characters before a name are read for that."""
LABEL = Rule("f-label", 0.75)
CREDIT = Rule("k-credit", 0.8)


def apply(reading: Reading) -> Iterator[Statement]:
    """Yield rocket, site and day of the one craft that a label is about, and who is credited with a part of a craft."""
    named = {link.entity: link for link in reading.fitting(reading.sentence.links, CRAFT)}
    if len(named) != 1 or reading.sentence.passage.kind is PassageKind.QUESTION:
        return
    craft = next(iter(named.values()))
    found = [*_credited(reading, craft), *_titled(reading, craft)]
    yield from found if found and not moods.doubtful(reading) else ()


def _titled(reading: Reading, craft: Link) -> Iterator[Statement]:
    first = reading.sentence.groups[0]
    opening = reading.sentence.passage.document.text[reading.sentence.passage.start : first.start]
    verb = any(word.tag in FINITE for word in reading.sentence.tree.words)
    if first.links == (craft,) and not verb and not any(c.isalnum() for c in opening):
        yield from _labelled(reading, craft)


def _labelled(reading: Reading, craft: Link) -> Iterator[Statement]:
    rides = [
        (name, link)
        for group in reading.sentence.groups[1:]
        for name, kind in RIDES
        for link in (reading.fitting(group.links, (kind,)) if _alone(reading, group.start, group.end) else ())
    ]
    for name, link in rides:
        yield Statement(craft.entity, name, link.entity, LABEL.id, sure(LABEL.confidence, [link]))
    dates = [date for date in reading.sentence.dates if _alone(reading, date.start, date.end)]
    if rides and len(dates) == 1:
        value = Value(dates[0].value, dates[0].datatype)
        yield Statement(craft.entity, "launchDate", value, LABEL.id, LABEL.confidence)


def _alone(reading: Reading, start: int, end: int) -> bool:
    """Whether a part of a label has no other word than this name or date."""
    text, passage = reading.sentence.passage.document.text, reading.sentence.passage
    before = text[max(start - NEAR, passage.start) : start]
    return OPENS.search(before) is not None and CLOSES.match(text, end, passage.end) is not None


def _credited(reading: Reading, craft: Link) -> Iterator[Statement]:
    for group in reading.sentence.groups:
        for agent in reading.fitting(group.links, GIVERS) if _of_part(reading, group) else ():
            yield Statement(craft.entity, "hasParticipant", agent.entity, CREDIT.id, sure(CREDIT.confidence, [agent]))


def _of_part(reading: Reading, group: Group) -> bool:
    """Whether names fill a bracket behind a part of a craft, or behind the short name of one that a label announces."""
    text, passage = reading.sentence.passage.document.text, reading.sentence.passage
    opened = text.rfind("(", max(group.start - NEAR, passage.start), group.start)
    closed = text.find(")", group.end, min(group.end + NEAR, passage.end))
    match = WORD.search(text[max(opened - NEAR, passage.start) : max(opened, 0)])
    if min(opened, closed) < 0 or match is None or not _only_names(reading, opened + 1, closed):
        return False
    label = reading.sentence.label
    announced = text[slice(*label)].lower().split() if label and match["word"].isupper() else []
    nouns = (singular(word.lower()) for word in (match["word"], *announced))
    return any(("noun", noun) in reading.lexicon.involvements for noun in nouns)


def _only_names(reading: Reading, start: int, end: int) -> bool:
    """Whether a bracket has nothing but names in it."""
    text, at, rest = reading.sentence.passage.document.text, start, []
    for link in sorted(reading.sentence.links, key=lambda link: link.mention.start):
        if start <= link.mention.start and link.mention.end <= end:
            rest.append(text[at : link.mention.start])
            at = link.mention.end
    return JOINING.fullmatch("".join([*rest, text[at:end]])) is not None
