"""Learn a Text2KGBench ontology from its training sentences, read other sentences, and score what was read.

    python benchmarks/text2kgbench/run.py ONTOLOGY.json TRAIN.jsonl TEST.jsonl [--bootstrap 1000] [--out PREDICTIONS]

Prints the benchmark's figure (P, R and F1 of each sentence, averaged) and a strict one (all triples counted together,
nothing removed before). `--out` writes the triples in the form that the benchmark's own `run_eval.py` reads;
`--patterns` writes what was learned as a table; `--cross-validate` scores the training sentences, each read by what
the others teach, and does not touch TEST; a change is worth having when it helps with several of `--folds-seed`.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Sequence
from pathlib import Path

import learning
import scoring
import spans
import weighing
from dataset import Case, Ontology, Triple, ontology, read

from spacekg.errors import SpacekgError

Found = list[list[tuple[Triple, float]]]


def benchmark_figure(cases: Sequence[Case], found: Sequence[Sequence[Triple]]) -> float:
    """The benchmark's macro F1."""
    return scoring.macro(cases, found).f1


def both_figures(cases: Sequence[Case], found: Sequence[Sequence[Triple]]) -> float:
    """The mean of macro and strict F1."""
    return (scoring.macro(cases, found).f1 + scoring.strict(cases, found).f1) / 2


AIMS = {"macro": benchmark_figure, "both": both_figures}


def main() -> None:
    """Read the arguments, learn, read, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("ontology", "train", "test"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--bootstrap", type=int, default=1000, help="resamplings for the intervals; 0 for none")
    parser.add_argument("--aim", choices=sorted(AIMS), default="macro", help="the figure the floor is chosen for")
    parser.add_argument("--out", type=Path, help="write the triples as JSON lines")
    parser.add_argument("--patterns", type=Path, help="write the learned patterns as CSV")
    parser.add_argument("--cross-validate", action="store_true", help="score the training sentences instead")
    parser.add_argument("--folds-seed", type=int, default=1, help="another seed deals the training sentences otherwise")
    options = parser.parse_args()
    try:
        declared, train = ontology(options.ontology), read(options.train)
        if options.cross_validate:
            cases, found = train, cross_validate(declared, train, AIMS[options.aim], options.folds_seed)
        else:
            cases, reader = read(options.test), learn(declared, train, AIMS[options.aim])
            found = apply(reader, train, cases)
            if options.patterns:
                write_patterns(options.patterns, reader)
    except (SpacekgError, OSError) as error:
        parser.exit(2, f"{error}\n")
    if options.out:
        write(options.out, cases, found)
    report(cases, found, options.bootstrap)


def learn(declared: Ontology, train: Sequence[Case], aim: weighing.Aim) -> weighing.Reader:
    """Learn a reader from training sentences; of each one's own labels none is known while it is learned from."""
    laid = spans.lay_out([case.sentence for case in train], [learning.labels(train, case) for case in train])
    return weighing.train(train, laid, declared.relations, aim)


def apply(reader: weighing.Reader, train: Sequence[Case], cases: Sequence[Case]) -> Found:
    """Read sentences with a reader; the labels of the training triples are known names."""
    known = [learning.labels(train)] * len(cases)
    return [reader.read(laid) for laid in spans.lay_out([case.sentence for case in cases], known)]


def cross_validate(declared: Ontology, train: Sequence[Case], aim: weighing.Aim, seed: int) -> Found:
    """Read each training sentence with what the other four folds teach; the seed says how they are dealt out."""
    found: Found = [[] for _ in train]
    for inside in weighing.folds(len(train), seed):
        rest = [train[i] for i in sorted(set(range(len(train))) - set(inside))]
        said = apply(learn(declared, rest, aim), rest, [train[i] for i in inside])
        for i, triples in zip(inside, said, strict=True):
            found[i] = triples
    return found


def report(cases: Sequence[Case], found: Found, resamplings: int) -> None:
    """Print both figures, and the benchmark's for the sentences of each relation."""
    said = [[triple for triple, _ in triples] for triples in found]
    number = sum(len(case.gold) for case in cases)
    print(f"{len(cases)} sentences, {number} right triples, {sum(map(len, said))} found")
    print(f"macro   {scoring.macro(cases, said, resamplings)}")
    print(f"strict  {scoring.strict(cases, said, resamplings)}")
    for relation in sorted({triple.relation for case in cases for triple in case.gold}):
        rows = [i for i, case in enumerate(cases) if any(t.relation == relation for t in case.gold)]
        figure = scoring.macro([cases[i] for i in rows], [said[i] for i in rows])
        print(f"  {relation} ({len(rows)} sentences): {figure}")


def write(path: Path, cases: Sequence[Case], found: Found) -> None:
    """Write the triples, a line for each row of the test file, with `_` for the spaces of a relation."""
    with path.open("w", encoding="utf-8") as stream:
        for case, triples in zip(cases, found, strict=True):
            rows = [[t.subject, t.relation.replace(" ", "_"), t.object] for t, _ in triples]
            rates = [round(rate, 3) for _, rate in triples]
            for name in case.ids:
                line = {"id": name, "sent": case.sentence, "triples": rows, "probabilities": rates}
                stream.write(json.dumps(line, ensure_ascii=False) + "\n")


def write_patterns(path: Path, reader: weighing.Reader) -> None:
    """Write every pattern that was right at least once: where it looks, how often it was seen and right."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(("relation", "end", "view", "pattern", "right", "seen", "precision"))
        for (relation, end, view), tally in sorted(reader.patterns.tallies.items()):
            for pattern, right in sorted(tally.right.items()):
                seen = tally.seen[pattern]
                rows.writerow((relation, end, view, pattern or "(any)", right, seen, f"{right / seen:.3f}"))


if __name__ == "__main__":
    main()
