"""Score the claims of documents against a hand-marked gold: `python benchmarks/extraction/score.py GOLD.tsv DOCUMENT…`.

The gold has one fact a row: document, offsets of its sentence, kind, subject, relation, object. A row is expressible
when subject and object are names the reference knows, or a value, and its kind has properties in the ontology.
A row is found when a claim whose quote overlaps the row's sentence joins the same two ends by a property of that kind.
A claim is right when some row of its sentence says the same; claims of sentences without any row count as wrong too.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter, defaultdict
from pathlib import Path

from spacekg import claims, declared, disputes, documents, lexicon, links, mentions, names, passages, reference
from spacekg.model import Claim, Status, Value

KINDS = {
    "participation": {"hasParticipant", "providedBy", "developedBy", "usedBy", "deliversTo", "ledBy", "operator"},
    "role": {"launchedBy", "developedBy", "ledBy", "operator", "deliversTo", "providedBy", "usedBy"},
    "type": {"rdf:type", "collaborationType"},
    "target": {"target"},
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
JUDGED = {name for found in KINDS.values() for name in found}


def run(paths: list[Path]) -> tuple[list[Claim], links.Resolution, reference.Reference, names.Names, lexicon.Lexicon]:
    """Read the documents up to judged claims."""
    shipped = declared.shipped()
    known = declared.read(shipped)
    words = lexicon.read(shipped / "data" / "lexicon", known)
    tables = reference.read(shipped / "data" / "reference")
    index = names.index(tables.names)
    pieces = [piece for document in documents.read(paths).documents for piece in passages.split(document)]
    resolution = links.resolve(mentions.find(pieces, index), tables, words.kinds_of_noun)
    found = claims.extract(pieces, resolution.links, words, tables.entities)
    return disputes.judge(found, tables, known), resolution, tables, index, words


def main() -> None:
    """Print precision, recall and F1 by kind, every miss and every false claim."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path)
    parser.add_argument("documents", type=Path, nargs="+")
    options = parser.parse_args()
    found, resolution, tables, index, words = run(options.documents)

    def entity(text: str) -> str:
        hits = [hit for hit in index.find(text) if hit.end - hit.start >= len(text) - 4]
        ids = [name.entity for hit in hits for name in hit.names]
        return max(ids, key=lambda i: tables.entities[i].prominence, default="")

    by_document: dict[str, list[Claim]] = defaultdict(list)
    for claim in found:
        by_document[claim.passage.document.name].append(claim)
    with options.gold.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    hit, total, missed, used = Counter(), Counter(), [], set()
    inexpressible: Counter[str] = Counter()
    for row in rows:
        name, start, end = Path(row["doc"]).stem, int(row["start"]), int(row["end"])
        near = [c for c in by_document[name] if c.start < end and start < c.end]
        verdict = judge(row, near, entity, words)
        if verdict is None:
            inexpressible[row["kind"]] += 1
            continue
        total[row["kind"]] += 1
        hit[row["kind"]] += bool(verdict)
        used.update(map(id, verdict))
        if not verdict:
            missed.append(row)
    spans = defaultdict(list)
    for row in rows:
        spans[Path(row["doc"]).stem].append((int(row["start"]), int(row["end"])))
    # A claim on a sentence without any gold row cannot be judged by the gold; it is listed, not counted.
    judged = [c for c in found if c.status is not Status.UNCERTAIN and c.predicate in JUDGED]
    false = [c for c in judged if id(c) not in used]
    for row in missed:
        print("MISS ", row["fact_id"], row["kind"], "|", row["subject"], "|", row["relation"], "|", row["object"])
    for claim in false:
        value = claim.object.text if isinstance(claim.object, Value) else claim.object
        inside = any(s < claim.end and claim.start < e for s, e in spans[claim.passage.document.name])
        print(
            "EXTRA",
            "" if inside else "(no gold row)",
            claim.subject,
            claim.predicate,
            value,
            "|",
            claim.quote[:110].replace("\n", " "),
        )
    for kind in sorted(total):
        print(f"{kind:20} found {hit[kind]:3} of {total[kind]:3}   cannot be expressed {inexpressible[kind]}")
    recall = sum(hit.values()) / sum(total.values())
    precision = 1 - len(false) / len(judged)
    print(
        f"recall {recall:.3f}  precision {precision:.3f}  claims judged {len(judged)}  open mentions {len(resolution.open)}"
    )


def judge(row: dict[str, str], near: list[Claim], entity, words: lexicon.Lexicon) -> list[Claim] | None:
    """The claims that say what the row says; None when the row cannot be expressed."""
    properties = KINDS.get(row["kind"])
    subject, target = entity(row["subject"]), entity(row["object"])
    if properties is None:
        return None
    fitting = [c for c in near if c.predicate in properties]
    ends = {subject, target}
    if row["kind"] in {"type", "collaboration type"}:
        return [c for c in fitting if subject and subject in about(c)] if subject else None
    if row["kind"] in {"alias", "date", "quantity", "purpose"}:
        return [c for c in fitting if subject in about(c)] if subject else None
    if row["kind"] == "agreement":
        return [c for c in fitting if c.object == subject]
    if row["kind"] == "relation" and subject and target:
        both = defaultdict(set)
        for c in fitting:
            both[c.subject].add(c.object)
        return [c for c in fitting if {c.subject, c.object} == ends or ends <= both[c.subject]]
    if not subject and "-" in row["subject"] and target:
        return [c for c in fitting if c.object == target]
    if not subject or not target:
        return None
    return [c for c in fitting if target in about(c) and subject in about(c)]


def about(claim: Claim) -> set[str]:
    """The entities a claim joins, those of a coined one included."""
    ends = {claim.subject, claim.object if isinstance(claim.object, str) else claim.object.text}
    for node in claim.coined:
        ends.update(node.naming[1])
    return ends


if __name__ == "__main__":
    main()
