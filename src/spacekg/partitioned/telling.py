"""telling   claims that others may hang on → each part told of those that speak of the same as its own.

All of it is sorted by what it speaks of: each part puts such claims of its own into buckets, by a hash of what they
speak of, and also what it would hear of itself. Then each bucket, for itself, sends what it has to the parts that ask.
There are as many buckets as parts, so that none grows with the corpus.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from spacekg.corpus import written
from spacekg.model import Claim, Document, Passage, PassageKind, Polarity
from spacekg.partitioned import piles
from spacekg.partitioned.piles import Piles

CONCERNS = "concerns"


@dataclass(frozen=True, slots=True)
class Talk:
    """Where what so many parts tell each other lies."""

    folder: Path
    number: int

    @property
    def shared(self) -> Path:
        """The piles of claims that others may hang on, by what they speak of."""
        return self.folder / "shared"

    @property
    def wanted(self) -> Path:
        """The piles of what parts ask for, by the same."""
        return self.folder / "wanted"

    @property
    def told(self) -> Path:
        """The piles of claims that parts were told of, by part."""
        return self.folder / "told"


def put(talk: Talk, part: int, claims: Sequence[Claim]) -> None:
    """Put claims of a part where others find them, and what it would hear of."""
    wanted, shared = Piles(talk.wanted, f"{part:06}", talk.number), Piles(talk.shared, f"{part:06}", talk.number)
    for mark in {_mark(about) for claim in claims for about in _spoken_of(claim)}:
        wanted.put(piles.owner(mark, talk.number), mark + b"\n")
    for at, claim in enumerate(claims):
        for about, replaces in _tells(claim):
            mark = _mark(about)
            row = f"{part:06}\t{at:09}\t{_dumped(claim)}\n".encode()
            shared.put(piles.owner(mark, talk.number), b"\t".join((mark, replaces, row)))
    wanted.flush()
    shared.flush()


def give(talk: Talk, bucket: int) -> None:
    """Send the claims of a bucket to the parts that ask for them; what a later claim replaces is not sent."""
    found: dict[bytes, dict[bytes, tuple[str, bytes]]] = defaultdict(dict)
    for part, rows in piles.written(talk.shared, bucket):
        for each in rows.splitlines(keepends=True):
            mark, replaces, row = each.split(b"\t", 2)
            found[mark][replaces or row] = part, row
    told = Piles(talk.told, f"{bucket:06}", talk.number)
    for asker, marks in piles.written(talk.wanted, bucket):
        for mark in marks.splitlines():
            for part, row in found.get(mark, {}).values():
                if part != asker:
                    told.put(int(asker), row)
    told.flush()


def heard(talk: Talk, part: int) -> tuple[list[Claim], list[Claim]]:
    """Read the claims that a part was told of: those that stand before its own, and those behind, each in order."""
    rows = [row.split(b"\t", 2) for row in sorted(set(piles.lines(talk.told, part)))]
    before = [_loaded(row) for number, _, row in rows if int(number) < part]
    return before, [_loaded(row) for number, _, row in rows if int(number) > part]


def _spoken_of(claim: Claim) -> Iterator[object]:
    """What a claim speaks of, of which another can change what it is worth."""
    yield claim.subject, claim.predicate, claim.object
    yield claim.subject
    yield claim.object


def _tells(claim: Claim) -> Iterator[tuple[object, bytes]]:
    """What a claim may change the worth of, and a name for what it says of it: of the same name the last counts.

    All denials count, so these have no name.
    """
    if claim.polarity is Polarity.DENIED:
        yield (claim.subject, claim.predicate, claim.object), b""
    if claim.predicate == CONCERNS:
        yield claim.subject, _mark((CONCERNS, claim.object))
    for node in claim.coined:
        yield node.id, b"kind"
        if node.id == claim.subject:
            yield node.id, b"definition"


def _mark(about: object) -> bytes:
    return hashlib.sha256(repr(about).encode()).hexdigest()[:32].encode()


def _dumped(claim: Claim) -> str:
    """Write a claim with what others need of its document, which is not the text."""
    document = claim.passage.document
    return json.dumps([document.name, document.title, document.text_sha256, written.dump_claim(claim, 0)])


def _loaded(row: bytes) -> Claim:
    name, title, digest, claim = json.loads(row)
    document = Document(name, "", "", digest, "", title)
    return written.load_claim(claim, [Passage(document, 0, 0, PassageKind.SENTENCE)])
