"""answers   what a model wrote → claims, whole ones only, in the form that was asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from spacekg.llm import prompt
from spacekg.llm.endpoint import Answer

LENIENT = json.JSONDecoder(strict=False, parse_int=float)
"""The grammars by which llama.cpp holds a model to JSON let line breaks into strings, and numbers of any length."""
OPENING = re.compile(r'\s*\{\s*"claims"\s*:\s*\[')


def claims(answer: Answer) -> list[dict[str, Any]] | None:
    """The claims of an answer, up to the last whole one where it was cut short; none where it has another form."""
    if answer.cut:
        return [*_whole(answer.content)] or None
    try:
        read = LENIENT.decode(answer.content)
    except (ValueError, RecursionError):
        return None
    found = read.get("claims") if isinstance(read, dict) else None
    return found if isinstance(found, list) and all(_is_claim(claim) for claim in found) else None


def _whole(content: str) -> Iterator[dict[str, Any]]:
    """Read claim after claim until one is broken off or is none."""
    opening = OPENING.match(content)
    at = opening.end() if opening else len(content)
    while at < len(content):
        try:
            claim, at = LENIENT.raw_decode(content, at)
        except (ValueError, RecursionError):
            return
        if not _is_claim(claim):
            return
        yield claim
        at = len(content) - len(content[at:].lstrip(", \n\r\t"))


def _is_claim(claim: object) -> bool:
    return isinstance(claim, dict) and all(
        isinstance(claim.get(name), kind) and not isinstance(claim.get(name), bool)
        for name, kind in prompt.FIELDS.items()
    )
