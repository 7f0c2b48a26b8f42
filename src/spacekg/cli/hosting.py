"""hosting   what `serve` is told and what it says: limits, the operator's token, the log."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from urllib.parse import urlsplit

import click

from spacekg.answers import Limits
from spacekg.declared import Declared

TOKEN = "SPACEKG_TOKEN"
SHORTEST = 16
"""Characters of a token; a shorter one can be guessed."""
MAY_BE_NONE = ("kept_bytes",)
WALLS = ("memory", "parent", "network", "files", "processes")
"""Everything that can stand around a worker, as `spacekg.sandbox` names it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms whatever is served is served."""

    rules: Declared
    limits: Limits
    base: str
    """The address the world knows it by; empty when there is none."""
    token: str
    """The operator's."""
    local: bool
    """Whether whoever asks from this machine is the operator."""


def limits(changes: Iterable[str]) -> Limits:
    """Read changes such as `seconds=10` of the limits that hold without them.

    Raises:
        click.BadParameter: there is no such limit, or its value is no number above 0, or one that may be 0.
    """
    changed = Limits()
    kinds: dict[str, type] = {each.name: type(getattr(changed, each.name)) for each in fields(changed)}
    for change in changes:
        name, _, number = change.partition("=")
        try:
            value = kinds[name](number)
        except (KeyError, ValueError):
            wanted = f"NAME=NUMBER, where NAME is one of {', '.join(kinds)}"
            raise click.BadParameter(f"{change!r}: wants {wanted}", param_hint="--limit") from None
        if not (value > 0 or (value == 0 and name in MAY_BE_NONE)):
            raise click.BadParameter(f"{change!r}: wants a number above 0", param_hint="--limit")
        changed = replace(changed, **{name: value})
    return changed


def said(limits: Limits, held: Iterable[str], workers: int) -> Iterator[str]:
    """Say what holds, a line each: what a query and a client may cost, who waits, what a worker cannot do."""
    yield (
        f"a query: {limits.query_bytes:,} bytes, {limits.seconds:g} s, {limits.memory_bytes:,} bytes of memory, "
        f"{limits.rows:,} rows, {limits.answer_bytes:,} bytes of answer"
    )
    yield (
        f"a client: {limits.per_client} queries at once, {limits.at_work} of them at work, "
        f"{limits.client_seconds:g} s of answering in a minute"
    )
    yield f"workers: {workers} and one for the site itself; {limits.waiting} queries wait for {limits.wait_seconds:g} s"
    missing = [wall for wall in WALLS if wall not in held]
    lost = f"; this system cannot hold: {', '.join(missing)}" if missing else ""
    yield f"walls around a worker: {', '.join(held) or 'none'}{lost}"


def token(path: Path | None) -> str:
    """Read the operator's token from its file, or from the environment; empty when there is none.

    Raises:
        click.BadParameter: it is too short to be a secret.
    """
    given = path.read_text(encoding="utf-8").strip() if path else os.environ.get(TOKEN, "")
    if given and len(given) < SHORTEST:
        raise click.BadParameter(
            f"a token of fewer than {SHORTEST} characters can be guessed", param_hint="--token-file"
        )
    return given


def log() -> None:
    """Write what happens to standard error, a line of JSON each."""
    from spacekg.web.log import Formatter  # noqa: PLC0415  # the site is imported while the release is being loaded

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Formatter())
    written = logging.getLogger("spacekg")
    written.addHandler(handler)
    written.setLevel(logging.INFO)
    written.propagate = False
    # A line says neither, and to find them out takes as long as to write it.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


def address(base: str) -> str:
    """Give the address that the world knows a server by with its last slash.

    Raises:
        click.BadParameter: it is no address of the web.
    """
    parts = urlsplit(base)
    if base and (parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment):
        raise click.BadParameter("give an address such as https://example.org/kg/", param_hint="--base")
    return f"{base.rstrip('/')}/" if base else ""
