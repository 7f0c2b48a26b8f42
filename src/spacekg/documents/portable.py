"""portable  .pdf files: the text of their pages."""

from __future__ import annotations

import io
import logging
import re
import struct
import zlib

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

from spacekg.documents.content import MAX_CHARACTERS, Content
from spacekg.errors import DocumentError

MAX_PAGES = 5_000

_BROKEN = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What pypdf raises on files that are damaged, from its own errors to the accidents of reading nonsense."""

_GLYPHS = {0: None, 0x7F: "•", 0xF0B7: "•"}
"""Characters that stand for a bullet in fonts without Unicode, and NUL, which stands for nothing."""
_LONE_BULLET = re.compile(r"^[ \t]*[•●▪◦][ \t]*\n", re.MULTILINE)


def extract(data: bytes) -> Content:
    """Take the text out of a PDF, page after page.

    Raises:
        DocumentError: the file is broken, encrypted, too long, or holds only pictures.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentError("is an encrypted PDF; save it without its password")
        return _content(reader)
    except (DependencyError, FileNotDecryptedError) as error:
        raise DocumentError("is an encrypted PDF; save it without its password") from error
    except _BROKEN as error:
        raise DocumentError("is a broken PDF; open it in a viewer and save or print it anew") from error


def _content(reader: PdfReader) -> Content:
    if len(reader.pages) > MAX_PAGES:
        raise DocumentError(f"has {len(reader.pages):,} pages, more than {MAX_PAGES:,}; split it")
    pages: list[str] = []
    length = 0
    for page in reader.pages:
        text = _clean(page.extract_text())
        length += len(text)
        if length > MAX_CHARACTERS:
            raise DocumentError(f"holds more than {MAX_CHARACTERS:,} characters of text; split it")
        if text.strip():
            pages.append(text.strip("\n"))
    if not pages:
        raise DocumentError("is a PDF without text, perhaps of pictures only; have its pages recognised (OCR) first")
    return Content("\n".join(pages) + "\n", title=_title(reader))


def _title(reader: PdfReader) -> str:
    metadata = reader.metadata
    title = metadata.title if metadata is not None else None
    return " ".join(_clean(title or "").split())[:200]


def _clean(text: str) -> str:
    told = text.translate(_GLYPHS).encode("utf-8", "replace").decode("utf-8")
    return _LONE_BULLET.sub("• ", told)
