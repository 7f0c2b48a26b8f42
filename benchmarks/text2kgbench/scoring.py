"""scoring   triples that were found against triples that are right: the benchmark's own mean and a strict count."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from dataset import Case, Triple

Counts = tuple[float, float, float]
IGNORED = re.compile(r"[_\s]+")


@dataclass(frozen=True, slots=True)
class Figure:
    """Precision, recall and F1, with the interval in which F1 lies in 95 of 100 resamplings of the sentences."""

    precision: float
    recall: float
    f1: float
    low: float = 0.0
    high: float = 0.0

    def __str__(self) -> str:
        text = f"P {self.precision:.3f}  R {self.recall:.3f}  F1 {self.f1:.3f}"
        return f"{text}  [{self.low:.3f}, {self.high:.3f}]" if self.high else text


@cache
def normal(text: str) -> str:
    """A label as the benchmark compares it: without white space and underscores, in lower case."""
    return IGNORED.sub("", text).lower()


def key(triple: Triple) -> str:
    """A triple as the benchmark compares it: its three normal labels in a row."""
    return normal(triple.subject) + normal(triple.relation) + normal(triple.object)


def macro(cases: Sequence[Case], found: Sequence[Sequence[Triple]], resamplings: int = 0) -> Figure:
    """The benchmark's figure: P, R and F1 of each sentence, averaged over all sentences.

    As in its `run_eval.py`, triples of a relation that the sentence has no right triple of are removed first, and a
    sentence for which nothing is left counts 0, 0, 0.
    """
    rows = [_of_sentence(case, triples) for case, triples in zip(cases, found, strict=True)]
    return _with_interval(rows, _mean, resamplings)


def strict(cases: Sequence[Case], found: Sequence[Sequence[Triple]], resamplings: int = 0) -> Figure:
    """Micro P, R and F1: all triples of all sentences counted together, nothing removed before."""
    rows = []
    for case, triples in zip(cases, found, strict=True):
        gold, said = {key(t) for t in case.gold}, {key(t) for t in triples}
        rows.append((float(len(gold & said)), float(len(said)), float(len(gold))))
    return _with_interval(rows, _micro, resamplings)


def _of_sentence(case: Case, found: Iterable[Triple]) -> Counts:
    relations = {triple.relation for triple in case.gold}
    gold, said = {key(t) for t in case.gold}, {key(t) for t in found if t.relation in relations}
    right = len(gold & said)
    if not right:
        return 0.0, 0.0, 0.0
    precision, recall = right / len(said), right / len(gold)
    return precision, recall, 2 * precision * recall / (precision + recall)


def _mean(rows: Sequence[Counts]) -> Counts:
    size = max(len(rows), 1)
    precision, recall, f1 = (sum(row[column] for row in rows) / size for column in range(3))
    return precision, recall, f1


def _micro(rows: Sequence[Counts]) -> Counts:
    right, said, gold = (sum(row[column] for row in rows) for column in range(3))
    return right / max(said, 1.0), right / max(gold, 1.0), 2 * right / max(said + gold, 1.0)


def _with_interval(rows: Sequence[Counts], figure: Callable[[Sequence[Counts]], Counts], resamplings: int) -> Figure:
    if not resamplings or not rows:
        return Figure(*figure(rows))
    chance = random.Random(0)
    scores = sorted(figure(chance.choices(rows, k=len(rows)))[2] for _ in range(resamplings))
    return Figure(
        *figure(rows), scores[int(0.025 * resamplings)], scores[min(int(0.975 * resamplings), resamplings - 1)]
    )
