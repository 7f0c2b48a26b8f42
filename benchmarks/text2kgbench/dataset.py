"""dataset   the files of a Text2KGBench ontology: its relations, and sentences with the triples that are right."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacekg.errors import DeclarationError


@dataclass(frozen=True, slots=True)
class Triple:
    """Subject, relation and object as labels."""

    subject: str
    relation: str
    object: str


@dataclass(frozen=True, slots=True)
class Ontology:
    """The relations of a benchmark ontology, by label, each with the labels of its domain and range."""

    title: str
    relations: dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence and every triple that the benchmark wants of it; `ids` are the rows it stands in."""

    ids: tuple[str, ...]
    sentence: str
    gold: tuple[Triple, ...]


def ontology(path: Path) -> Ontology:
    """Read an ontology file: `concepts` with qid and label, `relations` with label, domain and range.

    Raises:
        DeclarationError: the file is no such ontology.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        labels = {concept["qid"]: concept["label"] for concept in content["concepts"]}
        relations = {
            row["label"]: (labels.get(row.get("domain", ""), ""), labels.get(row.get("range", ""), ""))
            for row in content["relations"]
        }
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise DeclarationError(f"{path}: wants JSON with `concepts` and `relations`: {error!r}") from error
    return Ontology(content.get("title", path.stem), relations)


def read(path: Path) -> list[Case]:
    """Read sentences with one triple a row (`sub_label`, `rel_label`, `obj_label`) or a list of `triples`.

    Rows of the same sentence become one case, in the order of the file.

    Raises:
        DeclarationError: a row has neither form; the message names file and line.
    """
    by_sentence: dict[str, tuple[list[str], dict[Triple, None]]] = {}
    with path.open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, start=1):
            if line.strip():
                try:
                    row = json.loads(line)
                    ids, gold = by_sentence.setdefault(row["sent"], ([], {}))
                    ids.append(str(row["id"]))
                    gold.update(dict.fromkeys(_triples(row)))
                except (json.JSONDecodeError, KeyError, TypeError) as error:
                    raise DeclarationError(f"{path}:{number}: no row of the benchmark: {error!r}") from error
    return [Case(tuple(ids), sentence, tuple(gold)) for sentence, (ids, gold) in by_sentence.items()]


def _triples(row: dict[str, Any]) -> Iterable[Triple]:
    if "triples" in row:
        return [Triple(t["sub"], t["rel"].replace("_", " "), t["obj"]) for t in row["triples"]]
    return [Triple(row["sub_label"], row["rel_label"], row["obj_label"])] if "rel_label" in row else []
