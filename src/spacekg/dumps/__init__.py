"""dumps     write a release → files of it, its licences and graphs, in every format, and tables; checks them too."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyoxigraph
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat

from spacekg import durable, formats
from spacekg.description.downloads import COMPRESSIONS, file_name
from spacekg.dumps import csvw, files, parts, splitting, writers
from spacekg.dumps import tables as tabular
from spacekg.dumps.lines import within
from spacekg.dumps.parts import Part
from spacekg.dumps.tables import Table
from spacekg.errors import ReleaseError
from spacekg.formats import GraphFormat, InexpressibleError
from spacekg.release import Release

FOLDER = "dumps"
"""Beside the releases; what is in it can be made again from them."""
MANIFEST, SUMS = "dumps.json", "SHA256SUMS"
TABLES, METADATA = "tables", "csv-metadata.json"

__all__ = ["COMPRESSIONS", "Dumps", "file_name", "find", "folder_of", "write"]

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Dumps:
    """The dumps of one release: a folder, and its manifest."""

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def files(self) -> Mapping[str, Mapping[str, Any]]:
        """What each file holds, by its name."""
        found: Mapping[str, Mapping[str, Any]] = self.manifest["files"]
        return found

    def path(self, name: str) -> Path:
        """Give where a file lies; only what the manifest names has a place.

        Raises:
            ReleaseError: there is no such file, or it is not as long as it was.
        """
        if name not in self.files:
            raise ReleaseError(f"release {self.manifest['release']} has no dump {name!r}")
        path = self.folder / name
        if not path.is_file() or path.stat().st_size != self.files[name]["bytes"]:
            raise _damaged(path, "is missing or not as long as the manifest says")
        return path

    def check(self) -> None:
        """Hash every file.

        Raises:
            ReleaseError: one is not what the manifest says; the message names it.
        """
        for name, told in self.files.items():
            if files.sha256(self.path(name)) != told["sha256"]:
                raise _damaged(self.folder / name, "is not what the manifest says")


def folder_of(release: Release) -> Path:
    """Give where the dumps of a release lie: beside it, for a release itself never changes."""
    return release.folder.resolve().parent / FOLDER / release.id


def find(release: Release) -> Dumps | None:
    """Find the dumps of a release; None where none were written.

    Raises:
        ReleaseError: their manifest is damaged.
    """
    folder = folder_of(release)
    if not (folder / MANIFEST).exists():
        return None
    try:
        content = (folder / MANIFEST).read_bytes()
        manifest: dict[str, Any] = json.loads(content)
        hashed = {key: value for key, value in manifest.items() if key != "sha256"}
        whole = manifest["sha256"] == hashlib.sha256(_json(hashed)).hexdigest() and manifest["release"] == release.id
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(folder / MANIFEST, "is broken") from error
    if not whole:
        raise _damaged(folder / MANIFEST, "is not what it was when it was written")
    return Dumps(folder, manifest)


def write(
    release: Release, prefixes: Mapping[str, str], tell: Tell = lambda _: None, tables: Sequence[Table] = ()
) -> Dumps:
    """Write all dumps of a release, or find them where they are written and whole.

    They appear all at once: until the last is on disk they lie in a folder that the next writer clears away. Memory
    does not grow with the release, but for parts with blank nodes, whose canonical form is made in memory, and for
    tables, whose queries are answered there.

    Raises:
        ReleaseError: the disk is full, or the folder cannot be written; what was there stays as it was.
    """
    target = folder_of(release)
    try:
        with durable.locked(target.parent) as unfinished:
            if (found := _whole(release, tables)) is not None:
                return found
            (unfinished / "graphs").mkdir(parents=True)
            manifest = _written(release, prefixes, unfinished, tell, tables)
            shutil.rmtree(unfinished / "graphs")
            shutil.rmtree(target, ignore_errors=True)
            unfinished.rename(target)
            durable.sync(target.parent)
            return Dumps(target, manifest)
    except OSError as error:
        raise ReleaseError(f"{error.filename or target}: the dumps cannot be written: {error.strerror}") from error


def _whole(release: Release, tables: Sequence[Table]) -> Dumps | None:
    """Find the dumps where they are whole, and have the tables that are wanted."""
    try:
        found = find(release)
        if found is not None:
            found.check()
    except ReleaseError:
        return None
    if found is None or (tables and found.manifest["skipped"].get(TABLES, "") != tabular.missing()):
        return None
    return found


def _written(
    release: Release, prefixes: Mapping[str, str], folder: Path, tell: Tell, tables: Sequence[Table]
) -> dict[str, Any]:
    names = writers.Names(prefixes)
    with release.graph.open("rb") as lines:
        splitting.split(lines, folder / "graphs")
    described: dict[str, dict[str, Any]] = {}
    skipped: dict[str, str] = {}
    for part in parts.of(release):
        tell(f"dumping {part.name}")
        told = {"part": part.name, **_counted(release, part, folder)}
        told |= {"licences": part.licences, "attributions": part.attributions, "graphs": part.graphs}
        for format in formats.GRAPHS:
            try:
                made = _file(release, part, format, folder, names)
            except InexpressibleError as error:
                skipped[f"{part.name}{format.suffix}"] = str(error)
                _forget(folder, release, part, format)
                continue
            for ending, one in made.items():
                name = file_name(_version(release), part.name, format, ending)
                told_of = {"format": format.name, "media_type": format.media_type, "compression": ending[1:]}
                described[name] = {**told, **told_of, **asdict(one)}
    if tables:
        tell("writing tables")
        described |= _tables(release, tables, folder)
        skipped |= {TABLES: tabular.missing()} if tabular.missing() else {}
    return _finished(release, described, skipped, folder)


def _tables(release: Release, tables: Sequence[Table], folder: Path) -> dict[str, dict[str, Any]]:
    whole, stem = parts.of(release)[0], f"spacekg-{_version(release)}-{TABLES}"
    told = {"part": TABLES, "licences": whole.licences, "attributions": whole.attributions, "graphs": whole.graphs}
    written = {path: dict(about) for path, about in tabular.write(tables, release, folder / stem)}
    about = csvw.describe(tables, lambda name: f"{stem}-{name}.csv", whole.licences, whole.attributions)
    metadata = folder / f"{stem}-{METADATA}"
    metadata.write_bytes(_json(about))
    written[metadata] = {"format": "csvw", "media_type": csvw.MEDIA_TYPE}
    return {
        path.name: {**told, **about, "compression": "", **asdict(tabular.made(path))} for path, about in written.items()
    }


def _finished(
    release: Release, described: dict[str, dict[str, Any]], skipped: dict[str, str], folder: Path
) -> dict[str, Any]:
    content = {"release": release.id, "version": _version(release), "files": described, "skipped": skipped}
    content = json.loads(_json(content))
    manifest = {**content, "sha256": hashlib.sha256(_json(content)).hexdigest()}
    sums = "".join(f"{told['sha256']}  {name}\n" for name, told in sorted(described.items()))
    for name, data in ((SUMS, sums.encode()), (MANIFEST, _json(manifest))):
        durable.write(folder / name, data)
    durable.sync(folder)
    return manifest


def _file(
    release: Release, part: Part, format: GraphFormat, folder: Path, names: writers.Names
) -> dict[str, files.Made]:
    graphs = [(graph, partial(_lines, folder, graph)) for graph in _terms(part)]
    target = folder / file_name(_version(release), part.name, format, "")
    pieces = writers.write(format, _lines_of(release, part, folder), graphs, names, _about(release, part))
    return files.write(pieces, target)


def _forget(folder: Path, release: Release, part: Part, format: GraphFormat) -> None:
    for ending in COMPRESSIONS:
        (folder / file_name(_version(release), part.name, format, ending)).unlink(missing_ok=True)


def _terms(part: Part) -> list[bytes]:
    default = [b""] if part.name == "all" else []
    return default + [f"<{graph}>".encode() for graph in part.graphs]


def _lines(folder: Path, graph: bytes) -> Iterator[bytes]:
    path = splitting.file_of(graph, folder / "graphs")
    if path.exists():
        with path.open("rb") as file:
            yield from file


def _lines_of(release: Release, part: Part, folder: Path) -> Iterator[bytes]:
    if len(part.graphs) == 1 and part.name != "all":
        yield from _lines(folder, _terms(part)[0])
        return
    with release.graph.open("rb") as file:
        yield from file if part.name == "all" else within(file, _terms(part))


def _counted(release: Release, part: Part, folder: Path) -> dict[str, Any]:
    """Count the quads of a part, and hash its canonical form by RDFC-1.0.

    Sorted quads without blank nodes are their own canonical form, and so is the release as a whole.
    """
    digest, quads, blank = hashlib.sha256(), 0, False
    for line in _lines_of(release, part, folder):
        digest.update(line)
        quads += 1
        blank = blank or b"_:" in line
    if blank and part.name != "all":
        dataset = Dataset(pyoxigraph.parse(b"".join(_lines_of(release, part, folder)), format=RdfFormat.N_QUADS))
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        digest = hashlib.sha256("".join(sorted(f"{quad} .\n" for quad in dataset)).encode())
    return {"quads": quads, "rdfc10_sha256": digest.hexdigest()}


def _about(release: Release, part: Part) -> list[str]:
    return [
        f"spacekg {_version(release)}, release {release.id}: {part.name}",
        *(f"Licence: {' '.join(licence.split())}" for licence in part.licences),
        *(f"Attribution: {' '.join(said.split())}" for said in part.attributions),
    ]


def _version(release: Release) -> str:
    return str(release.manifest["spacekg"])


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _damaged(path: Path, what: str) -> ReleaseError:
    return ReleaseError(f"{path}: {what}; write it again with: spacekg dumps")
