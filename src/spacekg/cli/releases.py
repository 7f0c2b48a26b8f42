"""releases  how commands name, find and open a release."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from spacekg import declared
from spacekg.declared import Declared
from spacekg.local import OWN_MACHINE, stored
from spacekg.release import CURRENT, MANIFEST

__all__ = ["OWN_MACHINE", "is_empty", "release_option", "shipped", "stored"]

DEFAULT = Path("release")
STORE_KIND = "oxigraph"
"""What kind of SPARQL server a release is in, when nobody says."""


def release_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option --release, passed on as `folder`."""
    return click.option(
        "--release",
        "folder",
        type=click.Path(path_type=Path),
        default=DEFAULT,
        show_default=True,
        help="A release, or the folder that holds releases.",
    )(command)


def is_empty(folder: Path) -> bool:
    """Whether no release was ever published there."""
    return not (folder / CURRENT).exists() and not (folder / MANIFEST).exists()


def shipped() -> Declared:
    """Read the declarations that come with this spacekg."""
    return declared.read(declared.shipped())
