"""Have accepted claims judged one by one, by two readers who do not know what was marked.

    judged.py write DOCUMENT… [--judged TABLE.tsv] > claims.tsv
    judged.py join FIRST.tsv SECOND.tsv [--judged TABLE.tsv] > NEW.tsv
    judged.py count TABLE.tsv DOCUMENT…

`write` lists the accepted claims that stand in no table yet, in an order by chance, each with its sentence and without
what the gold says. Each reader fills `verdict` with `right`, `wrong` or `unclear`, reading the document for it. `join`
puts two such tables into one, with what was judged before, `count` holds the claims that are accepted now against it.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from score import JUDGED, Row, Texts, accepted, rows_of

from spacekg.model import Claim, Value

CLAIM = ("document", "start", "end", "subject", "property", "object", "about")
VERDICTS = ("right", "wrong", "unclear")
READERS = ("first", "second")
Key = tuple[str, ...]


def main() -> None:
    """Write a table to judge, join two that were judged, or count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("write", "join", "count"))
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--judged", type=Path, help="table of claims that were judged before")
    options = parser.parse_args()
    before = rows_of(options.judged) if options.judged else []
    if options.what == "write":
        known = {key_of(row) for row in before}
        found = {key: claim for key, claim in told(options.files).items() if key not in known}
        write((*CLAIM, "sentence", "verdict"), [(*key, " ".join(x.quote.split()), "") for key, x in found.items()])
    elif options.what == "join":
        join(before, *map(rows_of, options.files))
    else:
        count(rows_of(options.files[0]), told(options.files[1:]))


def write(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Write a table in an order by chance, the same for the same rows."""
    rows = random.Random(len(rows)).sample(sorted(rows), len(rows))
    table = csv.writer(sys.stdout, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n")
    table.writerows([head, *rows])


def told(paths: list[Path]) -> dict[Key, Claim]:
    """Read documents and give the accepted claims; what one says of a thing that it brings up itself is in `about`."""
    claims = [claim for claim in accepted(Texts(paths).claims) if claim.predicate in JUDGED]
    return {
        (x.passage.document.name, str(x.start), str(x.end), x.subject, x.predicate, text(x.object), about(x)): x
        for x in claims
    }


def about(claim: Claim) -> str:
    """Write the facts of what a claim brings up."""
    return "; ".join(f"{name} {text(value)}" for coined in claim.coined for name, value in coined.facts)


def text(value: str | Value) -> str:
    """Write an end."""
    return value.text if isinstance(value, Value) else value


def key_of(row: Row) -> Key:
    """The claim of a row."""
    return tuple(row[column] for column in CLAIM)


def join(before: list[Row], first: list[Row], second: list[Row]) -> None:
    """Write what two readers say of the same claims, behind what two said before.

    Raises:
        SystemExit: a verdict is none of the three words, or the tables are not of the same claims.
    """
    sides = [{key_of(row): row["verdict"] for row in rows} for rows in (first, second)]
    if sides[0].keys() != sides[1].keys():
        sys.exit("the two tables are not of the same claims")
    if odd := {verdict for side in sides for verdict in side.values() if verdict not in VERDICTS}:
        sys.exit(f"a verdict is {min(odd)!r}: write one of {', '.join(VERDICTS)}")
    known = [(*key_of(row), row["first"], row["second"]) for row in before]
    write((*CLAIM, *READERS), known + [(*key, verdict, sides[1][key]) for key, verdict in sides[0].items()])


def count(rows: list[Row], found: Iterable[Key]) -> None:
    """Print what the readers say of the claims that are accepted now."""
    judged = {key_of(row): (row["first"], row["second"]) for row in rows}
    said = [judged[key] for key in found if key in judged]
    number = len(said)
    print(f"{number} claims judged, {len(list(found)) - number} not")
    sides = [Counter(pair[at] for pair in said) for at in (0, 1)]
    for reader, side in zip(READERS, sides, strict=True):
        told = ", ".join(f"{verdict} {side[verdict]}" for verdict in VERDICTS)
        print(f"{reader} reader: {told}; precision {side['right'] / number:.3f}")
    agreed = sum(one == other for one, other in said) / number
    chance = sum(sides[0][verdict] * sides[1][verdict] for verdict in VERDICTS) / number**2
    print(f"they agree on {agreed:.3f}, Cohen's kappa {(agreed - chance) / (1 - chance):.3f}")
    both = Counter(one for one, other in said if one == other)
    print(f"right by both {both['right'] / number:.3f}, wrong by both {both['wrong'] / number:.3f}")


if __name__ == "__main__":
    main()
