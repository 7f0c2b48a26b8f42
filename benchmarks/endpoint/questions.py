"""The questions in queries/, about things chosen by chance; the same for the same seed."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

from graph import BASE, PER_DOCUMENT, PREFIXES, WORDS, Size

FOLDER = Path(__file__).parent / "queries"
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.rq"))}
LOOKUPS = ("ask", "collaboration", "doubtful", "entity", "label", "optional", "programme", "provenance", "same_as")
"""What an application asks again and again, of one thing at a time."""
AGGREGATES = (
    "count", "count_class", "pairs", "partners", "predicates", "roles", "targets", "timeline", "types",
)  # fmt: skip
"""Counts and joins over much of the graph."""
HOLE = re.compile(r"MISSION|AGENCY|ITEM|PROGRAMME|GRAPH(?=>)|WORD|NUMBER")


def ask(name: str, of: Size, chance: random.Random) -> str:
    """Write a question about things chosen by chance."""
    mission = chance.randrange(of.missions)
    values = {
        "MISSION": f"{BASE}id/mission-{mission}",
        "AGENCY": f"{BASE}id/agency-{int(of.agencies * chance.random() ** 2)}",
        "ITEM": f"http://www.wikidata.org/entity/Q{10_000_000 + mission}",
        "PROGRAMME": f"{BASE}id/programme-{chance.randrange(of.programmes)}",
        "GRAPH": f"{BASE}graph/document/text-{mission // PER_DOCUMENT}",
        "WORD": f"{chance.choice(WORDS)} {chance.choice(WORDS)}",
        "NUMBER": str(chance.randrange(10, 99)),
    }
    text = HOLE.sub(lambda match: values[match[0]], TEXTS[name].partition("\n")[2])
    used = [f"PREFIX {prefix}: <{space}>\n" for prefix, space in PREFIXES.items() if f"{prefix}:" in text]
    return "".join(used) + text


def distinct(of: Size, number: int) -> Iterator[str]:
    """Give look-ups of which no two are the same: a comment makes each a text of its own."""
    chance = random.Random(1)
    for place in range(number):
        yield f"{ask(chance.choice(LOOKUPS), of, chance)}# {place}"


def repeated(of: Size, number: int, different: int = 500) -> list[str]:
    """Give questions that are repeated as people repeat them: the n-th most frequent 1/n times as often (Zipf)."""
    chance = random.Random(2)
    questions = [ask(name, of, chance) for name in list(TEXTS) * (different // len(TEXTS) + 1)][:different]
    chance.shuffle(questions)
    return chance.choices(questions, [1 / (place + 1) for place in range(different)], k=number)
