"""register  a release and the declarations → the names it knows and the columns it can add, to be served."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from spacekg.declared import Declared
from spacekg.matching import index
from spacekg.matching.scoring import Matcher, Query
from spacekg.reconciliation import columns
from spacekg.reconciliation.columns import Column
from spacekg.release import Release

COLUMNS = Path("data", "reconciliation", "columns.csv")
MISSPELT = "a name that nothing has"


@dataclass(frozen=True, slots=True)
class Register:
    """What names are looked up in."""

    matcher: Matcher
    columns: tuple[Column, ...]


def read(release: Release, declared: Declared) -> Register:
    """Read the names of a release, and have everything ready that the first question would wait for.

    Raises:
        ReleaseError: the release has no names.
        DeclarationError: the table of columns is wrong.
    """
    matcher = Matcher(index.read(release.names))
    matcher.match(Query(MISSPELT))
    return Register(matcher, columns.read(declared.folder / COLUMNS, declared.queries))
