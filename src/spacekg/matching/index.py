"""index     reference tables → the file of all names, and that file → what names are looked up in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from spacekg.declared import Declared
from spacekg.errors import ReleaseError
from spacekg.matching import redirects, spelling
from spacekg.matching.descriptions import described
from spacekg.matching.records import ELSEWHERE, Form, Record, canonical
from spacekg.matching.redirects import Redirect
from spacekg.matching.spelling import Spelling
from spacekg.reference import Reference

FORMAT = 1
FOLDER = Path("data", "linking")
UNMATCHED = {"demonym", "common"}
"""Kinds of names that speak of an entity without naming it."""
ORDINARY = "word"
IN_LINE = tuple(each.name for each in fields(Form))[1:]
"""What a name has in the file, in the line of its entity."""
AGENTS_OF = ("operator", "developedBy", "fundedBy", "launchedBy")
SEATS = ("agencyOf", "basedIn")
FLOWN = {"SpaceMission", "Spacecraft"}

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True)
class Index:
    """Every name, and every entity that has one."""

    records: Mapping[str, Record]
    forms: tuple[Form, ...]
    classes: Mapping[str, frozenset[str]]
    """Each class with itself and every class above it."""
    nouns: Mapping[str, str]
    """Nouns by their keys, each with the class it speaks of."""
    spelling: Spelling
    redirects: Mapping[str, Redirect] = field(default_factory=dict)
    """Wikidata items that are no more, each with where it is now."""

    @cached_property
    def by_key(self) -> Mapping[str, list[Form]]:
        """The names as they are written."""
        return _grouped((form.key, form) for form in self.forms)

    @cached_property
    def by_bag(self) -> Mapping[str, list[Form]]:
        """The names without the order of their words."""
        return _grouped((form.bag, form) for form in self.forms)

    @cached_property
    def by_squeezed(self) -> Mapping[str, list[Form]]:
        """The names without their spaces."""
        return _grouped((spelling.squeeze(form.key), form) for form in self.forms)

    @cached_property
    def by_identifier(self) -> Mapping[tuple[str, str], list[str]]:
        """The entities by scheme and identifier; those of an item that was merged are those of what it is now."""
        found = _grouped(
            ((scheme, canonical(scheme, value)), record.id)
            for record in self.records.values()
            for scheme, values in record.identifiers.items()
            for value in values
        )
        moved = {("wikidata", old): found.get(("wikidata", now.to), []) for old, now in self.redirects.items()}
        return {**{old: ids for old, ids in moved.items() if ids}, **found}

    @cached_property
    def places(self) -> Mapping[str, frozenset[str]]:
        """The states and groups of states by the bags of their names."""
        found: dict[str, set[str]] = {}
        for form in self.forms:
            if "GeopoliticalEntity" in self.classes[self.records[form.record].kind]:
                found.setdefault(form.bag, set()).add(form.record)
        return {bag: frozenset(ids) for bag, ids in found.items()}

    @cached_property
    def titles(self) -> Mapping[str, Mapping[str, str]]:
        """What each entity is called by language, lower-case: its label there, else an alias that is the only one."""
        labels: dict[str, dict[str, str]] = {}
        aliases: dict[tuple[str, str], dict[str, str]] = {}
        for form in (each for each in self.forms if each.kind in ("label", "alias")):
            for language in filter(None, form.language.lower().split("|")):
                if form.kind == "label":
                    labels.setdefault(form.record, {})[language] = form.text
                else:
                    aliases.setdefault((form.record, language), {}).setdefault(form.key, form.text)
        for (record, language), (text, *more) in ((at, tuple(texts.values())) for at, texts in aliases.items()):
            if not more:
                labels.setdefault(record, {}).setdefault(language, text)
        return labels

    @cached_property
    def spoken(self) -> frozenset[str]:
        """The languages in which some entity has a title."""
        return frozenset(language for titles in self.titles.values() for language in titles)

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages in which some entity has a label."""
        spoken = (form.language.lower().split("|") for form in self.forms if form.kind == "label")
        return frozenset(language for each in spoken for language in each if language)

    def kinship(self, kind: str, wanted: str) -> float:
        """Tell how near a class is to the wanted one: 1 when it is one, a half for a near relative, else 0.

        A mission and its craft are often one thing to those who write of them, so they are near.
        """
        above, over = self.classes.get(kind, frozenset({kind})), self.classes.get(wanted, frozenset({wanted}))
        if wanted in above:
            return 1.0
        shared = any(len(self.classes[name]) > 1 for name in above & over)
        return 0.5 if kind in over or shared or (above & FLOWN and over & FLOWN) else 0.0


def make(reference: Reference, declared: Declared) -> bytes:
    """Write the index: a line of JSON for what all names share, then one for each entity, in the order of their ids.

    Raises:
        DeclarationError: a table of `data/linking` is wrong.
    """
    folder = declared.folder / FOLDER
    words = spelling.read(folder)
    nouns = spelling.rows(declared.folder / "data" / "lexicon" / "class_nouns.csv", ("noun", "class", "says_type"))
    head = {
        "format": FORMAT,
        "classes": {name: sorted(above) for name, above in declared.classes.items()},
        "nouns": {spelling.key(row["noun"]): row["class"] for row in nouns},
        "little": sorted(words.little),
        "legal": sorted(words.legal),
        "adjectives": dict(words.adjectives),
        "words": dict(words.words),
        "redirects": {old: astuple(now) for old, now in redirects.read(folder / "redirects.csv").items()},
    }
    names = _names(reference, words)
    _refuse(names, spelling.rows(folder / "refused.csv", ("id", "name", "reason")))
    patterns = spelling.rows(folder / "descriptions.csv", ("property", "class", "pattern"))
    _cast_doubt(
        names, {spelling.key(row["name"]) for row in spelling.rows(folder / "doubtful.csv", ("name", "meaning"))}
    )
    for form in described(reference, patterns, words, declared.is_a):
        names[form.record].append(form)
    seen = {source.name: source.as_of for source in reference.sources}
    lines = [head, *(_line(record, names) for record in _records(reference, seen))]
    return "".join(f"{json.dumps(line, ensure_ascii=False, sort_keys=True)}\n" for line in lines).encode()


def read(path: Path) -> Index:
    """Read the index of a release from its file.

    Raises:
        ReleaseError: it is missing, or of a layout that this spacekg does not read.
    """
    try:
        head, *lines = [json.loads(line) for line in path.read_bytes().splitlines()]
        if head["format"] != FORMAT:
            raise ReleaseError(f"{path}: layout {head['format']}, but this spacekg reads {FORMAT}; build it again")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseError(f"{path}: no index of names here; build the release again with: spacekg build") from error
    forms = tuple(Form(line["id"], *name) for line in lines for name in line.pop("names"))
    classes = {name: frozenset(above) for name, above in head["classes"].items()}
    words = Spelling(frozenset(head["little"]), frozenset(head["legal"]), head["adjectives"], head["words"])
    moved = {old: Redirect(*now) for old, now in head.get("redirects", {}).items()}
    return Index({line["id"]: _record(line) for line in lines}, forms, classes, head["nouns"], words, moved)


def _names(reference: Reference, words: Spelling) -> dict[str, list[Form]]:
    found: dict[str, list[Form]] = {local: [] for local in reference.entities}
    for name in reference.names:
        key = spelling.key(name.text)
        if key and name.kind not in UNMATCHED:
            form = Form(name.entity, name.text, name.language, name.kind, name.risk, key, words.bag(key))
            found[name.entity].append(form)
    return found


def _refuse(names: dict[str, list[Form]], rows: Iterable[Mapping[str, str]]) -> None:
    """Leave out what a source takes for a name of an entity and is none."""
    for row in (each for each in rows if each["id"] in names):
        key = spelling.key(row["name"])
        names[row["id"]] = [form for form in names[row["id"]] if form.key != key]


def _cast_doubt(names: dict[str, list[Form]], elsewhere: set[str]) -> None:
    """Mark the names that mean something else too; what is an ordinary word for one entity is one for all."""
    squeezed = {spelling.squeeze(key) for key in elsewhere}
    words = {form.key for forms in names.values() for form in forms if form.risk == ORDINARY}
    for forms in names.values():
        for place, form in enumerate(forms):
            if spelling.squeeze(form.key) in squeezed:
                forms[place] = replace(form, risk=ELSEWHERE)
            elif form.key in words:
                forms[place] = replace(form, risk=ORDINARY)


def _records(reference: Reference, seen: Mapping[str, str]) -> Iterator[Record]:
    links: dict[str, dict[str, set[str]]] = {local: {} for local in reference.entities}
    dates: dict[str, dict[str, set[str]]] = {local: {} for local in reference.entities}
    for fact in reference.facts:
        table = links if fact.datatype == "id" else dates
        table[fact.entity].setdefault(fact.property, set()).add(fact.value)
    identifiers: dict[str, dict[str, set[str]]] = {local: {} for local in reference.entities}
    items: dict[str, tuple[str, str, str]] = {}
    for one in reference.identifiers:
        if one.status != "verified":
            continue
        identifiers[one.entity].setdefault(one.scheme, set()).add(one.value)
        if one.scheme == "wikidata":
            items[one.entity] = (one.value, one.match, seen[one.source])
        if one.scheme == "gcat" and one.value[:1] == "S" and one.value[1:].isdigit():
            identifiers[one.entity].setdefault("norad", set()).add(one.value[1:].lstrip("0"))
    for entity in sorted(reference.entities.values(), key=lambda each: each.id):
        yield Record(
            entity.id,
            entity.kind,
            entity.label,
            entity.description,
            entity.prominence,
            *items.get(entity.id, ("", "", "")),
            frozenset(_countries(entity.id, links)),
            {name: tuple(sorted(values)) for name, values in dates[entity.id].items()},
            {name: tuple(sorted(values)) for name, values in identifiers[entity.id].items()},
            {name: frozenset(values) for name, values in links[entity.id].items()},
        )


def _countries(entity: str, links: Mapping[str, Mapping[str, Iterable[str]]]) -> Iterator[str]:
    agents = [agent for relation in AGENTS_OF for agent in links[entity].get(relation, ())]
    for agent in (entity, *agents):
        for seat in SEATS:
            yield from links[agent].get(seat, ())


def _line(record: Record, names: Mapping[str, list[Form]]) -> dict[str, Any]:
    line = {each.name: getattr(record, each.name) for each in fields(record)}
    line["countries"] = sorted(record.countries)
    line["links"] = {name: sorted(values) for name, values in record.links.items()}
    line["names"] = [[getattr(form, name) for name in IN_LINE] for form in names[record.id]]
    return line


def _record(line: dict[str, Any]) -> Record:
    line["countries"] = frozenset(line["countries"])
    line["links"] = {name: frozenset(values) for name, values in line["links"].items()}
    return Record(**line)


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    found: dict[K, list[V]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found
