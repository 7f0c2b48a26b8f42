"""encodings  which encoding a text file is in: what its byte order mark says, else UTF-8, and never a guess."""

from __future__ import annotations

import codecs
from pathlib import Path

from spacekg.errors import TableError

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
CHUNK = 1 << 20


def detect(path: Path) -> str:
    """Tell the encoding of a file that is UTF-8 throughout or begins with a byte order mark.

    Raises:
        TableError: it is neither; the message names the line and how to say what it is.
    """
    with path.open("rb") as stream:
        start = stream.read(4)
        for mark, encoding in MARKS:
            if start.startswith(mark):
                return encoding
        stream.seek(0)
        decoder, line = codecs.getincrementaldecoder("utf-8")(), 1
        while chunk := stream.read(CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                line += error.object.count(b"\n", 0, error.start)
                raise _mixed(path, line) from error
            line += chunk.count(b"\n")
            if b"\0" in chunk:
                raise TableError(f"{path.name}: holds zero bytes; wants text: save it as CSV in UTF-8")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise _mixed(path, line) from error
    return "utf-8"


def check(encoding: str) -> str:
    """Accept the name of an encoding.

    Raises:
        TableError: Python knows none of that name.
    """
    try:
        return codecs.lookup(encoding).name if encoding else ""
    except LookupError as error:
        raise TableError(f"--encoding {encoding}: is unknown; write for example cp1252, latin-1 or utf-16") from error


def _mixed(path: Path, line: int) -> TableError:
    return TableError(
        f"{path.name}: line {line} is not UTF-8; say what the file is, such as --encoding cp1252, or save it as UTF-8"
    )
