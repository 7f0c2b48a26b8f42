"""content   what each reader takes out of a file's bytes."""

from __future__ import annotations

from dataclasses import dataclass

from spacekg.errors import DocumentError

MAX_CHARACTERS = 20_000_000
"""The longest text that is read, in code points; a text file of more bytes than this is not even opened."""


@dataclass(frozen=True, slots=True)
class Content:
    """The text of a file and what the file says about itself; an empty string where it says nothing."""

    text: str
    title: str = ""
    source: str = ""
    licence: str = ""
    date: str = ""
    language: str = ""
    body: int = 0


def decoded(data: bytes, encoding: str = "utf-8") -> str:
    """Decode a file strictly; a byte-order mark at its start is left out, newlines stay as they are.

    Raises:
        DocumentError: the bytes are not text, or not in this encoding; says at which byte.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DocumentError("is text in UTF-16; save it as UTF-8")
    if (at := data.find(b"\0")) >= 0:
        raise DocumentError(f"is no text: there is a NUL byte at byte {at}; give a .txt, .md, .html or .pdf file")
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"is not {encoding.upper()}: byte {error.start} (0x{data[error.start]:02x}) cannot be decoded; "
            "save it as UTF-8"
        ) from error
