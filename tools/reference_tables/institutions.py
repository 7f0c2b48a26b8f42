"""institutions    states of ISO 3166 and organisations of ROR, and which state an agency serves."""

from __future__ import annotations

from dataclasses import replace

from reference_tables import drafts
from reference_tables.drafts import Draft, Identity, Naming, Pool, Statement
from reference_tables.kinds import Kinds
from reference_tables.sources import Row, Sources
from reference_tables.spelling import tidy
from reference_tables.wikidata import ORGANISED

LANGUAGES = {"fr": "UNTERM French Short", "es": "UNTERM Spanish Short", "ru": "UNTERM Russian Short",
             "ar": "UNTERM Arabic Short", "zh": "UNTERM Chinese Short"}  # fmt: skip
AGENCIES = frozenset({"SpaceAgency", "NationalSpaceAgency"})
ABOVE_STATES = frozenset({"Q42262", "Q55610347", "Q473105", "Q699152"})
SINGLE = 1


def add(pool: Pool, sources: Sources, kinds: Kinds) -> None:
    """Draft the states and territories, then the organisations of ROR."""
    items = {_extra(row, "iso2"): row["qid"] for row in sources.verified}
    for row in sources.countries:
        # The country list gives NL to the Kingdom; a verified item with the code comes before its word.
        _country(pool, row, items.get(row["ISO3166-1-Alpha-2"]) or row["wikidata_id"].rsplit("/")[-1])
    for row in sources.research:
        _research(pool, row, kinds)


def seats(pool: Pool, sources: Sources) -> None:
    """State where organisations have their seat and which state each agency serves."""
    states = _states(pool)
    codes = {row["qid"]: row["iso2"] for row in sources.organisations if row["iso2"]}
    codes |= {row["qid"]: _extra(row, "country_iso2") for row in sources.verified if _extra(row, "country_iso2")}
    for qid, code in sorted(codes.items()):
        draft = pool.drafts.get(qid)
        if draft is not None and code in states and not _is_place(draft):
            _seat(draft, states[code], "wikidata")
        elif draft is not None and code not in states:
            pool.unjoined[f"seat of an organisation: {code}"] += 1
    for row in sources.research:
        draft = pool.drafts[row["qid"] if row["qid"] in pool.drafts else row["ror_id"]]
        if row["country"] in states and not any(fact.property == "basedIn" for fact in draft.statements):
            _seat(draft, states[row["country"]], "ror")


def _seat(draft: Draft, state: str, source: str) -> None:
    if draft.kind in ORGANISED:
        draft.statements.append(Statement("basedIn", state, "key", "", source))
    # A seat is not an owner: only agencies of one state serve the state they sit in.
    if draft.kind in AGENCIES and draft.key not in ABOVE_STATES:
        draft.kind = "NationalSpaceAgency"
        draft.statements.append(Statement("agencyOf", state, "key", "", source))


def _country(pool: Pool, row: Row, qid: str) -> None:
    code = row["ISO3166-1-Alpha-2"] or "NA"  # The code of Namibia reads as a missing value in many tools.
    name = tidy(row["UNTERM English Short"].split(" (")[0] or row["CLDR display name"] or row["official_name_en"])
    key = qid if qid.startswith("Q") else f"iso:{code}"
    kind = "State" if row["is_independent"] == "Yes" else "GeopoliticalEntity"
    draft = pool.add(Draft(key, kind, name, "", "iso"))
    if not any(known.kind == drafts.LABEL for known in draft.names):
        draft.names.append(Naming(name, "en", drafts.LABEL, "iso"))
        if key == qid:
            draft.identities.append(
                Identity("wikidata", qid, evidence="country-codes.csv", source="iso", method="given")
            )
    draft.prominence += SINGLE
    evidence = f"ISO 3166-1 {row['ISO3166-1-Alpha-3']}"
    draft.identities.append(Identity("iso3166-1-alpha2", code, evidence=evidence, source="iso", method="given"))
    names = {tidy(row["CLDR display name"]), name, tidy(row["official_name_en"])} - {draft.label, ""}
    short = {one for one in names if len(one) > len(code)}
    draft.names += [Naming(one, "en", drafts.ALIAS, "iso") for one in sorted(short)]
    for language, column in LANGUAGES.items():
        if text := tidy(row[column].split(" (")[0]):
            draft.names.append(Naming(text, language, drafts.LABEL, "iso"))


def _research(pool: Pool, row: Row, kinds: Kinds) -> None:
    key = row["qid"] or row["ror_id"]
    label = tidy(row["name"])
    known = key in pool.drafts
    draft = pool.add(Draft(key, kinds.research(row["types"]).kind, label, "", "ror"))
    draft.prominence += 1
    draft.names.append(Naming(label, "" if known else "en", drafts.ALIAS if known else drafts.LABEL, "ror"))
    _links(draft, row)
    draft.names += [Naming(tidy(one), "", drafts.ACRONYM, "ror") for one in row["acronyms"].split("|") if one]
    for entry in filter(None, row["other_names"].split("|")):
        text, _, language = entry.rpartition("@")
        draft.names.append(Naming(tidy(text or entry), language if text else "", drafts.ALIAS, "ror"))
    _history(draft, row)


def _history(draft: Draft, row: Row) -> None:
    dated = any(fact.property == "foundingDate" for fact in draft.statements)
    if row["established"] and draft.kind in ORGANISED and not dated:
        draft.statements.append(Statement("foundingDate", row["established"], "xsd:gYear", "", "ror"))
    for parent in filter(None, row["parents"].split("|")):
        identifier = "https://ror.org/" + parent.rpartition("<")[2].rstrip(">")
        draft.statements.append(Statement("partOf", identifier, "ror", "", "ror"))


def _links(draft: Draft, row: Row) -> None:
    evidence = f"ROR {row['ror_release']} {row['ror_id'].rsplit('/')[-1]}"
    link = Identity("ror", row["ror_id"], "exact", "verified", evidence, "ror", "given")
    if row["qid"] and not draft.identified("wikidata"):
        draft.identities.append(replace(link, scheme="wikidata", value=row["qid"]))
    for other in filter(None, row["qid_all"].split("|")):
        if other != row["qid"]:
            candidate = replace(link, match="close", status="candidate", confidence="0.3")
            draft.identities.append(replace(candidate, scheme="wikidata", value=other))
    if draft.identified("ror") != row["ror_id"]:
        draft.identities.append(link)
    if row["website"] and not draft.identified("website"):
        draft.identities.append(replace(link, scheme="website", value=row["website"].split("|")[0]))


def _states(pool: Pool) -> dict[str, str]:
    found = {draft.identified("iso3166-1-alpha2"): draft.key for draft in pool.drafts.values()}
    found.pop("", None)
    return found | {"NL": "Q55", "SU": "Q15180", "EU": "Q458"}


def _is_place(draft: Draft) -> bool:
    return draft.kind in ("State", "StateGroup", "GeopoliticalEntity")


def _extra(row: Row, key: str) -> str:
    pairs = (pair.partition("=") for pair in row["extra_identifiers"].split(";"))
    return next((value for name, _, value in pairs if name == key), "")
