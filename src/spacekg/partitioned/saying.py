"""saying    documents in parts, and what each says → the quads of their claims, judged by what all other parts say.

What a claim is worth can hang on other documents in three ways: another one denies it, tells of which class an entity
is that it brings up, or tells what such an entity concerns. Each part first puts those claims of its own where all
find them; of those of the others it then takes as many as speak of the same as its own.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path

from pyoxigraph import Quad

from spacekg import corpus, disputes, graph, settling
from spacekg.corpus import Corpus, Told
from spacekg.declared import Declared
from spacekg.model import Claim, Document, Polarity
from spacekg.reference import Reference

CONCERNS = "concerns"

Blamed = Mapping[str, str]
"""Claims that would break a rule of the graph, by IRI, each with the rule."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Where parts lie; a part is called by its number, and the parts are in the order of their documents."""

    folder: Path

    def documents(self, part: int) -> Path:
        """The file of a part's documents, each with what it says."""
        return self.folder / f"documents-{part:06}.jsonl"

    def shared(self, part: int) -> Path:
        """The file of those of its claims that others may hang on."""
        return self.folder / f"shared-{part:06}.pickle"

    @property
    def known(self) -> Path:
        """The file of the tables and declarations."""
        return self.folder / "known.pickle"

    def numbers(self) -> range:
        """The numbers of all parts."""
        return range(len(list(self.folder.glob("documents-*.jsonl"))))


def part(
    documents: Iterable[tuple[Document, str]], parts: Parts, known: tuple[Reference, Declared], characters: int
) -> None:
    """Write documents, each with what it says, in parts of about so many characters."""
    parts.folder.mkdir(parents=True, exist_ok=True)
    parts.known.write_bytes(pickle.dumps(known))
    at, size, held = 0, 0, list[str]()
    for document, told in documents:
        held.append(json.dumps([asdict(document), told]) + "\n")
        size += len(document.text)
        if size >= characters:
            parts.documents(at).write_text("".join(held), encoding="ascii")
            at, size, held = at + 1, 0, []
    if held or not at:
        parts.documents(at).write_text("".join(held), encoding="ascii")


def share(parts: Parts, number: int) -> None:
    """Put the claims of a part where all find them that claims of other parts may hang on."""
    with parts.shared(number).open("wb") as file:
        for claim in _read(parts, number).claims:
            if _is_shared(claim):
                pickle.dump(_without_text(claim), file)


def assemble(parts: Parts, blamed: Sequence[Blamed], number: int) -> tuple[Corpus, list[Quad]]:
    """Judge and assemble the claims of a part; `blamed` are those that settling has held back, round by round.

    The claims and quads of all parts are those of `disputes.judge` and `graph.assemble` of everything at once.
    """
    reference, declared = _known(parts.known)
    read = _read(parts, number)
    around = _Around(read.claims)
    before, after = (
        [claim for other in others for claim in around.shared(parts.shared(other))]
        for others in (range(number), parts.numbers()[number + 1 :])
    )
    judged = disputes.judge([*before, *read.claims, *after], reference, declared)
    own = judged[len(before) : len(before) + len(read.claims)]
    for wrong in blamed:
        own = settling.hold_back(own, wrong)
    stated = [*before, *own, *after]
    quads = graph.assemble(stated, read.links, read.documents, declared, reference.entities)
    return replace(read, claims=tuple(own)), quads


def _read(parts: Parts, number: int) -> Corpus:
    with parts.documents(number).open(encoding="ascii") as lines:
        rows = [json.loads(line) for line in lines]
    return corpus.join(Told(tuple(Document(**row) for row, _ in rows), tuple(text for _, text in rows), {}))


@lru_cache(maxsize=1)
def _known(path: Path) -> tuple[Reference, Declared]:
    known: tuple[Reference, Declared] = pickle.loads(path.read_bytes())  # noqa: S301  # this build wrote it
    return known


def _is_shared(claim: Claim) -> bool:
    return claim.polarity is Polarity.DENIED or bool(claim.coined) or claim.predicate == CONCERNS


def _without_text(claim: Claim) -> Claim:
    return replace(claim, passage=replace(claim.passage, document=replace(claim.passage.document, text="")))


class _Around:
    """What some claims speak of, by which it is known whether another claim matters to them."""

    def __init__(self, claims: Sequence[Claim]) -> None:
        self._said = {(claim.subject, claim.predicate, claim.object) for claim in claims}
        self._things: set[object] = {end for claim in claims for end in (claim.subject, claim.object)}

    def shared(self, path: Path) -> Iterator[Claim]:
        """Read those that matter of what a part put where all find it."""
        with path.open("rb") as file:
            while file.peek(1):
                claim: Claim = pickle.load(file)  # noqa: S301  # this build wrote it
                if self._matters(claim):
                    yield claim

    def _matters(self, claim: Claim) -> bool:
        denies = claim.polarity is Polarity.DENIED and (claim.subject, claim.predicate, claim.object) in self._said
        tells = claim.predicate == CONCERNS and claim.subject in self._things
        return denies or tells or any(node.id in self._things for node in claim.coined)
