"""wikidata    items of Wikidata as drafts, one for each QID."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from reference_tables import drafts
from reference_tables.drafts import Draft, Identity, Naming, Pool, Statement
from reference_tables.kinds import CRAFT, Kinds, Verdict, is_crewed
from reference_tables.sources import Row, Sources
from reference_tables.spelling import capitalised, date, folded, initials, is_acronym, tidy

SOURCE = "wikidata"
SHORTEST_ACRONYM = 3
VERIFIED = 20
"""What a verified item has ahead of all others in prominence."""
SCHEMES = {"cospar": "cospar", "nssdca": "nssdca", "naif": "naif", "ror": "ror", "website": "website"}
SOVIET_OPERATOR = "Soviet space program"
LANGUAGES = re.compile(r"@[a-z]{2,3}(?:-[a-z-]+)?(?:,[a-z]{2,3}(?:-[a-z-]+)?)*$")
COSPAR = re.compile(r"[0-9]{4}-[0-9]{3}[A-Z]{0,3}")
QID = re.compile(r"Q[0-9]+")
ORGANISED = frozenset("Organization SpaceAgency NationalSpaceAgency IntergovernmentalSpaceAgency Company "
                      "ResearchOrganization CoordinationBody Consortium".split())  # fmt: skip
MISSIONS = frozenset({"SpaceMission", "CrewedMission", "JointMission"})


@dataclass(frozen=True)
class Names:
    """What GCAT knows of names: of all payloads, folded, and of joined items by their QID."""

    payloads: set[str]
    labels: dict[str, str]


def add(pool: Pool, sources: Sources, kinds: Kinds) -> None:
    """Draft the verified items, the space objects, the organisations and the crewed missions."""
    objects = {row["qid"]: row for row in sources.objects}
    proven = _names_of_payloads(sources)
    spare = _labels_of_gcat(sources)
    for row in sources.verified:
        _verified(pool, row, kinds, objects.get(row["qid"], {}))
    for row in sources.objects:
        _object(pool, row, kinds, Names(proven, spare))
    for row in sources.organisations:
        _organisation(pool, row, kinds)
    for row in sources.crewed:
        _crewed(pool, row, objects.get(row["qid"], {}))


def operators(pool: Pool, sources: Sources) -> None:
    """State who flew the crewed missions; runs when all organisations are there."""
    by_name = {folded(draft.label): draft.key for draft in pool.drafts.values() if draft.key.startswith("Q")}
    by_name |= {folded(row["name"]): row["qid"] for row in sources.organisations if row["qid"] in pool.drafts}
    by_name[folded(SOVIET_OPERATOR)] = "Q15180"  # A programme is no agent: the state flew them.
    for row in sources.crewed:
        if not row["operator"] or row["qid"] not in pool.drafts:
            continue
        if operator := by_name.get(folded(row["operator"])):
            fact = Statement("operator", operator, "key", "", SOURCE)
            pool.drafts[row["qid"]].statements.append(fact)
        else:
            pool.unjoined[f"operator of a crewed mission: {row['operator']}"] += 1


def _verified(pool: Pool, row: Row, kinds: Kinds, known: Row) -> None:
    types = _types(known) + _extra(row).get("p31label", "").split(",")
    verdict = kinds.verified(row, types)
    if not verdict.kind:
        pool.leave_out(SOURCE, row["qid"], row["label_en"], verdict.reason)
        return
    evidence = row["evidence"].split(" ; ")
    draft = pool.add(Draft(row["qid"], verdict.kind, tidy(row["label_en"]), _description(row), SOURCE))
    draft.prominence += VERIFIED + len(evidence)
    draft.names.append(Naming(draft.label, "en", drafts.LABEL, SOURCE))
    for alias in filter(None, row["aliases"].split("|")):
        draft.names.append(_alias(tidy(alias), draft.label))
    draft.identities.append(_item(row["qid"], draft.kind, types, row["evidence"], "seen with this label"))
    for scheme, value in _extra(row).items():
        if scheme in SCHEMES and not (scheme == "website" and value.count("http") > 1):
            draft.identities.append(_identity(SCHEMES[scheme], value, evidence[0]))


def _object(pool: Pool, row: Row, kinds: Kinds, gcat: Names) -> None:
    draft = pool.drafts.get(row["qid"])
    if draft is None:
        verdict = kinds.object(row, _types(row))
        if reason := kinds.none(_types(row)):
            verdict = verdict if verdict.kind else Verdict("", reason)
        elif row["kind"] == "unknown" and not verdict.kind and folded(row["label"]) in gcat.payloads:
            verdict = kinds.verified({"qid": "", "kind": "spacecraft", "label_en": row["label"]}, [])
        label, source = _label(row), SOURCE
        if not label and row["qid"] in gcat.labels:
            label, source = gcat.labels[row["qid"]], "gcat"
        if not verdict.kind or not label:
            reason = verdict.reason if not verdict.kind else "no English label"
            pool.leave_out(SOURCE, row["qid"], row["label"], reason)
            return
        draft = pool.add(Draft(row["qid"], verdict.kind, label, _description(row), source))
        snapshots = row["snapshots"]
        draft.identities.append(_item(row["qid"], draft.kind, _types(row), f"Wikidata {snapshots}", "in the extract"))
        draft.names.append(Naming(label, "en", drafts.LABEL, source))
    draft.description = draft.description or _description(row)
    draft.prominence += row["snapshots"].count("|") + 1
    _add_aliases(draft, row["aliases"])
    for scheme in ("cospar", "nssdca", "naif"):
        for value in filter(None, row[f"{scheme}_id"].split("|")):
            evidence = f"Wikidata {row['snapshots']}"
            draft.identities.append(_identity(scheme, value, evidence))


def _organisation(pool: Pool, row: Row, kinds: Kinds) -> None:
    draft = pool.drafts.get(row["qid"])
    if draft is None:
        label = tidy(row["name"])
        draft = pool.add(Draft(row["qid"], kinds.organisation(label).kind, label, "", SOURCE))
        draft.names.append(_alias(label, "") if is_acronym(label) else Naming(label, "en", drafts.LABEL, SOURCE))
        draft.identities.append(_item(row["qid"], draft.kind, [], "Wikidata organisation extract", "in the extract"))
    draft.prominence += 1
    if row["website"] and not draft.identified("website") and row["website"].count("http") == 1:
        draft.identities.append(Identity("website", row["website"], source=SOURCE, method="given"))
    value, datatype = date(row["founded"])
    if value and draft.kind in ORGANISED:
        draft.statements.append(Statement("foundingDate", value, datatype, "", SOURCE))


def _crewed(pool: Pool, row: Row, known: Row) -> None:
    draft = pool.drafts.get(row["qid"])
    label = tidy(row["label"])
    crewed = is_crewed(label) and not any("unmanned" in kind for kind in _types(known))
    if draft is None:
        draft = pool.add(Draft(row["qid"], "CrewedMission" if crewed else "SpaceMission", label, "", SOURCE))
        draft.names.append(Naming(label, "en", drafts.LABEL, SOURCE))
        draft.identities.append(_item(row["qid"], draft.kind, [], "Wikidata mission extract", "in the extract"))
    elif crewed and draft.kind in MISSIONS | {"Spacecraft", "CrewedSpacecraft"}:
        draft.kind = "CrewedMission"
    draft.prominence += 2
    if row["launch_year"]:
        draft.statements.append(Statement("launchDate", row["launch_year"], "xsd:gYear", "", SOURCE))


def _identity(scheme: str, value: str, evidence: str) -> Identity:
    given = Identity(scheme, value, evidence=evidence, source=SOURCE, method="given")
    if scheme == "cospar" and not COSPAR.fullmatch(value):
        return replace(given, status="rejected", evidence=f"{evidence}: no COSPAR id", confidence="0.0")
    return given


def _names_of_payloads(sources: Sources) -> set[str]:
    names = {row["Name"] for row in sources.payloads}
    names |= {name for row in sources.catalogue if row["Type"].startswith("P") for name in (row["Name"], row["PLName"])}
    names = {folded(name.strip("[]")) for name in names}
    cosmos = {name.replace("kosmos", "cosmos", 1) for name in names if name.startswith("kosmos")}
    return names | cosmos


def _labels_of_gcat(sources: Sources) -> dict[str, str]:
    names = {row["JCAT"]: row["Name"].strip("[]") for row in sources.payloads}
    joined = (row for row in sources.joined if row["unambiguous"] == "1")
    return {row["qid"]: tidy(names[row["gcat_jcat"]]) for row in joined if row["gcat_jcat"] in names}


def _item(qid: str, kind: str, types: list[str], evidence: str, method: str) -> Identity:
    craft = any("satellite" in name or "spacecraft" in name or "probe" in name for name in types)
    flight = any("mission" in name or "spaceflight" in name for name in types)
    both = (kind in MISSIONS and craft) or (kind in CRAFT and flight)
    return Identity("wikidata", qid, "close" if both else "exact", evidence=evidence, source=SOURCE, method=method)


def _label(row: Row) -> str:
    label = tidy(row["label"])
    if QID.fullmatch(label):
        return ""
    return capitalised(label) if label == label.casefold() else label


def _description(row: Row) -> str:
    text = tidy(row["description"])
    return "" if text.isdecimal() else text  # Some descriptions are catalogue numbers.


def _alias(text: str, label: str) -> Naming:
    if is_acronym(text):
        return Naming(text, "", drafts.ACRONYM, SOURCE)
    if text == text.casefold():
        return Naming(text, "", drafts.HIDDEN, SOURCE)
    return Naming(text, "en" if label and text.isascii() and " of " in text else "", drafts.ALIAS, SOURCE)


def _add_aliases(draft: Draft, aliases: str) -> None:
    languages: set[str] = set()
    for entry in filter(None, aliases.split("|")):
        text, _, codes = entry.rpartition("@") if LANGUAGES.search(entry) else (entry, "", "")
        known = {code for code in codes.split(",") if code}
        languages |= known
        draft.names.append(Naming(tidy(text), "|".join(sorted(known)), drafts.HIDDEN, SOURCE))
        if len(text) >= SHORTEST_ACRONYM and text.upper() in initials(draft.label):
            draft.names.append(Naming(text.upper(), "en", drafts.ACRONYM, SOURCE))
    draft.prominence += len(languages)


def _types(row: Row) -> list[str]:
    return [kind for kind in row.get("instance_of", "").split("|") if kind]


def _extra(row: Row) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in row["extra_identifiers"].split(";") if "=" in pair)
    return {key: value for key, _, value in pairs}
