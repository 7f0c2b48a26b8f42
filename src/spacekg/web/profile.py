"""profile   description → what its page shows around the facts: why each is believed, dates, neighbours, languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from pyoxigraph import Literal

from spacekg.declared import BASE, SKG, SKOS
from spacekg.entities import Entities
from spacekg.entities.overview import MOST_DATES, Happening
from spacekg.entities.values import Claim, Description, Named, Statement
from spacekg.web import pictures
from spacekg.web.facts import MOST, Fact, Facts, order
from spacekg.web.pictures import Picture

KEY = ("Dates", "Launch", "Partners", "Missions and programmes")
"""Headings whose facts can be key facts, the most telling first."""
KEY_FACTS, KEY_VALUES = 6, 3
"""How many key facts a page has; one with more values is none."""
DATES = tuple(f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("date", "dateTime", "gYear", "gYearMonth"))
ACCEPTED = "accepted"
INFERRED = f"{BASE}graph/inferred"
UNDRAWN = frozenset({f"{SKG}hasParticipation", f"{SKG}holdsParticipation", f"{SKG}participant"})
"""Properties whose values are called as the thing itself, and lead to what others lead to as well."""

Reason = tuple[str, str]
"""The property and value that a claim is a reason for."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a page shows of a thing around its facts."""

    key: tuple[Fact, ...]
    reasons: Mapping[Reason, tuple[Claim, ...]]
    """The accepted claims of this part of the description, by the statements that they make."""
    doubtful: tuple[Claim, ...]
    """Claims that are no facts: uncertain or disputed."""
    of_others: tuple[Claim, ...]
    """Accepted claims about other things that name this one, and those that make no statement of it."""
    opposed: Mapping[str, Claim]
    """The claims that contradict others, by their IRIs."""
    dates: tuple[Happening, ...]
    more_dates: bool
    picture: Picture | None
    names: tuple[Literal, ...]
    """What it is called, one name for each language."""

    def values(self, fact: Fact) -> Sequence[Statement]:
        """Give the statements of a fact that have room, those first that the claims of this part are reasons for."""
        if len(fact.statements) <= MOST:
            return fact.statements
        return sorted(fact.statements, key=lambda each: not self.why(each))[:MOST]

    def why(self, statement: Statement) -> tuple[Claim, ...]:
        """Give the claims that a statement was made of."""
        return self.reasons.get((statement.predicate.iri, _key(statement.value)), ())


def draw(entities: Entities, description: Description, facts: Facts) -> Profile:
    """Bring together what the page of a thing shows."""
    reasons, others = _reasons(description)
    own_dates, joined = _dates(description), entities.overview.timeline(description.thing.iri)
    dates = sorted({*own_dates, *joined[:MOST_DATES]}, key=lambda each: (each.date, each.about.name, each.predicate))
    return Profile(
        key=tuple(_key_facts(facts)),
        reasons=reasons,
        doubtful=tuple(sorted((each for each in description.claims if each.status != ACCEPTED), key=order)),
        of_others=tuple(others),
        opposed=opposed(entities, description.claims),
        dates=tuple(dates),
        more_dates=len(joined) > MOST_DATES,
        picture=_neighbours(description, facts),
        names=_names(description),
    )


def opposed(entities: Entities, claims: Iterable[Claim]) -> dict[str, Claim]:
    """Read the claims that contradict some claims; what contradicts and is no claim is left out."""
    found = {iri: entities.claim(iri) for iri in sorted({iri for claim in claims for iri in claim.against})}
    return {iri: claim for iri, claim in found.items() if claim is not None}


def _reasons(description: Description) -> tuple[dict[Reason, tuple[Claim, ...]], list[Claim]]:
    """Sort accepted claims by the statement that they make, or from which it follows; and give those that make none."""
    thing = description.thing.iri
    stated = {(each.predicate.iri, _key(each.value)) for each in description.statements}
    followed = {
        each.value.iri: (each.predicate.iri, each.value.iri)
        for each in reversed(description.statements)
        if isinstance(each.value, Named) and INFERRED in each.graphs
    }
    found: dict[Reason, list[Claim]] = {}
    others: list[Claim] = []
    for claim in sorted((each for each in description.claims if each.status == ACCEPTED), key=order):
        reason: Reason | None = (claim.predicate.iri, _key(claim.object))
        if claim.subject.iri != thing:
            reason = followed.get(claim.subject.iri) if _key(claim.object) == thing else None
        elif reason not in stated:
            reason = None
        (others if reason is None else found.setdefault(reason, [])).append(claim)
    return {reason: tuple(claims) for reason, claims in found.items()}, others


def _key(value: Named | Literal) -> str:
    return value.iri if isinstance(value, Named) else value.value


def _key_facts(facts: Facts) -> Iterator[Fact]:
    titles = {section.title: section for section in facts.sections}
    listed = [fact for title in KEY if title in titles for fact in titles[title].facts]
    yield from [fact for fact in listed if len(fact.statements) <= KEY_VALUES][:KEY_FACTS]


def _dates(description: Description) -> list[Happening]:
    return [
        Happening(each.value.value, each.predicate.name, description.thing)
        for each in description.statements
        if isinstance(each.value, Literal) and each.value.datatype.value in DATES
    ]


def _neighbours(description: Description, facts: Facts) -> Picture | None:
    said = [[(fact.predicate.name, each.value) for each in fact.statements] for fact in _drawn(facts)]
    behind = _once(_in_turn([_entities(row) for row in said]), {description.thing.iri})
    known = {description.thing.iri, *(thing.iri for _, thing in behind)}
    linked = [
        _entities([(link.predicate.name, each) for each in link.subjects])
        for link in description.links
        if link.predicate.iri not in UNDRAWN
    ]
    before = _once(_in_turn(linked), known)
    return pictures.neighbours(description.thing, before, behind) if before or behind else None


def _drawn(facts: Facts) -> Iterator[Fact]:
    return (fact for section in facts.sections for fact in section.facts if fact.predicate.iri not in UNDRAWN)


def _entities(pairs: Iterable[tuple[str, Named | Literal]]) -> list[tuple[str, Named]]:
    return [(word, each) for word, each in pairs if isinstance(each, Named) and each.iri.startswith(f"{BASE}id/")]


def _in_turn(rows: Sequence[list[tuple[str, Named]]]) -> list[tuple[str, Named]]:
    """Take one of each property after the other, so that each has its share of the little room there is."""
    return [pair for pair in chain.from_iterable(zip_longest(*rows)) if pair is not None]


def _once(pairs: Iterable[tuple[str, Named]], known: set[str]) -> list[tuple[str, Named]]:
    first = {thing.iri: (word, thing) for word, thing in reversed(list(pairs))}
    return [(word, thing) for iri, (word, thing) in reversed(first.items()) if iri not in known]


def _names(description: Description) -> tuple[Literal, ...]:
    found = {
        each.value.language: each.value
        for each in description.statements
        if each.predicate.iri == f"{SKOS}prefLabel" and isinstance(each.value, Literal) and each.value.language
    }
    return tuple(found[language] for language in sorted(found))
