"""assisting  the command mcp."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

import spacekg
from spacekg import remote
from spacekg.answers import Limits
from spacekg.cli import releases
from spacekg.declared import Declared
from spacekg.errors import MissingExtraError
from spacekg.knowledge import Knowledge
from spacekg.matching import index
from spacekg.matching.scoring import Matcher
from spacekg.release import Release, open_release
from spacekg.remote import Endpoint
from spacekg.store import Store
from spacekg.workers import staffed


@click.command("mcp", short_help="Offer a release to a language model (MCP, over standard input and output).")
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead of a release.")
@click.option("--seconds", type=click.FloatRange(0.1, 600), default=20, show_default=True, help="For one query.")
@releases.release_option
def mcp(endpoint: str | None, seconds: float, folder: Path) -> None:
    """Offer search, describe, lint, query and reconcile to a language model, until it closes standard input.

    \b
    spacekg mcp --release release
    spacekg mcp --endpoint https://example.org/sparql
    """  # noqa: D301  # \b keeps click from filling the lines
    try:
        from spacekg import assistant  # noqa: PLC0415  # it is an extra
    except ModuleNotFoundError:
        raise MissingExtraError("the SDK of MCP", "mcp") from None
    if endpoint:
        find = partial(remote.candidates, Endpoint(endpoint, seconds))
        assistant.server(spacekg.open(endpoint, seconds=seconds), find).run()
        return
    rules, release, limits = releases.shipped(), open_release(folder), Limits(seconds=seconds)
    matcher = Matcher(index.read(release.names))
    # Queries run in a process of their own that can be stopped.
    with staffed(partial(_loaded, release, rules, limits), 1) as pool:
        assistant.server(Knowledge(pool, rules), assistant.matching(matcher)).run()


def _loaded(release: Release, rules: Declared, limits: Limits) -> Store:
    store = releases.stored(release, rules, limits)
    store.index()  # here, where the limits of a query do not hold
    return store
