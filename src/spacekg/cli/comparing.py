"""comparing  the command diff."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import click

from spacekg import comparison
from spacekg.comparison import LINKS, OTHER, Tally
from spacekg.release import ID, Release, open_release

FORMATS = ("text", "json", "patch")


@click.command("diff", short_help="Tell what changed between two releases.")
@click.argument("before")
@click.argument("after")
@click.option("--format", "wanted", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option(
    "--release",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("release"),
    show_default=True,
    help="Where releases lie that are given by their ids.",
)
def diff(before: str, after: str, wanted: str, folder: Path) -> None:
    """Tell what changed between two releases: entities, claims, documents and links added, removed or changed.

    A release is given by its id or its folder. As patch, every quad that went (D) or came (A) is written as a line of
    RDF Patch; as json, each thing is a line of its own.

    \b
    spacekg diff 0123456789abcdef fedcba9876543210
    spacekg diff old/ new/ --format patch
    """  # noqa: D301  # \b keeps click from filling the lines
    old, new = _opened(before, folder), _opened(after, folder)
    if wanted == "patch":
        for line in comparison.patch(old.graph, new.graph):
            click.echo(line, nl=False)
        return
    tally = Tally()
    for change in comparison.compare(old.graph, new.graph):
        tally.add(change)
        if wanted == "json":
            click.echo(json.dumps(_told(change), ensure_ascii=False))
        elif change.kind not in (OTHER, LINKS):
            click.echo(f"{change.what} {change.subject} ({_numbers(change)})")
    if wanted == "text":
        click.echo(f"{old.id} → {new.id}: " + "\n".join(tally.lines()))


def _opened(name: str, folder: Path) -> Release:
    return open_release(folder / name if ID.fullmatch(name) and not Path(name).exists() else Path(name))


def _told(change: comparison.Change) -> dict[str, object]:
    lines = {
        what: [line.decode().rstrip("\n") for mark, line in change.lines if mark == sign]
        for sign, what in (("D", "removed"), ("A", "added"))
    }
    return {"kind": change.kind, "what": change.what, "subject": change.subject.rstrip("\n"), **lines}


def _numbers(change: comparison.Change) -> str:
    marks = Counter(mark for mark, _ in change.lines)
    return f"+{marks['A']} -{marks['D']}"
