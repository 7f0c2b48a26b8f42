"""lines     lists and tables: «Label: A, B, C», «A, B | what they do together», a table with named columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacekg.claims import kinds, moods, statements
from spacekg.claims.arguments import Reading
from spacekg.claims.sentences import Group
from spacekg.claims.statements import Rule, Statement, sure
from spacekg.lexicon import DATE
from spacekg.model import Link, PassageKind, Value

THINGS = ("Endeavour", "SpaceAsset")
LABELLED = Rule("l-labelled", 0.9)
PARTNERS = Rule("l-partners", 0.85)
COLUMN = Rule("l-column", 0.9)
GOAL = Rule("l-goal", 0.8)
LISTED = Rule("l-class", 0.85)
BROUGHT = Rule("l-brought", 0.8)
SHEET = Rule("l-sheet", 0.8)
INSTRUMENT = "Instrument"
OUTSIDE = re.compile(
    r"\b(?:not|never|no|without|rival|competitor|similar|other|earlier|previous|predecessor|successor|named?|credit|source"
    r"|contact|photo|image|see|compare|future|next|planned|proposed|cancelled|myths?)\b",
    re.IGNORECASE,
)
"""Words of a label or heading under which stands what has no hand in the thing, or not yet."""
PLACE = re.compile(
    r"\b(?:stations?|sites?|cent(?:re|er)s?|places?|from|launch\w*|land\w*|bases?|seats?|origin|head\w*|located|location)\b",
    re.IGNORECASE,
)
"""Words of a label behind which a state is a place."""
STOPS = re.compile(r"\s?(?:[,;.(\u2013]|with\b|$)")
FEW_WORDS = 4
FILLER = re.compile(r"\b(?:and|or|the|with|its|in|of|partners?|cooperation|collaboration|partnership|joint)\b", re.I)
WORDS = re.compile(r"[A-Za-z]+")
SMALL = 3
"""How many letters the words between «missions» and «the Moon» have at most."""
FEW = 3
"""How many letters may stand beside the names of a part that is still a list of names."""


@dataclass(frozen=True)
class Part:
    """A piece of a line, a label or a cell, with the names, concepts and dates in it."""

    reading: Reading
    start: int
    end: int

    @property
    def text(self) -> str:
        """The words of the part."""
        return self.reading.sentence.passage.document.text[self.start : self.end]

    @property
    def groups(self) -> list[Group]:
        """The lists of names in the part."""
        return [g for g in self.reading.sentence.groups if self.start <= g.start and g.end <= self.end]

    def links(self, *kinds_wanted: str) -> list[Link]:
        """The names of these classes, each entity once."""
        return self.reading.fitting([link for group in self.groups for link in group.links], kinds_wanted)

    def concepts(self, kind: str) -> list[str]:
        """The concepts of this class."""
        concept_kinds = self.reading.lexicon.concept_kinds
        inside = [c for start, end, c in self.reading.sentence.concepts if self.start <= start and end <= self.end]
        return list(dict.fromkeys(concept for concept in inside if concept_kinds[concept] == kind))

    def values(self, kind: str) -> list[str | Value]:
        """What a table cell gives: dates where `kind` says so, else the entities and concepts of this class."""
        if kind == DATE:
            dates = [d for d in self.reading.sentence.dates if self.start <= d.start and d.end <= self.end]
            return [Value(date.value, date.datatype) for date in dates]
        return [*(link.entity for link in self.links(kind)), *self.concepts(kind)]

    @property
    def only_names(self) -> bool:
        """Whether the part is a list of names and nothing else."""
        rest = list(self.text)
        for item in (item for group in self.groups for item in group.items):
            start = item.link.mention.start - self.start
            rest[start : item.end - self.start] = " " * (item.end - self.start - start)
        return bool(self.groups) and sum(c.isalnum() for c in FILLER.sub("", "".join(rest))) <= FEW


def apply(reading: Reading) -> Iterator[Statement]:
    """Yield what the shape of the line states."""
    passage = reading.sentence.passage
    if passage.kind is PassageKind.ROW and passage.header and len(passage.cells) > 1:
        yield from _columns(reading)
    whole = Part(reading, passage.start, passage.end)
    if passage.kind is PassageKind.ITEM and passage.headings and whole.only_names:
        yield from told(list(reading.topic), whole, passage.headings[-1])
    if reading.sentence.label:
        label, rest = Part(reading, *reading.sentence.label), Part(reading, *reading.sentence.labelled)
        subjects = label.links(*THINGS) or list(reading.topic)
        # A row of two cells whose first is no name is a label with its value.
        told_of = passage.kind is not PassageKind.ROW or not (label.groups or any(passage.header))
        found = list(told(subjects, rest, label.text)) if told_of else []
        yield from found
        if told_of and not found and not label.groups:
            yield from _in_sheet(reading, label, rest)
        owned = label.only_names and bool(label.links("Agent") and rest.links(*THINGS))
        if rest.only_names and not found and not owned:
            yield from _names_behind(label, rest)
        elif label.only_names:
            yield from _names_before(label, rest)
            yield from _owned(label, rest)


def _owned(label: Part, rest: Part) -> Iterator[Statement]:
    """«Akari: Japan, with ESA; 2006»: whose a craft is, where that is all that its line opens with."""
    opens = rest.groups[:1]
    alone = opens and opens[0].start == rest.start and STOPS.match(rest.text[opens[0].end - rest.start :])
    agents = label.reading.fitting(opens[0].links, ("Agent",)) if opens and alone else []
    if label.only_names and not label.links("Agent") and not OUTSIDE.search(rest.text):
        yield from statements.collaboration(label.links(*THINGS), agents, (), (), PARTNERS)


def _in_sheet(reading: Reading, label: Part, rest: Part) -> Iterator[Statement]:
    """«Star tracker: from the University of X»: a body named in a sheet about one thing has a hand in it."""
    passage = reading.sentence.passage
    headed = [link for link in reading.topic if reading.is_any(link, THINGS)]
    entry = passage.kind is not PassageKind.SENTENCE or rest.start > label.end + len(": ") or not _finite(reading)
    few = len(WORDS.findall(label.text)) <= FEW_WORDS and not OUTSIDE.search(label.text)
    if not entry or not few or rest.links(*THINGS, "Agreement") or moods.doubtful(reading):
        return
    if any(OUTSIDE.search(heading) for heading in passage.headings):
        return
    opens = rest.groups[:1] if not PLACE.search(label.text) else []
    states = [x for g in opens if g.start == rest.start for x in reading.fitting(g.links, ("State", "StateGroup"))]
    for thing in headed:
        for agent in (link for link in [*rest.links("Organization"), *states] if not _owner(link)):
            yield Statement(thing.entity, "hasParticipant", agent.entity, SHEET.id, sure(SHEET.confidence, [agent]))


def _owner(link: Link) -> bool:
    """Whether it is only told whose something is: «ESA's member states»."""
    return link.mention.passage.document.text[link.mention.end :][:2] in {"'s", "’s"}


def _finite(reading: Reading) -> bool:
    return any(word.tag in {"VBD", "VBZ", "VBP", "MD"} for word in reading.sentence.tree.words)


def _names_behind(label: Part, rest: Part) -> Iterator[Statement]:
    """«JWST mission: NASA, ESA», «Exploration of Mars: India, Japan», «Space agencies: NASA, ESA»."""
    things, agents = label.links(*THINGS), rest.links("Agent")
    kind = kinds.class_of_words(label.text, label.reading.lexicon)
    types, bodies = label.concepts("CollaborationType"), _entities(_bodies(label, rest))
    if things:
        yield from statements.collaboration(things, agents, types, (), LABELLED)
    elif kind and not label.groups:
        yield from kinds.typed([link for group in rest.groups for link in group.links], kind, LISTED)
    elif bodies or types:
        yield from statements.collaboration([], agents, _with_targets(label, rest, types), bodies, LABELLED)


def _names_before(label: Part, rest: Part) -> Iterator[Statement]:
    """«NASA, ESA | Joint development of a telescope», «Planck | study of the cosmic background»."""
    things = label.links(*THINGS)
    worked_on = things or rest.links(*THINGS)
    types, bodies = rest.concepts("CollaborationType"), _entities(_bodies(label, rest))
    all_types = types if worked_on else _with_targets(label, rest, types)
    yield from statements.collaboration(worked_on, label.links("Agent"), all_types, bodies, PARTNERS)
    if types and not worked_on:
        for body in label.links("CoordinationBody", "Consortium"):
            yield from statements.standing(body, types, PARTNERS)
    for thing in things:
        for concept in rest.concepts("Goal"):
            yield Statement(thing.entity, "pursues", concept, GOAL.id, GOAL.confidence)


def _bodies(label: Part, rest: Part) -> list[Link]:
    return [link for part in (label, rest) for link in part.links("CelestialBody")]


def _entities(links: Sequence[Link]) -> list[str]:
    return [link.entity for link in links]


def _with_targets(label: Part, rest: Part, types: Sequence[str]) -> list[str]:
    """The types, and those that «missions to Mars» and «Moon landing» say: a body alone says no type."""
    known = label.reading.lexicon.target_types
    bodies = [body for body in _bodies(label, rest) if body.entity in known and _beside(body, known[body.entity][0])]
    return list(dict.fromkeys([*types, *(known[body.entity][1] for body in bodies)]))


def _beside(body: Link, words: frozenset[str]) -> bool:
    """Whether one of the words stands straight behind a body's name, or before it but for small words."""
    text, passage = body.mention.passage.document.text, body.mention.passage
    behind = WORDS.match(text, body.mention.end + 1, passage.end)
    before = [word.lower() for word in WORDS.findall(text[passage.start : body.mention.start]) if len(word) > SMALL]
    return bool(words & {*before[-1:], behind.group().lower() if behind else ""})


def _columns(reading: Reading) -> Iterator[Statement]:
    """A table: the column that names craft or missions, else the first, has what the others speak of."""
    passage = reading.sentence.passage
    parts = [Part(reading, *span) for span in passage.cells]
    headings = list(passage.header[: len(parts)])
    subject_column = next((i for i, heading in enumerate(headings) if _names_things(heading, reading)), 0)
    for i, heading in enumerate(headings):
        if i != subject_column:
            yield from told(parts[subject_column].links(*THINGS), parts[i], heading)
    kind = kinds.class_of_words(headings[subject_column], reading.lexicon) if headings else ""
    if kind == INSTRUMENT and not parts[subject_column].groups:
        yield from _brought(reading, parts)
    if reading.lexicon.declared.is_a(kind, "SpaceAsset"):
        yield from kinds.typed(parts[subject_column].links(*THINGS), kind, LISTED)


def _brought(reading: Reading, parts: Sequence[Part]) -> Iterator[Statement]:
    """A row about an instrument that no table knows: whoever it names has a hand in what the section is about."""
    agents = [agent for part in parts if part.only_names for agent in part.links("Organization", "State")]
    # «Airbus, Toulouse», «JAXA and NICT»: a cell that opens with a body, whatever follows.
    agents += [
        link
        for part in parts
        for group in part.groups[:1]
        for link in group.links[:1]
        if group.start == part.start and reading.is_any(link, ("Organization",)) and link not in agents
    ]
    for thing in reading.fitting(reading.topic, THINGS):
        for agent in agents:
            yield Statement(thing.entity, "hasParticipant", agent.entity, BROUGHT.id, BROUGHT.confidence)


def _names_things(heading: str, reading: Reading) -> bool:
    kind = kinds.class_of_words(heading, reading.lexicon)
    return any(reading.lexicon.declared.is_a(kind, thing) for thing in THINGS)


def told(subjects: Sequence[Link], part: Part, heading: str) -> Iterator[Statement]:
    """What a part says of the subjects by the heading or label it stands under."""
    for column in part.reading.lexicon.column(heading):
        values = part.values(column.kind)
        name = column.alone if column.alone and len(values) == 1 else column.property
        for subject in subjects:
            for value in values:
                if subject.entity != value:
                    yield Statement(subject.entity, name, value, f"{COLUMN.id}-{name}", COLUMN.confidence)
