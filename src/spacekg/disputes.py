"""disputes  judge: claims and what is known for certain → the same claims, the contradicted ones disputed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from spacekg.declared import Declared
from spacekg.model import Claim, Polarity, Status, Value
from spacekg.reference import ClosedList, Reference

TYPE = "rdf:type"
DATES = {"launchDate", "landingDate", "foundingDate"}
PARTIES = {"hasParticipant", "signatory"}
"""Properties by which a collaboration or an agreement takes in whoever takes part in what it concerns."""

Verdicts = Mapping[int, str]


def judge(claims: Sequence[Claim], reference: Reference, declared: Declared) -> list[Claim]:
    """Return the claims in their order; an accepted one that is contradicted becomes `disputed`, with the reason.

    What contradicts a claim is a closed list of the reference that leaves its object out, a date of the reference
    that differs at the precision both have, or a document that denies what another affirms. What a sentence says
    of a collaboration or an agreement stands or falls as a whole. A class that cannot be together with the one
    the reference gives, or an end outside the property's domain or range, makes a claim `uncertain`.
    """
    verdicts: dict[int, str] = {}
    verdicts.update(_against_closed_lists(claims, reference, declared))
    verdicts.update(_against_dates(claims, reference))
    verdicts.update(_against_denials(claims))
    verdicts.update(_whole(claims, verdicts))
    doubts = {**_wrong_class(claims, reference, declared), **_wrong_ends(claims, reference, declared)}
    return [_judged(claim, verdicts.get(i, ""), doubts.get(i, "")) for i, claim in enumerate(claims)]


def _judged(claim: Claim, verdict: str, doubt: str) -> Claim:
    if claim.status is not Status.ACCEPTED or not (verdict or doubt):
        return claim
    return replace(claim, status=Status.DISPUTED if verdict else Status.UNCERTAIN, reason=verdict or doubt)


def _against_closed_lists(claims: Sequence[Claim], reference: Reference, declared: Declared) -> Verdicts:
    closed = {(entry.entity, entry.property): entry for entry in reference.closed}
    verdicts = {}
    for i, claim in enumerate(claims):
        for subject in (claim.subject, *_concerned(claim, claims)):
            for name in (claim.predicate, *(PARTIES if claim.predicate in PARTIES else ())):
                entry = closed.get((subject, name))
                if entry and isinstance(claim.object, str) and _left_out(claim.object, entry, reference, declared):
                    verdicts[i] = (
                        f"{_label(claim.object, reference)} is not among all there are for "
                        f"{_label(subject, reference)} {name} as of {entry.as_of} ({entry.source})"
                    )
    return verdicts


def _left_out(entity: str, closed: ClosedList, reference: Reference, declared: Declared) -> bool:
    known = reference.entities.get(entity)
    covered = known is not None and any(declared.is_a(known.kind, kind) for kind in closed.among)
    return covered and entity not in closed.members


def _label(entity: str, reference: Reference) -> str:
    return reference.entities[entity].label if entity in reference.entities else entity


def _concerned(claim: Claim, claims: Iterable[Claim]) -> list[str]:
    """The endeavours and assets that a coined subject of the claim concerns."""
    if not any(node.id == claim.subject for node in claim.coined):
        return []
    by_definition = [v for n in claim.coined for p, v in n.facts if p == "concerns" and isinstance(v, str)]
    said = [c.object for c in claims if c.subject == claim.subject and c.predicate == "concerns"]
    return [*by_definition, *(value for value in said if isinstance(value, str))]


def _against_dates(claims: Sequence[Claim], reference: Reference) -> Verdicts:
    known = {(f.entity, f.property): f for f in reference.facts if f.property in DATES}
    verdicts = {}
    for i, claim in enumerate(claims):
        fact = known.get((claim.subject, claim.predicate))
        if fact and isinstance(claim.object, Value):
            precision = min(len(fact.value), len(claim.object.text))
            if fact.value[:precision] != claim.object.text[:precision]:
                verdicts[i] = f"the reference has {fact.value} ({fact.source})"
    return verdicts


def _against_denials(claims: Sequence[Claim]) -> Verdicts:
    denied: dict[tuple[str, str, object], str] = {}
    for claim in claims:
        if claim.polarity is Polarity.DENIED:
            denied.setdefault((claim.subject, claim.predicate, claim.object), claim.passage.document.title)
    keys = ((i, (claim.subject, claim.predicate, claim.object)) for i, claim in enumerate(claims))
    return {i: f"«{denied[key]}» denies it" for i, key in keys if key in denied}


def _whole(claims: Sequence[Claim], verdicts: Verdicts) -> Verdicts:
    fallen = {
        (claim.passage, node.id): verdicts[i]
        for i, claim in enumerate(claims)
        if i in verdicts
        for node in claim.coined
    }
    return {
        i: fallen[claim.passage, node.id]
        for i, claim in enumerate(claims)
        for node in claim.coined
        if (claim.passage, node.id) in fallen and i not in verdicts
    }


def _wrong_class(claims: Sequence[Claim], reference: Reference, declared: Declared) -> Verdicts:
    doubts = {}
    for i, claim in enumerate(claims):
        entity = reference.entities.get(claim.subject)
        if claim.predicate != TYPE or entity is None or not isinstance(claim.object, str):
            continue
        if not (declared.is_a(entity.kind, claim.object) or declared.is_a(claim.object, entity.kind)):
            doubts[i] = f"the reference has {entity.label} as {entity.kind}"
    return doubts


def _wrong_ends(claims: Sequence[Claim], reference: Reference, declared: Declared) -> Verdicts:
    kinds = {name: entity.kind for name, entity in reference.entities.items()}
    kinds.update({node.id: node.kind for claim in claims for node in claim.coined})
    doubts = {}
    for i, claim in enumerate(claims):
        declaration = declared.properties.get(claim.predicate)
        if declaration is None:
            continue
        for end, wanted in ((claim.subject, declaration.domain), (claim.object, declaration.range)):
            kind = kinds.get(end, "") if isinstance(end, str) else ""
            if kind and declared.has_class(wanted) and not declared.is_a(kind, wanted):
                doubts[i] = f"{claim.predicate} wants a {wanted}, and {_label(str(end), reference)} is a {kind}"
    return doubts
