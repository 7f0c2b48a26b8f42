"""linking   the command link."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from spacekg.cli import releases, screen
from spacekg.errors import TableError
from spacekg.linking import encodings, run
from spacekg.matching import index
from spacekg.matching.scoring import Matcher
from spacekg.release import open_release

CHUNK = 1 << 20


@click.command("link", short_help="Link a list of names to Wikidata.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--column", required=True, metavar="NAME", help="The column that has the names.")
@click.option(
    "--type", "kind", default="", metavar="CLASS", help="What the names are of: agency, rocket, Spacecraft, …"
)
@click.option(
    "--with",
    "beside",
    multiple=True,
    metavar="PROPERTY=COLUMN",
    help="A column that speaks for a match or against it: country, launchDate, cospar, operator, type, …",
)
@click.option("--id", "subject", default="", metavar="NAME", help="The column that has an IRI for each row.")
@click.option(
    "-o",
    "--output",
    "out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The list to write: .csv, .tsv or .jsonl.",
)
@click.option("--encoding", default="", metavar="NAME", help="The encoding of FILE where it is not UTF-8.")
@click.option(
    "--decisions",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file in which you accept and reject; without this, the one beside the output.",
)
@releases.release_option
def link(file: Path, column: str, out: Path, folder: Path, **others: object) -> None:
    """Link a list of names to Wikidata, offline, with the names of a release.

    FILE is .csv, .tsv or .jsonl, or with the extra "tables" .xlsx or .parquet. The output has the same rows with the
    Wikidata item, our IRI, label, score and the reason; a name of which it is not sure has candidates instead. Beside
    it stand the mappings as SSSOM and as RDF, a page for review, and the file in which you decide. An interrupted run
    goes on where it was when the same command is run again.

    \b
    spacekg link agencies.csv --column name --type agency --with country=state -o linked.csv
    spacekg link missions.xlsx --column Mission --with launchDate=Launched -o linked.csv
    """  # noqa: D301  # \b keeps click from filling the lines
    release = open_release(folder)
    matcher = Matcher(index.read(release.names))
    kind, beside = str(others["kind"]), others["beside"]
    job = run.Job(
        file,
        column,
        out,
        kind=matcher.properties.kind(kind) if kind else "",
        beside=tuple(_pair(each, matcher) for each in beside) if isinstance(beside, tuple) else (),
        subject=str(others["subject"]),
        encoding=encodings.check(str(others["encoding"])),
        release=release.id,
        decided=others["decisions"] if isinstance(others["decisions"], Path) else None,
    )
    with _progress(file) as tell:
        report = run.link(job, matcher, tell)
    _summarise(report)


def _pair(text: str, matcher: Matcher) -> tuple[str, str]:
    name, equals, column = text.partition("=")
    if not equals or not column:
        raise TableError(f"--with {text}: wants PROPERTY=COLUMN, such as country=state")
    return matcher.properties.named(name), column


def _summarise(report: run.Report) -> None:
    if not screen.on_terminal():
        click.echo(report.files[0])
        return
    if report.resumed:
        screen.say(f"went on after row {report.resumed:,}")
    rows = [("rows", report.rows), *sorted(report.tally.items()), ("names to look at", report.open)]
    screen.table(("what", "number"), [(name, f"{number:,}") for name, number in rows], "linked")
    for file in report.files:
        screen.say(str(file))


@contextmanager
def _progress(file: Path) -> Iterator[Callable[[int], None]]:
    """Show on a terminal how many rows are done; how many there are is known for lists of one row a line."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    parts = (TextColumn("rows"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*parts, console=console, transient=True) as bar:
        task = bar.add_task("linking", total=_lines(file))
        yield lambda done: bar.update(task, completed=done)


def _lines(file: Path) -> int | None:
    if file.suffix.lower() in (".xlsx", ".xlsm", ".parquet"):
        return None
    with file.open("rb") as stream:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(CHUNK), b""))
