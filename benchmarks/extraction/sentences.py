"""Score single sentences of many styles against the facts that they state.

    sentences.py [SENTENCES.tsv] [--quiet]

A row is a style, a sentence, and its facts: `subject property object` by ids, parted by `;`. A fact is found when an
accepted claim says it. An accepted claim that the row lacks is false, unless it is of a property that the rows leave
out: short names, quantities and what is said of a collaboration as a thing of its own. A sentence of the style `trap`
states nothing but what is written in its row.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from spacekg import claims, declared, disputes, lexicon, links, mentions, names, passages, reference
from spacekg.model import Claim, Document, Status, Value

SHIPPED = Path(__file__).with_name("sentences") / "sentences.tsv"
UNMARKED = {"skos:altLabel", "quantityOf", "collaborationType", "concerns"}
Fact = tuple[str, str, str]


@dataclass(frozen=True)
class Row:
    """A sentence with the facts that it states."""

    style: str
    sentence: str
    facts: frozenset[Fact]


def rows_of(path: Path) -> list[Row]:
    """Read the table of sentences."""
    with path.open(encoding="utf-8", newline="") as stream:
        table = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [Row(row["style"], row["sentence"], frozenset(_facts(row["facts"] or ""))) for row in table]


def _facts(cell: str) -> Iterator[Fact]:
    for fact in filter(None, (part.strip() for part in cell.split(";"))):
        subject, name, value = fact.split()
        yield subject, name, value


def read_claims(sentences: list[str]) -> list[list[Claim]]:
    """The judged claims of each sentence, each read as a document of its own."""
    shipped = declared.shipped()
    known = declared.read(shipped)
    words = lexicon.read(shipped / "data" / "lexicon", known)
    tables = reference.read(shipped / "data" / "reference")
    index = names.index(tables.names)
    made = [Document(f"s{at:04}", "text/markdown", text, "", "", title="") for at, text in enumerate(sentences)]
    pieces = [piece for document in made for piece in passages.split(document)]
    linked = links.resolve(mentions.find(pieces, index), tables, words.kinds_of_noun).links
    # Each is judged alone: one sentence must not dispute another.
    stated = claims.extract(pieces, linked, words, tables.entities)
    return [
        disputes.judge([claim for claim in stated if claim.passage.document.name == document.name], tables, known)
        for document in made
    ]


def fact_of(claim: Claim) -> Fact:
    """The triple of a claim, as a row writes it."""
    value = claim.object.text if isinstance(claim.object, Value) else claim.object
    return claim.subject, claim.predicate, value


def marked(claim: Claim) -> bool:
    """Whether a row would have the claim's fact, were it stated."""
    return not claim.coined and claim.predicate not in UNMARKED


def main() -> None:
    """Print every miss and every false claim, then the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sentences", type=Path, nargs="?", default=SHIPPED)
    parser.add_argument("--quiet", action="store_true", help="figures only")
    options = parser.parse_args()
    rows = rows_of(options.sentences)
    found = total = said = false = trapped = 0
    for row, stated in zip(rows, read_claims([row.sentence for row in rows]), strict=True):
        accepted = {fact_of(claim): claim for claim in stated if claim.status is Status.ACCEPTED and marked(claim)}
        wrong = sorted(set(accepted) - row.facts)
        total, found = total + len(row.facts), found + len(row.facts & set(accepted))
        said, false = said + len(accepted), false + len(wrong)
        trapped += row.style == "trap" and bool(wrong)
        if not options.quiet:
            for fact in sorted(row.facts - set(accepted)):
                print("MISS ", *fact, "|", row.sentence)
            for fact in wrong:
                print("FALSE", accepted[fact].rule, *fact, "|", row.sentence)
    traps = sum(row.style == "trap" for row in rows)
    print(
        f"{len(rows)} sentences, {total} facts: precision {1 - false / max(said, 1):.3f} of {said} claims, "
        f"recall {found / max(total, 1):.3f}; {trapped} of {traps} traps said something false"
    )


if __name__ == "__main__":
    main()
