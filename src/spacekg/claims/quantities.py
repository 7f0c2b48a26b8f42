"""quantities numbers that are said of something: «sixteen countries», «over 80 % of its projects», «420 km»."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacekg.claims import clauses
from spacekg.claims.arguments import Reading
from spacekg.claims.statements import Statement
from spacekg.grammar import Word
from spacekg.lexicon import Unit, singular
from spacekg.model import Coined, PassageKind, Value

NUMERALS = {
    word: number
    for number, word in enumerate(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty".split(),
        start=2,
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100}
NUMERALS |= {
    f"{ten}-{one}": number + at
    for ten, number in NUMERALS.items()
    if 20 <= number < 100
    for at, one in enumerate("one two three four five six seven eight nine".split(), start=1)
}
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
WORD = rf"(?!(?:{'|'.join(NUMERALS)})\b)[A-Za-z-]+"  # «in 1999 sixteen countries» are not 1999
PHRASE = re.compile(
    rf"(?:\b(?P<qualifier>{'|'.join(QUALIFIERS)})\s(?:of\s)?)?(?<![\w.,-])"
    rf"(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?|{'|'.join(NUMERALS)})"
    r"(?:\s(?P<scale>million|billion))?"
    r"(?P<percent>\s?%|\sper\s?cent)?(?P<part>\sof\s(?:its|their|all|the))?[\s-]"
    rf"(?P<words>{WORD}(?:\s{WORD}){{0,2}})",
    re.IGNORECASE,
)
GIVEN = re.compile(r"\b(?:the|these|those|both)\s$", re.IGNORECASE)
"""What stands before a number of things that were spoken of: «the sixteen countries»."""
SCALES = {"million": 10**6, "billion": 10**9}
PLURAL = {"they", "them", "their", "these", "those", "both"}
EACH = "each"
GENERIC = "international-space-collaboration"
GENERIC_CUE = re.compile(r"\b(?:collaborat|cooperat|co-operat|partner)", re.IGNORECASE)
PERCENT = "percent"
PARTIES = {"participating-countries", "participating-agencies", "members", "crew"}
"""Who is counted takes part in something, but often not in what stands before the number."""
COUNT = "count"
MEASURED = {"size", "mass", "altitude", "distance"}
"""Kinds of quantity that are a thing's own."""


def apply(reading: Reading) -> Iterator[Statement]:
    """Yield each quantity of a known unit, with what it is said of.

    That is the last fitting name before the number, else what the sentence speaks of, else the first name between it
    and the next number, else what the section is about; a number of countries that work together may be said of
    collaboration in space at large.
    """
    passage = reading.sentence.passage
    found = [(match, unit) for match in PHRASE.finditer(passage.text) if (unit := _unit(reading, match))]
    places = [passage.start + match.start("number") for match, _ in found]
    for (match, unit), place, following in zip(found, places, [*places[1:], passage.end], strict=False):
        for subject in _subjects(reading, (place, following), unit):
            node = _node(match, unit, subject)
            trigger = reading.word_at(match.start("number"))
            rule = "q-parties" if unit.kind in PARTIES else "q-number"
            yield Statement(node.id, "quantityOf", subject, rule, 0.75, trigger, coined=(node,))


def _unit(reading: Reading, match: re.Match[str]) -> Unit | None:
    """What the number counts or measures: by the first of the words behind it that is a unit whose cue is near."""
    near = set(re.findall(r"[a-z]+", reading.sentence.passage.text.lower()))
    words = match["words"].lower().replace("-", " ").split()
    hyphened = match.string[match.start("words") - 1] == "-"  # «a 600-megapixel camera» is not 600 cameras
    given = not hyphened and GIVEN.search(match.string, 0, match.start())
    if given or (match["part"] and not match["percent"]):
        return None  # «Three of the instruments» are not all that there are.
    for word in words[:1] if hyphened else words:
        for unit in reading.lexicon.units.get(word) or reading.lexicon.units.get(singular(word), ()):
            if not unit.cues or unit.cues & near:
                return unit
    return None


def _subjects(reading: Reading, span: tuple[int, int], unit: Unit) -> list[str]:
    named = reading.sentence.links
    fitting = [link for link in named if reading.is_any(link, unit.subjects)]
    before = [link for link in fitting if link.mention.end <= span[0]]
    behind = [link for link in fitting if span[0] < link.mention.start < span[1]]
    word = reading.word_at(span[0] - reading.sentence.passage.start)
    spoken_of = reading.first(word, ["topic"], unit.subjects) if word else []
    spoken_of = [link for link in spoken_of if link.mention.surface.lower() not in PLURAL]
    if len(spoken_of) > 1 and all(link.mention.surface.lower() == EACH for link in spoken_of) and not before:
        return [link.entity for link in spoken_of]
    heading = reading.sentence.passage.kind is PassageKind.HEADING
    topic = [link for link in reading.topic or reading.centre if reading.is_any(link, unit.subjects) and not heading]
    if unit.kind == COUNT and any(link.mention.end <= span[0] for link in reading.fitting(named, ("Agent",))):
        topic = []  # «Italy supplied four instruments» are not all that there are.
    if word and ((unit.kind in MEASURED and _of_something_else(reading, word)) or _of_unknown(reading, word)):
        before = behind = topic = []
    chosen = before[-1:] or spoken_of[:1] or behind[:1] or topic[:1]
    if chosen:
        return [chosen[0].entity]
    at_large = "Collaboration" in unit.subjects and GENERIC_CUE.search(reading.sentence.passage.text)
    return [GENERIC] if at_large else []


def _of_unknown(reading: Reading, number: Word) -> bool:
    """Whether what is counted is of something that no table knows: «five satellites of Zorblax»."""
    tree, noun = reading.sentence.tree, reading.sentence.tree.governor(number)
    of = [prep for prep in tree.children(noun, "prep") if prep.lemma == "of"] if noun is not None else []
    ends = [end for prep in of for end in tree.children(prep, "pobj")]
    return any(end.tag.startswith("NNP") and end.index not in reading.sentence.by_word for end in ends)


def _of_something_else(reading: Reading, number: Word) -> bool:
    """Whether the clause is about a part or thing without a name: «this arm is 17.6 metres long»."""
    tree = reading.sentence.tree
    verb = next((step for step in tree.ancestors(number) if step.tag.startswith("VB")), None)
    told = clauses.subject(tree, verb) if verb is not None else []
    return bool(told) and all(
        noun.tag == "NN" and noun.lemma not in MEASURED and tree.children(noun, "det") and not reading.deep(noun)
        for noun in told
    )


def _node(match: re.Match[str], unit: Unit, subject: str) -> Coined:
    value = match["number"].lower().replace(",", "")
    number = float(NUMERALS.get(value, value)) * SCALES.get((match["scale"] or "").lower(), 1)
    written = f"{number:.10g}" if number < 10**10 else f"{number:.0f}"
    qualifier = QUALIFIERS.get((match["qualifier"] or "").lower(), "exactly")
    measure = PERCENT if match["percent"] else unit.unit or singular(match["words"].lower().split()[0]) + "s"
    return Coined(
        f"{subject}-{unit.kind}-{qualifier}-{written.replace('.', '-')}",
        "QuantitativeClaim",
        (f"{qualifier.replace('-', ' ')} {written} {measure}, said of", (subject,)),
        (
            ("quantityKind", f"vocab:{unit.kind}"),
            ("value", Value(written, "xsd:decimal")),
            ("unit", Value(measure)),
            ("qualifier", f"vocab:{qualifier}"),
        ),
    )
