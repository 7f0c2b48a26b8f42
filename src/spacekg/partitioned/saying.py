"""saying    documents in parts, and what each says → the quads of their claims, judged by what all other parts say.

What a claim is worth can hang on other documents in three ways: another one denies it, tells of which class an entity
is that it brings up, or tells what such an entity concerns. So each part is told of those claims of the others that
speak of the same as its own, before these are judged.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path

from pyoxigraph import Quad

from spacekg import corpus, disputes, graph, settling
from spacekg.corpus import Corpus, Told
from spacekg.declared import Declared
from spacekg.model import Document
from spacekg.partitioned import telling
from spacekg.partitioned.telling import Talk
from spacekg.reference import Reference

Blamed = Mapping[str, str]
"""Claims that would break a rule of the graph, by IRI, each with the rule."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Where parts lie; a part is called by its number, and the parts are in the order of their documents."""

    folder: Path

    def documents(self, part: int) -> Path:
        """The file of a part's documents, each with what it says."""
        return self.folder / f"documents-{part:06}.jsonl"

    @property
    def talk(self) -> Talk:
        """Where parts tell each other of claims."""
        return Talk(self.folder / "talk", len(self.numbers()))

    @property
    def known(self) -> Path:
        """The file of the tables and declarations."""
        return self.folder / "known.pickle"

    @property
    def number(self) -> Path:
        """The file that tells how many parts there are."""
        return self.folder / "number"

    def numbers(self) -> range:
        """The numbers of all parts."""
        return range(int(self.number.read_text(encoding="ascii")))


def part(
    documents: Iterable[tuple[Document, str]], parts: Parts, rules: tuple[Reference, Declared], characters: int
) -> None:
    """Write documents, each with what it says, in parts of about so many characters."""
    parts.folder.mkdir(parents=True, exist_ok=True)
    parts.known.write_bytes(pickle.dumps(rules))
    at, size, held = 0, 0, list[str]()
    for document, told in documents:
        held.append(json.dumps([asdict(document), told]) + "\n")
        size += len(document.text)
        if size >= characters:
            parts.documents(at).write_text("".join(held), encoding="ascii")
            at, size, held = at + 1, 0, []
    if held or not at:
        parts.documents(at).write_text("".join(held), encoding="ascii")
        at += 1
    parts.number.write_text(str(at), encoding="ascii")


def share(parts: Parts, number: int) -> None:
    """Put the claims of a part that claims of other parts may hang on where these are told of them."""
    telling.put(parts.talk, number, _read(parts, number).claims)


def assemble(parts: Parts, blamed: Sequence[Blamed], number: int) -> tuple[Corpus, list[Quad]]:
    """Judge and assemble the claims of a part; `blamed` are those that settling has held back, round by round.

    The claims and quads of all parts are those of `disputes.judge` and `graph.assemble` of everything at once.
    """
    reference, declared = known(parts.known)
    read = _read(parts, number)
    before, after = telling.heard(parts.talk, number)
    judged = disputes.judge([*before, *read.claims, *after], reference, declared)
    own = judged[len(before) : len(before) + len(read.claims)]
    for wrong in blamed:
        own = settling.hold_back(own, wrong)
    stated = [*before, *own, *after]
    quads = graph.assemble(stated, read.links, read.documents, declared, reference.entities)
    return replace(read, claims=tuple(own)), quads


@lru_cache(maxsize=1)
def known(path: Path) -> tuple[Reference, Declared]:
    """Read the tables and declarations; a process does so once."""
    found: tuple[Reference, Declared] = pickle.loads(path.read_bytes())  # noqa: S301  # this build wrote it
    return found


def _read(parts: Parts, number: int) -> Corpus:
    with parts.documents(number).open(encoding="ascii") as lines:
        rows = [json.loads(line) for line in lines]
    return corpus.join(Told(tuple(Document(**row) for row, _ in rows), tuple(text for _, text in rows), {}))
