"""Score the claims of documents against a hand-marked gold: `python benchmarks/extraction/score.py GOLD.tsv DOCUMENT…`.

The gold has one fact a row: document, offsets of its sentence, kind, subject, relation, object. A row can be expressed
when its kind has properties in the ontology and its ends are names the reference knows or values. It is found when a
claim whose quote overlaps the row's sentence joins the same ends by a property of that kind. A claim is counted as
false when no row of its sentence says the same; a claim that is kept as `uncertain` is not counted at all.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from spacekg import claims, declared, disputes, documents, lexicon, links, mentions, names, passages, reference
from spacekg.model import Claim, Status, Value

Row = dict[str, str]

KINDS = {
    "participation": {"hasParticipant", "providedBy", "developedBy", "usedBy", "deliversTo", "ledBy", "operator"},
    "role": {"launchedBy", "developedBy", "ledBy", "operator", "deliversTo", "providedBy", "usedBy"},
    "type": {"rdf:type", "collaborationType"},
    "target": {"target", "pursues"},
    "relation": {"hasParticipant", "collaboratesWith", "competedWith"},
    "alias": {"skos:altLabel"},
    "location": {"agencyOf", "basedIn"},
    "purpose": {"pursues"},
    "date": {"date", "launchDate", "landingDate", "startDate", "foundingDate"},
    "quantity": {"quantityOf"},
    "collaboration type": {"collaborationType"},
    "agreement": {"signatory"},
}
"""Kind of gold row → the properties that can express it."""
ONE_END = {"type", "collaboration type", "alias", "date", "quantity", "purpose", "agreement"}
"""Kinds whose second end is no entity, so that the first decides."""
JUDGED = {name for found in KINDS.values() for name in found}


@dataclass
class Score:
    """What was found, missed and said without a row."""

    found: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)
    inexpressible: Counter[str] = field(default_factory=Counter)
    missed: list[Row] = field(default_factory=list)
    false: list[Claim] = field(default_factory=list)
    judged: int = 0


def main() -> None:
    """Print every miss, every false claim, and the figures by kind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("documents", type=Path, nargs="+")
    options = parser.parse_args()
    found, entity = read(options.documents)
    with options.gold.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    report(score(rows, found, entity))


def read(paths: list[Path]) -> tuple[list[Claim], Callable[[str], str]]:
    """Read the documents up to judged claims; also return what finds the entity that a name of the gold means."""
    shipped = declared.shipped()
    known = declared.read(shipped)
    words = lexicon.read(shipped / "data" / "lexicon", known)
    tables = reference.read(shipped / "data" / "reference")
    index = names.index(tables.names)
    pieces = [piece for document in documents.read(paths).documents for piece in passages.split(document)]
    resolution = links.resolve(mentions.find(pieces, index), tables, words.kinds_of_noun)
    found = claims.extract(pieces, resolution.links, words, tables.entities)

    def entity(text: str) -> str:
        hits = [hit for hit in index.find(text) if hit.end - hit.start >= len(text) - 4]
        ids = [name.entity for hit in hits for name in hit.names]
        return max(ids, key=lambda i: tables.entities[i].prominence, default="")

    return disputes.judge(found, tables, known), entity


def score(rows: Iterable[Row], found: list[Claim], entity: Callable[[str], str]) -> Score:
    """Hold the claims against the rows."""
    result = Score()
    by_document: dict[str, list[Claim]] = defaultdict(list)
    for claim in found:
        by_document[claim.passage.document.name].append(claim)
    used: set[int] = set()
    for row in rows:
        start, end = int(row["start"]), int(row["end"])
        near = [c for c in by_document[Path(row["doc"]).stem] if c.start < end and start < c.end]
        ends = (entity(row["subject"]), entity(row["object"]))
        matches = matching(row, near, ends)
        used.update(map(id, matches))
        if not matches and not expressible(row, ends):
            result.inexpressible[row["kind"]] += 1
            continue
        result.total[row["kind"]] += 1
        result.found[row["kind"]] += bool(matches)
        result.missed += [] if matches else [row]
    judged = [c for c in found if c.status is not Status.UNCERTAIN and c.predicate in JUDGED]
    result.judged = len(judged)
    result.false = [c for c in judged if id(c) not in used]
    return result


def expressible(row: Row, ends: tuple[str, str]) -> bool:
    """Whether the ontology has a property for the row, and the reference has its ends."""
    subject, value = ends
    if row["kind"] not in KINDS:
        return False
    return bool(subject) if row["kind"] in ONE_END else bool(subject and value)


def matching(row: Row, near: Iterable[Claim], ends: tuple[str, str]) -> list[Claim]:
    """The claims of the sentence that say what the row says."""
    subject, value = ends
    fitting = [claim for claim in near if claim.predicate in KINDS.get(row["kind"], ())]
    if not subject:
        # «Common goals», «USA-Russia collaboration»: the row's subject is no name, so its other end decides.
        return [c for c in fitting if value and value in about(c)] or [c for c in fitting if c.predicate == "pursues"]
    if row["kind"] in ONE_END or not value:
        return [claim for claim in fitting if subject in about(claim)]
    if row["kind"] == "relation":
        return [
            claim
            for claim in fitting
            if {subject, value} & about(claim) and {subject, value} <= together(claim, fitting)
        ]
    return [claim for claim in fitting if subject in about(claim) and value in about(claim)]


def together(claim: Claim, others: Iterable[Claim]) -> set[str]:
    """All ends of the claims that have this one's subject."""
    return {end for other in others if other.subject == claim.subject for end in about(other)}


def about(claim: Claim) -> set[str]:
    """The entities a claim joins, those of a coined one included."""
    value = claim.object if isinstance(claim.object, str) else claim.object.text
    return {claim.subject, value, *(name for node in claim.coined for name in node.naming[1])}


def report(result: Score) -> None:
    """Print the score."""
    for row in result.missed:
        print("MISS ", row["fact_id"], row["kind"], "|", row["subject"], "|", row["relation"], "|", row["object"])
    for claim in result.false:
        value = claim.object.text if isinstance(claim.object, Value) else claim.object
        print("FALSE", claim.subject, claim.predicate, value, "|", claim.quote[:100].replace("\n", " "))
    for kind in sorted(result.total):
        left = result.inexpressible[kind]
        print(f"{kind:20} found {result.found[kind]:3} of {result.total[kind]:3}, {left:2} rows cannot be expressed")
    recall = sum(result.found.values()) / max(sum(result.total.values()), 1)
    precision = 1 - len(result.false) / max(result.judged, 1)
    print(f"recall {recall:.3f}, precision {precision:.3f} over {result.judged} claims")


if __name__ == "__main__":
    main()
