"""local     a release → an engine that answers from it in this process."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from spacekg import united
from spacekg.answers import Limits
from spacekg.declared import BASE, Declared
from spacekg.errors import ReleaseError
from spacekg.release import GRAPH, Release
from spacekg.store import Store

OWN_MACHINE = Limits(
    query_bytes=10_000_000, depth=500, operators=100_000, answer_bytes=10_000_000_000, rows=1_000_000_000
)
"""What a query may cost whoever asks on a machine of their own; an endpoint that strangers ask allows far less."""


def stored(release: Release, rules: Declared, limits: Limits) -> Store:
    """Load a release so that it answers queries, the shipped ones by name; what is read of its graph is verified.

    Raises:
        ReleaseError: its graph is not what its manifest says, or cannot be read.
    """
    queries = {query.name: query.text for query in rules.queries.values()}
    try:
        data = united.load_canonical(release.content(GRAPH))
    except SyntaxError as error:
        raise ReleaseError(f"{release.graph}: cannot be read ({error}): build the release again") from None
    return Store(data, release.id, queries, rules.prefixes, limits).reading(partial(_texts, release))


def _texts(release: Release) -> dict[str, str]:
    """Give the text of each document by the document's IRI."""
    files = (Path(name) for name in release.manifest["files"] if name.startswith("documents/"))
    return {f"{BASE}document/{file.stem}": release.text(file.stem) for file in files}
