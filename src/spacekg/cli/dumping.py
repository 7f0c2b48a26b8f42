"""dumping   the command dumps."""

from __future__ import annotations

from pathlib import Path

import click

from spacekg import dumps as dumping
from spacekg.cli import releases, screen
from spacekg.declared import Declared
from spacekg.dumps import Dumps, tables
from spacekg.errors import ReleaseError
from spacekg.release import Release, open_release


@click.command("dumps", short_help="Write the files of a release for download.")
@click.option("--check", is_flag=True, help="Hash what was written before, and say which file is damaged.")
@releases.release_option
def dumps(folder: Path, check: bool) -> None:
    """Write a release as files: all of it, by licence and by named graph, in every format, gzip and zstd.

    Tables of the main classes, as CSV and Parquet, are among them. They lie in dumps/ID beside the release, with
    dumps.json and SHA256SUMS, and are served from then on.
    """
    release = open_release(folder)
    if check:
        found = dumping.find(release)
        if found is None:
            raise ReleaseError(f"{dumping.folder_of(release)}: no dumps here; write them with: spacekg dumps")
        found.check()
        click.echo(f"{len(found.files)} files are whole")
        return
    click.echo(written(release, releases.shipped()).folder)


def written(release: Release, rules: Declared) -> Dumps:
    """Write the dumps of a release with its tables, and show the progress."""
    with screen.progress() as tell:
        made = dumping.write(release, rules.prefixes, tell, tables.read(rules))
    if tables.missing():
        click.echo(f"The tables are CSV only: {tables.missing()}", err=True)
    return made
