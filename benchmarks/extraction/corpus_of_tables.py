"""Makes documents of any number from the reference tables: the same ones every time, of many shapes and names."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from spacekg.declared import Declared
from spacekg.reference import Entity, Reference

SEED = 20
BEST_KNOWN = 400
"""How many entities of a branch are drawn from, the best known first."""

PROSE = (
    "{agency} and {other} worked together on {craft} for almost a decade.",
    "The {craft} was built by {agency} and launched from {site} in {year}.",
    "{agency} plans to send a new orbiter to {body}, but no partner has been named.",
    "Engineers in {state} delivered the spectrometer, while {other} paid for the ground segment.",
    "In {year}, {agency} signed an agreement with {other} about the exchange of tracking data.",
    "{craft}, which studies {body}, is operated by {agency}.",
    "According to {agency}, the cost of {craft} rose by 30 percent before the review board met.",
    "The mission might have been cancelled in {year} if {other} had not offered a second launcher.",
    "It carries twelve instruments, four of them from universities of {state} that had flown nothing before {year}.",
    "Nobody in {state} expected the antenna to unfold on the first attempt of {year}, and yet it did.",
    "Budgets of {state} are set a year at a time, so a delay in {year} can move a project behind the next election.",
    "The results of {year} were shared with every team that had asked for them, but for one in {state}.",
    "Students from {state} built a small receiver and listened to the signals of {craft} at night.",
    "After the failure of {year} both sides agreed in {state} that tests on the ground had been too short.",
    "{agency} did not take part in {craft}, although its scientists wrote half of the papers.",
    "They exchanged samples, drawings and, in the end, people with {state} in {year}.",
)
LABELLED = (
    "{craft}: {agency}, {other}",
    "{agency}, {other}: exploration of {body}",
    "Exploration of {body}: {agency} and {state}",
    "{craft} ({year})",
    "A review of lessons learned by all partners",
)
HEADINGS = ("How it began", "Partners", "What {craft} is for", "Benefits of working together", "Open questions")
BRANCHES = {
    "agency": ("SpaceAgency",),
    "craft": ("Spacecraft", "SpaceMission"),
    "site": ("LaunchSite",),
    "body": ("CelestialBody",),
    "state": ("State",),
}


def write(folder: Path, number: int, reference: Reference, declared: Declared) -> int:
    """Write so many Markdown documents into a folder; returns how many words they have."""
    folder.mkdir(parents=True, exist_ok=True)
    words = 0
    for at, text in enumerate(texts(number, reference, declared)):
        (folder / f"generated-{at:05}.md").write_text(text, encoding="utf-8")
        words += len(text.split())
    return words


def texts(number: int, reference: Reference, declared: Declared) -> Iterator[str]:
    """Yield so many documents of about 220 words."""
    pools = {name: _best(kinds, reference, declared) for name, kinds in BRANCHES.items()}
    for at in range(number):
        yield _document(random.Random(SEED * 1_000_003 + at), pools)


def _best(kinds: Sequence[str], reference: Reference, declared: Declared) -> list[str]:
    fitting = [e for e in reference.entities.values() if any(declared.is_a(e.kind, kind) for kind in kinds)]
    return [entity.label for entity in sorted(fitting, key=_rank)[:BEST_KNOWN]]


def _rank(entity: Entity) -> tuple[int, str]:
    return -entity.prominence, entity.id


def _document(dice: random.Random, pools: dict[str, list[str]]) -> str:
    def filled(template: str) -> str:
        names = {name: dice.choice(pool) for name, pool in pools.items()}
        return template.format(**names, other=dice.choice(pools["agency"]), year=dice.randint(1957, 2024))

    parts = [filled("# Report on {craft}")]
    for heading in dice.sample(HEADINGS, 3):
        parts.append(f"## {filled(heading)}")
        parts.append(" ".join(filled(dice.choice(PROSE)) for _ in range(dice.randint(3, 6))))
    parts.insert(4, "\n".join(f"- {filled(dice.choice(LABELLED))}" for _ in range(dice.randint(2, 5))))
    rows = [filled("| {craft} | {agency} | {year} |") for _ in range(dice.randint(1, 4))]
    parts.append("\n".join(["| Mission | Agency | Launch |", "|---|---|---|", *rows]))
    return "\n\n".join(parts) + "\n"
