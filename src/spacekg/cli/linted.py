"""linted    what the command query does with --lint."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from spacekg import linting
from spacekg.cli import releases
from spacekg.declared import Declared
from spacekg.linting import vocabulary
from spacekg.release import open_release


def check(text: str, folder: Path, rules: Declared, assumed: Mapping[str, str]) -> None:
    """Print what is probably wrong in a query, a line each, and exit with 1 if there is anything.

    The prefixes that are `assumed` need no declaration.
    """
    store = releases.stored(open_release(folder), rules, releases.OWN_MACHINE)
    found = linting.check(text, vocabulary.read(store, rules.prefixes), assumed)
    for finding in found:
        click.echo(str(finding))
    if found:
        raise click.exceptions.Exit(1)
