"""checking  the commands validate and stats."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from spacekg import reasoning, summary, validation
from spacekg.cli import releases, screen
from spacekg.declared import GRAPHS, SKG, Declared
from spacekg.release import Release, open_release
from spacekg.validation.report import Quote, Violation

COLUMNS = ("severity", "about", "property", "value", "what is wrong", "claim", "sentence")


@click.command("validate")
@releases.release_option
@click.option("--dl", is_flag=True, help="Also ask HermiT, a complete OWL 2 DL reasoner, about a sample. Needs Java.")
def validate(folder: Path, dl: bool) -> int:
    """Check a release against the shapes and the ontology.

    Exits with 1 when something is wrong. Warnings are listed and are no reason to.

    \b
    spacekg validate
    spacekg validate --dl
    """  # noqa: D301  # \b keeps click from filling the lines
    release, rules = open_release(folder), releases.shipped()
    quads = [quad for quad in release.quads() if quad.graph_name != GRAPHS["alignments"]]
    report = validation.check(quads, rules.shapes, rules.ontology)
    if report.violations:
        screen.table(COLUMNS, [_row(violation, rules) for violation in report.violations])
    ends = [0 if report.conforms else 1]
    if dl:
        verdict = reasoning.check_dl(quads, rules.ontology)
        screen.say(verdict.note)
        ends.append(0 if not verdict.ran or (verdict.consistent and not verdict.unsatisfiable) else 1)
    screen.say(f"release {release.id} is {'wrong' if any(ends) else 'valid'}")
    return max(ends)


@click.command("stats", short_help="Count what is in a release.")
@releases.release_option
def stats(folder: Path) -> None:
    """Count what is in a release: documents, claims by status, things by class, quads by graph.

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


def _row(violation: Violation, rules: Declared) -> tuple[str, ...]:
    first = violation.claims[0] if violation.claims else Quote("", "")
    iris = (violation.focus, violation.path, violation.value)
    about, property, value = (rules.compact(iri) for iri in iris)
    return violation.severity, about, property, value, violation.message, rules.compact(first.claim), first.sentence
