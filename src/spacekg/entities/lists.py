"""lists     what links to a thing, and the claims about it: a part of what may be many thousands, in their order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from spacekg.answers import Engine, Row
from spacekg.entities.directory import text
from spacekg.entities.values import END, START, Place

PART = 100
"""How many links, and claims, one part of a description has; one more is asked for."""
MANY = 50_000
"""Up to so many are put in their order here, which takes some servers seconds; of more, the server gives a part."""


def links(engine: Engine, thing: str, place: Place, counts: Mapping[str, int]) -> list[Row]:
    """Give what links to a thing from a place on, one link more than a part has, with graphs and names.

    `counts` are the links by each property, without those of claims.
    """
    if not counts:
        return []
    last = _last(counts, place.property)
    here = sum(number for each, number in counts.items() if place.property <= each <= last)
    if sum(counts.values()) <= PART:
        return engine.answer_named("entity/linked_from", thing=thing, property=place.property, after=place.subject)
    if here > MANY:
        pairs = _first(engine, thing, place, [each for each in sorted(counts) if place.property <= each <= last])
    else:
        between = {"first": place.property, "last": last, "after": place.subject}
        rows = engine.answer_named("entity/links_of", thing=thing, **between)
        pairs = [(text(row["predicate"]), text(row["subject"])) for row in rows]
    listed = sorted(pair for pair in pairs if pair > (place.property, place.subject))[: PART + 1]
    if not listed:
        return []
    told = engine.answer_named("entity/links_from", thing=thing, subject=sorted({subject for _, subject in listed}))
    return [row for row in told if (text(row["predicate"]), text(row["subject"])) in set(listed)]


def claims(engine: Engine, thing: str, after: str, number: int) -> Sequence[str]:
    """Give the claims about a thing and those that name it behind one of them, one more than a part has."""
    if number > MANY:
        return [text(row["claim"]) for row in engine.answer_named("entity/claims_from", thing=thing, after=after)]
    # The query has no use for where the list goes on, but refuses what is no IRI.
    found = (text(row["claim"]) for row in engine.answer_named("entity/claims_of", thing=thing, after=after))
    return sorted(claim for claim in found if claim > after)[: PART + 1]


def number_of_documents(engine: Engine) -> int:
    """Count the documents; none where nobody says how to."""
    if "entity/number_of_documents" not in engine.queries:
        return 0
    return int(text(engine.answer_named("entity/number_of_documents")[0]["documents"]))


def _first(engine: Engine, thing: str, place: Place, properties: Iterable[str]) -> list[tuple[str, str]]:
    """Give the first links from a place on, property by property, until a part is full."""
    pairs: list[tuple[str, str]] = []
    for each in properties:
        after = place.subject if each == place.property else START
        rows = engine.answer_named("entity/links_first", thing=thing, predicate=each, after=after)
        pairs += [(each, text(row["subject"])) for row in rows]
        if len(pairs) > PART:
            break
    return pairs


def _last(counts: Mapping[str, int], first: str) -> str:
    """Give the property by which a part that begins with one of them is full; the last there may be where it is not."""
    so_far = 0
    for each in sorted(counts):
        so_far += counts[each] if each > first else 0
        if so_far > PART:
            return each
    return END
