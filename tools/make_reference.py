"""Make the tables of data/reference from the raw files.

    python tools/make_reference.py RAW data/reference

The hand-kept rows are read from `curated/` in the second folder; ids minted before are read from its
`identifiers.csv`, so a new raw file never renames an entity. The tables are written to a third folder if
one is given, else to the second.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from reference_tables import gcat, handkept, identity, institutions, relations, rows, sources, wikidata, words
from reference_tables.drafts import Draft, Pool
from reference_tables.kinds import Kinds
from reference_tables.schema import TABLES, package


def main() -> None:
    """Read the command line, make the tables and print what was left out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("raw", type=Path, help="the folder of raw files: wikidata/, gcat/, ror/, iso/")
    parser.add_argument("kept", type=Path, help="the folder that holds curated/ and the tables made before")
    parser.add_argument("target", type=Path, nargs="?", help="where to write, if not there")
    arguments = parser.parse_args()
    pool = make(arguments.raw, arguments.kept, arguments.target or arguments.kept)
    report(pool)


def make(raw: Path, kept: Path, target: Path) -> Pool:
    """Write every table and the data package; return the pool, which knows what was left out."""
    read, curated = sources.raw(raw), sources.curated(kept / "curated")
    pool, kinds = Pool(), Kinds(curated.kinds)
    wikidata.add(pool, read, kinds)
    institutions.add(pool, read, kinds)
    handkept.pin(pool, curated)
    handkept.identify(pool, curated)
    launches = gcat.add(pool, read, curated, kinds)
    institutions.seats(pool, read)
    wikidata.operators(pool, read)
    relations.add(pool, read)
    ids = identity.mint(pool, _ledger(kept / "identifiers.csv", read.moved))
    handkept.describe(ids, curated)
    local = _local(pool, ids)
    _write(target / "entities.csv", rows.entities(ids))
    _write(target / "names.csv", rows.names(ids, words.Words(curated.risky), pool.unjoined))
    _write(target / "identifiers.csv", rows.identifiers(ids))
    _write(target / "facts.csv", rows.facts(ids, local, pool))
    _write(target / "launches.csv", rows.launches(launches, local))
    _write(target / "closed.csv", (tuple(row.values()) for row in curated.closed))
    _write(target / "sources.csv", (tuple(row.values()) for row in curated.sources))
    _write(target / "left_out.csv", sorted(pool.left_out))
    text = json.dumps(package(target, curated.sources), indent=2, ensure_ascii=False) + "\n"
    (target / "datapackage.json").write_text(text, encoding="utf-8")
    return pool


def report(pool: Pool) -> None:
    """Print what became no entity and what could not be joined, with counts."""
    reasons = Counter(f"{source}: {reason}" for source, _, _, reason in pool.left_out)
    for title, counts in (("left out", reasons), ("not joined", pool.unjoined)):
        print(title)
        for what, count in sorted(counts.items()):
            print(f"{count:8,}  {what}")


def _local(pool: Pool, ids: dict[str, Draft]) -> dict[str, str]:
    """From every key and every ROR id of a draft to its local id."""
    by_draft = {id(draft): local for local, draft in ids.items()}
    keys = {key: by_draft[id(draft)] for key, draft in pool.drafts.items()}
    research = {draft.identified("ror"): local for local, draft in ids.items()}
    return research | keys | {local: local for local in ids}


def _ledger(path: Path, moved: Iterable[dict[str, str]]) -> dict[tuple[str, str], str]:
    """The ids minted before, by identifier; an identifier of two entities tells nothing.

    An item that was merged into another leaves it its id, unless that has one of its own.
    """
    if not path.exists():
        return {}
    minted: dict[tuple[str, str], set[str]] = {}
    for row in sources.separated(path):
        if row["status"] == "verified":
            minted.setdefault((row["scheme"], row["value"]), set()).add(row["id"])
    known = {key: next(iter(found)) for key, found in minted.items() if len(found) == 1}
    for row in moved:
        if row["target"] and ("wikidata", row["qid"]) in known:
            known.setdefault(("wikidata", row["target"]), known["wikidata", row["qid"]])
    return known


def _write(path: Path, body: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(TABLES[path.stem])
        writer.writerows(body)


if __name__ == "__main__":
    main()
