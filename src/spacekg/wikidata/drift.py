"""drift     what has become of the items our entities are linked to: still the same, merged, deleted or changed."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from spacekg.reference import Entity, Identifier, Reference
from spacekg.wikidata import items
from spacekg.wikidata.items import Item
from spacekg.wikidata.questions import Inquiry

OK, REDIRECTED, DELETED, LABEL, COSPAR = "ok", "redirected", "deleted", "label", "cospar"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one item; `ours` and `theirs` are what differs, empty where nothing does."""

    qid: str
    entity: str
    what: str
    ours: str = ""
    theirs: str = ""


def find(inquiry: Inquiry, reference: Reference) -> list[Finding]:
    """Compare every linked item, whatever the status of the link, with what the endpoint says now.

    A label that came from Wikidata has changed when the item has it neither as a label nor as an alias in any
    language; letter case and punctuation do not count. A COSPAR id has changed when we have one from Wikidata that
    the item no longer has.

    Raises:
        RemoteError: the endpoint gives no answer.
    """
    linked = [one for one in reference.identifiers if one.scheme == "wikidata"]
    states = items.states(inquiry, (one.value for one in linked))
    living = [qid for qid, target in states.items() if not target]
    described = {item.qid: item for item in items.describe(inquiry, living)}
    owners: dict[str, list[str]] = defaultdict(list)
    for one in linked:
        owners[one.value].append(one.entity)
    launched = _launched(reference)
    found: list[Finding] = []
    for one in linked:
        if item := described.get(one.value):
            changed = _changed(one, item, reference.entities[one.entity], launched[one.entity])
            found += [Finding(one.value, one.entity, *what) for what in changed] or [Finding(one.value, one.entity, OK)]
        else:
            found.append(_gone(one, states, owners))
    return found


def _gone(one: Identifier, states: Mapping[str, str], owners: Mapping[str, list[str]]) -> Finding:
    target = states.get(one.value, "")
    if not target:
        return Finding(one.value, one.entity, DELETED)
    others = f" (the item of {', '.join(owners[target])})" if target in owners else ""
    return Finding(one.value, one.entity, REDIRECTED, one.value, f"{target}{others}")


def _changed(one: Identifier, item: Item, entity: Entity, launched: set[str]) -> list[tuple[str, str, str]]:
    changed = []
    if entity.source == "wikidata" and folded(entity.label) not in {folded(text) for text in item.names()}:
        changed.append((LABEL, entity.label, item.label))
    theirs = set(item.values.get("cospar", ()))
    if one.status == "verified" and (lost := launched - theirs):
        changed.append((COSPAR, "|".join(sorted(lost)), "|".join(sorted(theirs))))
    return changed


def _launched(reference: Reference) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one in reference.identifiers:
        if (one.scheme, one.status, one.source) == ("cospar", "verified", "wikidata"):
            found[one.entity].add(one.value)
    return found


def folded(text: str) -> str:
    """Letters and digits only, without their marks and case."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in plain.casefold() if letter.isalnum())
