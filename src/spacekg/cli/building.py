"""building  the commands build and serve."""

from __future__ import annotations

from pathlib import Path

import click

from spacekg import pipeline, reference, server, web
from spacekg.answers import Limits
from spacekg.cli import releases, screen
from spacekg.declared import Declared
from spacekg.release import Release, open_release

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
def build(paths: tuple[Path, ...], out: Path) -> None:
    """Read documents and publish the graph of what they say.

    PATH is a file (.txt, .md, .html, .pdf) or a folder of them; without one, the documents that come with
    spacekg are read. The release gets a folder of its own below --out and is the one that is served from then on.
    In a pipe, the name of that folder is all that is printed.

    \b
    spacekg build
    spacekg build articles/ report.pdf --out release
    """  # noqa: D301  # \b keeps click from filling the lines
    release = _built(paths, out, releases.shipped())
    if screen.on_terminal():
        _summarise(release)
    else:
        click.echo(release.folder)


@click.command("serve", short_help="Serve a release over HTTP.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port to listen on.")
@releases.release_option
def serve(host: str, port: int, folder: Path) -> None:
    """Serve a release: the SPARQL endpoint and the pages about it, until Ctrl-C.

    Where there is no release yet, one is built from the documents that come with spacekg.

    \b
    spacekg serve
    spacekg serve --port 8080 --release release
    """  # noqa: D301  # \b keeps click from filling the lines
    rules = releases.shipped()
    release = _built((), folder, rules) if releases.is_empty(folder) else open_release(folder)
    app = web.create_app(releases.stored(release, rules, Limits()))
    server.serve(app, host, port, lambda address: click.echo(f"release {release.id} at {address}"))


def _built(paths: tuple[Path, ...], out: Path, rules: Declared) -> Release:
    with screen.progress() as tell:
        tell("reading the reference tables")
        known = reference.read(rules.folder / "data" / "reference")
        return pipeline.build(paths or (rules.folder / "data" / "documents",), out, rules, known, tell)


def _summarise(release: Release) -> None:
    unused = release.report["unused"]
    rows = [*release.report["counts"].items()]
    rows += [(f"claims {status}", number) for status, number in release.manifest["claims"].items()]
    rows += [(f"claims held back: {reason}", number) for reason, number in unused["held_back"].items()]
    rows += [("files ignored", len(unused["ignored_files"])), ("names left open", len(unused["open_names"]))]
    screen.table(("what", "number"), rows, f"release {release.id}")
    for name, number in list(unused["open_names"].items())[:MOST_NAMES]:
        screen.say(f"left open: {name} ({number})")
    screen.say(f"{release.folder}: serve it with: spacekg serve --release {release.folder.parent}")
