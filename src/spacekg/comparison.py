"""comparison  compare two releases → what was added, removed and changed, quad by quad and thing by thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

from spacekg.declared import BASE, SKOS

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
KINDS = {"id": "entities", "claim": "claims", "document": "documents"}
"""What the things of each part of our IRIs are called."""
LINKS = "links"
OTHER = "other things"
MATCHES = tuple(f"<{SKOS}{name}>".encode() for name in ("exactMatch", "closeMatch"))

NAMED = 5
"""How many things of a sort a tally names; it says how many there are."""

Mark = str
"""`A` for a quad that was added, `D` for one that was deleted, as RDF Patch has it."""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one thing; `kind` is what it is, `lines` its quads that came or went, each with its mark."""

    kind: str
    what: str
    subject: str
    lines: tuple[tuple[Mark, bytes], ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many things of each kind were added, removed and changed, the first of them by name, and how many quads."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    names: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    quads: Counter[Mark] = field(default_factory=Counter)

    def add(self, change: Change) -> None:
        """Count a change."""
        self.counts[change.kind, change.what] += 1
        if change.kind == LINKS:
            return  # their quads are counted with their subjects
        self.quads.update(mark for mark, _ in change.lines)
        named = self.names.setdefault((change.kind, change.what), [])
        if len(named) < NAMED:
            named.append(change.subject.rpartition("/")[2])

    def lines(self) -> list[str]:
        """Say it in words: the quads, then a line for each kind."""
        told = [f"{self.quads['A']} quads added, {self.quads['D']} removed"]
        for kind in sorted({kind for kind, _ in self.counts}):
            parts = [
                f"{self.counts[kind, what]} {what}" for what in (ADDED, REMOVED, CHANGED) if self.counts[kind, what]
            ]
            told.append(f"{kind}: {', '.join(parts)}")
        return told

    def named(self) -> list[str]:
        """Name the first entities and documents that were added, removed or changed, a line for each sort."""
        told = []
        for (kind, what), names in sorted(self.names.items()):
            if kind in (KINDS["id"], KINDS["document"]):
                more = ", …" if self.counts[kind, what] > len(names) else ""
                told.append(f"{kind} {what}: {', '.join(names)}{more}")
        return told


def tally(before: Path, after: Path) -> Tally:
    """Count all that changed between two files of sorted canonical N-Quads."""
    made = Tally()
    for change in compare(before, after):
        made.add(change)
    return made


def compare(before: Path, after: Path) -> Iterator[Change]:
    """Compare two files of sorted canonical N-Quads, a subject after the other; links to other datasets also alone.

    Memory holds the quads of one subject at a time. Blank nodes are told apart by their canonical labels, so a change
    of what hangs on one may change the labels of others.
    """
    with before.open("rb") as old, after.open("rb") as new:
        for subject, lines, kept in _subjects(old, new):
            marks = {mark for mark, _ in lines}
            what = CHANGED if kept or len(marks) > 1 else ADDED if "A" in marks else REMOVED
            yield Change(kind_of(subject), what, subject.decode().strip("<>"), tuple(lines))
            links = [(mark, line) for mark, line in lines if line.split(b" ", 2)[1] in MATCHES]
            for mark, line in links:
                yield Change(LINKS, ADDED if mark == "A" else REMOVED, line.decode(), ((mark, line),))


def patch(before: Path, after: Path) -> Iterator[bytes]:
    """Write what changed as an RDF Patch of quads: `D` and `A` lines, deletions of a subject before its additions."""
    yield b"TX .\n"
    for change in compare(before, after):
        if change.kind != LINKS:
            yield from (mark.encode() + b" " + line for mark, line in sorted(change.lines, key=_deletions_first))
    yield b"TC .\n"


def kind_of(subject: bytes) -> str:
    """Say what sort of thing a subject is, which is written as in N-Quads."""
    part = subject.removeprefix(f"<{BASE}".encode()).partition(b"/")[0].decode()
    return KINDS.get(part, OTHER) if subject.startswith(f"<{BASE}".encode()) else OTHER


def _deletions_first(line: tuple[Mark, bytes]) -> tuple[bool, bytes]:
    return line[0] == "A", line[1]


def _subjects(old: BinaryIO, new: BinaryIO) -> Iterator[tuple[bytes, list[tuple[Mark, bytes]], bool]]:
    """Give each subject whose quads differ, those that do, and whether others are the same."""
    for subject, group in groupby(_merged(old, new), key=lambda each: each[1].split(b" ", 1)[0]):
        lines = list(group)
        differing = [(mark, line) for mark, line in lines if mark]
        if differing:
            yield subject, differing, len(differing) < len(lines)


def _merged(old: BinaryIO, new: BinaryIO) -> Iterator[tuple[Mark, bytes]]:
    """Read two sorted files side by side: each line once, with a mark if only one of them has it."""
    before, after = old.readline(), new.readline()
    while before or after:
        if before == after:
            yield "", before
            before, after = old.readline(), new.readline()
        elif not after or (before and before < after):
            yield "D", before
            before = old.readline()
        else:
            yield "A", after
            after = new.readline()
