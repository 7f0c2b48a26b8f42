"""sharding  the command shards."""

from __future__ import annotations

from pathlib import Path

import click

from spacekg import shards as sharding
from spacekg.cli import releases, screen
from spacekg.release import Release, open_release
from spacekg.shards import Shards


@click.command("shards", short_help="Write a release in sorted pieces, here or to an object store.")
@click.option("--number", type=click.IntRange(1, 99_999), default=8, show_default=True, help="How many shards.")
@click.option("--to", "address", metavar="ADDRESS", help="A folder or URL; without it, shards/ beside the release.")
@click.option("--check", metavar="ADDRESS", help="Hash the shards of this folder or URL, and name one that is damaged.")
@releases.release_option
def shards(folder: Path, number: int, address: str | None, check: str | None) -> None:
    """Write a release as sorted files of N-Quads and, with a row for each claim, as Parquet files.

    They lie in ID-NUMBER below the address. All files of quads, one behind the other, are the release's graph.nq.

    \b
    spacekg shards --number 16 --to s3://bucket/space
    spacekg shards --check s3://bucket/space/0123456789abcdef-16
    """  # noqa: D301  # \b keeps click from filling the lines
    if check:
        found = sharding.open_shards(check)
        found.check()
        click.echo(f"{len(found.files)} files are whole")
        return
    click.echo(written(open_release(folder), number, address).place)


def written(release: Release, number: int, address: str | None) -> Shards:
    """Write the shards of a release, and show the progress."""
    with screen.progress() as tell:
        return sharding.write(release, address or release.folder.parent / sharding.FOLDER, number, tell)
