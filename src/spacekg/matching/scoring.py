"""scoring   a name and what is known beside it → the entities it may mean, each with a score that can be trusted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from spacekg.matching.agreement import COUNTRY, TYPE, Agreement, Properties
from spacekg.matching.candidates import IDENTIFIER, Finder
from spacekg.matching.hits import EXACT, Hit
from spacekg.matching.index import Index
from spacekg.matching.records import ELSEWHERE, SCHEMES, Record
from spacekg.matching.typos import Typos

SURE = 90.0
"""From here on a candidate is a match: at least 98 of 100 such matches are right (docs/linking.md has the figures)."""
MARGIN = 2.5
"""How far a match must be ahead of the next candidate."""
UNSURE = 89.0
"""The most that a candidate is worth that is not a match."""
TIED = 80.0
"""What the best of several candidates is worth that are too near to each other to tell."""
OVERSHADOWING = 92.0
"""The most that a match is worth that shares an alias with far less known things."""
BETTER_KNOWN, NEAR = 3, 8.0
"""An alias of a thing so many times better known casts doubt on the primary name of another, when it is so near."""
UNSUPPORTED = 15.0
"""Taken off an ordinary word, a short acronym and the like, when nothing else speaks for the entity."""
AGREES, IDENTIFIES = 2.0, 10.0
DISAGREES = {TYPE: 35.0, COUNTRY: 25.0}
MISIDENTIFIES, OTHERWISE = 40.0, 25.0
VERDICTS = {None: "is not known", 1.0: "agrees", 0.0: "disagrees"}
NEARLY = 6.0
"""Taken off for a near relative of the wanted class."""


@dataclass(frozen=True, slots=True)
class Query:
    """A name to match, the class it is wanted from, and what else is known of it, by property."""

    name: str
    kind: str = ""
    properties: tuple[tuple[str, str], ...] = ()
    limit: int = 5
    rejected: frozenset[str] = frozenset()
    """Local ids of entities that it is known not to mean."""
    alternatives: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """More of what is known, by property, where any of several values may be right."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that a name may mean. `why` says in words what the score, from 0 to 100, comes from."""

    record: Record
    name: str
    score: float
    match: bool
    how: str
    why: str
    named: str
    """Which kind of name it is: label, alias, acronym, …"""
    features: Mapping[str, float | None] = field(default_factory=dict)


class Matcher:
    """Answers queries from an index."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.properties = Properties(index)
        self._finder = Finder(index, Typos(index))

    def match(self, query: Query) -> tuple[Candidate, ...]:
        """Give the candidates for a name, the best first; at most the first is a match."""
        found = self._finder.find(query.name)
        scored = [self._scored(hit, query) for hit in found if hit.form.record not in query.rejected]
        scored.sort(key=lambda each: (-each.score, -each.record.prominence, each.record.id))
        return tuple(_decided(scored))[: max(query.limit, 1)] if scored else ()

    def _scored(self, hit: Hit, query: Query) -> Candidate:
        record = self.index.records[hit.form.record]
        went = [self.properties.compare(record, name, value) for name, value in query.properties if value]
        went += [self.properties.compare_any(record, name, values) for name, values in query.alternatives]
        went += [self.properties.compare(record, TYPE, kind) for kind in (query.kind, hit.kind) if kind]
        if hit.places:
            went.append(Agreement(COUNTRY, "beside the name", float(bool(hit.places & record.countries))))
        doubt = 0.0 if any(each.share == 1.0 for each in went) else _doubt(hit, query.name)
        score = hit.worth - doubt + sum(_effect(each) for each in went)
        top = 100.0 if hit.worth == 100.0 and not doubt else 99.0
        features = {**_features(hit, went), "prominence": float(record.prominence)}
        reasons = [f"{hit.how}: {hit.form.kind} {hit.form.text!r}", *(_words(each) for each in went)]
        reasons += ["may be something else, for nothing else speaks for it"] if doubt else []
        return Candidate(
            record,
            hit.form.text,
            round(max(0.0, min(top, score)), 1),
            False,
            hit.how,
            "; ".join(reasons),
            hit.form.kind,
            features,
        )


def _decided(scored: Sequence[Candidate]) -> Iterator[Candidate]:
    """Say whether the best candidate is a match: sure, and not too near to another. Only a match keeps a sure score."""
    best, *rest = scored
    rivals = [other for other in rest if _rivals(best, other)]
    near = any(best.score - other.score < MARGIN for other in rest)
    top = TIED if rivals else OVERSHADOWING if near else 99.0 if rest or best.how not in (EXACT, IDENTIFIER) else 100.0
    names = ", ".join(f"{other.record.label} ({other.record.kind})" for other in rivals[:2])
    score = min(best.score, top)
    why = f"{best.why}; may as well be {names}" if names else best.why
    yield replace(best, score=score, match=score >= SURE, why=why)
    for other in rest:
        yield replace(other, score=min(other.score, score, UNSURE))


def _rivals(best: Candidate, other: Candidate) -> bool:
    lead, known = best.score - other.score, (best.record.prominence, other.record.prominence)
    if lead < MARGIN:
        # Of two things with one name of several words, the far better known one is meant; of one word, who knows?
        overshadowed = best.named == "alias" and " " in best.name and known[0] >= BETTER_KNOWN * known[1]
        return not overshadowed
    return lead < NEAR and known[1] >= BETTER_KNOWN * known[0]


def _doubt(hit: Hit, name: str) -> float:
    """Ordinary words, short names and short acronyms mean much else besides what the index knows."""
    if hit.how == IDENTIFIER:
        return 0.0
    short = min(len(hit.form.key), len(hit.form.bag)) <= 3 and hit.form.key.isascii()
    respelt = hit.how != EXACT and hit.form.kind != "acronym" and name.islower()
    doubtful = hit.form.risk == ELSEWHERE or ((hit.form.risk or short or respelt) and len(name.split()) == 1)
    return UNSUPPORTED if doubtful else 0.0


def _effect(went: Agreement) -> float:
    if went.share is None:
        return 0.0
    decisive = went.property in SCHEMES
    if went.share == 1.0:
        return IDENTIFIES if decisive else AGREES
    if went.share > 0:
        return -NEARLY
    return -(MISIDENTIFIES if decisive else DISAGREES.get(went.property, OTHERWISE))


def _words(went: Agreement) -> str:
    verdict = "is near"
    if went.share in VERDICTS:
        verdict = VERDICTS[went.share]
    return f"{went.property} {went.value} {verdict}"


def _features(hit: Hit, went: Sequence[Agreement]) -> dict[str, float | None]:
    kinds = [each.share for each in went if each.property == TYPE]
    others = [each.share for each in went if each.property != TYPE and each.share is not None]
    return {
        "name_similarity": round(hit.similarity, 3),
        "type_match": kinds[0] if kinds else None,
        "property_agreement": sum(others) / len(others) if others else None,
    }
