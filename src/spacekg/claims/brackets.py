"""brackets  what stands behind a craft's name without a verb: «Juno (NASA)», «Jason-3 (with CNES)», «Ariel 1, 1962»."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from spacekg.claims.arguments import Reading
from spacekg.claims.sentences import Item
from spacekg.claims.statements import Rule, Statement, sure
from spacekg.model import Link, Value

THINGS = ("Spacecraft", "SpaceMission")
WHOSE = Rule("k-agent-behind", 0.8)
CAPTION = Rule("f-caption", 0.7)
OWNED = ("Spacecraft", "SpaceMission", "SpaceProgramme")
OF = re.compile(r"\sof\s(?:the\s)?")
FILLER = re.compile(r"[(),;/&+\s\u2013-]|\b(?:with|and|the|of|for|by)\b|\b(?:19|20)\d\d\b")
"""What may stand in a bracket beside names for it to say whose a craft is."""
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
CAPTIONED = re.compile(r"[*_]{0,2},\s(?:also\s)?(?P<year>(?:19|20)\d\d)(?:[.,;]|$)")
"""A caption or label that opens with a name and a year."""


def apply(reading: Reading) -> Iterator[Statement]:
    """Yield who is named in a bracket behind a craft, and the year that a caption or such a bracket gives it."""
    for group in reading.sentence.groups:
        for item in group.items:
            if reading.is_any(item.link, THINGS):
                yield from _bracketed(reading, item)
    yield from _of_states(reading)
    yield from _captioned(reading)


def _of_states(reading: Reading) -> Iterator[Statement]:
    """«Diwata-1 of the Philippines»: a state behind a craft's or programme's name."""
    text = reading.sentence.passage.document.text
    for thing, state in pairwise(reading.sentence.groups):
        of = OF.fullmatch(text, thing.end, state.start) is not None and len(thing.links) == 1
        things = reading.fitting(thing.links, OWNED) if of else []
        for agent in reading.fitting(state.links[:1], ("State",)) if things else ():
            confidence = sure(WHOSE.confidence, [things[0], agent])
            yield Statement(things[0].entity, "hasParticipant", agent.entity, WHOSE.id, confidence)


def _bracketed(reading: Reading, item: Item) -> Iterator[Statement]:
    agents = reading.fitting(item.inside, ("Organization",))
    between = rest(item) if agents else ""
    if not agents or FILLER.sub("", between):
        return
    for agent in agents:
        confidence = sure(WHOSE.confidence, [item.link, agent])
        yield Statement(item.link.entity, "hasParticipant", agent.entity, WHOSE.id, confidence)
    years = YEAR.findall(between)
    if len(years) == 1:
        value = Value(years[0], "xsd:gYear")
        yield Statement(item.link.entity, "launchDate", value, CAPTION.id, CAPTION.confidence)


def rest(item: Item) -> str:
    """The bracket behind a name without the names in it."""
    text, parts, start = item.link.mention.passage.document.text, [], item.link.mention.end
    for link in sorted(item.inside, key=lambda link: link.mention.start):
        parts.append(text[start : link.mention.start])
        start = link.mention.end
    return "".join([*parts, text[start : item.end]])


def _captioned(reading: Reading) -> Iterator[Statement]:
    passage = reading.sentence.passage
    first = reading.sentence.groups[0] if reading.sentence.groups else None
    opening = passage.document.text[passage.start : first.start] if first else ""
    if first is None or any(c.isalnum() for c in opening):
        return
    links: list[Link] = reading.fitting(first.links, THINGS)
    match = CAPTIONED.match(passage.document.text, first.end, passage.end)
    for link in links if match and len(first.links) == 1 else ():
        value = Value(match["year"] if match else "", "xsd:gYear")
        yield Statement(link.entity, "launchDate", value, CAPTION.id, CAPTION.confidence)
