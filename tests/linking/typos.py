"""typos     labels → labels with one wrong letter: the generator of typos.csv; the same labels give the same typos.

    python tests/linking/typos.py RELEASE/names.jsonl > tests/linking/typos.csv

A label is taken when it is the only name of its key, has ten letters or more, and belongs to the 150 smallest CRC-32.
That number also chooses what goes wrong (a letter missing, doubled, replaced by its neighbour in the alphabet, or
swapped with the next) and where: a letter from the second on, in a word of at least five.
"""

from __future__ import annotations

import csv
import re
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

from spacekg.matching import index
from spacekg.matching.index import Index

WANTED = 150
WORD = re.compile(r"[A-Za-z]{5,}")


def misspelt(label: str) -> str:
    """Put one wrong letter into a label; empty where it has no word of five letters."""
    number = zlib.crc32(label.encode())
    words = list(WORD.finditer(label))
    if not words:
        return ""
    word = words[number % len(words)]
    place = word.start() + 1 + (number >> 4) % (len(word[0]) - 2)
    before, letter, after = label[:place], label[place], label[place + 1 :]
    neighbour = "a" if letter in "zZ" else chr(ord(letter) + 1)
    swapped = after[0] + letter + after[1:]
    return before + (after, letter + letter + after, neighbour + after, swapped)[(number >> 8) % 4]


def rows(names: Index) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield the rows of typos.csv."""
    labels = {
        form.text: form.record
        for form in names.forms
        if form.kind == "label" and len(names.by_key[form.key]) == 1 and sum(map(str.isalpha, form.text)) >= 10
    }
    chosen = sorted(labels, key=lambda label: (zlib.crc32(label.encode()), label))
    made = ((misspelt(label), label) for label in chosen)
    good = [(typo, label) for typo, label in made if typo and typo != label][:WANTED]
    for typo, label in good:
        record = names.records[labels[label]]
        yield typo, "", record.qid or f"local:{record.id}", record.id, "a wrong letter"


if __name__ == "__main__":
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("name", "with", "expected", "id", "why"))
    writer.writerows(rows(index.read(Path(sys.argv[1]))))
