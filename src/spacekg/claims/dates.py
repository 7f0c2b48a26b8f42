"""dates     the days, months and years of a passage; one without its year takes that of what stands before it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date as Day
from datetime import timedelta
from functools import lru_cache

from spacekg.model import Document, Passage, PassageKind

NAMES = "January February March April May June July August September October November December".split()
MONTHS = "|".join(NAMES)
MONTH = rf"(?:{MONTHS}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
ORDINAL = r"(?:st|[nr]d|th)?"
YEAR = r"(?:1[89]\d\d|20\d\d)\b(?![-–]\d|\s?%)"
DATE = re.compile(
    r"\b(?P<iso>(?:1[89]|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))\b|"
    rf"\b(?:(?P<day>\d{{1,2}}){ORDINAL}\s(?={MONTH}))?(?:(?P<month>{MONTH})\s(?:(?P<day2>\d{{1,2}}){ORDINAL},?\s)?)?"
    rf"(?P<year>{YEAR})"
)
WITHOUT_YEAR = re.compile(
    rf"\b(?P<day>\d{{1,2}}){ORDINAL}\s(?P<month>{MONTH})(?!\w|,?\s\d{{4}})|"
    rf"\b(?P<month2>{MONTH})\s(?P<day2>\d{{1,2}}){ORDINAL}\b(?!\s?%|,?\s\d{{4}})|"
    rf"\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Tt]ill|[Bb]y)\s(?P<month3>{MONTHS})\b(?!\s(?:\d|of\b|and\b|or\b))"
)
OPENS = re.compile(r"(?:In|On)\s")
LEAD = re.compile(r"[\s*_>•]*")
BEHIND_LEAD = re.compile(r"[*_]*\s?[:—–-]?[*_]*(?=\s)")
SPAN = re.compile(r"[\s*_>•]*(?:1[89]|20)\d\d[-–/]\d")
"""A passage that opens with a range of years: none of them is the year of a day in it."""
HEADING = re.compile(rf"[\W_]*(?P<year>{YEAR})")
OTHER_YEAR = re.compile(
    r"\b(?:next|last|following|previous|same|another)\s(?:year|spring|autumn|summer|winter)|year\s(?:after|before|later|earlier)"
)
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
PART_OF_DAY = r"(?:\s(?:morning|afternoon|evening|night))"
RELATIVE = re.compile(
    rf"\b(?<!next\s)(?<!every\s)(?P<weekday>{'|'.join(WEEKDAYS)}){PART_OF_DAY}?\b(?!s)|"
    rf"\b(?P<today>[Tt]oday|[Tt]onight|[Tt]his{PART_OF_DAY})\b|\b(?P<yesterday>[Yy]esterday){PART_OF_DAY}?\b"
)
AHEAD = re.compile(r"\b(?:will|would|shall|due|next|scheduled|planned|coming)\b")
"""Words of a passage whose «Monday» may be the coming one."""
DATELINE = re.compile(r"[*_]{0,2}[A-Z][^|#:\n]{2,70},\s")
DATELINE_END = re.compile(r"\.?[*_]{1,2}\s|\s?[—–-]{1,2}\s|\s*\n")
OPENING = 800
"""How many letters into a document its dateline stands at most."""
NEAR = 1200
"""How many letters back, within a section, the date may stand whose year a day or month takes."""


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date in the text, with its ISO 8601 form and datatype, as precise as the text."""

    start: int
    end: int
    value: str
    datatype: str
    leads: bool = False
    """Whether the passage opens with it, as an entry of a timeline does: then it is the date of the whole."""
    relative: bool = False
    """Whether it is a word, «today» or «Sunday», counted from the dateline."""


def find(passage: Passage, names: Iterable[tuple[int, int]] = ()) -> tuple[DateSpan, ...]:
    """Find the dates in a passage: days, months and years between 1800 and 2099; «Long March 5», a name, is none."""
    found = [
        DateSpan(passage.start + match.start(), passage.start + match.end(), *_iso(match))
        for match in DATE.finditer(passage.text)
    ]
    if found and passage.kind is PassageKind.ITEM:
        found[0] = _leading(passage, found[0])
    taken = list(names)
    completed = _completed(passage, found)
    found += [date for date in completed if not any(start < date.end and date.start < end for start, end in taken)]
    found += _counted(passage)
    return tuple(sorted(found, key=lambda date: date.start))


def opened(passage: Passage, date: DateSpan, names: Collection[int]) -> int:
    """Where a date starts: with its preposition, where a name without an article follows it at the passage's start.

    The parser takes «In 1978 Kosmos 954» for one phrase.
    """
    opens = OPENS.fullmatch(passage.document.text, passage.start, date.start) is not None
    return passage.start if opens and date.end + 1 in names else date.start


def _leading(passage: Passage, date: DateSpan) -> DateSpan:
    """The first date, with the marks around it where an item opens with it."""
    text = passage.document.text
    opened = LEAD.fullmatch(text, passage.start, date.start)
    behind = BEHIND_LEAD.match(text, date.end, passage.end)
    if opened is None or behind is None or behind.end() == date.end:
        return date
    return DateSpan(passage.start, behind.end(), date.value, date.datatype, leads=True)


def _counted(passage: Passage) -> Iterator[DateSpan]:
    """«Today», «on Wednesday evening»: counted from the dateline, «KOUROU, July 9, 2024 —»; else none."""
    matches = list(RELATIVE.finditer(passage.text))
    issued = _dateline(passage.document) if matches else None
    if issued is None or AHEAD.search(passage.text):
        return
    for match in matches:
        back = 1 if match["yesterday"] else 0
        if match["weekday"]:
            back = (issued.weekday() - WEEKDAYS.index(match["weekday"])) % 7
        last = passage.start + match.start() + match[0].rfind(" ") + 1
        day = (issued - timedelta(days=back)).isoformat()
        yield DateSpan(last, passage.start + match.end(), day, "xsd:date", relative=True)


@lru_cache(maxsize=256)
def _dateline(document: Document) -> Day | None:
    """The day that the first lines of a report are dated with, behind a place; none where they have no such line."""
    text = document.text
    for match in DATE.finditer(text, document.body, document.body + OPENING):
        value, datatype = _iso(match)
        opened = text.rfind("\n", 0, match.start()) + 1
        placed = DATELINE.fullmatch(text, opened, match.start())
        if datatype == "xsd:date" and placed and DATELINE_END.match(text, match.end()):
            return Day.fromisoformat(value)
    return None


def _completed(passage: Passage, found: list[DateSpan]) -> Iterator[DateSpan]:
    """The days and months whose year the text gives elsewhere: «launched in 2009, it landed on 4 May»."""
    text = passage.text
    matches = [m for m in WITHOUT_YEAR.finditer(text) if not _covered(passage.start + m.start(), found)]
    if not matches or SPAN.match(text) or OTHER_YEAR.search(text):
        return
    for match in matches:
        month = match["month"] or match["month2"] or match["month3"]
        year = _year_before(passage, passage.start + match.start(), found)
        if year:
            start = match.start("month3") if match["month3"] else match.start()
            value = _written(year, month, match["day"] or match["day2"])
            yield DateSpan(passage.start + start, passage.start + match.end(), *value)


def _covered(offset: int, found: list[DateSpan]) -> bool:
    return any(date.start <= offset < date.end for date in found)


def _year_before(passage: Passage, offset: int, found: list[DateSpan]) -> str:
    """The year of the last date in front of an offset, else of the entry it stands under; empty if there is none."""
    here = [date.value for date in found if date.start < offset]
    under = [match["year"] for heading in reversed(passage.headings) if (match := HEADING.match(heading))]
    if here or under:
        return (here[-1:] or under[:1])[0][:4]
    text = passage.document.text
    opened = max(text.rfind("\n#", 0, passage.start), passage.start - NEAR, 0)
    dated = [_iso(match)[0] for match in DATE.finditer(text, opened, passage.start)]
    return dated[-1][:4] if dated else ""


def _iso(match: re.Match[str]) -> tuple[str, str]:
    if match["iso"]:
        return match["iso"], "xsd:date"
    return _written(match["year"], match["month"] or "", match["day"] or match["day2"])


def _written(year: str, month: str, day: str | None) -> tuple[str, str]:
    if not month:
        return year, "xsd:gYear"
    number = next(i for i, name in enumerate(NAMES, start=1) if name.startswith(month[:3]))
    if not day or not 1 <= int(day) <= 31:
        return f"{year}-{number:02}", "xsd:gYearMonth"
    return f"{year}-{number:02}-{int(day):02}", "xsd:date"
