"""relations    which object belongs to which mission or programme, and what it was sent to."""

from __future__ import annotations

from collections import defaultdict

from reference_tables.drafts import Draft, Pool, Statement
from reference_tables.sources import Row, Sources
from reference_tables.spelling import folded

SOURCE = "wikidata"
TARGETS = {"Mars rover": "Q111", "lunar rover": "Q405", "lunar probe": "Q405", "lunar orbiter": "Q405",
           "lunar lander": "Q405", "Venus probe": "Q313", "solar probe": "Q525",
           "Mars sample return mission": "Q111"}  # fmt: skip
WHOLES = frozenset("SpaceProgramme SpaceMission CrewedMission JointMission SpaceStation Spacecraft SpaceAsset "
                   "CrewedSpacecraft LaunchVehicle".split())  # fmt: skip


def add(pool: Pool, sources: Sources) -> None:
    """State wholes by the names Wikidata gives, where the name is the name of one entity only."""
    wholes = _wholes(pool)
    for row in sources.objects:
        part = pool.drafts.get(row["qid"])
        if part is None:
            continue
        for name in filter(None, row["part_of"].split("|")):
            _part(pool, part, name, wholes)
        _targets(pool, part, row)
    for row in sources.joined:
        part = pool.drafts.get(row["qid"])
        if part is not None and row["unambiguous"] == "1":
            for name in filter(None, row["part_of"].split("|")):
                _part(pool, part, name, wholes)


def _part(pool: Pool, part: Draft, name: str, wholes: dict[str, set[str]]) -> None:
    found = wholes.get(folded(name), set()) - {part.key}
    if len(found) != 1:
        pool.unjoined["part of a whole that is no entity or several"] += 1
        return
    whole = pool.drafts[next(iter(found))]
    programme = whole.kind == "SpaceProgramme"
    fact = Statement("partOfProgramme" if programme else "partOf", whole.key, "key", "", SOURCE)
    if fact not in part.statements:
        part.statements.append(fact)


def _targets(pool: Pool, draft: Draft, row: Row) -> None:
    for kind in row["instance_of"].split("|"):
        body = TARGETS.get(kind, "")
        if body in pool.drafts:
            fact = Statement("target", body, "key", "", SOURCE)
            if fact not in draft.statements:
                draft.statements.append(fact)


def _wholes(pool: Pool) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for draft in pool.drafts.values():
        if draft.kind in WHOLES and draft.key.startswith("Q"):
            for name in {draft.label, draft.label.replace("rogram", "rogramme"), draft.label.replace("gramme", "gram")}:
                found[folded(name)].add(draft.key)
    return found
