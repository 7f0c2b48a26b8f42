"""cells     a value of a table → text, and text that no spreadsheet takes for a formula."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time

FORMULA = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*(?:[eE][+-]?\d+)?")
GUARD = "'"


def shown(value: object) -> str:
    """Write a value as text: dates in ISO 8601, whole numbers without a fraction, lists and objects as JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | dict | bool) else str(value)


def guarded(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run as a formula; a plain number stays as it is."""
    return GUARD + text if text.startswith(FORMULA) and not NUMBER.fullmatch(text) else text


def unguarded(text: str) -> str:
    """Take the apostrophe away again."""
    return text[1:] if text[:1] == GUARD and text[1:].startswith(FORMULA) else text
