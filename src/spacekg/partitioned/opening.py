"""opening   files → documents in files of the build, each portion opened by whoever `spread` hands it to.

Who builds lists the files, and learns of each document its name and where it now lies, but holds no text.
"""

from __future__ import annotations

import json
import pickle
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from spacekg.documents import gathering, listing, opening
from spacekg.documents.gathering import Excuse, Gathered
from spacekg.documents.opening import Item, Opened
from spacekg.model import Document
from spacekg.partitioned.following import Spread

SHIFT = 40
"""A place is one number: that of the file, and in so many bits below it the byte at which the document begins."""
Seen = tuple[tuple[int, int], ...]
"""Size and time of the last change of the files of a portion."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Documents in the order of their names, each read from its file when it is its turn."""

    folder: Path
    places: Sequence[int]

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[Document]:
        for place in self.places:
            with _file(self.folder, place >> SHIFT).open("rb") as file:
                file.seek(place & (1 << SHIFT) - 1)
                yield Document(**json.loads(file.readline()))


@dataclass(frozen=True, slots=True)
class Reading:
    """What `documents.read` gives, without its texts."""

    documents: Texts
    ignored: tuple[Path, ...]
    aside: dict[str, str]


def read(paths: Sequence[Path | str], folder: Path, spread: Spread, excuse: Excuse) -> Reading:
    """Do what `documents.read` does; the documents are put into files below `folder`.

    A portion is opened by somebody else only where its files are what they are here, and else by this process.

    Raises:
        DocumentError: as of `documents.read`.
        MissingExtraError: the same.
    """
    folder.mkdir(parents=True, exist_ok=True)
    listed = listing.find([path if isinstance(path, str) else path.absolute() for path in paths])
    number = 0
    for portion in listing.portions(listed.items):
        _portion(folder, number).write_bytes(pickle.dumps((portion, _seen(portion))))
        number += 1
    found: Gathered[int] = gathering.gather(paths, listed, _opened(folder, range(number), spread), excuse)
    return Reading(Texts(folder, array("Q", found.documents)), found.ignored, dict(found.aside))


def _opened(folder: Path, numbers: Sequence[int], spread: Spread) -> Iterator[Opened[int]]:
    for number, told in zip(numbers, spread(partial(_there, folder), numbers), strict=True):
        portion, _ = _asked(folder, number)
        yield from _open(folder, number, portion) if told is None else told


def _there(folder: Path, number: int) -> list[Opened[int]] | None:
    """Open a portion, unless its files are others here than where they were listed."""
    portion, seen = _asked(folder, number)
    return _open(folder, number, portion) if _seen(portion) == seen else None


def _open(folder: Path, number: int, portion: Iterable[Item]) -> list[Opened[int]]:
    """Write the documents of a portion to a file, and tell of each its name and place."""
    told: list[Opened[int]] = []
    with _file(folder, number).open("wb") as file:
        for found in chain.from_iterable(map(opening.open_item, portion)):
            if found.document is None:
                told.append(Opened(found.where, found.name, None, found.trouble))
            else:
                told.append(Opened(found.where, found.name, number << SHIFT | file.tell()))
                file.write(json.dumps(asdict(found.document)).encode("ascii") + b"\n")
    return told


def _seen(portion: Iterable[Item]) -> Seen | None:
    """Tell what files are here; nothing if one is not. What is elsewhere is the same for all."""
    paths = (item if isinstance(item, Path) else item.path for item in portion)
    try:
        told = [path.stat() for path in paths if isinstance(path, Path)]
    except OSError:
        return None
    return tuple((each.st_size, each.st_mtime_ns) for each in told)


def _asked(folder: Path, number: int) -> tuple[tuple[Item, ...], Seen | None]:
    asked: tuple[tuple[Item, ...], Seen | None] = pickle.loads(_portion(folder, number).read_bytes())  # noqa: S301  # this build wrote it
    return asked


def _portion(folder: Path, number: int) -> Path:
    return folder / f"portion-{number:06}.pickle"


def _file(folder: Path, number: int) -> Path:
    return folder / f"documents-{number:06}.jsonl"
