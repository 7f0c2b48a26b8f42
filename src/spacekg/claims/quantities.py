"""quantities numbers that are said of something: «sixteen countries», «over 80 % of its projects», «420 km»."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacekg.claims.arguments import Reading
from spacekg.claims.statements import Statement
from spacekg.lexicon import Lexicon, singular
from spacekg.model import Coined, Value

NUMERALS = {
    word: number
    for number, word in enumerate(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty".split(),
        start=2,
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100}
QUALIFIERS = {
    "about": "approximately",
    "around": "approximately",
    "approximately": "approximately",
    "roughly": "approximately",
    "some": "approximately",
    "nearly": "less-than",
    "almost": "less-than",
    "under": "less-than",
    "over": "more-than",
    "above": "more-than",
    "least": "at-least",
    "than": "more-than",
}
PHRASE = re.compile(
    r"(?<!\bthe\s)(?<!\bthese\s)(?<!\bthose\s)(?<!\bboth\s)"
    rf"(?:\b(?P<qualifier>{'|'.join(QUALIFIERS)})\s(?:of\s)?)?(?<![\w.-])"
    rf"(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?|{'|'.join(NUMERALS)})"
    r"(?P<percent>\s?%|\sper\s?cent)?(?:\sof\s(?:its|their|all|the))?\s(?P<words>[a-z-]+(?:\s[a-z-]+){0,2})",
    re.IGNORECASE,
)
SUBJECTS = ("Endeavour", "SpaceAsset", "Organization", "Agreement")
GENERIC = "international-space-collaboration"
PERCENT = "percent"


def apply(reading: Reading) -> Iterator[Statement]:
    """Yield each quantity of a known unit, said of the name before it, else after it, else of no one in particular."""
    passage = reading.sentence.passage
    matches = [match for match in PHRASE.finditer(passage.text) if _unit(match, reading.lexicon)[0]]
    places = [passage.start + match.start("number") for match in matches]
    for match, place, following in zip(matches, places, [*places[1:], passage.end], strict=False):
        kind, unit = _unit(match, reading.lexicon)
        subject = _subject(reading, (place, following))
        value = match["number"].lower().replace(",", "")
        number = str(NUMERALS.get(value, value))
        qualifier = QUALIFIERS.get((match["qualifier"] or "").lower(), "exactly")
        share = bool(match["percent"])
        node = Coined(
            f"{subject}-{kind}-{qualifier}-{number.replace('.', '-')}",
            "QuantitativeClaim",
            (f"{qualifier.replace('-', ' ')} {number} {PERCENT if share else unit}, said of", (subject,)),
            (
                ("quantityKind", f"vocab:{kind}"),
                ("value", Value(number, "xsd:decimal")),
                ("unit", Value(PERCENT if share else unit)),
                ("qualifier", f"vocab:{qualifier}"),
            ),
        )
        trigger = reading.word_at(match.start("number"))
        yield Statement(node.id, "quantityOf", subject, "q-number", 0.75, trigger, coined=(node,))


def _unit(match: re.Match[str], lexicon: Lexicon) -> tuple[str, str]:
    """What the number counts: the first of the words behind it that is a known unit; empty if none is."""
    found = (lexicon.units.get(singular(word)) for word in match["words"].lower().split())
    return next((unit for unit in found if unit), ("", ""))


def _subject(reading: Reading, span: tuple[int, int]) -> str:
    """The last fitting name before the number, else the first between it and the next number, else the generic one."""
    named = [link for group in reading.sentence.groups for link in group.links]
    fitting = [link for link in named if reading.is_any(link, SUBJECTS)]
    before = [link for link in fitting if link.mention.end <= span[0]]
    behind = [link for link in fitting if span[0] < link.mention.start < span[1]]
    return (before[-1:] or behind[:1])[0].entity if before or behind else GENERIC
