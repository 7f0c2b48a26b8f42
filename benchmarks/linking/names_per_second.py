"""How many names a second are linked on one core, with the whole index, and how many by rapidfuzz over all names.

    python benchmarks/linking/names_per_second.py RELEASE

Every name of the index is asked for once as it is, and then 2,000 of them with one letter missing. `rapidfuzz` compares
each of 300 of these with every name (`token_sort_ratio`, cut-off 80), which is what a script without an index does.
Prints one JSON object. The process pins itself to one core.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rapidfuzz import fuzz, process

from spacekg.matching import index, spelling
from spacekg.matching.scoring import Matcher, Query
from spacekg.release import open_release

SEED, MISSPELT, COMPARED = 2025, 2_000, 300


def per_second(names: Sequence[str], ask: Callable[[str], object]) -> float:
    """Ask for each name once."""
    start = time.perf_counter()
    for name in names:
        ask(name)
    return round(len(names) / (time.perf_counter() - start))


def main(folder: Path) -> None:
    """Measure and print."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    start = time.perf_counter()
    matcher = Matcher(index.read(open_release(folder).names))
    matcher.match(Query("a name that nobody has"))
    loaded = time.perf_counter() - start
    forms = [form for form in matcher.index.forms if form.kind != "description"]
    chance = random.Random(SEED)
    long = sorted({form.text for form in forms if len(form.key) >= 10})
    typos = []
    for name in chance.sample(long, MISSPELT):
        place = chance.randrange(1, len(name))
        typos.append(name[:place] + name[place + 1 :])
    keys = sorted(matcher.index.by_key)
    few = [spelling.key(name) for name in typos[:COMPARED]]
    found = {
        "names": len(forms),
        "seconds_to_load": round(loaded, 2),
        "exact_per_second": per_second([form.text for form in forms], lambda name: matcher.match(Query(name))),
        "misspelt_per_second": per_second(typos, lambda name: matcher.match(Query(name))),
        "rapidfuzz_over_all_per_second": per_second(
            few, lambda key: process.extractOne(key, keys, scorer=fuzz.token_sort_ratio, score_cutoff=80)
        ),
    }
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
