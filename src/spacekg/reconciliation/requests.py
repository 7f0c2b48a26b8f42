"""requests  texts from a client → JSON of the form that is wanted, or an error that says where it is not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from spacekg.reconciliation.problems import BadBatchError, BatchTooLargeError

BATCH = 100
"""Queries that are answered at once."""
MOST, LARGEST_OFFSET = 50, 1_000_000
"""The most candidates or suggestions in an answer."""
LONGEST_ID = 200


def parse(text: str | bytes, where: str) -> Any:
    """Read JSON as its standard has it.

    Raises:
        BadBatchError: it is none, or nested so deep that nobody means it.
    """
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise BadBatchError(f"{where} is no JSON ({str(error)[:100]!a}): send JSON in UTF-8") from None


def record(value: object, where: str) -> dict[str, Any]:
    """Give a value that is an object."""
    if not isinstance(value, dict):
        raise BadBatchError(f"{where} is no JSON object")
    return value


def listed(value: object, where: str, most: int) -> list[Any]:
    """Give a value that is a list of so many things at most.

    Raises:
        BatchTooLargeError: there are more.
        BadBatchError: it is no list.
    """
    if not isinstance(value, list):
        raise BadBatchError(f"{where} is no JSON list")
    return limited(value, where, most)


def limited(values: Sequence[Any], where: str, most: int) -> list[Any]:
    """Give the values if they are not too many."""
    if len(values) > most:
        raise BatchTooLargeError(f"{where} has {len(values):,} entries: send at most {most:,} at once")
    return list(values)


def text(value: object, where: str) -> str:
    """Give a value that is a text, or nothing where there is none."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadBatchError(f"{where} is no text")
    return value


def id(value: object, where: str) -> str:
    """Give a value that is an id, which is short."""
    found = text(value, where)
    if len(found) > LONGEST_ID:
        raise BadBatchError(f"{where} has {len(found):,} characters, and no id has more than {LONGEST_ID}")
    return found


def number(value: object, where: str, otherwise: int, least: int = 1, most: int = MOST) -> int:
    """Give a value that is a whole number, not above the most there is; it may be written as a text."""
    if value is None or value == "":
        return otherwise
    written = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 9
    whole = int(value) if written and isinstance(value, str) else value
    if isinstance(whole, float) and whole.is_integer():
        whole = int(whole)
    if not isinstance(whole, int) or isinstance(whole, bool) or whole < least:
        raise BadBatchError(f"{where} is {str(value)[:40]!a}: wants a whole number from {least} on")
    return min(whole, most)


def one_of(value: object, where: str, choices: Sequence[str]) -> str:
    """Give a value that is one of some words, the first of them where there is none."""
    found = id(value, where) or choices[0]
    if found not in choices:
        raise BadBatchError(f"{where} is {found!a}: wants one of {', '.join(filter(None, choices))}")
    return found


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number of JSON")
