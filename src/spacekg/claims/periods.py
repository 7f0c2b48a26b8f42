"""periods   from when to when something was: «ran from 1961 to 1972», «in service from 1996 until 2023»."""

from __future__ import annotations

from collections.abc import Iterator

from spacekg.claims.arguments import Reading
from spacekg.claims.dates import DateSpan
from spacekg.claims.statements import Rule, Statement, sure
from spacekg.grammar import Word
from spacekg.model import Value

THINGS = ("SpaceProgramme", "SpaceMission", "SpaceAsset")
LASTING = {
    "run",
    "last",
    "operate",
    "serve",
    "work",
    "fly",
    "continue",
    "service",
    "use",
    "operation",
    "remain",
}
WATCHING = {"watch", "observe", "orbit", "circle", "map", "monitor", "measure", "study", "survey", "circulate", "scan"}
PERIOD = Rule("f-period", 0.8)
ENDS = (("startDate", {"from"}), ("endDate", {"to", "until", "till"}))
AT_WORK = {"work", "service", "operation", "duty", "orbit", "use", "space"}
AT_REST = {"silent", "dead", "dark", "lost", "inactive", "defunct", "mute", "quiet"}
FALLING = {"fall", "go", "become", "declare", "pronounce"}
"""Verbs behind which a word of rest says that something ended: «fell silent», «was declared dead»."""
CLOSING = {"come", "bring", "draw"}
CLOSE = {"end", "close", "halt", "conclusion"}
SINCE = Rule("f-since", 0.8)
PATHS = ("patient", "agent", "topic", "host")


def apply(reading: Reading) -> Iterator[Statement]:
    """Yield start and end where a word of lasting has both beside it, or one that says which it is."""
    for word in reading.sentence.tree.words if reading.sentence.dates else ():
        if word.lemma in LASTING:
            dates = _dates(reading, word)
            if len(dates) == len(ENDS):
                yield from _stated(reading, word, dates, PERIOD)
        if word.tag.startswith("VB"):
            yield from _stated(reading, word, _one_end(reading, word) or _closed(reading, word), SINCE)


def _stated(reading: Reading, word: Word, dates: list[tuple[str, DateSpan]], rule: Rule) -> Iterator[Statement]:
    for link in reading.first(word, PATHS, THINGS) if dates else ():
        for name, date in dates:
            value = Value(date.value, date.datatype)
            yield Statement(link.entity, name, value, rule.id, sure(rule.confidence, [link]), word)


def _one_end(reading: Reading, verb: Word) -> list[tuple[str, DateSpan]]:
    """«Has been at work since 2018», «served until 2012», «fell silent in 1989», «silent since 2015»."""
    said = {child.lemma for child in reading.sentence.tree.children(verb, "acomp", "oprd", "advmod")}
    since, until = (_behind(reading, verb, {name}) for name in ("since", "until"))
    if said & AT_REST:
        rest = since or (_behind(reading, verb, {"in", "on"}) if verb.lemma in FALLING else [])
        return [("endDate", date) for date in rest[:1]]
    if verb.lemma in LASTING - {"use", "continue", "remain"} and until and not since:
        return [("endDate", until[0])]
    if since and verb.lemma == "be" and _on_body(reading, verb):
        return [("landingDate", since[0])]
    at = {end.lemma for prep in reading.sentence.tree.children(verb, "prep") for end in _objects(reading, prep)}
    lasting = verb.lemma in LASTING or (verb.lemma == "be" and (at & AT_WORK or said & {"active", "operational", "up"}))
    name = "launchDate" if at & {"orbit", "space"} else "startDate"
    perfect = any(child.lemma == "have" for child in reading.sentence.tree.children(verb, "aux"))
    return [(name, since[0])] if since and (lasting or (perfect and verb.lemma in WATCHING)) else []


def _on_body(reading: Reading, verb: Word) -> bool:
    """«Has been on Mars since 2021»."""
    preps = [prep for prep in reading.sentence.tree.children(verb, "prep") if prep.lemma == "on"]
    ends = [end for prep in preps for end in reading.sentence.tree.children(prep, "pobj")]
    return any(reading.fitting(g.links, ("CelestialBody",)) for g in reading.sentence.groups_of(ends))


def _closed(reading: Reading, verb: Word) -> list[tuple[str, DateSpan]]:
    """«Came to its end on 15 September 2017», «was brought to a close in 1991»."""
    tree = reading.sentence.tree
    to = [end for prep in tree.children(verb, "prep") if prep.lemma == "to" for end in tree.children(prep, "pobj")]
    date = reading.date(verb) if verb.lemma in CLOSING and any(end.lemma in CLOSE for end in to) else None
    return [("endDate", date)] if date else []


def _objects(reading: Reading, preposition: Word) -> list[Word]:
    return reading.sentence.tree.children(preposition, "pobj") if preposition.lemma in {"at", "in", "on"} else []


def _behind(reading: Reading, word: Word, prepositions: set[str]) -> list[DateSpan]:
    tree, dated = reading.sentence.tree, reading.sentence.date_by_word
    near = tree.children(word, "prep", "mark")
    near += [far for child in near for end in tree.children(child, "pobj") for far in tree.children(end, "prep")]
    ends = [end for prep in near if prep.lemma in prepositions for end in tree.children(prep, "pobj", "pcomp")]
    return [dated[end.index] for end in ends if end.index in dated]


def _dates(reading: Reading, word: Word) -> list[tuple[str, DateSpan]]:
    tree, dated = reading.sentence.tree, reading.sentence.date_by_word
    near = tree.children(word, "prep")
    near += [far for child in near for far in tree.children(child, "prep")]
    found = []
    for name, prepositions in ENDS:
        behind = [end for prep in near if prep.lemma in prepositions for end in tree.children(prep, "pobj")]
        found += [(name, dated[end.index]) for end in behind if end.index in dated][:1]
    return found or _between(reading, near)


def _between(reading: Reading, prepositions: list[Word]) -> list[tuple[str, DateSpan]]:
    """«Between 2008 and 2015»: the first is the start, the second the end."""
    tree, dated = reading.sentence.tree, reading.sentence.date_by_word
    firsts = [end for p in prepositions if p.lemma == "between" for end in tree.children(p, "pobj")]
    ends = [step for first in firsts for step in (first, *tree.children(first, "conj"))]
    found = [dated[end.index] for end in ends if end.index in dated]
    return list(zip(("startDate", "endDate"), found, strict=True)) if len(found) == len(ENDS) else []
