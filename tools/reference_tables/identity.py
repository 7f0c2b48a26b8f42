"""identity    local ids: minted once from the label, kept for ever."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from reference_tables.drafts import Draft, Pool
from reference_tables.spelling import slug
from reference_tables.wikidata import VERIFIED

LEDGER = ("wikidata", "ror", "gcat", "iso3166-1-alpha2")
# Of several entities with one name, the plain slug goes to the one of which most people think first.
FIRST = ("State", "CelestialBody", "StateGroup", "NationalSpaceAgency", "Rover")
SUFFIX = {"NationalSpaceAgency": "agency", "ResearchOrganization": "organization"}


def mint(pool: Pool, ledger: Mapping[tuple[str, str], str]) -> dict[str, Draft]:
    """Give each draft its id: pinned, then as minted before, then a new one from its label."""
    drafts = {id(draft): draft for draft in pool.drafts.values()}.values()
    ids: dict[str, Draft] = {}
    waiting: dict[str, list[Draft]] = defaultdict(list)
    for draft in sorted(drafts, key=lambda draft: draft.key):
        known = draft.pin or _before(draft, ledger)
        if known and known not in ids:
            ids[known] = draft
        else:
            waiting[slug(draft.label) or _key(draft)].append(draft)
    for base, group in sorted(waiting.items()):
        _mint_group(ids, base, group)
    return dict(sorted(ids.items()))


def _before(draft: Draft, ledger: Mapping[tuple[str, str], str]) -> str:
    keys = ((known.scheme, known.value) for known in draft.identities if known.status == "verified")
    return next((ledger[key] for key in keys if key[0] in LEDGER and key in ledger), "")


def _mint_group(ids: dict[str, Draft], base: str, group: list[Draft]) -> None:
    group = sorted(group, key=lambda draft: (_rank(draft), -draft.prominence, draft.key))
    if base not in ids and (len(group) == 1 or _rank(group[0]) < _rank(group[1])):
        ids[base] = group.pop(0)
    for draft in group:
        choices = (f"{base}-{_suffix(draft)}", f"{base}-{slug(draft.identified('cospar'))}", f"{base}-{_key(draft)}")
        ids[next(choice for choice in choices if choice not in ids and not choice.endswith("-"))] = draft


def _rank(draft: Draft) -> int:
    known = draft.prominence < VERIFIED  # Of the rest, the only one among the verified items comes first.
    return FIRST.index(draft.kind) if draft.kind in FIRST else len(FIRST) + known


def _key(draft: Draft) -> str:
    return slug(re.split(r"[:/]", draft.key)[-1])


def _suffix(draft: Draft) -> str:
    return SUFFIX.get(draft.kind) or re.sub(r"(?<!^)(?=[A-Z])", "-", draft.kind).lower()
