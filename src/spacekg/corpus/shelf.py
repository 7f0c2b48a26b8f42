"""shelf     keeps what documents say from one build to the next."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from spacekg import grammar
from spacekg.model import Document
from spacekg.reference import Reference

DECLARATIONS = ("ontology/**/*.ttl", "data/lexicon/*.csv")
ENDING = ".json"


def edition(reference: Reference, folder: Path) -> str:
    """The hash of all that decides what a document says beside its text: tables, declarations, model and program."""
    known = (tuple(reference.entities.values()), reference.names, reference.facts)
    digest = hashlib.sha256("\0".join([program(), *map(repr, known)]).encode())
    for path in _files(folder, DECLARATIONS):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def program() -> str:
    """The hash of what reads: the model and the modules, the same wherever the same is installed."""
    digest = hashlib.sha256("\0".join([version("spacekg"), version("spacy"), grammar.described()]).encode())
    for path in _files(Path(grammar.__file__).parent, ("**/*.py",)):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(folder: Path, patterns: Iterable[str]) -> Iterator[Path]:
    for pattern in patterns:
        yield from sorted(folder.glob(pattern))


@dataclass(frozen=True, slots=True)
class Shelf:
    """A file for each document, called by the hash of all that it follows from; no folder means nothing is kept.

    A file starts with the hash of the rest, so that one that was damaged counts as none.
    """

    folder: Path | None
    edition: str

    def take(self, document: Document) -> str | None:
        """What was put here of the document; None when it was not, or not unharmed."""
        if self.folder is None:
            return None
        try:
            content = (self.folder / self._name(document)).read_bytes()
        except OSError:
            return None
        digest, _, text = content.partition(b"\n")
        return text.decode("ascii") if hashlib.sha256(text).hexdigest().encode() == digest else None

    def put(self, document: Document, text: str) -> bool:
        """Keep what a document says, and tell whether that went well; else the next build reads the document again."""
        if self.folder is None:
            return False
        content = text.encode("ascii")
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self.folder, suffix=".new")
            with os.fdopen(handle, "wb") as stream:
                stream.write(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
            Path(temporary).replace(self.folder / self._name(document))
            return True
        return False

    def prune(self, documents: Iterable[Document]) -> None:
        """Remove what is kept of other documents than these, and of these in other editions."""
        if self.folder is None or not self.folder.is_dir():
            return
        wanted = {self._name(document) for document in documents}
        with suppress(OSError):
            for path in sorted(self.folder.iterdir()):
                if path.name not in wanted and path.suffix in (ENDING, ".new"):
                    path.unlink()

    def _name(self, document: Document) -> str:
        parts = (self.edition, document.text_sha256, document.media_type, str(document.body))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest() + ENDING
