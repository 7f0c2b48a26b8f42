"""What a plug-in that quotes well and relates at random does to the facts, believed and not.

    careless.py GOLD.tsv FOLDER [--each 20]

For every sentence it states so many claims: the whole sentence as the quote, two of the names in it as ends, and any
property, always affirmed and with 0.9 for its confidence. The figures are those of language_model.py.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import language_model as measuring
import score

from spacekg.extractors import Extraction, Stated, Terms
from spacekg.model import Document, Passage


@dataclass(frozen=True)
class Careless:
    """A plug-in that states of every sentence what the ontology allows, in no relation to what it says."""

    each: int
    name: str = "careless"

    def extract(self, document: Document, terms: Terms) -> Extraction:
        """The same claims for the same document."""
        dice = random.Random(document.text_sha256)
        return Extraction(tuple(claim for passage in terms.passages for claim in self._stated(passage, terms, dice)))

    def _stated(self, passage: Passage, terms: Terms, dice: random.Random) -> Iterator[Stated]:
        named = [entity for entity in terms.entities if entity.label in passage.text]
        for _ in range(self.each if len(named) > 1 else 0):
            subject, value = dice.sample(named, 2)
            term = dice.choice(terms.properties)
            yield Stated(passage.start, passage.end, passage.text, subject.id, term.name, value.id, confidence=0.9)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--each", type=int, default=20, metavar="N", help="claims of a sentence")
    options = parser.parse_args()
    plugin = measuring.Once(Careless(options.each))
    bench = measuring.Bench([options.folder], plugin)
    marks = measuring.Marks(score.rows_of(options.gold), score.Texts([options.folder]))
    measuring.report_cost(bench.beside(bench.read.claims), plugin)
    measuring.report_worth(bench, marks)


if __name__ == "__main__":
    main()
