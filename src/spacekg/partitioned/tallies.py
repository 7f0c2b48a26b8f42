"""tallies   what a report tells of documents and claims, part by part → what it tells of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spacekg import summary
from spacekg.corpus import Corpus
from spacekg.model import Refusal

Candidates = dict[str, dict[str, Any]]


@dataclass(slots=True)
class Tallies:
    """Counts and lists of parts, which have to be added in the order of the parts."""

    counts: Counter[str] = field(default_factory=Counter)
    asserted: int = 0
    inferred: int = 0
    candidates: Candidates = field(default_factory=dict)
    silent: list[str] = field(default_factory=list)
    numbers: dict[str, Counter[str]] = field(default_factory=dict)
    """What of the unused is counted: by its name in the report."""
    refused: list[Refusal] = field(default_factory=list)

    @classmethod
    def of(cls, read: Corpus, asserted: int) -> Tallies:
        """Tell of one part, whose claims are judged."""
        unused = summary.unused((), read.open, read.claims, read.unparsed, read.documents)
        said = {claim.passage.document.name for claim in read.claims}
        counted = {name: getattr(read, name) for name in ("documents", "passages", "mentions", "links", "claims")}
        return cls(
            Counter(summary.counts(**counted)),
            asserted,
            0,
            summary.candidates(read.claims),
            sorted({document.name for document in read.documents} - said),
            {name: Counter(found) for name, found in unused.items() if isinstance(found, dict)},
            list(read.refused),
        )

    def add(self, other: Tallies) -> None:
        """Add what is told of the next part."""
        self.counts.update(other.counts)
        self.asserted += other.asserted
        self.inferred += other.inferred
        self.silent += other.silent
        self.refused += other.refused
        for name, found in other.numbers.items():
            self.numbers.setdefault(name, Counter()).update(found)
        for name, about in other.candidates.items():
            mine = self.candidates.setdefault(name, {"name": about["name"], "classes": [], "evidence": []})
            mine["classes"] += [each for each in about["classes"] if each not in mine["classes"]]
            mine["evidence"] += about["evidence"]  # no other part has these documents

    def report(self, ignored: Iterable[Path]) -> dict[str, object]:
        """Give what `pipeline.build` puts into a report of these."""
        unused = {**summary.unused(ignored, (), (), (), ()), **{k: dict(v) for k, v in self.numbers.items()}}
        return {
            "counts": {**self.counts, "asserted": self.asserted, "inferred": self.inferred},
            "candidates": self.candidates,
            "unused": {**unused, "silent_documents": sorted(self.silent)},
        }
