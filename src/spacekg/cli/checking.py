"""checking  the commands validate and stats."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from spacekg import reasoning, summary, validation
from spacekg.cli import releases, screen
from spacekg.declared import BASE, GRAPHS, SKG, Declared
from spacekg.release import Release, open_release
from spacekg.validation.report import Quote, Report, Violation

LICENCES = {
    "https://creativecommons.org/licenses/by/4.0/": "CC BY 4.0",
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0 1.0",
    "http://opendatacommons.org/licenses/pddl/1.0/": "PDDL 1.0",
}
"""What people call the licences that stand in the graph as IRIs."""
NO_LICENCE = "no licence of its own"
COLUMNS = ("severity", "about", "property", "value", "what is wrong", "shape", "claim", "sentence")
NAMES = {"Violation": "violations", "Warning": "warnings", "Info": "notes"}
"""What several findings of one severity are called."""


@click.command("validate")
@releases.release_option
@click.option("--dl", is_flag=True, help="Also ask HermiT, a complete OWL 2 DL reasoner, about a sample. Needs Java.")
def validate(folder: Path, dl: bool) -> int:
    """Check a release, with what was inferred, against the shapes and the ontology.

    Lists what is wrong, with the shape, the claims that say it and their sentences; what was found, and how long it
    took, is on standard error. Exits with 1 when something is wrong. Warnings and notes are no reason to.

    \b
    spacekg validate
    spacekg validate --dl
    """  # noqa: D301  # \b keeps click from filling the lines
    release, rules = open_release(folder), releases.shipped()
    quads = [quad for quad in release.quads() if quad.graph_name != GRAPHS["alignments"]]
    start = time.monotonic()
    report = validation.check(quads, rules.shapes, rules.ontology)
    if report.violations:
        screen.table(COLUMNS, [row for violation in report.violations for row in _rows(violation, rules)])
    _tell(f"shapes and ontology: {_found(report)} in {len(quads):,} statements", start)
    ends = [0 if report.conforms else 1]
    if dl:
        start = time.monotonic()
        verdict = reasoning.check_dl(quads, rules.ontology)
        _tell(verdict.note, start)
        ends.append(0 if not verdict.ran or (verdict.consistent and not verdict.unsatisfiable) else 1)
    click.echo(f"release {release.id} is {'wrong' if any(ends) else 'valid'}", err=True)
    return max(ends)


def _tell(text: str, start: float) -> None:
    """Print a line that does not mix with the table, wherever that goes."""
    click.echo(f"{text} ({time.monotonic() - start:.1f} s)", err=True)


def _found(report: Report) -> str:
    counts = Counter(violation.severity for violation in report.violations)
    return ", ".join(f"{counts[severity]} {name}" for severity, name in NAMES.items())


@click.command("stats", short_help="Count what is in a release.")
@releases.release_option
def stats(folder: Path) -> None:
    """Count what is in a release: documents, claims by status, things by class, quads by graph and licence.

    Each source of the reference tables has a graph of its own.

    \b
    spacekg stats
    spacekg stats --release release | grep Mission
    """  # noqa: D301  # \b keeps click from filling the lines
    release = open_release(folder)
    screen.table(("what", "name", "number"), _counted(release, releases.shipped()), f"release {release.id}")


def _counted(release: Release, rules: Declared) -> Iterator[tuple[str, str, int]]:
    for name, number in release.report["counts"].items():
        yield "build", name, number
    for name, number in release.manifest["claims"].items():
        yield "claims", name, number
    for iri, number in summary.classes(release.quads()).items():
        if iri.startswith(SKG):
            yield "class", rules.name(iri), number
    for iri, number in release.manifest["quads"].items():
        yield "graph", rules.compact(iri), number
    for licence, number in sorted(_by_licence(release).items()):
        yield "licence", licence, number


def _by_licence(release: Release) -> Counter[str]:
    """Count quads by the licence of their graph; that of a document stands at the document."""
    licences, found = release.manifest["licences"], Counter[str]()
    for iri, number in release.manifest["quads"].items():
        stated = licences.get(iri) or licences.get(iri.replace("/graph/", "/", 1), NO_LICENCE)
        found[LICENCES.get(stated, stated)] += number
    return found


def _rows(violation: Violation, rules: Declared) -> Iterator[tuple[str, ...]]:
    """A row for each claim that leads to a violation, or the one without a claim."""
    iris = (violation.focus, violation.path, violation.value)
    about, property, value = (rules.compact(iri) for iri in iris)
    for quote in violation.claims or (Quote("", ""),):
        found = (violation.severity, about, property, value, violation.message, violation.shape.removeprefix(BASE))
        yield (*found, rules.compact(quote.claim), quote.sentence)
