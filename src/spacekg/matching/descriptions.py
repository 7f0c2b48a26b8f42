"""descriptions  names that say what a thing is to whom ("Canada's space agency"), where only one can be meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from spacekg.matching import spelling
from spacekg.matching.records import Form
from spacekg.matching.spelling import Spelling
from spacekg.reference import Entity, Name, Reference

KIND = "description"
LEAD = 1.5
"""How much better known than the next one a thing must be to be meant by a description that fits both."""
SPOKEN = {"label", "alias", "demonym"}


def described(
    reference: Reference,
    patterns: Sequence[Mapping[str, str]],
    words: Spelling,
    is_a: Callable[[str, str], bool],
) -> Iterator[Form]:
    """Yield the descriptions that fit one thing and are no name of another.

    A row of `patterns` has a property, the class of its subject and a text; `{}` in it stands for a name of its object.
    """
    taken = {words.bag(spelling.key(name.text)) for name in reference.names if name.kind != "demonym"}
    by_entity: dict[str, list[Name]] = {}
    for name in reference.names:
        if name.kind in SPOKEN and name.risk != "short":
            by_entity.setdefault(name.entity, []).append(name)
    for row in patterns:
        for place, holder in sorted(_holders(reference, row, is_a).items()):
            for name in by_entity.get(place, ()):
                text = row["pattern"].format(name.text)
                key = spelling.key(text)
                bag = words.bag(key)
                if bag not in taken:
                    taken.add(bag)
                    yield Form(holder, text, name.language, KIND, "", key, bag)


def _holders(reference: Reference, row: Mapping[str, str], is_a: Callable[[str, str], bool]) -> dict[str, str]:
    """Find the one thing of the class for each object of the property."""
    known: dict[str, list[Entity]] = {}
    for fact in reference.facts:
        entity = reference.entities[fact.entity]
        if fact.property == row["property"] and is_a(entity.kind, row["class"]):
            known.setdefault(fact.value, []).append(entity)
    found = {}
    for place, entities in known.items():
        best, *rest = sorted(entities, key=lambda each: (-each.prominence, each.id))
        if _leads(best, rest):
            found[place] = best.id
    return found


def _leads(best: Entity, rest: Iterable[Entity]) -> bool:
    return all(best.prominence >= LEAD * other.prominence for other in rest)
