"""shards    write a release → sorted files of its quads and Parquet files of its claims, here or in an object store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacekg.errors import ReleaseError
from spacekg.release import Release
from spacekg.shards import cutting
from spacekg.shards.claims import Claims
from spacekg.shards.places import Place

FOLDER = "shards"
"""Beside the releases, where no other address is given."""
MANIFEST = "shards.json"
"""It is written last: a folder without it is not finished."""
ORDER = "by subject; the files of quads, one behind the other, are the release's graph.nq"
BATCH = 1 << 20

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Shards:
    """The shards of one release: where they lie, and their manifest."""

    place: Place
    manifest: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The release's."""
        return str(self.manifest["release"])

    @property
    def sizes(self) -> Mapping[str, int]:
        """How many quads each graph has, by its IRI.

        Raises:
            ReleaseError: the shards were written by a spacekg that did not tell.
        """
        found: Mapping[str, int] | None = self.manifest.get("graphs")
        if found is None:
            raise ReleaseError(f"{self.place}: does not tell the sizes of graphs; write it anew with: spacekg shards")
        return found

    @property
    def files(self) -> Mapping[str, Mapping[str, Any]]:
        """What each file holds, by its name."""
        found: Mapping[str, Mapping[str, Any]] = self.manifest["files"]
        return found

    def lines(self) -> Iterator[bytes]:
        """Read all quads in their order; each shard is hashed as it is read.

        Raises:
            ReleaseError: a shard is not what the manifest says; what was read of it must not be used.
        """
        for name, told in self.files.items():
            if "quads" in told:
                yield from _checked(self.place, name, told, lambda file: file)

    def check(self) -> None:
        """Hash every file.

        Raises:
            ReleaseError: one is missing or is not what the manifest says; the message names it.
        """
        for name, told in self.files.items():
            for _ in _checked(self.place, name, told, lambda file: iter(lambda: file.read(BATCH), b"")):
                pass


def open_shards(address: str | Path) -> Shards:
    """Find shards by the folder or URL that has their manifest, and verify nothing but that.

    Raises:
        ReleaseError: there are none, or the manifest is damaged.
        MissingExtraError: a library is not installed that this kind of address needs.
    """
    place = Place(str(address))
    try:
        with place.opened(MANIFEST) as file:
            manifest: dict[str, Any] = json.loads(file.read())
        content = {key: value for key, value in manifest.items() if key != "sha256"}
        whole = manifest["sha256"] == hashlib.sha256(_json(content)).hexdigest()
    except OSError as error:
        reason = error.strerror or error
        raise ReleaseError(f"{place}/{MANIFEST}: cannot be read ({reason}); write it with: spacekg shards") from error
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(place, MANIFEST) from error
    if not whole:
        raise _damaged(place, MANIFEST)
    return Shards(place, manifest)


def write(release: Release, address: str | Path, number: int, tell: Tell = lambda _: None) -> Shards:
    """Write a release in so many shards to a folder of its own below an address, or find them there and whole.

    Each subject is in one shard, and what is said of a claim and its evidence too. Memory does not grow with the
    release. What breaks off leaves no manifest, and as far as it can be removed nothing at all.

    Raises:
        ReleaseError: the place is full or cannot be written, or the release is damaged; the release stays as it was.
        MissingExtraError: a library is not installed that this kind of address or Parquet needs.
    """
    place = Place(f"{str(address).rstrip('/')}/{release.id}-{number}")
    with suppress(ReleaseError):
        found = open_shards(place.address)
        found.check()
        if found.sizes == release.sizes:
            return found
    try:
        return _written(release, place, number, tell)
    except OSError as error:
        with suppress(OSError):
            place.remove()
        raise ReleaseError(f"{place}: the shards cannot be written: {error.strerror or error}") from error


def _written(release: Release, place: Place, number: int, tell: Tell) -> Shards:
    place.make()
    quads: dict[str, dict[str, Any]] = {}
    claims: dict[str, dict[str, Any]] = {}
    with release.graph.open("rb") as graph:
        for at, shard in enumerate(cutting.cut(graph, release.graph.stat().st_size, number)):
            tell(f"writing shard {at + 1} of {number}")
            ending = f"{at:05}-of-{number:05}"
            rows = Claims(place, f"claims-{ending}.parquet")
            with place.made(f"graph-{ending}.nq") as file, rows:
                counted = cutting.copied(shard, file, rows)
            quads[f"graph-{ending}.nq"] = {**file.told, **counted}
            claims |= rows.told
    whole = sum(told["bytes"] for told in quads.values())
    if whole != release.manifest["files"][release.graph.name]["bytes"]:
        raise ReleaseError(f"{release.graph}: is not as long as the manifest says; build it again")
    content = {
        "release": release.id,
        "spacekg": release.manifest["spacekg"],
        "order": ORDER,
        "graph_sha256": release.manifest["rdfc10_sha256"],
        "shards": number,
        "graphs": dict(release.sizes),
        "quads": sum(told["quads"] for told in quads.values()),
        "claims": sum(told["claims"] for told in claims.values()),
        "files": {**quads, **claims},
    }
    manifest = {**content, "sha256": hashlib.sha256(_json(content)).hexdigest()}
    with place.made(MANIFEST) as file:
        file.write(_json(manifest))
    return Shards(place, manifest)


def _checked(
    place: Place, name: str, told: Mapping[str, Any], pieces: Callable[[Any], Iterator[bytes]]
) -> Iterator[bytes]:
    digest, size = hashlib.sha256(), 0
    try:
        with place.opened(name) as file:
            for piece in pieces(file):
                digest.update(piece)
                size += len(piece)
                yield piece
    except OSError as error:
        raise ReleaseError(f"{place}/{name}: cannot be read ({error.strerror or error}); write it again") from error
    if (size, digest.hexdigest()) != (told["bytes"], told["sha256"]):
        raise _damaged(place, name)


def _damaged(place: Place, name: str) -> ReleaseError:
    return ReleaseError(f"{place}/{name}: is not what it was when it was written; write it again with: spacekg shards")


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
