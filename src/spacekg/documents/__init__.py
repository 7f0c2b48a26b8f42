"""documents read      files → documents, and the files of a folder that are none."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from spacekg.documents import gathering, listing, opening
from spacekg.documents.gathering import Excuse, Gathered, fail, set_aside
from spacekg.model import Document

__all__ = ["Excuse", "Reading", "fail", "read", "set_aside"]

Reading = Gathered[Document]


def read(paths: Sequence[Path | str], excuse: Excuse = fail) -> Reading:
    """Read files, and all the .txt, .md, .html, .htm and .pdf files of folders and the folders in them.

    A .jsonl, .parquet or .warc file that is named itself, or by a URL that fsspec knows, holds many documents. All
    come in the order of their names. What cannot be opened is set aside where `excuse` gives a reason.

    Raises:
        DocumentError: a path is missing, a folder holds no document, a file is of no known kind or not whole, two
            files have one name, no document at all can be opened, or one cannot and is not excused.
        MissingExtraError: a library is not installed that a file of many documents needs.
    """
    listed = listing.find(paths)
    return gathering.gather(paths, listed, chain.from_iterable(map(opening.open_item, listed.items)), excuse)
