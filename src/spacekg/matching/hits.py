"""hits      a name → the entities that bear exactly this name, each with how it was found and what that is worth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from spacekg.matching import spelling
from spacekg.matching.descriptions import KIND as DESCRIPTION
from spacekg.matching.index import Index
from spacekg.matching.records import Form

WORTH = {"label": 100.0, "alias": 96.0, "acronym": 95.0, "former": 95.0, "hidden": 94.0, DESCRIPTION: 95.0}
"""What each kind of name is worth: the primary name wins over another's alias."""
EXACT, SPELT, ORDERED, TRANSLATED = "exact", "spelling", "word order", "translated"
COST = {EXACT: 0.0, SPELT: 2.0, ORDERED: 3.0, TRANSLATED: 4.0}
"""What is taken off when a name was not found as it is written, by the way in which it was found."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A name of the index that a text may be, before anything else than the text is looked at."""

    form: Form
    how: str
    worth: float
    similarity: float = 1.0
    kind: str = ""
    """The class that words beside the name speak of, or empty."""
    places: frozenset[str] = frozenset()
    """The states that words beside the name speak of."""


def written(index: Index, text: str, key: str) -> list[Hit]:
    """Find the entities of this very name: as written, else in another order or language, or with other spaces."""
    if found := index.by_key.get(key):
        lower = SPELT if not text.isupper() else EXACT
        return best(Hit(form, *_worth(form, lower if form.kind == "acronym" else EXACT)) for form in found)
    if found := _things(index, key, index.spelling.bag(key)):
        return best(Hit(form, *_worth(form, ORDERED)) for form in found)
    if found := index.by_squeezed.get(spelling.squeeze(key)):
        return best(Hit(form, *_worth(form, SPELT)) for form in found)
    found = _things(index, key, index.spelling.in_english(key))
    return best(Hit(form, *_worth(form, TRANSLATED)) for form in found)


def _things(index: Index, key: str, bag: str) -> list[Form]:
    """Give the names of a bag; a single word that only leads to a state, such as "Canadian", is none."""
    found = index.by_bag.get(bag, [])
    return [form for form in found if " " in key or bag not in index.places]


def best(hits: Iterable[Hit]) -> list[Hit]:
    """Keep the best hit of each entity."""
    kept: dict[str, Hit] = {}
    for hit in hits:
        if hit.form.record not in kept or hit.worth > kept[hit.form.record].worth:
            kept[hit.form.record] = hit
    return list(kept.values())


def _worth(form: Form, how: str) -> tuple[str, float]:
    return how, WORTH[form.kind] - COST[how]
