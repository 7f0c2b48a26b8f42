"""corpus    read a whole corpus: documents → what each of them says, by several processes, each document once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from pathlib import Path
from typing import Protocol

from spacekg import documents as reading
from spacekg import grammar
from spacekg.corpus import crew, written
from spacekg.corpus.extraction import Tools
from spacekg.corpus.shelf import Shelf, edition
from spacekg.errors import DocumentError
from spacekg.lexicon import Lexicon
from spacekg.model import Claim, Document, Link, Mention, Passage, Refusal
from spacekg.reference import Reference

FOLDER = "cache"
"""Where, below the folder that holds releases, it is kept what each document says."""
MOST_PROCESSES = 8
"""Each takes some 400 MB, and the rest of a build is done by one."""
Engine = Callable[[Iterable[Document], Tools, float], Iterator[tuple[Document, crew.Told]]]
"""Reads documents with tools elsewhere than in this machine's own processes, each within some seconds beside what its
length accounts for; gives them back in any order."""


class Documents(Protocol):
    """So many documents, which need not be held: they are gone through, more than once, and always in one order."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Document]: ...


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Some of many documents."""

    documents: Documents
    chosen: Sequence[bool]

    def __len__(self) -> int:
        return sum(self.chosen)

    def __iter__(self) -> Iterator[Document]:
        return compress(self.documents, self.chosen)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Means:
    """Where to keep what was read, if anywhere, and how many processes may read at a time."""

    keep: Path | None = None
    processes: int = field(default_factory=lambda: min(_processors(), MOST_PROCESSES))
    worth: int = 100_000
    """For how many characters a process is started: it takes some seconds before it reads the first word."""

    seconds: float = 120.0
    """For how long a processor may work on a document beside what its length accounts for."""

    engine: Engine | None = None
    """What reads in place of these processes; documents that it cannot read are set aside, not an error."""

    @property
    def excuse(self) -> reading.Excuse:
        """Whether documents that cannot be opened are set aside too."""
        return reading.fail if self.engine is None else reading.set_aside

    def read(self, documents: Documents, tools: Tools) -> Iterator[tuple[Document, crew.Told]]:
        """Yield each document with what it says or why it cannot be read."""
        if self.engine is not None and len(documents):
            return self.engine(documents, tools, self.seconds)
        return crew.read(documents, tools, self.workers(documents), self.seconds)

    def workers(self, documents: Iterable[Document]) -> int:
        """How many processes these documents are worth; what is not worth two is read by the process that asks."""
        size = 0
        for document in documents:
            size += len(document.text)
            if size >= self.processes * self.worth:
                break
        worth = size // self.worth
        return min(self.processes, worth) if worth > 1 else 0


@dataclass(frozen=True, slots=True)
class Corpus:
    """What the stages from split to extract made of all documents, in their order."""

    passages: tuple[Passage, ...]
    mentions: tuple[Mention, ...]
    links: tuple[Link, ...]
    open: tuple[Mention, ...]
    claims: tuple[Claim, ...]
    refused: tuple[Refusal, ...]
    documents: tuple[Document, ...]
    aside: dict[str, str]
    """The names of the documents that could not be read and were set aside, each with the reason."""

    @property
    def unparsed(self) -> list[tuple[Passage, str]]:
        """The passages that grammar refuses, of which nothing is claimed, each with the reason."""
        return [(passage, reason) for passage in self.passages if (reason := grammar.refused(passage.text))]


@dataclass(frozen=True, slots=True)
class Told:
    """What each document says, as `written` writes it, in the order of the documents."""

    documents: Documents
    texts: Iterable[str]
    """They are read one by one from where they are kept, so nobody has to hold them all."""
    aside: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Texts:
    """What documents say: from the shelf, or as it is held of those that had no room there."""

    documents: Documents
    shelf: Shelf
    held: Mapping[str, str]

    def __iter__(self) -> Iterator[str]:
        for document in self.documents:
            text = self.held.get(document.name) or self.shelf.take(document)
            if text is None:
                raise DocumentError(f"{document.name}: what it says was kept and is gone; run the same command again")
            yield text


def extract(
    documents: Documents,
    reference: Reference,
    lexicon: Lexicon,
    means: Means,
    tell: Callable[[str], None] = lambda _: None,
) -> Corpus:
    """Split each document, find and resolve its names and extract its claims.

    A document that was read before, with the same tables, words and program, is not read again. What comes back is
    the same however many processes read and whatever was kept. `tell` is told each whole percent.

    Raises:
        DocumentError: reading a document breaks down or takes too long, and is not by an engine, or that of all is;
            the message names all such documents. What was read of the others is kept.
        ClusterError: an engine is not there or was lost.
    """
    return join(told(documents, reference, lexicon, means, tell))


def told(
    documents: Documents,
    reference: Reference,
    lexicon: Lexicon,
    means: Means,
    tell: Callable[[str], None] = lambda _: None,
) -> Told:
    """Do what `extract` does, and leave what each document says as it is written down; no more than a few are held.

    Raises:
        DocumentError: as of `extract`.
        ClusterError: the same.
    """
    shelf = Shelf(means.keep, edition(reference, lexicon.declared.folder))
    new = _Chosen(documents, [shelf.take(document) is None for document in documents])
    number = len(new)
    held: dict[str, str] = {}
    troubles: dict[str, str] = {}
    for done, (document, said) in enumerate(means.read(new, Tools(reference, lexicon)), start=1):
        if isinstance(said, crew.Trouble):
            troubles[document.name] = said.reason
        elif not shelf.put(document, said):
            held[document.name] = said
        if done * 100 // number > (done - 1) * 100 // number:
            tell(f"{done} of {number} documents read, {len(troubles)} of them in vain")
    troubles = dict(sorted(troubles.items()))
    if troubles and (means.engine is None or len(troubles) == len(documents)):
        reasons = "; ".join(f"{name}: {reason}" for name, reason in troubles.items())
        raise DocumentError(f"{reasons}; take out or simplify what is named (the rest is kept)")
    shelf.prune(documents)
    kept = _Chosen(documents, [document.name not in troubles for document in documents])
    return Told(kept, _Texts(kept, shelf, held), troubles)


def join(said: Told) -> Corpus:
    """Make the values again of what was written down of documents."""
    read = [written.load(text, document) for document, text in zip(said.documents, said.texts, strict=True)]
    return Corpus(
        tuple(passage for each in read for passage in each.passages),
        tuple(mention for each in read for mention in each.mentions),
        tuple(link for each in read for link in each.links),
        tuple(mention for each in read for mention in each.open),
        tuple(claim for each in read for claim in each.claims),
        tuple(refusal for each in read for refusal in each.refused),
        tuple(said.documents),
        said.aside,
    )
