"""What the tests of reading share: a text, read with the shipped names and patterns, up to its claims."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from spacekg import claims, declared, disputes, lexicon, links, mentions, names, passages, reference
from spacekg.declared import Declared
from spacekg.lexicon import Lexicon
from spacekg.links import Resolution
from spacekg.model import Claim, Document, Status, Value
from spacekg.names import Names
from spacekg.reference import Reference

TABLES = Path(__file__).parents[1] / "benchmarks" / "extraction" / "sentences"
Row = tuple[str, str, str]
"""Style, sentence, and facts with a semicolon between them, as in a table of sentences."""


@cache
def shipped() -> tuple[Declared, Lexicon, Reference, Names]:
    """The shipped declarations and tables, read once for all tests."""
    folder = declared.shipped()
    known = declared.read(folder)
    tables = reference.read(folder / "data" / "reference")
    return known, lexicon.read(folder / "data" / "lexicon", known), tables, names.index(tables.names)


def document(text: str, name: str = "text") -> Document:
    """A plain document of this text."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document(name, "text/markdown", text, digest, digest, title=name)


def resolve_text(text: str) -> Resolution:
    """Find and resolve the names of a text."""
    _, words, tables, index = shipped()
    return links.resolve(mentions.find(passages.split(document(text)), index), tables, words.kinds_of_noun)


def read_text(text: str) -> list[Claim]:
    """Read a text up to its judged claims."""
    known, words, tables, index = shipped()
    pieces = passages.split(document(text))
    resolution = links.resolve(mentions.find(pieces, index), tables, words.kinds_of_noun)
    return disputes.judge(claims.extract(pieces, resolution.links, words, tables.entities), tables, known)


def said(text: str) -> set[str]:
    """The accepted claims of a text about things that it does not bring up itself, written as tables write facts."""
    found = [claim for claim in read_text(text) if claim.status is Status.ACCEPTED and not claim.coined]
    return {
        f"{claim.subject} {claim.predicate} {claim.object.text if isinstance(claim.object, Value) else claim.object}"
        for claim in found
    }


def rows(table: str) -> list[Row]:
    """The rows of a table of sentences."""
    with (TABLES / table).open(encoding="utf-8", newline="") as stream:
        return [(row["style"], row["sentence"], row["facts"] or "") for row in csv.DictReader(stream, delimiter="\t")]


def found(table: Sequence[Row]) -> float:
    """How many of the facts of a table are said by their sentences, of 1."""
    wanted = [(sentence, fact.strip()) for _, sentence, facts in table for fact in facts.split(";") if fact.strip()]
    read = {sentence: said(sentence) for sentence in {sentence for sentence, _ in wanted}}
    return sum(fact in read[sentence] for sentence, fact in wanted) / len(wanted)
