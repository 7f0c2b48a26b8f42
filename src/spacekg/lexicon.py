"""lexicon   the words that state relations: verbs, nouns, cues and class nouns, read from data/lexicon and checked."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pyoxigraph import Literal, NamedNode

from spacekg.declared import SKOS, SKV, Declared
from spacekg.errors import DeclarationError
from spacekg.model import Modality, Polarity
from spacekg.names import Names, index
from spacekg.reference import Name

PARTS = {"verb", "noun", "name"}
ANY_CASE = "common"
ENGLISH = "en"
LABELS = {f"{SKOS}prefLabel", f"{SKOS}altLabel"}
MET_IN_TEXT = {"CollaborationType", "Benefit", "Challenge", "Mitigation", "Goal"}
DATE = "date"


@dataclass(frozen=True, slots=True)
class Frame:
    """A word that states a relation, and where in the grammar around it subject and object stand."""

    id: str
    part: str
    words: frozenset[str]
    subject: tuple[str, ...]
    """Paths, best first; see `claims.arguments`."""
    subject_class: tuple[str, ...]
    property: str
    object: tuple[str, ...]
    object_class: tuple[str, ...]
    confidence: float
    tolerates: frozenset[str]
    """Moods in which the statement still holds: what a mission is planned to reach is its target."""
    example: str
    says: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class CollaborationFrame:
    """A word that states that several work together: on what, who, and in which of the collaboration types."""

    id: str
    part: str
    words: frozenset[str]
    things: tuple[str, ...]
    participants: tuple[str, ...]
    types: tuple[str, ...]
    at_least: int
    """How many must be named: who builds or launches something alone works with nobody."""
    confidence: float
    example: str
    says: tuple[tuple[str, str, str], ...]


F = TypeVar("F", Frame, CollaborationFrame)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All declared words, by the part of speech and the lemma that bring them into play."""

    frames: Mapping[tuple[str, str], tuple[Frame, ...]]
    name_frames: tuple[Frame, ...]
    collaborations: Mapping[tuple[str, str], tuple[CollaborationFrame, ...]]
    cues: Mapping[str, tuple[str, str]]
    """Lemma → (part, effect): what takes the plain assertion out of a sentence."""
    class_nouns: Mapping[str, str]
    typing_nouns: frozenset[str]
    """The class nouns that tell something: to call Japan a country does not."""
    concepts: Names
    """The concepts' labels as names; the entity of each is `vocab:…`."""
    concept_kinds: Mapping[str, str]
    columns: Mapping[str, tuple[str, str]]
    """Heading of a table column → the property it states of the row's subject, and the class of its values."""
    units: Mapping[str, tuple[str, str]]
    """Noun that is counted or measured → the kind of quantity, and its unit."""
    settings: Mapping[str, str]
    """Word of a heading or sentence → the property that the concepts under it have."""
    signings: frozenset[str]
    """Verbs that bring an agreement about."""
    target_types: Mapping[str, str]
    """Body that a collaboration aims at → the type of collaboration that says so."""
    declared: Declared

    def column(self, heading: str) -> tuple[str, str] | None:
        """What a table column states: by its whole heading, else by its first word that is known."""
        words = heading.casefold().strip("*_ ")
        for candidate in (words, singular(words), *(singular(word) for word in words.split())):
            if candidate in self.columns:
                return self.columns[candidate]
        return None

    def kinds_of_noun(self, noun: str) -> frozenset[str]:
        """The classes that a noun speaks of, with their subclasses: `probe` → SpaceProbe; `craft` → all craft."""
        kind = self.class_nouns.get(noun) or self.class_nouns.get(singular(noun))
        if kind is None:
            return frozenset()
        return frozenset(name for name in self.declared.classes if self.declared.is_a(name, kind))


def read(folder: Path, declared: Declared) -> Lexicon:
    """Read the tables of data/lexicon; a wrong row raises DeclarationError with file and line."""
    frames = [_frame(row, where, declared) for row, where in _rows(folder / "frames.csv")]
    together = [_collaboration(row, where) for row, where in _rows(folder / "collaborations.csv")]
    names, kinds = _concepts(declared)
    return Lexicon(
        frames=_by_word(frame for frame in frames if frame.part != "name"),
        name_frames=tuple(frame for frame in frames if frame.part == "name"),
        collaborations=_by_word(together),
        cues={
            word: (row["part"], _effect(row, where))
            for row, where in _rows(folder / "cues.csv")
            for word in _split(row["words"])
        },
        class_nouns={
            row["noun"]: _class(row["class"], where, declared) for row, where in _rows(folder / "class_nouns.csv")
        },
        typing_nouns=frozenset(
            row["noun"] for row, _ in _rows(folder / "class_nouns.csv") if row["says_type"] == "yes"
        ),
        columns={
            row["heading"]: (_property(row["property"], where, declared), _class(row["class"], where, declared))
            for row, where in _rows(folder / "columns.csv")
        },
        units={
            word: (row["kind"], row["unit"]) for row, _ in _rows(folder / "units.csv") for word in _split(row["words"])
        },
        settings={
            word: _property(row["property"], where, declared)
            for row, where in _rows(folder / "settings.csv")
            for word in _split(row["words"])
        },
        signings=frozenset(row["word"] for row, _ in _rows(folder / "signings.csv")),
        target_types={row["body"]: row["type"] for row, _ in _rows(folder / "target_types.csv")},
        concepts=index(names),
        concept_kinds=kinds,
        declared=declared,
    )


def singular(noun: str) -> str:
    """The singular of an English plural that is formed by rule; any other word as it is."""
    head, _, last = noun.rpartition(" ")
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("s", "")):
        if last.endswith(ending) and not last.endswith("ss") and len(last) > len(ending) + 1:
            last = last.removesuffix(ending) + instead
            break
    return f"{head} {last}".strip()


def _rows(path: Path) -> Iterator[tuple[dict[str, str], str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream, strict=True)
        for row in reader:
            where = f"{path}:{reader.line_num}"
            if None in row or None in row.values():
                raise DeclarationError(f"{where}: wants {len(reader.fieldnames or ())} columns")
            yield row, where


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


def _class(name: str, where: str, declared: Declared) -> str:
    if name != DATE and not declared.has_class(name):
        raise DeclarationError(f"{where}: {name} is no class of the ontology")
    return name


def _property(name: str, where: str, declared: Declared) -> str:
    if not declared.has_property(name):
        raise DeclarationError(f"{where}: {name} is no property of the ontology")
    return name


def _frame(row: dict[str, str], where: str, declared: Declared) -> Frame:
    if row["part"] not in PARTS:
        raise DeclarationError(f"{where}: part is one of {', '.join(sorted(PARTS))}, not {row['part']!r}")
    return Frame(
        row["id"],
        row["part"],
        frozenset(_split(row["words"])),
        _split(row["subject"]),
        tuple(_class(name, where, declared) for name in _split(row["subject_class"])),
        _property(row["property"], where, declared),
        _split(row["object"]),
        tuple(_class(name, where, declared) for name in _split(row["object_class"])),
        _confidence(row["confidence"], where),
        frozenset(_split(row["tolerates"])),
        row["example"],
        _says(row["says"], where),
    )


def _collaboration(row: dict[str, str], where: str) -> CollaborationFrame:
    return CollaborationFrame(
        row["id"],
        row["part"],
        frozenset(_split(row["words"])),
        _split(row["things"]),
        _split(row["participants"]),
        _split(row["types"]),
        int(row["at_least"]),
        _confidence(row["confidence"], where),
        row["example"],
        _says(row["says"], where),
    )


def _confidence(cell: str, where: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = -1.0
    if not 0 < value <= 1:
        raise DeclarationError(f"{where}: confidence is a number over 0 and up to 1, not {cell!r}")
    return value


def _says(cell: str, where: str) -> tuple[tuple[str, str, str], ...]:
    triples = [tuple(part.split()) for part in cell.split(";") if part.strip()]
    if any(len(triple) != len(("subject", "property", "object")) for triple in triples):
        raise DeclarationError(f"{where}: `says` is `subject property object; …`, not {cell!r}")
    return tuple((subject, name, value) for subject, name, value in triples)


def _effect(row: dict[str, str], where: str) -> str:
    allowed = {*Modality, Polarity.DENIED}
    if row["effect"] not in allowed:
        raise DeclarationError(f"{where}: effect is one of {', '.join(sorted(allowed))}, not {row['effect']!r}")
    return row["effect"]


def _by_word(frames: Iterable[F]) -> dict[tuple[str, str], tuple[F, ...]]:
    found: dict[tuple[str, str], list[F]] = {}
    for frame in frames:
        for word in sorted(frame.words):
            found.setdefault((frame.part, word), []).append(frame)
    return {key: tuple(value) for key, value in found.items()}


def _concepts(declared: Declared) -> tuple[list[Name], dict[str, str]]:
    """The English labels of the concepts that texts speak of, in the forms in which they are met."""
    kinds = {concept.id: concept.kind for concept in declared.concepts.values() if concept.kind in MET_IN_TEXT}
    names: dict[tuple[str, str], Name] = {}
    for quad in sorted(declared.vocab, key=str):
        concept = f"vocab:{quad.subject.value.removeprefix(SKV)}" if isinstance(quad.subject, NamedNode) else ""
        label = quad.object if quad.predicate.value in LABELS and isinstance(quad.object, Literal) else None
        if concept in kinds and label is not None and label.language == ENGLISH:
            for form in (label.value, f"{label.value}s"):
                names[form, concept] = Name(form, concept, ENGLISH, ANY_CASE, "", "vocab")
    return list(names.values()), kinds
