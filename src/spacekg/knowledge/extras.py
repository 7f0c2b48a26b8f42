"""extras    the name of an optional library → the library, or what to install."""

from __future__ import annotations

from types import ModuleType

from spacekg.errors import MissingExtraError


def pandas() -> ModuleType:
    """Give pandas, or raise MissingExtraError."""
    try:
        import pandas as library  # noqa: PLC0415  # it is optional
    except ModuleNotFoundError:
        raise MissingExtraError("pandas", "frames") from None
    return library  # type: ignore[no-any-return]  # it has no types of its own


def polars() -> ModuleType:
    """Give polars, or raise MissingExtraError."""
    try:
        import polars as library  # noqa: PLC0415  # it is optional
    except ModuleNotFoundError:
        raise MissingExtraError("polars", "frames") from None
    return library


def networkx() -> ModuleType:
    """Give networkx, or raise MissingExtraError."""
    try:
        import networkx as library  # noqa: PLC0415  # it is optional
    except ModuleNotFoundError:
        raise MissingExtraError("networkx", "network") from None
    return library  # type: ignore[no-any-return]  # it has no types of its own
