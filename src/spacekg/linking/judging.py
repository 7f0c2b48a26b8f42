"""judging   a name with its values → its outcome: what a person decided, else what the matcher is sure of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from spacekg.errors import TableError
from spacekg.linking.decisions import Decisions, Verdict
from spacekg.linking.outcomes import DECIDED, Outcome, choice
from spacekg.matching import lookup
from spacekg.matching.records import ID, Record
from spacekg.matching.scoring import Matcher, Query

REMEMBERED = 50_000
"""Names whose outcome is kept at hand, for lists repeat themselves."""

Values = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A verdict with its ids looked up."""

    accepted: Record | None
    accepted_id: str
    rejected: frozenset[str]
    none: bool


class Judge:
    """Gives the outcome of names, each found once however often it comes."""

    def __init__(self, matcher: Matcher, kind: str, decisions: Decisions) -> None:
        """Look up what was decided.

        Raises:
            TableError: a decision names what does not exist.
        """
        self._matcher = matcher
        self._kind = kind
        self._told = {key: self._look_up(key[0], verdict) for key, verdict in decisions.verdicts.items()}
        self.outcome = lru_cache(REMEMBERED)(self._outcome)

    def _outcome(self, name: str, values: Values) -> Outcome:
        context = "; ".join(f"{name}={value}" for name, value in values if value)
        told = self._told.get((name, context)) or self._told.get((name, ""))
        if not name.strip():
            return _nothing(name, context, "the name is empty")
        if told and told.accepted_id:
            return _accepted(name, context, told)
        if told and told.none:
            return _rejected(name, context, self._matched(name, values, context), told)
        return self._matched(name, values, context, told.rejected if told else frozenset())

    def _matched(self, name: str, values: Values, context: str, rejected: frozenset[str] = frozenset()) -> Outcome:
        found = self._matcher.match(Query(name, self._kind, values, rejected=rejected))
        if not found:
            return _with(_nothing(name, context, "no name is like it"), rejected)
        best, choices = found[0], tuple(choice(each) for each in found)
        empty = _with(_nothing(name, context, best.why), rejected)
        if not best.match:
            return replace(empty, score=best.score, how=best.how, candidates=choices)
        found_in = replace(_of(empty, best.record), how=best.how, score=best.score)
        return replace(found_in, candidates=choices)

    def _look_up(self, name: str, verdict: Verdict) -> Told:
        record = self._record(name, verdict.accepted) if verdict.accepted else None
        rejected = [self._record(name, each) for each in verdict.rejected]
        return Told(record, verdict.accepted, frozenset(each.id for each in rejected if each), verdict.none)

    def _record(self, name: str, id_: str) -> Record | None:
        """Find what a person named; a Wikidata item that the index does not know may be accepted all the same."""
        found = self._matcher.index.records.get(id_)
        known = (found,) if found else lookup.by_any_identifier(self._matcher.index, id_)
        if not known and not lookup.QID.fullmatch(id_):
            raise TableError(f"decision about {name[:50]!r}: {id_!r} is no QID and no id of spacekg")
        return known[0] if known else None


def _nothing(name: str, context: str, why: str) -> Outcome:
    return Outcome(name, context, "", False, 0.0, "", "", "", "", "", "", why)


def _of(outcome: Outcome, record: Record) -> Outcome:
    return replace(
        outcome,
        match=True,
        qid=record.qid,
        iri=record.iri,
        label=record.label,
        relation=record.relation,
        seen=record.seen,
    )


def _accepted(name: str, context: str, told: Told) -> Outcome:
    outcome = replace(_nothing(name, context, "a person accepted it"), match=True, score=100.0, how=DECIDED)
    if told.accepted:
        return _with(_of(outcome, told.accepted), told.rejected)
    found = lookup.QID.fullmatch(told.accepted_id)
    return _with(replace(outcome, qid=found[1].upper() if found else "", relation="exact"), told.rejected)


def _rejected(name: str, context: str, would: Outcome, told: Told) -> Outcome:
    """Nothing known here is meant: the best candidate is rejected with it, so that the denied mapping is kept."""
    best = frozenset(each.iri.removeprefix(ID) for each in would.candidates[:1])
    outcome = replace(_nothing(name, context, "a person rejected it"), how=DECIDED)
    return _with(outcome, told.rejected | best)


def _with(outcome: Outcome, rejected: frozenset[str]) -> Outcome:
    return replace(outcome, rejected=tuple(sorted(ID + each for each in rejected)))
