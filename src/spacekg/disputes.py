"""disputes  judge: claims and what is known for certain → the same claims, the contradicted ones disputed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from spacekg.declared import Declared
from spacekg.lexicon.calibration import BELIEVED_FROM
from spacekg.model import Claim, Polarity, Status, Value
from spacekg.reference import BACKWARDS, ClosedList, Reference

TYPE = "rdf:type"
DATES = {"launchDate", "landingDate", "foundingDate"}
PARTIES = ("hasParticipant", "signatory")
"""Properties by which a collaboration or an agreement takes in whoever takes part in what it concerns."""

Verdicts = Mapping[int, str]


def judge(claims: Sequence[Claim], reference: Reference, declared: Declared) -> list[Claim]:
    """Return the claims in their order; an accepted one that is contradicted becomes `disputed`, with the reason.

    What contradicts a claim is a closed list of the reference that leaves its object out, a date, site or vehicle
    of the reference that differs (dates at the precision both have), or a document that denies what another
    affirms, unless the denial is doubtful itself. What a sentence says of a collaboration or an agreement stands or
    falls as a whole. A class that cannot be together with the one the reference gives, or an end outside the
    property's domain or range, makes a claim `uncertain`.
    """
    verdicts: dict[int, str] = {}
    verdicts.update(_against_closed_lists(claims, reference, declared))
    verdicts.update(_against_facts(claims, reference))
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
    concerned = _concerned(claims)
    verdicts = {}
    for i, claim in enumerate(claims):
        for subject, name, value in _readings(claim, concerned.get(claim.subject, ())):
            entry = closed.get((subject, name))
            if entry and _left_out(value, entry, reference, declared):
                verdicts[i] = (
                    f"{_label(subject, reference)}, {_words(name)}: the reference lists all, and "
                    f"{_label(value, reference)} is not among them (as of {entry.as_of}; {entry.source})"
                )
    return verdicts


def _readings(claim: Claim, concerned: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """What a claim says to be a member of which list: of its subject, of what that concerns, and read backwards."""
    if isinstance(claim.object, str):
        for subject in (claim.subject, *concerned):
            for name in (claim.predicate, *(PARTIES if claim.predicate in PARTIES else ())):
                yield subject, name, claim.object
        yield claim.object, f"{BACKWARDS}{claim.predicate}", claim.subject


def _left_out(entity: str, closed: ClosedList, reference: Reference, declared: Declared) -> bool:
    known = reference.entities.get(entity)
    covered = known is not None and any(declared.is_a(known.kind, kind) for kind in closed.among)
    return covered and entity not in closed.members


def _words(name: str) -> str:
    """A property in words: `launchedBy` → `launched by`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.removeprefix(BACKWARDS)).lower()


def _label(entity: str, reference: Reference) -> str:
    return reference.entities[entity].label if entity in reference.entities else entity


def _concerned(claims: Iterable[Claim]) -> dict[str, list[str]]:
    """Coined subject → the endeavours and assets that it concerns, by definition or as a claim says."""
    defined: dict[str, list[str]] = {}
    said: dict[str, list[str]] = {}
    for claim in claims:
        if any(node.id == claim.subject for node in claim.coined):
            facts = [value for node in claim.coined for name, value in node.facts if name == "concerns"]
            defined[claim.subject] = [value for value in facts if isinstance(value, str)]
        if claim.predicate == "concerns" and isinstance(claim.object, str):
            said.setdefault(claim.subject, []).append(claim.object)
    return {subject: [*things, *said.get(subject, ())] for subject, things in defined.items()}


def _against_facts(claims: Sequence[Claim], reference: Reference) -> Verdicts:
    """What the reference knows of dates, sites and vehicles: of each there is one."""
    dates, places = _known_dates(reference), _known_places(reference)
    verdicts = {}
    for i, claim in enumerate(claims):
        key = (claim.subject, claim.predicate)
        if isinstance(claim.object, Value):
            known = dates.get(key, "")
            precision = min(len(known), len(claim.object.text))
            if known[:precision] != claim.object.text[:precision]:
                verdicts[i] = f"the reference has {known}"
        elif key in places and claim.object not in places[key]:
            verdicts[i] = f"the reference has {_label(min(places[key]), reference)}"
    return verdicts


def _known_dates(reference: Reference) -> dict[tuple[str, str], str]:
    dates = {(fact.entity, fact.property): fact.value for fact in reference.facts if fact.property in DATES}
    dates.update({(p, "launchDate"): launch.date for launch in reference.launches for p in launch.payloads})
    return dates


def _known_places(reference: Reference) -> dict[tuple[str, str], set[str]]:
    """Site and vehicle of each launch; a vehicle stands for the families it belongs to as well."""
    wholes: dict[str, set[str]] = {}
    for fact in reference.facts:
        if fact.property == "partOf":
            wholes.setdefault(fact.entity, set()).add(fact.value)
    known: dict[tuple[str, str], set[str]] = {}
    for launch in reference.launches:
        vehicles = {launch.vehicle, *wholes.get(launch.vehicle, ())}
        vehicles |= {far for near in wholes.get(launch.vehicle, ()) for far in wholes.get(near, ())}
        for payload in launch.payloads:
            for name, values in (("launchSite", {launch.site}), ("launchVehicle", vehicles)):
                known.setdefault((payload, name), set()).update(value for value in values if value)
    return {key: values for key, values in known.items() if values}


def _against_denials(claims: Sequence[Claim]) -> Verdicts:
    denied: dict[tuple[str, str, object], str] = {}
    for claim in claims:
        if claim.polarity is Polarity.DENIED and claim.confidence >= BELIEVED_FROM:
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
