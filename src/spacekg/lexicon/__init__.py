"""lexicon   the words that state relations: verbs, nouns, cues and class nouns, read from data/lexicon and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from pyoxigraph import Literal, NamedNode

from spacekg.declared import SKOS, SKV, Declared
from spacekg.lexicon import rows
from spacekg.lexicon.calibration import Calibration
from spacekg.lexicon.entries import CollaborationFrame, Column, Frame, NameCue, Unit
from spacekg.lexicon.rows import DATE
from spacekg.names import Names, index
from spacekg.reference import Name

__all__ = ["DATE", "CollaborationFrame", "Column", "Frame", "Lexicon", "NameCue", "Unit", "read", "singular"]

ANY_CASE = "common"
ENGLISH = "en"
LABELS = {f"{SKOS}prefLabel", f"{SKOS}altLabel"}
MET_IN_TEXT = {"CollaborationType", "Benefit", "Challenge", "Mitigation", "Goal"}

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
    related: Mapping[str, tuple[str, ...]]
    """Concepts of other kinds that mean the same thing seen from their side: cost sharing, the way and the gain."""
    columns: Mapping[str, tuple[Column, ...]]
    """Heading of a table column, or label of a line → what stands under it states of the subject."""
    units: Mapping[str, tuple[Unit, ...]]
    """Noun that is counted or measured → what it may measure, the most special first."""
    settings: Mapping[str, str]
    """Word of a heading or sentence → the property that the concepts under it have."""
    launch_verbs: Mapping[tuple[str, str], bool]
    """Verb or noun and its particle → whether it says by itself that something was launched."""
    involvements: frozenset[tuple[str, str]]
    """Part of speech and lemma of words that tell of somebody's hand in something, however they are put."""
    towns: Mapping[str, str]
    """Town or region → the state it lies in, where no other place of that name is likely in these texts."""
    agencies: Mapping[str, tuple[str, ...]]
    """State → the agencies that «its space agency» may mean."""
    governments: Mapping[str, tuple[str, ...]]
    """Town → the states whose government is named by it: «Ottawa gave the arm»."""
    halves: Mapping[str, str]
    """First half of an adjective of two states → the state it means: «Franco-German»."""
    signings: frozenset[str]
    """Verbs that bring an agreement about."""
    target_types: Mapping[str, tuple[frozenset[str], str]]
    """Body that a collaboration aims at → words one of which must stand beside it, and the type they make."""
    calibration: Calibration
    """How often each rule was right on marked texts."""
    name_cues: tuple[NameCue, ...]
    """What a name stands beside that no table need have."""
    no_names: Mapping[str, str]
    """Word that is no name by itself, capital or not → what it is."""
    people: Mapping[str, tuple[str, ...]]
    """`before` or `after` a person's name → the words that stand there."""
    declared: Declared

    def column(self, heading: str) -> tuple[Column, ...]:
        """What a table column states: by its whole heading, else by its first word that is known; empty if by none."""
        words = heading.casefold().strip("*_ ")
        for candidate in (words, singular(words), *(singular(word) for word in words.split())):
            if candidate in self.columns:
                return self.columns[candidate]
        return ()

    def kinds_of_noun(self, noun: str) -> frozenset[str]:
        """The classes that a noun speaks of, with their subclasses: `probe` → SpaceProbe; `craft` → all craft."""
        kind = self.class_nouns.get(noun) or self.class_nouns.get(singular(noun))
        if kind is None:
            return frozenset()
        return frozenset(name for name in self.declared.classes if self.declared.is_a(name, kind))


def read(folder: Path, declared: Declared) -> Lexicon:
    """Read the tables of data/lexicon; a wrong row raises DeclarationError with file and line."""
    frames = [rows.frame(row, where, declared) for row, where in rows.rows(folder / "frames.csv")]
    together = [rows.collaboration(row, where) for row, where in rows.rows(folder / "collaborations.csv")]
    names, kinds = _concepts(declared)
    return Lexicon(
        frames=_by_word(frame for frame in frames if frame.part != "name"),
        name_frames=tuple(frame for frame in frames if frame.part == "name"),
        collaborations=_by_word(together),
        cues={
            word: (row["part"], rows.effect(row, where))
            for row, where in rows.rows(folder / "cues.csv")
            for word in rows.split(row["words"])
        },
        class_nouns={
            row["noun"]: rows.class_(row["class"], where, declared)
            for row, where in rows.rows(folder / "class_nouns.csv")
        },
        typing_nouns=frozenset(
            row["noun"] for row, _ in rows.rows(folder / "class_nouns.csv") if row["says_type"] == "yes"
        ),
        columns=rows.columns(folder / "columns.csv", declared),
        units=rows.units(folder / "units.csv"),
        settings={
            word: rows.property_(row["property"], where, declared)
            for row, where in rows.rows(folder / "settings.csv")
            for word in rows.split(row["words"])
        },
        launch_verbs={
            (row["word"], row["particle"]): row["alone"] == "yes" for row, _ in rows.rows(folder / "launch_verbs.csv")
        },
        involvements=frozenset(
            (row["part"], word)
            for row, _ in rows.rows(folder / "involvements.csv")
            for word in rows.split(row["words"])
        ),
        towns={row["town"]: row["state"] for row, _ in rows.rows(folder / "towns.csv")},
        agencies=rows.agencies(folder / "states.csv"),
        governments=rows.governments(folder / "states.csv"),
        halves={row["half"]: row["state"] for row, _ in rows.rows(folder / "halves.csv")},
        signings=frozenset(row["word"] for row, _ in rows.rows(folder / "signings.csv")),
        target_types={
            row["body"]: (frozenset(rows.split(row["words"])), row["type"])
            for row, _ in rows.rows(folder / "target_types.csv")
        },
        calibration=rows.calibration(folder / "calibration.csv"),
        name_cues=tuple(rows.name_cue(row, where, declared) for row, where in rows.rows(folder / "new_names.csv")),
        no_names={
            word: row["reason"] for row, _ in rows.rows(folder / "no_names.csv") for word in rows.split(row["words"])
        },
        people={row["stands"]: rows.split(row["words"]) for row, _ in rows.rows(folder / "people.csv")},
        concepts=index(names),
        concept_kinds=kinds,
        related=_related(declared),
        declared=declared,
    )


@lru_cache(maxsize=65_536)
def singular(noun: str) -> str:
    """The singular of an English plural that is formed by rule; any other word as it is."""
    head, _, last = noun.rpartition(" ")
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("s", "")):
        if last.endswith(ending) and not last.endswith("ss") and len(last) > len(ending) + 1:
            last = last.removesuffix(ending) + instead
            break
    return f"{head} {last}".strip()


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


def _related(declared: Declared) -> dict[str, tuple[str, ...]]:
    related: dict[str, set[str]] = {}
    for quad in declared.vocab:
        if quad.predicate.value == f"{SKOS}related":
            ends = [
                f"vocab:{end.value.removeprefix(SKV)}"
                for end in (quad.subject, quad.object)
                if isinstance(end, NamedNode)
            ]
            for one, other in (ends, reversed(ends)):
                related.setdefault(one, set()).add(other)
    return {concept: tuple(sorted(others)) for concept, others in related.items()}
