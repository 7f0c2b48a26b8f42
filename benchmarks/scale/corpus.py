"""Generate a corpus of any size with known facts: `python benchmarks/scale/corpus.py 100000 OUT.jsonl GOLD.tsv`.

A document is a line of `name` and `markdown`, made like those of `benchmarks/extraction/speed.py` and then a section
of its own of sentences whose facts are known, with names of the reference tables: the same ones every time, and
document N is the same in a corpus of any size. Memory does not grow with the size. GOLD.tsv has a row for each known
fact: document, subject and object (ids of the tables), property, and whether it is stated or denied. The facts are
what the text says; nothing says that they are true. `--score` extracts the claims of the corpus and tells how many
facts were found.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "extraction"))

from corpus_of_tables import BRANCHES, texts

from spacekg import corpus, declared, documents, lexicon, reference
from spacekg.declared import Declared
from spacekg.model import Polarity
from spacekg.reference import Entity, Reference

SEED = 21
BEST_KNOWN = 300
COLUMNS = ("document", "subject", "property", "object", "said")
STATEMENTS = (
    ("{craft} was built by {agency}.", "developedBy", "stated"),
    ("{craft} is operated by {agency}.", "operator", "stated"),
    ("{agency} launched {craft} in {year}.", "launchedBy", "stated"),
    ("{agency} did not build {craft}.", "developedBy", "denied"),
)
Fact = tuple[str, str, str, str, str]


def main() -> None:
    """Write the corpus and its gold, and score if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--score", action="store_true")
    options = parser.parse_args()
    known = declared.read(declared.shipped())
    tables = reference.read(known.folder / "data" / "reference")
    write(options.documents, options.out, options.gold, tables, known)
    if options.score:
        for line in scored(options.out, options.gold, tables, known):
            print(line)


def write(number: int, out: Path, gold: Path, tables: Reference, known: Declared) -> None:
    """Write so many documents, and the facts that they state or deny."""
    with out.open("w", encoding="utf-8") as lines, gold.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, delimiter="\t", lineterminator="\n")
        rows.writerow(COLUMNS)
        for name, text, facts in islice(generated(number, tables, known), number):
            lines.write(json.dumps({"name": name, "markdown": text, "licence": "CC0-1.0"}, ensure_ascii=False) + "\n")
            rows.writerows(facts)


def generated(number: int, tables: Reference, known: Declared) -> Iterator[tuple[str, str, list[Fact]]]:
    """Yield the name of a document, its text, and its facts."""
    crafts, agencies = (_sure(BRANCHES[branch], tables, known) for branch in ("craft", "agency"))
    for at, text in enumerate(texts(number, tables, known)):
        dice = random.Random(SEED * 1_000_003 + at)
        name, said, facts = f"generated-{at:09}", [], []
        for template, predicate, mood in dice.sample(STATEMENTS, 3):
            craft, agency = dice.choice(crafts), dice.choice(agencies)
            said.append(template.format(craft=craft.label, agency=agency.label, year=dice.randint(1957, 2024)))
            facts.append((name, craft.id, predicate, agency.id, mood))
        yield name, f"{text}\n## What is known\n\n{' '.join(said)}\n", facts


def _sure(kinds: Sequence[str], tables: Reference, known: Declared) -> list[Entity]:
    """The best known things of a branch whose label means nothing else."""
    bearers = Counter(each.text.casefold() for each in {(n.text, n.entity): n for n in tables.names}.values())
    fitting = [
        entity
        for entity in tables.entities.values()
        if any(known.is_a(entity.kind, kind) for kind in kinds) and bearers[entity.label.casefold()] == 1
    ]
    return sorted(fitting, key=lambda entity: (-entity.prominence, entity.id))[:BEST_KNOWN]


def scored(out: Path, gold: Path, tables: Reference, known: Declared) -> Iterator[str]:
    """Yield for each property and mood how many of the known facts are claimed so."""
    words = lexicon.read(known.folder / "data" / "lexicon", known)
    claims = corpus.extract(documents.read([out]).documents, tables, words, corpus.Means()).claims
    found = {(c.passage.document.name, c.subject, c.predicate, c.object, c.polarity == Polarity.DENIED) for c in claims}
    hits, all_facts = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    with gold.open(encoding="utf-8", newline="") as stream:
        for document, subject, predicate, value, mood in islice(csv.reader(stream, delimiter="\t"), 1, None):
            all_facts[predicate, mood] += 1
            hits[predicate, mood] += (document, subject, predicate, value, mood == "denied") in found
    for (predicate, mood), number in sorted(all_facts.items()):
        yield f"{predicate} {mood}: {hits[predicate, mood]} of {number}"


if __name__ == "__main__":
    main()
