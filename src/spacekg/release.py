"""release   publish   quads → a folder named by its content; open_release finds and verifies one."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, Store, parse

from spacekg import durable, inventory
from spacekg.errors import ReleaseError
from spacekg.inventory import Inventory
from spacekg.model import Refusal

if TYPE_CHECKING:
    from spacekg.model import Document

FORMAT = 1
"""Raised when a release's layout changes so that an older spacekg cannot read it."""

GRAPH = "graph.nq"
REPORT = "report.json"
NAMES = "names.jsonl"
REFUSED = "refused.tsv"
MANIFEST = "manifest.json"
CURRENT = "current"
"""The folder being written. It exists only while its writer holds the lock, or after that writer was killed."""

ID = re.compile("[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Release:
    """A published graph: a folder that never changes, and its manifest."""

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Sixteen hexadecimal digits that stand for the content."""
        return str(self.manifest["id"])

    @property
    def sizes(self) -> Mapping[str, int]:
        """How many quads each graph has, by its IRI."""
        return dict(self.manifest["quads"])

    @property
    def graph(self) -> Path:
        """The file of all quads: canonical N-Quads in order, blank nodes named by RDFC-1.0."""
        return self.folder / GRAPH

    @property
    def names(self) -> Path:
        """The file of the index of names (`spacekg.matching.index` reads it)."""
        return self.folder / NAMES

    @property
    def report(self) -> Mapping[str, Any]:
        """What the build counted, found wrong and could not use."""
        found: Mapping[str, Any] = json.loads((self.folder / REPORT).read_text(encoding="utf-8"))
        return found

    @property
    def refused(self) -> tuple[Refusal, ...]:
        """What was found in documents and nothing is claimed of; nothing in a release from before it was kept."""
        if REFUSED not in self.manifest["files"]:
            return ()
        with (self.folder / REFUSED).open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, delimiter="\t")
            return tuple(
                Refusal(r["document"], int(r["start"]), int(r["end"]), r["words"], r["rule"], r["reason"]) for r in rows
            )

    def quads(self) -> Iterator[Quad]:
        """Read the quads one after the other, in their canonical order."""
        return parse(path=self.graph, format=RdfFormat.N_QUADS)

    def lines(self) -> Iterator[bytes]:
        """Read the lines of the quads, in the same order."""
        with self.graph.open("rb") as file:
            yield from file

    def text(self, document: str) -> str:
        """Give the text of a document, in which the offsets of its claims count.

        Raises:
            ReleaseError: the release has no document of that name.
        """
        name = f"documents/{document}.txt"
        if name not in self.manifest["files"]:
            raise ReleaseError(f"release {self.id} has no document {document!r}")
        return (self.folder / name).read_bytes().decode()

    def content(self, name: str) -> bytes:
        """Read a file whole, and verify what was read.

        Raises:
            ReleaseError: it is missing or differs from the manifest.
        """
        try:
            content = (self.folder / name).read_bytes()
        except OSError as error:
            raise _damaged(self.folder / name, f"cannot be read ({error.strerror})") from error
        self._compare(name, hashlib.sha256(content).hexdigest())
        return content

    def verify(self, *, but: Container[str] = ()) -> None:
        """Compare every file with the manifest, but for those that are verified when they are read.

        Raises:
            ReleaseError: one is missing or differs.
        """
        for name in self.manifest["files"]:
            if name not in but:
                try:
                    with (self.folder / name).open("rb") as file:
                        digest = hashlib.file_digest(file, "sha256").hexdigest()
                except OSError as error:
                    raise _damaged(self.folder / name, f"cannot be read ({error.strerror})") from error
                self._compare(name, digest)

    def _compare(self, name: str, digest: str) -> None:
        if digest != self.manifest["files"][name]["sha256"]:
            raise _damaged(self.folder / name, "is not what the manifest says")


def publish(  # noqa: PLR0913  # the parts of a release, and where it goes
    quads: Iterable[Quad],
    documents: Iterable[Document],
    inputs: Mapping[str, str],
    report: Mapping[str, object],
    out: Path,
    *,
    names: bytes = b"",
    refused: bytes = b"",
) -> Release:
    """Write a release below `out` and make it the current one; nothing else sees it before it is whole.

    The same content gets the same bytes and the same name. A build that is killed leaves the current release
    as it was; the next one clears away what the killed one had written.

    Args:
        quads: the graph; literals are brought into their canonical form.
        documents: the texts that its evidence quotes.
        inputs: SHA-256 of every file the graph was made from, by a name that is the same on every machine.
        report: what the build counted, found wrong and could not use; JSON.
        out: the folder of releases; it is made where it is missing.
        names: the index of names that `spacekg link` needs.
        refused: the table of what was found in documents and not claimed.

    Raises:
        ReleaseError: `out` is no folder for releases or cannot be written.
    """
    write = partial(inventory.write, canonical(quads))
    return publish_canonical(write, documents, inputs, report, out, names=names, refused=refused)


def publish_canonical(  # noqa: PLR0913  # the same as of `publish`
    write: Callable[[Path], Inventory],
    documents: Iterable[Document],
    inputs: Mapping[str, str],
    report: Mapping[str, object],
    out: Path,
    *,
    names: bytes = b"",
    refused: bytes = b"",
) -> Release:
    """Do what `publish` does with a graph that `write` writes to a file, canonical and in order; it raises the same."""
    if (out / MANIFEST).exists():
        raise ReleaseError(f"{out}: is a release itself; give the folder that is to hold releases")
    texts = ((f"documents/{document.name}.txt", document.text.encode()) for document in documents)
    others = ((name, content) for name, content in ((NAMES, names), (REFUSED, refused)) if content)
    try:
        with durable.locked(out) as unfinished:
            (unfinished / "documents").mkdir(parents=True)
            counted = write(unfinished / GRAPH)
            named = chain([(REPORT, _json(report))], others, texts)
            files = {name: durable.write(unfinished / name, content) for name, content in named}
            manifest = _manifest(counted, files, inputs)
            durable.write(unfinished / MANIFEST, _json(manifest))
            return _published(out, unfinished, manifest)
    except OSError as error:
        raise ReleaseError(f"{error.filename or out}: cannot write the release: {error.strerror}") from error


def open_release(path: Path) -> Release:
    """Find a release and verify it: `path` is the release's folder, or the one that holds releases.

    Raises:
        ReleaseError: there is none, a file is missing or differs from the manifest, or the layout is unknown.
    """
    found = find(path)
    found.verify()
    return found


def find(path: Path) -> Release:
    """Find a release as `open_release` does, and verify nothing but its manifest.

    Raises:
        ReleaseError: there is none, its manifest is not what its own id says, or the layout is unknown.
    """
    folder = path if (path / MANIFEST).exists() else path / _current(path)
    return Release(folder, _read_manifest(folder / MANIFEST))


def canonical(quads: Iterable[Quad]) -> list[Quad]:
    """Bring literals into their canonical form, name blank nodes by RDFC-1.0, and sort."""
    # The store that serves a release rewrites literals (1.50 becomes 1.5), so the release is written as it will be.
    store = Store()
    store.extend(quads)
    dataset = Dataset(store)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(dataset, key=str)


def _manifest(graph: Inventory, files: Mapping[str, Any], inputs: Mapping[str, str]) -> dict[str, Any]:
    from importlib.metadata import version  # noqa: PLC0415  # who only reads releases need not wait for it

    content: dict[str, Any] = {
        "format": FORMAT,
        "spacekg": version("spacekg"),
        "ontology": graph.ontology,
        "inputs": dict(inputs),
        "files": {GRAPH: {"sha256": graph.sha256, "bytes": graph.size}, **files},
        "quads": dict(graph.quads),
        "claims": dict(graph.claims),
        "licences": graph.licences,
        "rdfc10_sha256": graph.sha256,
    }
    return {"id": hashlib.sha256(_json(content)).hexdigest()[:16], **content}


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def _published(out: Path, unfinished: Path, manifest: Mapping[str, Any]) -> Release:
    durable.sync(unfinished / "documents", unfinished)
    target = out / manifest["id"]
    if not _is_whole(target):
        shutil.rmtree(target, ignore_errors=True)
        unfinished.rename(target)
        durable.sync(out)
    pointer = out / f"{durable.UNFINISHED}-{CURRENT}"
    durable.write(pointer, f"{manifest['id']}\n".encode())
    pointer.replace(out / CURRENT)
    durable.sync(out)
    return Release(target, manifest)


def _is_whole(folder: Path) -> bool:
    try:
        open_release(folder)
    except ReleaseError:
        return False
    return True


def _current(out: Path) -> str:
    try:
        name = (out / CURRENT).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ReleaseError(f"{out}: no release here; make one with: spacekg build --out {out}") from error
    if not ID.fullmatch(name):
        raise _damaged(out / CURRENT, "does not name a release")
    return name


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        content = {key: value for key, value in manifest.items() if key != "id"}
        claimed = manifest["id"]
    except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
        raise _damaged(path, "is missing or broken") from error
    if content.get("format") != FORMAT:
        raise ReleaseError(f"{path}: layout {content.get('format')}, but this spacekg reads {FORMAT}; build it again")
    if claimed != hashlib.sha256(_json(content)).hexdigest()[:16]:
        raise _damaged(path, "is not what its own id says")
    return manifest


def _damaged(path: Path, what: str) -> ReleaseError:
    return ReleaseError(f"{path}: {what}; restore the release from a copy, or build it again with: spacekg build")
