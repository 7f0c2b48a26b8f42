"""serving   the command serve."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spacekg import rdf_files
from spacekg.answers import Limits, is_question
from spacekg.cli import hosting, releases
from spacekg.declared import Declared
from spacekg.release import Release, find
from spacekg.store import Store
from spacekg.turnover import Site, Turnover, Watch, newest
from spacekg.workers import Pool, default_size
from spacekg.workers.nursery import Nursery

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from spacekg.backends import Backend
    from spacekg.cli.opening import Kit
    from spacekg.workers.spawned import SpawnedNursery


@click.command("serve", short_help="Serve a release over HTTP.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port to listen on.")
@click.option("--base", default="", help="Address the world reaches it by, when a proxy stands before it.")
@click.option("--proxy", default="", help="Address of that proxy; it is believed who asks (X-Forwarded-For).")
@click.option("--workers", type=click.IntRange(1, 64), help="Query workers.  [default: processors + 4, at most 12]")
@click.option(
    "--start",
    type=click.Choice(("fork", "spawn")),
    default="fork" if hasattr(os, "fork") else "spawn",
    help="How workers start; spawn where there is no fork, with fewer walls and a store on disk (docs/limits.md).",
)
@click.option("--limit", "limits", multiple=True, metavar="NAME=NUMBER", help="Change a limit, such as seconds=10.")
@click.option(
    "--token-file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help=f"File with the operator's token; else it is taken from {hosting.TOKEN}.",
)
@click.option("--store", "address", metavar="sparql+http://…", help="Serve the release from another SPARQL server.")
@click.option(
    "--kind", default=releases.STORE_KIND, show_default=True, help="Which server: see spacekg store load --help."
)
@click.option(
    "--rdf",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help="Serve this RDF file instead of a release; the option may be repeated, and more files may follow it.",
)
@click.argument("more", nargs=-1, type=click.Path(path_type=Path, dir_okay=False, exists=True), metavar="")
@releases.release_option
def serve(folder: Path, host: str, port: int, token_file: Path | None, **options: Any) -> None:
    """Serve a release: the SPARQL endpoint and the pages about it, until Ctrl-C.

    Where there is no release yet, one is built from the documents that come with spacekg. A release that is built
    while it runs is served from then on. Each request is a line of JSON on standard error.

    \b
    spacekg serve
    spacekg serve --port 8080 --release release
    spacekg serve --limit seconds=10 --limit client_seconds=20
    spacekg serve --rdf missions.ttl agencies.jsonld
    """  # noqa: D301  # \b keeps click from filling the lines
    limits, base = hosting.limits(options["limits"]), hosting.address(options["base"])
    proxy, workers, start = options["proxy"], options["workers"] or default_size(), options["start"]
    terms = partial(
        hosting.Terms, limits=limits, base=base, token=hosting.token(token_file), local=not base and not proxy
    )
    listen = partial(_listen, host=host, port=port, proxy=proxy)
    if options["rdf"]:
        rules, paths = releases.shipped(), (*options["rdf"], *options["more"])
        # Here, where there is one thread, and once: the server and the process that loads the files want them.
        prefixes = {**rules.prefixes, **rdf_files.prefixes(paths)}
        _serve_files(Files(paths, prefixes, rules, limits, workers, start), listen, terms(rules))
        return
    if options["more"]:
        raise click.UsageError(f"{options['more'][0]} is not expected: RDF files come after --rdf")
    with _loading(start, limits, workers, options["address"], options["kind"]) as load:
        if releases.is_empty(folder):
            _build_first(folder)
        (kit, site), damage = newest(folder, partial(_opened, load, terms))
        hosting.log()
        from spacekg.cli import opening  # noqa: PLC0415  # as in `_opened`

        with closing(Turnover(site)) as turnover, Watch(folder, turnover, partial(opening.load_and_open, kit)):
            if damage:
                click.echo(f"spacekg: {damage}; until then release {site.release} is served", err=True)
            said = [f"release {site.release} at {{}}", *hosting.said(limits, site.held, workers)]
            listen(turnover, ready=lambda address: click.echo("\n".join(said).format(address)))


@dataclass(frozen=True, slots=True)
class Files:
    """RDF files that are served as they are."""

    paths: tuple[Path, ...]
    prefixes: Mapping[str, str]
    """Ours and theirs."""
    rules: Declared
    limits: Limits
    workers: int
    start: str = "fork"

    def stored(self, _name: str) -> Store:
        """Load them, so that they answer queries; of ours, only those that pages are made of."""
        queries = {name: query.text for name, query in self.rules.queries.items() if not is_question(name)}
        return rdf_files.load(self.paths, queries, self.prefixes, self.limits)


def _serve_files(files: Files, listen: Callable[..., None], terms: hosting.Terms) -> None:
    """Serve files until the server is told to stop; they are read once."""
    with closing(_nursery(files.start, files.stored)) as nursery, closing(Pool(nursery, size=files.workers)) as pool:
        from spacekg.cli import opening  # noqa: PLC0415  # what is forked for the files needs none of it

        app = opening.site_of_files(terms, files.prefixes, pool)
        number = len(files.paths)
        said = f"{number} file{'s' * (number != 1)}, {pool.summary.triples:,} triples at"
        lines = [f"{said} {{}}", *hosting.said(files.limits, pool.held, files.workers)]
        hosting.log()
        listen(app, ready=lambda address: click.echo("\n".join(lines).format(address)))


def _nursery(start: str, load: Callable[[str], Store]) -> Nursery | SpawnedNursery:
    if start == "spawn":
        from spacekg.workers.spawned import SpawnedNursery  # noqa: PLC0415  # who forks need not wait for it

        return SpawnedNursery(load)
    return Nursery(load)


@contextmanager
def _loading(
    start: str, limits: Limits, workers: int, address: str | None, kind: str
) -> Iterator[Callable[[Release], Future[Any]]]:
    """Give what begins to load a release: into workers, or from the server where it is."""
    if address:
        yield partial(_connected, address, kind, limits, workers)
        return
    # Before anything starts a thread: what is forked later is forked from it.
    with closing(_nursery(start, partial(_loaded, limits))) as nursery:
        yield partial(_begun, nursery, workers)


def _connected(address: str, kind: str, limits: Limits, lines: int, release: Release) -> Future[Backend]:
    """Find a release in the server where it is.

    Raises:
        BackendError: the server is not there, or has no such release.
    """
    from spacekg.backends import Backend, loading  # noqa: PLC0415  # who serves from memory need not wait for it
    from spacekg.cli import storing  # noqa: PLC0415  # the same

    rules = releases.shipped()
    connected = loading.connected(storing.server(rules, address, kind), rules, release)
    index = cache(lambda: releases.stored(release, rules, limits).index())
    found: Future[Backend] = Future()
    found.set_result(Backend(connected, rules, limits, index, lines))
    return found


def _begun(nursery: Nursery | SpawnedNursery, workers: int, release: Release) -> Future[Pool]:
    """Have a release loaded while this process does something else."""
    beside = ThreadPoolExecutor(1)
    try:
        return beside.submit(Pool, nursery, str(release.folder), workers)
    finally:
        beside.shutdown(wait=False)


def _loaded(limits: Limits, name: str) -> Store:
    """Load a release in a process of its own, which reads the declarations for itself, beside the server."""
    return releases.stored(find(Path(name)), releases.shipped(), limits)


def _opened(
    load: Callable[[Release], Future[Any]], terms: Callable[[Declared], hosting.Terms], release: Release
) -> tuple[Kit, Site]:
    """Begin to load a release, and import and read meanwhile what its site needs."""
    coming = load(release)
    # All of what is made here is kept, so the collector looks at none of it until another release comes.
    gc.disable()
    try:
        from spacekg.cli import opening  # noqa: PLC0415  # importing it takes as long as loading half of the release

        kit = opening.kit(load, terms(releases.shipped()))
        site = opening.site(kit, release, coming)
        gc.freeze()
        return kit, site
    finally:
        gc.enable()


def _build_first(folder: Path) -> None:
    from spacekg.cli.building import built  # noqa: PLC0415  # a server that has its release needs no grammar in memory

    built((), folder, releases.shipped())


def _listen(app: WSGIApplication, host: str, port: int, proxy: str, ready: Callable[[str], None]) -> None:
    from spacekg import server  # noqa: PLC0415  # what loads a release needs no server

    server.serve(app, host, port, ready, proxy)
