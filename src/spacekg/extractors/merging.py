"""merging   claims of several extractors → one list: agreement is trusted more, disagreement is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from spacekg.lexicon.calibration import BELIEVED_FROM
from spacekg.model import Claim, Modality, Polarity, Status, Value

AND = "+"
"""Stands between the rules of extractors that say the same."""
ONE_VALUE = frozenset({"launchDate", "landingDate", "foundingDate", "startDate", "endDate", "date"})
"""Properties of which a thing has one value, so that two extractors that read two disagree."""

Key = tuple[str, int, str, str, object]


def merge(claims: Sequence[Claim], others: Iterable[Claim]) -> tuple[list[Claim], int, int]:
    """Set the claims of a plug-in beside those there are; also return how many agree and how many disagree.

    The same triple of the same passage in the same mood is one claim, with the quote it had and the probability that
    not both are wrong. Where polarity or modality differ, or the one value of a property, both are kept, and neither
    is accepted. A plug-in that is not believed changes nothing but the names of who says it: what it agrees with is
    no surer, and what it contradicts stands.
    """
    merged = list(claims)
    places: dict[Key, int] = {_key(claim): i for i, claim in enumerate(merged)}
    agreed = disagreed = 0
    for other in others:
        believed = other.confidence >= BELIEVED_FROM
        at = places.get(_key(other))
        if at is not None and _mood(merged[at]) == _mood(other):
            merged[at] = _together(merged[at], other) if believed else _named(merged[at], other)
            agreed += 1
            continue
        rivals = [at] if at is not None else _rivals(merged, other)
        for i in rivals if believed else ():
            merged[i] = _held_back(merged[i], other)
        disagreed += bool(rivals)
        merged.append(_held_back(other, merged[rivals[0]]) if rivals else other)
        places.setdefault(_key(other), len(merged) - 1)
    return merged, agreed, disagreed


def _key(claim: Claim) -> Key:
    value = claim.object.text if isinstance(claim.object, Value) else claim.object
    return claim.passage.document.name, claim.passage.start, claim.subject, claim.predicate, value


def _mood(claim: Claim) -> tuple[Polarity, Modality]:
    return claim.polarity, claim.modality


def _together(claim: Claim, other: Claim) -> Claim:
    confidence = round(1.0 - (1.0 - claim.confidence) * (1.0 - other.confidence), 3)
    both = replace(_named(claim, other), confidence=confidence)
    doubt_only = claim.reason.startswith("confidence ") and other.status is Status.ACCEPTED
    return replace(both, status=Status.ACCEPTED, reason="") if doubt_only else both


def _named(claim: Claim, other: Claim) -> Claim:
    return replace(claim, rule=f"{claim.rule}{AND}{other.rule}")


def _rivals(claims: Sequence[Claim], other: Claim) -> list[int]:
    """Claims of the same passage that give another value where there is one."""
    if other.predicate not in ONE_VALUE:
        return []
    place = _key(other)[:4]
    return [i for i, claim in enumerate(claims) if _key(claim)[:4] == place]


def _held_back(claim: Claim, other: Claim) -> Claim:
    if claim.status is Status.DISPUTED:
        return claim
    reason = f"extractors disagree: {other.rule} reads {_words(other, claim)}"
    return replace(claim, status=Status.UNCERTAIN, reason=reason)


def _words(claim: Claim, beside: Claim) -> str:
    if claim.polarity is not beside.polarity:
        return claim.polarity
    if claim.modality is not beside.modality:
        return claim.modality
    return claim.object.text if isinstance(claim.object, Value) else claim.object
