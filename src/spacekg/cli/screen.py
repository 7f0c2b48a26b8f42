"""screen    what the commands share of the terminal: tables, progress, and plain text where there is no terminal."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table


def on_terminal() -> bool:
    """Whether a person reads the output."""
    return sys.stdout.isatty()


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> None:
    """Print rows as a table on a terminal, as CSV elsewhere."""
    if on_terminal():
        draw(columns, rows, title)
    else:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def draw(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> None:
    """Print rows as a table for people, wherever it goes."""
    drawn = Table(title=escape(title) or None, title_justify="left", header_style="bold")
    for column in columns:
        drawn.add_column(escape(column), overflow="fold")
    for row in rows:
        drawn.add_row(*(escape(str(cell)) for cell in row))
    Console().print(drawn)


def say(text: str) -> None:
    """Print a line for a person: on a terminal only."""
    if on_terminal():
        click.echo(text)


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Show on a terminal what is being done; yields the function that is told each step."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    with console.status("starting") as status:
        yield lambda step: status.update(escape(step))


@contextmanager
def steps() -> Iterator[Callable[[str], None]]:
    """Show what is being done as `progress` does, and where there is no terminal a line of each step: of a long job."""
    if Console(stderr=True).is_terminal:
        with progress() as tell:
            yield tell
    else:
        yield lambda step: click.echo(step, err=True)
