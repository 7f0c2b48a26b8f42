"""standing  how often a plug-in was right on marked texts → how far its claims are trusted."""

from __future__ import annotations

from dataclasses import dataclass

from spacekg.claims.statements import DOUBTFUL_BELOW
from spacekg.lexicon.calibration import BELIEVED_FROM, WEIGHT, Counts

UNCOUNTED = "nobody has counted how often {name} is right"
SELDOM = "{name} was right too seldom: {precision:.2f}"


@dataclass(frozen=True, slots=True)
class Standing:
    """The counts of one plug-in, from `data/lexicon/plugins.csv`: right, of so many that were seen."""

    name: str
    right: int = 0
    seen: int = 0

    @classmethod
    def of(cls, name: str, counts: Counts) -> Standing:
        """That of the plug-in which claims call `name`; nothing is counted where no row has it."""
        return cls(name, *counts.get(name, (0, 0)))

    @property
    def precision(self) -> float:
        """How often it is right, leaning on one half."""
        return (self.right + WEIGHT / 2) / (self.seen + WEIGHT)

    @property
    def doubt(self) -> str:
        """Why nothing that it says alone is a fact; empty where it may be."""
        if self.precision >= BELIEVED_FROM:
            return ""
        return (SELDOM if self.seen else UNCOUNTED).format(name=self.name, precision=self.precision)

    def confidence(self, stated: float) -> float:
        """What was counted; less where the plug-in itself is in doubt, as it may say less than it knows, never more."""
        return round(self.precision if stated >= DOUBTFUL_BELOW else min(max(stated, 0.01), self.precision), 3)
