"""Measure the language model that the environment names: what it costs, what is refused, and what its claims are worth.

    SPACEKG_LLM_URL=… SPACEKG_LLM_MODEL=… language_model.py GOLD.tsv FOLDER [--minutes 15] [--claims] [--write TABLE]

It is asked once, as by `spacekg build --extractor llm`; give SPACEKG_LLM_CACHE an empty folder, or the seconds are of
kept answers. Right and wrong are those of score.py. Its claims are then taken in three ways: alone, as if they were
believed; beside those of the rules, as they are taken today; and beside them as if they were believed.
`--claims` prints every claim that is taken; `--write` puts the model's counts into data/lexicon/plugins.csv.
"""

from __future__ import annotations

import argparse
import csv
import math
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import score

from spacekg import corpus, declared, disputes, documents, extractors, lexicon, llm, reference
from spacekg.extractors.standing import Standing
from spacekg.model import Claim, Document, Status

BELIEVED = Standing("", 10_000, 10_000)
"""The counts of a plug-in that was never wrong."""
COLUMNS = ("rule", "right", "seen")


@dataclass
class Once:
    """A plug-in that asks another once for each document, and says the same whenever it is asked again."""

    asked: extractors.Extractor
    minutes: float = math.inf
    said: dict[str, extractors.Extraction] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def name(self) -> str:
        """What claims call it."""
        return self.asked.name

    def extract(self, document: Document, terms: extractors.Terms) -> extractors.Extraction:
        """What the plug-in said of the document; nothing once the minutes are over."""
        if document.name not in self.said:
            if self.seconds > 60 * self.minutes:
                return extractors.Extraction()
            begin = time.perf_counter()
            self.said[document.name] = self.asked.extract(document, terms)
            self.seconds += time.perf_counter() - begin
            print(f"{document.name}: {len(self.said[document.name].stated)} claims", flush=True)
        return self.said[document.name]


class Bench:
    """The documents as the rules read them, and what becomes of them with the claims of a plug-in."""

    def __init__(self, paths: list[Path], plugin: extractors.Extractor) -> None:
        """Read the documents; nothing is asked yet."""
        self.rules = declared.read(declared.shipped())
        self.tables = reference.read(self.rules.folder / "data" / "reference")
        words = lexicon.read(self.rules.folder / "data" / "lexicon", self.rules)
        self.documents = documents.read(paths).documents
        self.read = corpus.extract(self.documents, self.tables, words, corpus.Means(processes=0))
        self.plugin = plugin

    def beside(self, claims: Iterable[Claim], standing: Standing | None = None) -> extractors.Extended:
        """Set the plug-in's claims beside others and judge all; with other counts than the shipped where given."""
        with tempfile.TemporaryDirectory() as folder:
            rules = self.rules
            if standing is not None:
                write(Path(folder) / "data" / "lexicon" / "plugins.csv", replace(standing, name=self.plugin.name))
                rules = replace(rules, folder=Path(folder))
            read = replace(self.read, claims=tuple(claims))
            made = extractors.extend(read, self.documents, [self.plugin], self.tables, rules)
        return replace(made, claims=tuple(self.judged(made.claims)))

    def judged(self, claims: Iterable[Claim]) -> list[Claim]:
        """The claims as the reference and one another leave them."""
        return disputes.judge([*claims], self.tables, self.rules)


def main() -> None:
    """Ask, and print all figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=math.inf, help="after these no other document is read")
    parser.add_argument("--claims", action="store_true", help="print every claim of the model that is taken")
    parser.add_argument("--write", type=Path, help="the table of counts that gets a row for this model")
    options = parser.parse_args()
    model = Once(llm.plugin(), options.minutes)
    Bench([options.folder], model).beside(())
    paths = [path for path in sorted(options.folder.iterdir()) if path.stem in model.said]
    rows = [row for row in score.rows_of(options.gold) if Path(row["doc"]).stem in model.said]
    bench = Bench(paths, model)
    marks = Marks(rows, score.Texts(paths))
    report_cost(bench.beside(bench.read.claims), model)
    if options.claims:
        list_claims(bench.beside((), BELIEVED).claims, marks)
    right, seen = report_worth(bench, marks)
    if options.write:
        write(options.write, Standing(model.name, right, seen))


@dataclass
class Marks:
    """What readers marked, and the means to hold claims against it."""

    rows: list[score.Row]
    texts: score.Texts

    def wrong(self, claims: Iterable[Claim]) -> set[object]:
        """The facts, by what they say and where, that no row bears out."""
        return {said(claim) for claim in score.score(self.rows, [*claims], self.texts.entity).false}

    def report(self, title: str, claims: Iterable[Claim]) -> tuple[int, int]:
        """Print a row of figures about the facts among claims; give how many are right, of how many judged."""
        facts = score.accepted(claims)
        got = score.score(self.rows, facts, self.texts.entity)
        right, recall = got.judged - len(got.false), sum(got.found.values()) / max(sum(got.total.values()), 1)
        precision = f"{right / got.judged:.3f}" if got.judged else "none"
        traps = f"{len(got.trapped)} of {got.traps}"
        print(f"| {title} | {len(facts)} | {got.judged} | {right} | {precision} | {recall:.3f} | {traps} |")
        return right, got.judged


def said(claim: Claim) -> tuple[object, ...]:
    """What a claim says, and in which sentence."""
    return claim.passage.document.name, claim.passage.start, claim.subject, claim.predicate, claim.object


def report_cost(made: extractors.Extended, model: Once) -> None:
    """Print what the model took and what became of what it stated."""
    report, count = dict(made.report[model.name]), max(len(model.said), 1)
    print(f"\n{model.name}: {count} documents, {model.seconds / count:.1f} s a document")
    for name in ("tokens_in", "tokens_out"):
        print(f"{name} a document: {float(str(report.pop(name, 0))) / count:.0f}")
    print(*(f"{name}: {value}" for name, value in report.items()), sep="\n", end="\n\n")


def list_claims(claims: Iterable[Claim], marks: Marks) -> None:
    """Print the claims, those that would be facts marked as right or wrong."""
    claims = [*claims]
    wrong = marks.wrong(claims)
    for claim in claims:
        verdict = ("WRONG" if said(claim) in wrong else "right") if claim.status is Status.ACCEPTED else claim.status
        verdict = verdict if claim.predicate in score.JUDGED else f"{verdict} (not judged)"
        print(verdict, claim.subject, claim.predicate, claim.object, "|", claim.quote[:120].replace("\n", " "))


def report_worth(bench: Bench, marks: Marks) -> tuple[int, int]:
    """Print what the plug-in's claims do to the facts; give how many of its own are right, of how many judged."""
    print("| whose claims | facts | judged | right | precision | recall | traps |\n|---|---|---|---|---|---|---|")
    by_rules = bench.judged(bench.read.claims)
    counts = marks.report("the plug-in alone, if it is believed", bench.beside((), BELIEVED).claims)
    marks.report("the rules alone", by_rules)
    marks.report("both, as the plug-in has been counted", bench.beside(bench.read.claims).claims)
    believed = bench.beside(bench.read.claims, BELIEVED).claims
    marks.report("both, if it is believed", believed)
    report_believing(by_rules, believed, marks)
    return counts


def report_believing(before: Iterable[Claim], after: Iterable[Claim], marks: Marks) -> None:
    """Print what belief would change: facts that are new, lost or surer, and how many of each are wrong."""
    old = {said(claim): claim for claim in score.accepted(before)}
    new = {said(claim): claim for claim in score.accepted(after)}
    wrong = marks.wrong(old.values()) | marks.wrong(new.values())
    surer = {key for key in old.keys() & new.keys() if new[key].confidence > old[key].confidence}
    print("\nif the plug-in were believed:")
    for title, keys in (("new", new.keys() - old.keys()), ("lost", old.keys() - new.keys()), ("surer", surer)):
        count = Counter(key in wrong for key in keys if key[3] in score.JUDGED)
        print(f"facts {title}: {len(keys)}; of those judged {count[False]} right, {count[True]} wrong")


def write(path: Path, standing: Standing) -> None:
    """Put the counts of a plug-in into a table, in place of those it had."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = {}
    if path.exists():
        with path.open(encoding="utf-8", newline="") as stream:
            rows = {row["rule"]: (row["right"], row["seen"]) for row in csv.DictReader(stream)}
    rows[standing.name] = str(standing.right), str(standing.seen)
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(COLUMNS)
        table.writerows((name, *counts) for name, counts in sorted(rows.items()))


if __name__ == "__main__":
    main()
