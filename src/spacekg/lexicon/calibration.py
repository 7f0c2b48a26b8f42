"""calibration how often each rule was right on marked texts → the confidence of what it claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

WEIGHT = 8.0
"""How many observations what is known of a rule's family, and of all rules, counts for."""
BELIEVED_FROM = 0.75
"""A claim of a rule or plug-in that was right less often is no fact, and its denial contradicts nothing."""
Counts = Mapping[str, tuple[int, int]]
"""Rule → how many of its claims were right, of how many."""


@dataclass(frozen=True)
class Calibration:
    """Precision of rules, smoothed: one seen seldom leans on its family, a family on all rules together.

    Additive smoothing towards the coarser estimate, as in Laplace's rule of succession with a prior that was measured.
    """

    counts: Counts = field(default_factory=dict)

    @cached_property
    def pooled(self) -> dict[str, tuple[int, int]]:
        """How many claims were right, of how many, of each family, and of all rules under the empty name."""
        right: Counter[str] = Counter()
        seen: Counter[str] = Counter()
        for rule, (good, all_) in self.counts.items():
            for of in ("", family(rule)):
                right[of] += good
                seen[of] += all_
        return {of: (right[of], seen[of]) for of in seen}

    def confidence(self, rule: str, declared: float) -> float:
        """The confidence of a claim of this rule; the declared one where nothing at all was counted."""
        if not self.counts:
            return declared
        right, seen = self.pooled[""]
        everywhere = right / seen
        right, seen = self.pooled.get(family(rule), (0, 0))
        among = (right + WEIGHT * everywhere) / (seen + WEIGHT)
        right, seen = self.counts.get(rule, (0, 0))
        return (right + WEIGHT * among) / (seen + WEIGHT)


def family(rule: str) -> str:
    """The family of a rule: what its id begins with, `v` for verbs, `n` for nouns, `l` for the shapes of lines."""
    return rule.split("-", 1)[0]
