"""storing   the commands of store: releases in a SPARQL server that somebody else runs."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from spacekg import shards as sharding
from spacekg.backends import contents, kinds
from spacekg.backends.kinds import Server
from spacekg.backends.loading import Held, Loader
from spacekg.cli import releases
from spacekg.declared import Declared
from spacekg.release import open_release


def store_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options --store and --kind, passed on as `address` and `kind`."""
    kind = click.option(
        "--kind",
        default=releases.STORE_KIND,
        show_default=True,
        help="oxigraph, fuseki, virtuoso, graphdb, qlever or neptune.",
    )
    address = click.option(
        "--store",
        "address",
        required=True,
        metavar="sparql+http://…",
        help=f"Address of the server; a login is taken from {kinds.USER} and {kinds.PASSWORD}.",
    )
    return address(kind(command))


def server(rules: Declared, address: str, kind: str) -> Server:
    """Read an address of a server, whose kind stands in the shipped table."""
    return kinds.find(address, kind, rules.folder / "data")


@click.group("store", short_help="Keep releases in another SPARQL server.")
def store() -> None:
    """Bring releases into a SPARQL server that is there already, see which it holds, and take them away.

    \b
    spacekg store load --store sparql+http://127.0.0.1:3030/space --kind fuseki
    spacekg serve --store sparql+http://127.0.0.1:3030/space --kind fuseki
    """  # noqa: D301  # \b keeps click from filling the lines


@store.command("load")
@store_options
@click.option("--work", type=click.Path(path_type=Path, file_okay=False), help="Folder for files while it loads.")
@click.option("--shards", metavar="ADDRESS", help="Read the shards of this folder or URL in place of a release.")
@releases.release_option
def load(folder: Path, shards: str | None, address: str, kind: str, work: Path | None) -> None:
    """Bring a release into the server; nothing serves it before all of it is there and counted."""
    rules = releases.shipped()
    release: contents.Graph = sharding.open_shards(shards) if shards else open_release(folder)
    loader = Loader(server(rules, address, kind), rules, lambda line: click.echo(line, err=True))
    with tempfile.TemporaryDirectory(dir=work) as scratch:
        click.echo(_told(loader.load(release, Path(scratch))))


@store.command("write")
@releases.release_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def write(folder: Path, file: Path) -> None:
    """Write a release as N-Quads for the server's own bulk loader, packed where FILE ends in .gz.

    spacekg store mark is for when it is loaded.
    """
    number = contents.write(open_release(folder), file)
    click.echo(f"{file}: {number:,} quads")


@store.command("mark")
@store_options
@releases.release_option
def mark(folder: Path, address: str, kind: str) -> None:
    """Count a release that a bulk loader has brought; if all of it is there, it may be served."""
    rules = releases.shipped()
    click.echo(_told(Loader(server(rules, address, kind), rules).mark(open_release(folder))))


@store.command("list")
@store_options
def held(address: str, kind: str) -> None:
    """List the releases that the server holds whole."""
    rules = releases.shipped()
    for each in Loader(server(rules, address, kind), rules).held().values():
        click.echo(_told(each))


@store.command("drop")
@store_options
@click.argument("release")
def drop(address: str, kind: str, release: str) -> None:
    """Take a release away that nothing serves any more."""
    rules = releases.shipped()
    Loader(server(rules, address, kind), rules).drop(release)


def _told(held: Held) -> str:
    return f"{held.release}  loaded {held.loaded}  {held.union:,} triples in {len(held.graphs)} graphs"
