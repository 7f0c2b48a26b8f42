"""learning  sentences with right triples → how often each pattern is right, for each relation and each of its ends."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import patterns
from dataset import Case
from scoring import normal
from spans import Laid, Span

CAUTION = 2.0
"""How many cases the coarser key counts for when a finer one is judged."""
ENDS = ("subject", "object")
MET = "met"
PAIR = "pair"
CLASS = "class"
WHOLE = frozenset({"whole", "date"})
OF_CLASS = ("beginning", "ending", "way")
"""The views that tell of what class a name is, shared by all relations with that class at an end."""
VIEWS = (*((end, view) for end in ENDS for view in (*patterns.OF_SPAN, MET)), *((PAIR, v) for v in patterns.OF_PAIR))
"""Every view of a candidate, by end: what `Model.lifts` gives a number for, in this order."""


Relations = Mapping[str, tuple[str, str]]
"""Relation → the labels of its domain and range."""


@dataclass(frozen=True)
class Tally:
    """How often a key was seen, and how often it was right; the empty key counts all."""

    seen: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    lifts: dict[patterns.Keys, float] = field(default_factory=dict)
    """What `lift` gave before; nothing is counted any more once it is asked."""

    def precision(self, keys: Iterable[str]) -> float:
        """How often things of these keys are right; a finer key is believed the more the oftener it was seen."""
        rate = (self.right[""] + 0.5) / (self.seen[""] + 1.0)
        for key in keys:
            rate = (self.right[key] + CAUTION * rate) / (self.seen[key] + CAUTION)
        return rate

    def lift(self, keys: patterns.Keys) -> float:
        """By how much these keys raise the odds of being right."""
        if keys not in self.lifts:
            self.lifts[keys] = logit(self.precision(keys)) - logit(self.precision(()))
        return self.lifts[keys]


@dataclass(frozen=True)
class Patterns:
    """What a set of sentences teaches."""

    relations: Relations
    tallies: Mapping[tuple[str, str, str], Tally]
    """By relation, end (`subject`, `object`, `pair`) and view."""
    met: Mapping[tuple[str, str], Counter[str]]
    """By relation and end: the normal form of each label and in how many sentences it was met."""
    usual: Mapping[str, float]
    """Relation → how many triples of it a sentence has that has any."""

    def prior(self, relation: str) -> float:
        """The odds that a pair of names stands in a relation, nothing known of them."""
        return logit(self.tallies[relation, PAIR, "path"].precision(()))

    def of_span(self, relation: str, end: str, laid: Laid, span: Span) -> list[float]:
        """The lift of each view of a stretch as one end of a relation."""
        seen = zip(patterns.OF_SPAN, patterns.of_span(laid, span), strict=True)
        views = [self.tallies[relation, end, view].lift(keys) for view, keys in seen]
        often = self.met[relation, end][normal(span.label)]
        kind = class_of(self.relations, relation, end)
        typed = dict(zip(patterns.OF_SPAN, patterns.of_span(laid, span), strict=True))
        of_class = sum(self.tallies[kind, CLASS, view].lift(typed[view]) for view in OF_CLASS)
        return [*views, of_class, self.tallies[relation, end, MET].lift((_often(often),))]

    def of_pair(self, relation: str, laid: Laid, first: Span, second: Span) -> list[float]:
        """The lift of each view of two stretches as the ends of a relation."""
        seen = zip(patterns.OF_PAIR, patterns.of_pair(laid, first, second), strict=True)
        return [self.tallies[relation, PAIR, view].lift(keys) for view, keys in seen]


def learn(cases: Sequence[Case], laid: Sequence[Laid], relations: Relations) -> Patterns:
    """Count every view of every stretch and of every pair of names, and how often it is right, relation by relation."""
    seen: dict[tuple[str, str], Counter[str]] = {view: Counter() for view in VIEWS}
    for sentence in laid:
        _count_seen(seen, sentence)
    met, usual = _met(cases, relations)
    tallies = {(r, *view): Tally(seen[view]) for r in relations for view in VIEWS if view[1] != MET}
    tallies |= {(r, end, MET): Tally() for r in relations for end in ENDS}
    kinds = {class_of(relations, relation, end) for relation in relations for end in ENDS}
    tallies |= {(kind, CLASS, view): Tally(seen["subject", view]) for kind in kinds for view in OF_CLASS}
    learned = Patterns(relations, tallies, met, usual)
    for case, sentence in zip(cases, laid, strict=True):
        for relation in relations:
            _count_met(learned, relation, case, sentence)
            _count_right(learned, relation, case, sentence)
    return learned


def class_of(relations: Relations, relation: str, end: str) -> str:
    """The class at one end of a relation; where the ontology names none, the relation's own."""
    return relations[relation][ENDS.index(end)] or f"{end} of {relation}"


def labels(cases: Sequence[Case], without: Case | None = None) -> frozenset[str]:
    """The labels of the right triples of all cases but one."""
    return frozenset(getattr(t, end) for case in cases if case is not without for t in case.gold for end in ENDS)


def names(laid: Laid) -> list[Span]:
    """The stretches that are whole names or dates."""
    return [span for span in laid.spans if span.way in WHOLE]


def _often(times: int) -> str:
    return str(min(times, 3))


def _met(cases: Sequence[Case], relations: Relations) -> tuple[dict[tuple[str, str], Counter[str]], dict[str, float]]:
    met: dict[tuple[str, str], Counter[str]] = {(r, end): Counter() for r in relations for end in ENDS}
    of_sentences: dict[str, list[int]] = {relation: [] for relation in relations}
    for case in cases:
        for relation in relations:
            gold = [triple for triple in case.gold if triple.relation == relation]
            if gold:
                of_sentences[relation].append(len(gold))
            for end in ENDS:
                met[relation, end].update({normal(getattr(triple, end)) for triple in gold})
    return met, {relation: sum(counts) / max(len(counts), 1) for relation, counts in of_sentences.items()}


def _count_seen(seen: Mapping[tuple[str, str], Counter[str]], laid: Laid) -> None:
    for span in laid.spans:
        for view, keys in zip(patterns.OF_SPAN, patterns.of_span(laid, span), strict=True):
            for end in ENDS:
                seen[end, view].update(("", *keys))
    for first in names(laid):
        for second in names(laid):
            if not overlap(first, second):
                for view, keys in zip(patterns.OF_PAIR, patterns.of_pair(laid, first, second), strict=True):
                    seen[PAIR, view].update(("", *keys))


def _count_met(learned: Patterns, relation: str, case: Case, laid: Laid) -> None:
    """How often a label that was met elsewhere is right: one that was met only here is none that was met."""
    for end in ENDS:
        here = {normal(getattr(triple, end)) for triple in case.gold if triple.relation == relation}
        tally = learned.tallies[relation, end, MET]
        for label in {normal(span.label) for span in laid.spans}:
            often = learned.met[relation, end][label] - (label in here)
            tally.seen.update(("", _often(often)))
            if label in here:
                tally.right.update(("", _often(often)))


def _count_right(learned: Patterns, relation: str, case: Case, laid: Laid) -> None:
    gold = [triple for triple in case.gold if triple.relation == relation]
    right = {}
    for end in ENDS:
        labels = {normal(getattr(triple, end)) for triple in gold}
        right[end] = [span for span in laid.spans if normal(span.label) in labels]
        for span in right[end]:
            _count_span(learned, relation, end, patterns.of_span(laid, span))
    both = {(normal(triple.subject), normal(triple.object)) for triple in gold}
    for first in right["subject"]:
        for second in right["object"]:
            if (normal(first.label), normal(second.label)) in both and not overlap(first, second):
                _count_pair(learned, relation, laid, (first, second))


def _count_pair(learned: Patterns, relation: str, laid: Laid, pair: tuple[Span, Span]) -> None:
    """Count a right pair; one that is not of whole names was not among those seen."""
    seen = all(span.way in WHOLE for span in pair)
    for view, keys in zip(patterns.OF_PAIR, patterns.of_pair(laid, *pair), strict=True):
        tally = learned.tallies[relation, PAIR, view]
        tally.right.update(("", *keys))
        if not seen:
            tally.seen.update(("", *keys))


def _count_span(learned: Patterns, relation: str, end: str, seen: Iterable[patterns.Keys]) -> None:
    kind = class_of(learned.relations, relation, end)
    for view, keys in zip(patterns.OF_SPAN, seen, strict=True):
        learned.tallies[relation, end, view].right.update(("", *keys))
        if view in OF_CLASS:
            learned.tallies[kind, CLASS, view].right.update(("", *keys))


def overlap(first: Span, second: Span) -> bool:
    """Whether two stretches have a character in common."""
    return first.start < second.end and second.start < first.end


def logit(rate: float) -> float:
    """The logarithm of the odds."""
    rate = min(max(rate, 1e-6), 1.0 - 1e-6)
    return math.log(rate / (1.0 - rate))
