"""finding   a question → the candidates for it, with the scores of the matcher."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from spacekg.matching import lookup
from spacekg.matching.agreement import TYPE
from spacekg.matching.records import SCHEMES, Record
from spacekg.matching.scoring import TIED, UNSURE, Candidate, Matcher, Query
from spacekg.reconciliation.questions import ALL, NONE, Condition, Question
from spacekg.reconciliation.requests import MOST
from spacekg.reconciliation.views import OURS, View

WIDE = 2 * MOST
"""Candidates that are looked at before those are left out that cannot be meant."""


@dataclass(frozen=True, slots=True)
class Seeker:
    """Finds candidates, each of which has an id in a view."""

    matcher: Matcher
    view: View

    def find(self, question: Question) -> list[Candidate]:
        """Find the candidates for a question, the best first; at most one is a match."""
        rejected: set[str] = set()
        found = self._merged(question, frozenset())
        wrong = {each.record.id for each in found if not self._possible(each.record, question)}
        while wrong - rejected:
            # What is left out decides with whom the others are tied, so they are scored again.
            rejected |= wrong
            found = self._merged(question, frozenset(rejected))
            wrong = {each.record.id for each in found if not self._possible(each.record, question)}
        # What has no id here is shown to nobody, but stays a rival: else a match would be surer than it is.
        return [each for each in found if self.view.id(each.record)][: question.limit]

    def _merged(self, question: Question, rejected: frozenset[str]) -> list[Candidate]:
        """Put together what is found by each name, and under each class that is wanted."""
        best: dict[str, Candidate] = {}
        names = question.names or tuple(self._identified(question))
        asked = [(name, kind) for name in names for kind in question.kinds or ("",)]
        answers = [self._named(name, kind, question, rejected) for name, kind in asked]
        answers += [self._by_id(id, question, rejected) for id in question.ids]
        for candidate in (each for answer in answers for each in answer):
            known = best.get(candidate.record.id)
            if known is None or candidate.score > known.score:
                best[candidate.record.id] = candidate
        ordered = sorted(best.values(), key=lambda each: (-each.score, -each.record.prominence, each.record.id))
        return _at_most_one(ordered) if len(answers) > 1 else ordered

    def _named(self, name: str, kind: str, question: Question, rejected: frozenset[str]) -> Sequence[Candidate]:
        found = self.matcher.match(_query(name, kind, question, rejected))
        record = self.matcher.index.records.get(name.strip()) if self.view is OURS else None
        if record is None or record.id in rejected or any(each.record.id == record.id for each in found):
            return found
        # An id of ours that is no name of the thing; it may be the name of others.
        own = self._by_id(name, question, rejected)
        if not found:
            return own
        return [*found, *(replace(each, match=False, score=min(each.score, UNSURE)) for each in own)]

    def _by_id(self, id: str, question: Question, rejected: frozenset[str]) -> Sequence[Candidate]:
        record = self.view.find(self.matcher.index, id)
        kind = question.kinds[0] if len(question.kinds) == 1 else ""
        return self.matcher.match(_query(record.iri, kind, question, rejected)) if record else ()

    def _identified(self, question: Question) -> Iterable[str]:
        """Give the entities that the identifiers in a question stand for, where it has no name."""
        for condition in question.conditions:
            if condition.property in SCHEMES and condition.quantifier != NONE:
                scheme = SCHEMES[condition.property]
                for value in condition.values:
                    yield from (record.iri for record in lookup.by_identifier(self.matcher.index, scheme, value))

    def _possible(self, record: Record, question: Question) -> bool:
        compare = self.matcher.properties.compare
        if question.strict and question.kinds:
            shares = [compare(record, TYPE, kind).share for kind in question.kinds]
            if not any(share == 1.0 for share in shares):
                return False
        return all(self._allows(record, condition) for condition in question.conditions)

    def _allows(self, record: Record, condition: Condition) -> bool:
        shares = [self.matcher.properties.compare(record, condition.property, each).share for each in condition.values]
        agreeing = [share == 1.0 for share in shares]
        if condition.quantifier == NONE:
            return not any(agreeing)
        if not condition.required or not condition.values:
            return True
        return all(agreeing) if condition.quantifier == ALL else any(agreeing)


def _query(name: str, kind: str, question: Question, rejected: frozenset[str]) -> Query:
    counted = [each for each in question.conditions if each.quantifier != NONE]
    return Query(
        name,
        kind,
        tuple((each.property, value) for each in counted if each.quantifier == ALL for value in each.values),
        WIDE,
        rejected,
        tuple((each.property, each.values) for each in counted if each.quantifier != ALL),
    )


def _at_most_one(ordered: list[Candidate]) -> list[Candidate]:
    """Match nothing where two names, or two classes, lead to two matches."""
    matches = [each for each in ordered if each.match]
    if len(matches) < 2:
        return ordered
    return [replace(each, match=False, score=min(each.score, TIED)) for each in ordered]
