"""agent     who spacekg says it is when it asks another server."""

from __future__ import annotations

from importlib import metadata


def name(contact: str = "") -> str:
    """Give the value of the header User-Agent; `contact` is a mail address or a page of whoever runs this."""
    try:
        version = metadata.version("spacekg")
    except metadata.PackageNotFoundError:
        version = "0"
    return f"spacekg/{version} (https://w3id.org/spacekg/{'; ' if contact else ''}{contact})"
