"""Score claims and links against hand-marked tables.

    score.py GOLD.tsv DOCUMENT… [--mentions MENTIONS.tsv] [--quiet]

The gold has one fact a row: document, offsets of its sentence, kind, subject, relation, object, reality. A row can be
expressed when its kind has properties in the ontology and its ends are known names or values. It is found when a claim
whose quote overlaps the row's sentence joins the same ends by a property of that kind. An accepted claim is false when
no row of its sentence says the same. A row whose `reality` is a trap (planned, denied, hypothetical, reported, ended,
wrong) must not come out as an accepted claim: one of its own date or number, and, where the trap's other end has no
name, one that no true row of the sentence says. A link is right when span and entity are those of the table of
mentions.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from spacekg import claims, declared, disputes, documents, lexicon, links, mentions, names, passages, reference
from spacekg.lexicon.calibration import Calibration
from spacekg.model import Claim, Link, Status, Value

Row = dict[str, str]

KINDS = {
    "participation": {
        *("hasParticipant", "providedBy", "developedBy", "usedBy", "deliversTo", "ledBy", "operator"),
        *("crewMember", "crewMemberOf", "memberOf", "withdrewFrom", "launchedBy"),
    },
    "role": {
        *("launchedBy", "developedBy", "ledBy", "operator", "deliversTo", "providedBy", "usedBy", "fundedBy"),
        *("launchVehicle", "launchSite"),
    },
    "type": {"rdf:type", "collaborationType"},
    "target": {"target", "pursues"},
    "relation": {
        *("hasParticipant", "collaboratesWith", "competedWith", "partOf", "partOfProgramme", "successorOf"),
        *("supports", "dockedWith", "deliversTo"),
    },
    "alias": {"skos:altLabel"},
    "location": {"agencyOf", "basedIn", "locatedIn"},
    "purpose": {"pursues"},
    "date": {"date", "launchDate", "landingDate", "startDate", "endDate", "foundingDate"},
    "quantity": {"quantityOf"},
    "collaboration type": {"collaborationType"},
    "agreement": {"signatory", "concerns", "hasParticipant"},
}
"""Kind of gold row → the properties that can express it."""
ONE_END = {"type", "collaboration type", "alias", "date", "quantity", "purpose"}
"""Kinds whose second end is no entity, so that the first decides."""
AT_LARGE = "international-space-collaboration"
TRAPS = {"planned", "denied", "hypothetical", "reported", "ended", "wrong"}
"""What a text says so that it must not become a fact."""
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
JUDGED = {name for found in KINDS.values() for name in found}


@dataclass
class Score:
    """What was found, missed and said without a row."""

    found: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    """What was found by accepted claims alone, as they alone become facts."""
    total: Counter[str] = field(default_factory=Counter)
    inexpressible: list[tuple[Row, str]] = field(default_factory=list)
    """Rows that the ontology or the tables cannot express, each with the reason."""
    missed: list[Row] = field(default_factory=list)
    false: list[Claim] = field(default_factory=list)
    trapped: list[Row] = field(default_factory=list)
    traps: int = 0
    judged: int = 0


def main() -> None:
    """Print every miss, every false claim, and the figures by kind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("documents", type=Path, nargs="+")
    parser.add_argument("--mentions", type=Path, help="table of mentions, to score links as well")
    parser.add_argument("--quiet", action="store_true", help="figures only, as for a half that nobody reads")
    options = parser.parse_args()
    text = Texts(options.documents)
    result = score(rows_of(options.gold), text.claims, text.entity)
    if not options.quiet:
        list_errors(result)
    report(result)
    if options.mentions:
        report_links(rows_of(options.mentions), text.links, "" if options.quiet else "LINK ")


def rows_of(path: Path) -> list[Row]:
    """Read a table of tab-separated values without quoting."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


class Texts:
    """Documents, read up to judged claims."""

    def __init__(self, paths: list[Path], calibration: Calibration | None = None) -> None:
        """Read the documents; with another calibration than the shipped one where that is given."""
        shipped = declared.shipped()
        known = declared.read(shipped)
        words = lexicon.read(shipped / "data" / "lexicon", known)
        words = words if calibration is None else replace(words, calibration=calibration)
        self._tables = reference.read(shipped / "data" / "reference")
        self._index = names.index(self._tables.names)
        pieces = [piece for document in documents.read(paths).documents for piece in passages.split(document)]
        mentioned = mentions.find(pieces, self._index)
        self.links = links.resolve(mentioned, self._tables, words.kinds_of_noun).links
        stated = claims.extract(pieces, self.links, words, self._tables.entities)
        self.claims = disputes.judge(stated, self._tables, known)
        self._labels: dict[str, str] = {}
        for entity in self._tables.entities.values():
            best = self._tables.entities.get(self._labels.get(entity.label, ""))
            if best is None or best.prominence < entity.prominence:
                self._labels[entity.label] = entity.id

    def entity(self, text: str) -> str:
        """The entity that a name of the gold means: by its label or id, else the best known that bears it."""
        if text in self._labels:
            return self._labels[text]
        if text in self._tables.entities:
            return text
        hits = [hit for hit in self._index.find(text) if hit.end - hit.start >= len(text) - 4]
        ids = [name.entity for hit in hits for name in hit.names]
        return max(ids, key=lambda i: self._tables.entities[i].prominence, default="")


def score(rows: Iterable[Row], found: list[Claim], entity: Callable[[str], str]) -> Score:
    """Hold the claims against the rows."""
    result = Score()
    by_document: dict[str, list[Claim]] = defaultdict(list)
    for claim in found:
        by_document[claim.passage.document.name].append(claim)
    used: set[int] = set()
    # Traps come last, when it is known what the true rows say.
    for row in sorted(rows, key=lambda row: row.get("reality") in TRAPS):
        start, end = int(row["start"]), int(row["end"])
        near = [c for c in by_document[Path(row["doc"]).stem] if c.start < end and start < c.end]
        ends = (entity(row["subject"]), entity(row["object"]))
        matches = matching(row, near, ends)
        if row.get("reality") in TRAPS:
            result.traps += 1
            nameless = row["kind"] not in ONE_END and not all(ends)
            own = [c for c in matches if valued(row, c) and not (nameless and id(c) in used)]
            result.trapped += [row] if any(claim.status is Status.ACCEPTED for claim in own) else []
            continue
        used.update(map(id, matches))
        if not matches and (lack := inexpressible(row, ends)):
            result.inexpressible.append((row, lack))
            continue
        result.total[row["kind"]] += 1
        result.found[row["kind"]] += bool(matches)
        result.accepted[row["kind"]] += bool(matching(row, accepted(near), ends))
        result.missed += [] if matches else [row]
    judged = [claim for claim in accepted(found) if claim.predicate in JUDGED]
    result.judged, result.false = len(judged), [claim for claim in judged if id(claim) not in used]
    return result


def accepted(found: Iterable[Claim]) -> list[Claim]:
    """The claims that become facts."""
    return [claim for claim in found if claim.status is Status.ACCEPTED]


def inexpressible(row: Row, ends: tuple[str, str]) -> str:
    """Why no claim can say what the row says: no property means it, or the tables have no such thing; else empty."""
    if row["kind"] not in KINDS:
        return "no property"
    if not ends[0]:
        return "no such subject"
    return "" if ends[1] or row["kind"] in ONE_END else "no such object"


def matching(row: Row, near: Iterable[Claim], ends: tuple[str, str]) -> list[Claim]:
    """The claims of the sentence that say what the row says."""
    subject, value = ends
    fitting = [claim for claim in near if claim.predicate in KINDS.get(row["kind"], ())]
    if not subject:
        # «Common goals», «USA-Russia collaboration»: the row's subject is no name, so its other end decides.
        # What such a row counts or aims at is said of collaboration at large, which has no name either.
        named = [c for c in fitting if value and value in about(c)]
        return named or [c for c in fitting if c.predicate == "pursues" or AT_LARGE in about(c)]
    if row["kind"] in ONE_END or not value:
        return [claim for claim in fitting if subject in about(claim)]
    if row["kind"] == "relation":
        return [
            claim
            for claim in fitting
            if {subject, value} & about(claim) and {subject, value} <= together(claim, fitting)
        ]
    return [claim for claim in fitting if subject in about(claim) and value in about(claim)]


def valued(row: Row, claim: Claim) -> bool:
    """Whether a claim may mean a trap's date or number; of other kinds every claim may."""
    if row["kind"] == "date" and isinstance(claim.object, Value):
        said, told = claim.object.text, row["object"]
        return not told[:4].isdigit() or said.startswith(told) or told.startswith(said)
    numbers = {float(number.replace(",", "")) for number in NUMBER.findall(row["object"])}
    values = {
        float(value.text)
        for node in claim.coined
        for name, value in node.facts
        if name == "value" and isinstance(value, Value)
    }
    return row["kind"] != "quantity" or not numbers or not values or bool(numbers & values)


def together(claim: Claim, others: Iterable[Claim]) -> set[str]:
    """All ends of the claims that have this one's subject."""
    return {end for other in others if other.subject == claim.subject for end in about(other)}


def about(claim: Claim) -> set[str]:
    """The entities a claim joins, those of a coined one included."""
    value = claim.object if isinstance(claim.object, str) else claim.object.text
    return {claim.subject, value, *(name for node in claim.coined for name in node.naming[1])}


def list_errors(result: Score) -> None:
    """Print every miss, every trap that was walked into, every row that cannot be expressed and every false claim."""
    for title, rows in (("MISS ", result.missed), ("TRAP ", result.trapped)):
        for row in rows:
            said = f"{row['subject']} | {row['relation']} | {row['object']} | {row.get('reality', '')}"
            print(title, row["fact_id"], row["kind"], "|", said, "|", row["sentence"][:160])
    for row, lack in result.inexpressible:
        print(
            "UNSAYABLE",
            row["fact_id"],
            row["kind"],
            f"| {lack} | {row['subject']} | {row['relation']} | {row['object']}",
        )
    for claim in result.false:
        value = claim.object.text if isinstance(claim.object, Value) else claim.object
        print("FALSE", claim.rule, claim.subject, claim.predicate, value, "|", claim.quote[:160].replace("\n", " "))


def report(result: Score) -> None:
    """Print the figures by kind and over all."""
    for kind in sorted(result.total):
        left = sum(row["kind"] == kind for row, _ in result.inexpressible)
        print(f"{kind:20} found {result.found[kind]:3} of {result.total[kind]:3}, {left:2} rows cannot be expressed")
    total = max(sum(result.total.values()), 1)
    recall = sum(result.found.values()) / total
    precision = 1 - len(result.false) / max(result.judged, 1)
    both = f"F1 {f1(precision, recall):.3f}"
    print(f"relations: precision {precision:.3f} over {result.judged} claims, recall {recall:.3f}, {both}")
    print(f"recall by accepted claims alone: {sum(result.accepted.values()) / total:.3f}")
    print(f"traps: {len(result.trapped)} of {result.traps} came out as facts")


def report_links(rows: Iterable[Row], found: Iterable[Link], title: str) -> None:
    """Print precision, recall and F1 of linking, strict on span and entity, then lenient; NIL is no link."""
    wanted = {(Path(row["doc"]).stem, int(row["start"]), int(row["end"]), row["entity"]) for row in rows}
    right = {item for item in wanted if item[3] != "NIL"}
    made = {(x.mention.passage.document.name, x.mention.start, x.mention.end, x.entity) for x in found}
    for label, items in (("missed", right - made), ("false", made - wanted)):
        for item in sorted(items) if title else ():
            print(title, label, *item)
    print_links("links", len(made & right), len(made & right), (len(made), len(right)))
    # Lenient: the same entity, and the spans overlap.
    close = {item for item in made if any(overlap(item, other) for other in right)}
    met = {item for item in right if any(overlap(item, other) for other in made)}
    print_links("links, any overlap", len(close), len(met), (len(made), len(right)))


Span = tuple[str, int, int, str]


def overlap(one: Span, other: Span) -> bool:
    """Whether two links of a document share a letter and have the same entity."""
    return (one[0], one[3]) == (other[0], other[3]) and one[1] < other[2] and other[1] < one[2]


def print_links(title: str, made: int, met: int, totals: tuple[int, int]) -> None:
    """Print precision, recall and F1 of so many right links and met mentions, of all made and all wanted."""
    precision, recall = made / max(totals[0], 1), met / max(totals[1], 1)
    print(f"{title}: precision {precision:.3f}, recall {recall:.3f}, F1 {f1(precision, recall):.3f} over {totals[1]}")


def f1(precision: float, recall: float) -> float:
    """The harmonic mean of precision and recall."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


if __name__ == "__main__":
    main()
