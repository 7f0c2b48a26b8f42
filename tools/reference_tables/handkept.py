"""handkept    the hand-kept rows laid over the drafts: pinned ids, entities of our own, names, facts."""

from __future__ import annotations

from reference_tables import drafts
from reference_tables.drafts import Draft, Identity, Naming, Pool, Statement
from reference_tables.sources import Curated


class UnknownId(Exception):
    """A hand-kept row names an entity that is not there."""


def pin(pool: Pool, curated: Curated) -> None:
    """Lay the hand-kept entities over the drafts; those without a QID become drafts of their own."""
    for row in curated.entities:
        key = row["wikidata"] or f"local:{row['id']}"
        if row["wikidata"] and key not in pool.drafts:
            raise UnknownId(f"entities.csv: {row['id']} wants {key}, which no raw file holds")
        draft = pool.add(Draft(key, row["class"], row["label"], row["description"], row["source"]))
        draft.pin, draft.kind = row["id"], row["class"] or draft.kind
        draft.prominence += int(row["prominence"] or 0)
        draft.description = draft.description or row["description"]
        if not draft.names:
            draft.names.append(Naming(draft.label, "en", drafts.LABEL, row["source"]))
        if key.startswith("local:"):
            pool.drafts[row["id"]] = draft


def identify(pool: Pool, curated: Curated) -> None:
    """Add the hand-kept identifiers to pinned entities; runs before the sources that look them up."""
    pinned = {draft.pin: draft for draft in pool.drafts.values() if draft.pin}
    for row in curated.identifiers:
        method, confidence = "by hand", "1.0" if row["status"] == "verified" else "0.0"
        found = Identity(row["scheme"], row["value"], row["match"], row["status"], row["evidence"], row["source"],
                         method, confidence)  # fmt: skip
        pinned[row["id"]].identities.append(found)


def describe(by_id: dict[str, Draft], curated: Curated) -> None:
    """Add the hand-kept names and facts; ids are minted by now."""
    for row in curated.names:
        naming = Naming(row["name"], row["language"], row["kind"], row["source"])
        _one(by_id, row["id"], "names.csv").names.append(naming)
    for row in curated.facts:
        draft, datatype = _one(by_id, row["id"], "facts.csv"), row["datatype"]
        if datatype == "id":
            _one(by_id, row["value"], "facts.csv")
        draft.statements.append(Statement(row["property"], row["value"], datatype, row["as_of"], row["source"]))
    for row in curated.closed:
        for member in (row["id"], *([] if row["property"].startswith("quantity:") else row["members"].split("|"))):
            _one(by_id, member, "closed.csv")


def _one(by_id: dict[str, Draft], local: str, file: str) -> Draft:
    if local not in by_id:
        raise UnknownId(f"{file}: no entity has the id {local}")
    return by_id[local]
