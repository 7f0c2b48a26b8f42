"""periods   from when to when something was: «ran from 1961 to 1972», «in service from 1996 until 2023»."""

from __future__ import annotations

from collections.abc import Iterator

from spacekg.claims.arguments import Reading
from spacekg.claims.dates import DateSpan
from spacekg.claims.statements import Rule, Statement, sure
from spacekg.grammar import Word
from spacekg.model import Value

THINGS = ("SpaceProgramme", "SpaceMission", "SpaceAsset")
LASTING = {"run", "last", "operate", "serve", "work", "fly", "continue", "service", "use", "operation"}
PERIOD = Rule("f-period", 0.8)
ENDS = (("startDate", {"from"}), ("endDate", {"to", "until", "till"}))


def apply(reading: Reading) -> Iterator[Statement]:
    """Yield start and end where a word of lasting has both beside it; one alone is left to the verbs of beginning."""
    for word in reading.sentence.tree.words:
        dates = _dates(reading, word) if word.lemma in LASTING else []
        if len(dates) == len(ENDS):
            for link in reading.first(word, ("patient", "agent", "topic", "host"), THINGS):
                for name, date in dates:
                    value = Value(date.value, date.datatype)
                    yield Statement(link.entity, name, value, PERIOD.id, sure(PERIOD.confidence, [link]), word)


def _dates(reading: Reading, word: Word) -> list[tuple[str, DateSpan]]:
    tree, dated = reading.sentence.tree, reading.sentence.date_by_word
    near = tree.children(word, "prep")
    near += [far for child in near for far in tree.children(child, "prep")]
    found = []
    for name, prepositions in ENDS:
        behind = [end for prep in near if prep.lemma in prepositions for end in tree.children(prep, "pobj")]
        found += [(name, dated[end.index]) for end in behind if end.index in dated][:1]
    return found
