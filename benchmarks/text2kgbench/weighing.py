"""weighing  candidates of sentences → how likely each is, by weights fitted where the patterns were not learned."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import patterns
from dataset import Case, Triple
from learning import ENDS, Patterns, Relations, learn, overlap
from scoring import key
from spans import Laid, Span

FOLDS = 5
ROUNDS = 3
WIDTH = 8
"""How many stretches for each end of a relation are tried together."""
READINGS = 3
"""How many of them may be readings of the same words."""
POOL = 12
"""How many candidates of each relation a sentence keeps."""
LIMIT, SPREAD = 4.0, 3.0
"""A single view says no more than this, alone and in a sum: rare words prove little."""
RIDGE = 3.0
STEPS = 30
SMALL = 1e-5
ALIKE, SERIES = 0.3, 0.03
"""The part of the best one's probability from which a like name beside it counts as its equal; so of one series."""
NUMBER = re.compile(r"\d.*")
FLOORS = (0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.125, 0.15, 0.175, 0.2, 0.25, 0.3)

Aim = Callable[[Sequence[Case], Sequence[Sequence[Triple]]], float]
"""The figure that the floor is chosen for."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A triple that a sentence may state, where its ends stand, and what each view says for it."""

    triple: Triple
    subject: Span
    object: Span
    lifts: tuple[float, ...]
    total: float


@dataclass(frozen=True, slots=True)
class End:
    """A stretch as one end of a relation, what each view says for it, and their sum."""

    span: Span
    lifts: tuple[float, ...]
    total: float


Scored = list[tuple[Candidate, float]]


@dataclass(frozen=True)
class Reader:
    """Learned patterns, the weights that make probabilities of them, and what is likely enough to be stated."""

    patterns: Patterns
    mean: np.ndarray
    spread: np.ndarray
    weights: np.ndarray
    floor: float = 0.0
    usual: float = 1.0
    """How many right triples a sentence has as a rule."""

    def ranked(self, found: Sequence[Candidate]) -> Scored:
        """Candidates with their probabilities, the likeliest first."""
        if not found:
            return []
        table = (_table(found) - self.mean) / self.spread
        rates = 1.0 / (1.0 + np.exp(-(self.weights[0] + table @ self.weights[1:])))
        return level(sorted(zip(found, rates.tolist(), strict=True), key=_order))

    def read(self, laid: Laid) -> list[tuple[Triple, float]]:
        """The triples that a sentence states, with their probabilities, the likeliest first."""
        return choose(self.ranked(candidates(self.patterns, laid)), self.floor, self.usual)


def train(cases: Sequence[Case], laid: Sequence[Laid], relations: Relations, aim: Aim) -> Reader:
    """Learn patterns from all sentences; fit weights and floor on sentences held out in turn, in several rounds."""
    held_out = [found for turn in range(ROUNDS) for found in _outside(cases, laid, relations, folds(len(cases), turn))]
    again = [*cases] * ROUNDS
    learned = learn(cases, laid, relations)
    usual = sum(len(case.gold) for case in cases) / max(len(cases), 1)
    rounds = [[i for i in range(len(again)) if i % len(cases) in set(fold)] for fold in folds(len(cases), ROUNDS)]
    floor = _floor(again, _ranked_outside(again, held_out, learned, rounds), usual, aim)
    fitted = _fit(again, held_out, learned)
    return Reader(learned, fitted.mean, fitted.spread, fitted.weights, floor, usual)


def folds(size: int, turn: int) -> list[list[int]]:
    """Deal the numbers below a size out to five folds, by chance, but for one turn always the same."""
    order = list(range(size))
    random.Random(turn).shuffle(order)
    return [order[fold::FOLDS] for fold in range(FOLDS)]


def _outside(
    cases: Sequence[Case], laid: Sequence[Laid], relations: Relations, folds: Sequence[Sequence[int]]
) -> list[list[Candidate]]:
    """The candidates of each sentence by the patterns of the other folds."""
    outside: list[list[Candidate]] = [[] for _ in cases]
    for fold in folds:
        rest = sorted(set(range(len(cases))) - set(fold))
        learned = learn([cases[i] for i in rest], [laid[i] for i in rest], relations)
        for i in fold:
            outside[i] = candidates(learned, laid[i])
    return outside


def candidates(learned: Patterns, laid: Laid) -> list[Candidate]:
    """For each relation the likeliest pairs of the likeliest stretches for its ends."""
    found: list[Candidate] = []
    for relation in learned.relations:
        best = {end: _best(learned, relation, end, laid) for end in ENDS}
        pairs = [
            _candidate(learned, relation, laid, left, right)
            for left in best["subject"]
            for right in best["object"]
            if not overlap(left.span, right.span)
        ]
        found += sorted(pairs, key=lambda candidate: -candidate.total)[:POOL]
    return found


def level(ranked: Scored) -> Scored:
    """Give names of one kind that stand beside each other the same probability: a list states all its members."""
    groups: dict[tuple[str, str, str], Scored] = {}
    for candidate, rate in ranked:
        kind = (candidate.triple.relation, candidate.triple.subject, candidate.object.shape)
        groups.setdefault(kind, []).append((candidate, rate))
    levelled: Scored = []
    for group in groups.values():
        members: Scored = []
        for candidate, rate in group:
            apart = not any(overlap(candidate.object, other.object) for other, _ in members)
            if apart and rate >= _enough(group[0][0], candidate) * group[0][1]:
                members.append((candidate, rate))
        common = sum(rate for _, rate in members) / len(members)
        inside = {id(candidate) for candidate, _ in members}
        levelled += [(c, common if id(c) in inside else min(rate, common)) for c, rate in group]
    return sorted(levelled, key=_order)


def _enough(best: Candidate, other: Candidate) -> float:
    """Which part of the best one's probability makes another its equal; names that differ in a number are a series."""
    label = best.triple.object
    stem = NUMBER.sub("", label)
    return SERIES if stem not in {"", label} and NUMBER.sub("", other.triple.object) == stem else ALIKE


def choose(ranked: Scored, floor: float, usual: float) -> list[tuple[Triple, float]]:
    """The triples whose expected F1 is highest; of readings of the same words only the best.

    Where n triples of a sentence are right as a rule, m statements of probabilities p are worth 2·Σp / (m + n).
    """
    kept: Scored = []
    gained = 0.0
    for candidate, rate in ranked:
        size = len(kept) + usual
        if rate < floor or (gained + rate) / (size + 1.0) <= gained / size:
            break
        if not any(_rivals(candidate, other) for other, _ in kept):
            kept.append((candidate, rate))
            gained += rate
    unique = {key(candidate.triple): (candidate.triple, rate) for candidate, rate in reversed(kept)}
    return sorted(unique.values(), key=lambda row: -row[1])


def _order(row: tuple[Candidate, float]) -> tuple[float, int, int, str]:
    return -row[1], row[0].subject.start, row[0].object.start, key(row[0].triple)


def _best(learned: Patterns, relation: str, end: str, laid: Laid) -> list[End]:
    """The likeliest stretches with what each view says and how far each is behind the best."""
    lifts = [(span, learned.of_span(relation, end, laid, span)) for span in laid.spans]
    lifts.sort(key=lambda row: -sum(row[1]))
    kept: list[End] = []
    readings: Counter[int] = Counter()
    for span, values in lifts:
        if readings[span.word] < READINGS and len(kept) < WIDTH:
            readings[span.word] += 1
            behind = sum(lifts[0][1]) - sum(values)
            kept.append(End(span, _clipped([*values, behind], LIMIT), sum(_clipped(values, SPREAD))))
    return kept


def _candidate(learned: Patterns, relation: str, laid: Laid, left: End, right: End) -> Candidate:
    pair = learned.of_pair(relation, laid, left.span, right.span)
    hints = patterns.hints(relation, learned.relations[relation], laid, (left.span, right.span))
    sums = (left.total, right.total, sum(_clipped(pair, SPREAD)))
    prior = learned.prior(relation)
    total = sum(sums) + prior
    lifts = (*left.lifts, *right.lifts, *_clipped((*pair, *hints), LIMIT), prior, *sums, total)
    return Candidate(Triple(left.span.label, relation, right.span.label), left.span, right.span, lifts, total)


def _clipped(lifts: Iterable[float], limit: float) -> tuple[float, ...]:
    return tuple(max(-limit, min(x, limit)) for x in lifts)


def _rivals(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates of one relation read the same words differently."""
    if one.triple.relation != other.triple.relation:
        return False
    same_subject = overlap(one.subject, other.subject)
    return overlap(one.object, other.object) or (same_subject and one.triple.subject != other.triple.subject)


def _table(found: Sequence[Candidate]) -> np.ndarray:
    """A row for each candidate of a sentence: its views, and how far it is behind the best of its relation and all."""
    best: dict[str, float] = {}
    for candidate in found:
        best[candidate.triple.relation] = max(best.get(candidate.triple.relation, -1e9), candidate.total)
    first = max(best.values())
    return np.array([[*c.lifts, best[c.triple.relation] - c.total, first - c.total] for c in found])


def _fit(cases: Sequence[Case], outside: Sequence[Sequence[Candidate]], learned: Patterns) -> Reader:
    """Logistic regression with a ridge on standardised views, by Newton's method."""
    pairs = [(case, found) for case, found in zip(cases, outside, strict=True) if found]
    table = np.vstack([_table(found) for _, found in pairs])
    right = np.array([float(key(c.triple) in {key(t) for t in case.gold}) for case, found in pairs for c in found])
    mean, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
    table = np.column_stack([np.ones(len(table)), (table - mean) / spread])
    ridge = RIDGE * np.eye(table.shape[1])
    ridge[0, 0] = 1e-6
    weights = np.zeros(table.shape[1])
    for _ in range(STEPS):
        rates = 1.0 / (1.0 + np.exp(-table @ weights))
        slope = table.T @ (right - rates) - ridge @ weights
        bend = (table * (rates * (1.0 - rates))[:, None]).T @ table + ridge
        step = np.linalg.solve(bend, slope)
        weights = weights + step
        if np.abs(step).max() < SMALL:
            break
    return Reader(learned, mean, spread, weights)


def _ranked_outside(
    cases: Sequence[Case], outside: Sequence[list[Candidate]], learned: Patterns, folds: Sequence[Sequence[int]]
) -> list[Scored]:
    """The candidates of each sentence with probabilities from weights that were fitted on the other folds."""
    ranked: list[Scored] = [[] for _ in cases]
    for fold in folds:
        rest = sorted(set(range(len(cases))) - set(fold))
        fitted = _fit([cases[i] for i in rest], [outside[i] for i in rest], learned)
        for i in fold:
            ranked[i] = fitted.ranked(outside[i])
    return ranked


def _floor(cases: Sequence[Case], ranked: Sequence[Scored], usual: float, aim: Aim) -> float:
    """The floor under which the figure aimed at is highest."""
    return max(FLOORS, key=lambda floor: aim(cases, [[t for t, _ in choose(row, floor, usual)] for row in ranked]))
