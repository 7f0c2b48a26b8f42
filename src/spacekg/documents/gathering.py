"""gathering what was opened → documents by their names, what was ignored, and what is set aside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from spacekg.documents.listing import Listing
from spacekg.documents.opening import Opened
from spacekg.errors import DocumentError

T = TypeVar("T")
Excuse = Callable[[Opened[Any]], str]
"""Says with which reason something that cannot be opened is set aside, or raises a DocumentError."""


@dataclass(frozen=True, slots=True)
class Gathered(Generic[T]):
    """What was read, and what in the folders was not: files with other endings and links that lead nowhere."""

    documents: tuple[T, ...]
    """In the order of their names."""
    ignored: tuple[Path, ...]
    aside: Mapping[str, str] = field(default_factory=dict)
    """The names of what could not be opened and was set aside, each with the reason."""


def fail(found: Opened[Any]) -> str:
    """Set nothing aside: one thing that cannot be opened fails the whole reading.

    Raises:
        DocumentError: always.
    """
    raise DocumentError(f"{found.where}: {found.trouble}")


def set_aside(found: Opened[Any]) -> str:
    """Set aside whatever cannot be opened."""
    return found.trouble


def gather(paths: Sequence[Path | str], listed: Listing, every: Iterable[Opened[T]], excuse: Excuse) -> Gathered[T]:
    """Put what was opened of some paths in the order of its names.

    Raises:
        DocumentError: two documents have one name, there is none at all, or something is not excused.
    """
    documents: dict[str, Opened[T]] = {}
    ignored, aside = {*listed.ignored}, dict[str, str]()
    for found in every:
        if found.document is not None:
            other = documents.setdefault(found.name, found)
            if other is not found:
                both = f"{other.where} and {found.where}"
                raise DocumentError(f"{both} would both be the document {found.name!r}; rename one of them")
        elif found.trouble:
            aside[found.name] = "; ".join(filter(None, (aside.get(found.name), excuse(found))))
        else:
            ignored.add(Path(found.name))
    if paths and not documents:
        reasons = "".join(f"; {name}: {reason}" for name, reason in aside.items())
        raise DocumentError(
            f"{', '.join(map(str, paths))}: holds no document; name a file or folder that does{reasons}"
        )
    in_order = (documents[name].document for name in sorted(documents))
    return Gathered(
        tuple(document for document in in_order if document is not None),
        tuple(sorted(ignored)),
        dict(sorted(aside.items())),
    )
