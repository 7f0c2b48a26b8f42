"""Count how often each rule is right, and how well confidences say so.

    calibrate.py GOLD.tsv FOLDER [GOLD.tsv FOLDER …] [--write data/lexicon/calibration.csv] [--quiet]

Right and wrong are those of score.py, of the claims that are accepted when no rule is known to be right seldom: a
rule that is held back goes on being counted. The table that is written holds the counts of all golds together. The
sentences beside this script are left out: rules and sentences were written together, so they look too good. The
expected calibration error (ECE) is the mean distance, in ten bins of confidence, between what is said and what is
right, weighted by claims; for these golds also with each document's claims given confidences that were counted
without it. `--quiet` prints the total of what the engine says now, and no bin.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import score

from spacekg import declared
from spacekg.lexicon import rows
from spacekg.lexicon.calibration import BELIEVED_FROM, Calibration
from spacekg.model import Claim, Status

BINS = 10
Judged = tuple[Claim, bool]


def main() -> None:
    """Print the calibration, and write the counts where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=Path, nargs="+", help="golds, each followed by the folder of its documents")
    parser.add_argument("--write", type=Path, help="where the table of counts goes")
    parser.add_argument("--quiet", action="store_true", help="the total error only")
    options = parser.parse_args()
    if len(options.pairs) % 2:
        parser.error("each gold wants its folder behind it")
    judged = [each for gold, folder in pairwise(options.pairs) for each in judged_in(gold, folder)]
    report("as served", served(judged), options.quiet)
    if options.quiet:
        return
    report("counted without the document", without_own(judged), options.quiet)
    if options.write:
        write(options.write, counted(judged))


def pairwise(paths: Sequence[Path]) -> Iterable[tuple[Path, Path]]:
    """The golds with their folders."""
    return zip(paths[::2], paths[1::2], strict=True)


def judged_in(gold: Path, folder: Path) -> list[Judged]:
    """The accepted claims of documents, with declared confidences, and whether a row of the gold says each."""
    texts = score.Texts([folder], Calibration())
    false = {id(claim) for claim in score.score(score.rows_of(gold), texts.claims, texts.entity).false}
    accepted = [c for c in texts.claims if c.status is Status.ACCEPTED and c.predicate in score.JUDGED]
    return [(claim, id(claim) not in false) for claim in accepted]


def served(judged: Iterable[Judged]) -> list[tuple[float, bool]]:
    """The facts that the shipped table makes of them: what confidence each has, and whether it is right."""
    known = rows.calibration(declared.shipped() / "data" / "lexicon" / "calibration.csv")
    said = [(known.confidence(claim.rule, claim.confidence), right) for claim, right in judged]
    return [(confidence, right) for confidence, right in said if confidence >= BELIEVED_FROM]


def counted(judged: Iterable[Judged]) -> dict[str, tuple[int, int]]:
    """Rule → right, seen."""
    right, seen = Counter[str](), Counter[str]()
    for claim, good in judged:
        right[claim.rule] += good
        seen[claim.rule] += 1
    return {rule: (right[rule], seen[rule]) for rule in sorted(seen)}


def without_own(judged: Sequence[Judged]) -> list[tuple[float, bool]]:
    """Each claim's confidence when the counts are those of the other documents."""
    by_document: dict[str, list[Judged]] = defaultdict(list)
    for claim, right in judged:
        by_document[claim.passage.document.name].append((claim, right))
    found = []
    for name, own in by_document.items():
        others = [each for other, each_own in by_document.items() if other != name for each in each_own]
        calibration = Calibration(counted(others))
        found += [(calibration.confidence(claim.rule, claim.confidence), right) for claim, right in own]
    return found


def report(title: str, said: Sequence[tuple[float, bool]], quiet: bool) -> None:
    """Print a reliability table and its expected calibration error."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, right in said:
        bins[min(int(confidence * BINS), BINS - 1)].append((confidence, right))
    error = 0.0
    for at in sorted(bins):
        mean = sum(confidence for confidence, _ in bins[at]) / len(bins[at])
        share = sum(right for _, right in bins[at]) / len(bins[at])
        error += abs(mean - share) * len(bins[at]) / len(said)
        if not quiet:
            print(
                f"{at / BINS:.1f}-{(at + 1) / BINS:.1f}: {len(bins[at]):4} claims, said {mean:.3f}, right {share:.3f}"
            )
    print(f"{title}: expected calibration error {error:.3f} over {len(said)} claims")


def write(path: Path, counts: dict[str, tuple[int, int]]) -> None:
    """Write the table of counts."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(["rule", "right", "seen"])
        table.writerows([rule, right, seen] for rule, (right, seen) in counts.items())


if __name__ == "__main__":
    main()
