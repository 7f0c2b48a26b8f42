"""building  the command build."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from spacekg import extractors, pipeline, reference
from spacekg.cli import dumping, releases, screen
from spacekg.declared import Declared
from spacekg.extractors import Extractor
from spacekg.release import Release

MOST_NAMES = 10
"""How many of the names that stayed open a terminal shows; the report has all."""


@click.command("build")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=releases.DEFAULT,
    show_default=True,
    help="The folder that holds releases.",
)
@click.option(
    "--extractor",
    "names",
    metavar="NAME",
    multiple=True,
    help="An extractor plug-in that reads the documents too, such as llm; may be given several times.",
)
@click.option("--dumps", is_flag=True, help="Write the files for download too, as `spacekg dumps` does.")
def build(paths: tuple[Path, ...], out: Path, names: tuple[str, ...], dumps: bool) -> None:
    """Read documents and publish the graph of what they say.

    PATH is a file (.txt, .md, .html, .pdf) or a folder of them; without one, the documents that come with
    spacekg are read. The release gets a folder of its own below --out and is the one that is served from then on.
    In a pipe, the name of that folder is all that is printed.

    \b
    spacekg build
    spacekg build articles/ report.pdf --out release
    """  # noqa: D301  # \b keeps click from filling the lines
    rules = releases.shipped()
    release = built(paths, out, rules, extractors.load(names))
    if dumps:
        dumping.written(release, rules)
    if screen.on_terminal():
        _summarise(release)
    else:
        click.echo(release.folder)


def built(paths: tuple[Path, ...], out: Path, rules: Declared, plugins: Sequence[Extractor] = ()) -> Release:
    """Build a release of these documents, or of those that come with spacekg, and show the progress."""
    with screen.progress() as tell:
        tell("reading the reference tables")
        known = reference.read(rules.folder / "data" / "reference")
        return pipeline.build(paths or (rules.folder / "data" / "documents",), out, rules, known, tell, plugins=plugins)


def _summarise(release: Release) -> None:
    unused = release.report["unused"]
    rows = [*release.report["counts"].items()]
    rows += [(f"claims {status}", number) for status, number in release.manifest["claims"].items()]
    rows += [(f"claims held back: {reason}", number) for reason, number in unused["held_back"].items()]
    rows += [(f"passages not parsed: {where}", number) for where, number in unused["unparsed_passages"].items()]
    for name, did in release.report["extractors"].items():
        rows += [(f"{name}: {what}", str(number)) for what, number in did.items()]
    rows += [("files ignored", len(unused["ignored_files"])), ("names left open", len(unused["open_names"]))]
    rows += [("documents of which nothing is claimed", len(unused["silent_documents"]))]
    rows += [("new names", len(release.report["candidates"]))]
    screen.table(("what", "number"), rows, f"release {release.id}")
    for name, number in list(unused["open_names"].items())[:MOST_NAMES]:
        screen.say(f"left open: {name} ({number})")
    for new in list(release.report["candidates"].values())[:MOST_NAMES]:
        screen.say(f"new name: {new['name']} ({', '.join(new['classes'])})")
    screen.say(f"{release.folder}: serve it with: spacekg serve --release {release.folder.parent}")
