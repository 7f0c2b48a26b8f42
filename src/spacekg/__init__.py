"""Documents about international space collaboration, turned into a knowledge graph with evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from spacekg.knowledge import Knowledge

__all__ = ["open"]


def open(source: str | Path = "release", *, seconds: float = 60.0) -> Knowledge:
    """Open a release, or a folder of releases, or the SPARQL endpoint at an address, to ask it.

    `seconds` is how long to wait for one answer of an endpoint. Nothing is loaded before this is called.

    Raises:
        ReleaseError: there is no release, or a file of it is not what its manifest says.
        RemoteError: the address is none of an endpoint.
    """
    from spacekg import knowledge  # noqa: PLC0415  # importing spacekg loads nothing

    return knowledge.opened(str(source), seconds)
