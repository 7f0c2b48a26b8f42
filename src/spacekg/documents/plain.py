"""plain     .txt and .md files: the text as it stands, and the front matter before it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping

import yaml

from spacekg.documents.content import Content, decoded
from spacekg.errors import DocumentError

MAX_FRONT_MATTER = 65_536

_OPENING = re.compile(r"---[ \t]*(?:\r\n|\n|\r)")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r|\Z)", re.MULTILINE)
_HEADING = re.compile(r"#{1,6}[ \t]+(.*)")


def extract(data: bytes) -> Content:
    """Read a text or Markdown file; `body` is where the front matter ends, if there is one.

    Raises:
        DocumentError: the file is no UTF-8 text, or its front matter is not YAML of plain values.
    """
    text = decoded(data)
    described, body = _front_matter(text)
    return Content(
        text,
        title=described.get("title", "") or title(text[body:]),
        source=described.get("source", ""),
        licence=described.get("licence", "") or described.get("license", ""),
        date=described.get("date", ""),
        language=described.get("language", ""),
        body=body,
    )


def _front_matter(text: str) -> tuple[dict[str, str], int]:
    opening = _OPENING.match(text)
    closing = _CLOSING.search(text, opening.end(), opening.end() + MAX_FRONT_MATTER) if opening else None
    if opening is None or closing is None:
        return {}, 0
    try:
        values = yaml.safe_load(text[opening.end() : closing.start()])
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 2}" if mark else ""
        reason = " ".join(str(getattr(error, "problem", "") or error).split())[:100]
        raise DocumentError(
            f"has a front matter that is not YAML{where} ({reason}); write `key: value` lines"
        ) from error
    if not isinstance(values, Mapping | None):
        raise DocumentError(
            "starts with `---` but has no `key: value` lines before the next; correct the front matter or take it out"
        )
    return _described(values or {}), closing.end()


def _described(values: Mapping[object, object]) -> dict[str, str]:
    described = {}
    for key, (pattern, wanted) in _KEYS.items():
        value = values.get(key)
        text = " ".join(str(value).split()) if isinstance(value, str | int | datetime.date) else ""
        if value is not None and not pattern.fullmatch(text):
            raise DocumentError(f"has a front matter whose `{key}` is not {wanted}; correct it or take it out")
        described[key] = text
    return described


def title(body: str) -> str:
    """The first Markdown heading of a text, or else its first line that is not empty."""
    first = ""
    for match in re.finditer(r"[^\r\n]+", body):
        line = match[0].strip()
        if heading := _HEADING.fullmatch(line):
            return heading[1].rstrip("#").strip()[:200]
        first = first or line
    return first.strip("*_ ").removesuffix(".")[:200]


_WORDS = re.compile(r".+")
_KEYS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "title": (_WORDS, "a line of text"),
    "source": (_WORDS, "one IRI or citation"),
    "licence": (_WORDS, "the name or IRI of one licence"),
    "license": (_WORDS, "the name or IRI of one licence"),
    "date": (
        re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"),
        "a date like 2026, 2026-11 or 2026-11-25",
    ),
    "language": (re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"), "a language tag like en or pt-BR"),
}
