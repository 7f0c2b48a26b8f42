"""likeness  a name that nothing has → the ids of things whose id or name looks like it."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping

MOST = 5
COMPARED = 1_000
"""Names of about the right length that an unknown one is compared with."""
SHARED = 2
"""Letters that two ids must share at their beginning, or a whole word, to be compared."""


def nearest(name: str, spellings: Mapping[str, str]) -> list[str]:
    """List at most five ids, the most alike first; `spellings` are names as `slug` writes them, by id."""
    wanted = slug(name)
    words = _words(wanted)
    alike: dict[str, str] = {}
    for known, label in spellings.items():
        for spelling in (known, label):
            if spelling[:SHARED] == wanted[:SHARED] or words & _words(spelling):
                alike.setdefault(spelling, known)
    closest = sorted(alike, key=lambda spelling: abs(len(spelling) - len(wanted)))[:COMPARED]
    found = difflib.get_close_matches(wanted, closest, n=MOST, cutoff=0.6) if wanted else []
    return list(dict.fromkeys(alike[spelling] for spelling in found))


def slug(name: str) -> str:
    """Write a name as an id would be: small letters without accents, and hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _words(known: str) -> set[str]:
    return {word for word in known.split("-") if len(word) > 2}
