"""rows      rows or a truth that a server has written just as they would be written here, told by their letters."""

from __future__ import annotations

import re

NAMES = 8
"""How many variables rows may have for that."""
LARGEST = 64 * 1024
"""Bytes of an answer that is looked at so: nothing else can be done meanwhile."""

_TRUTHS = (b'{"head":{},"boolean":true}', b'{"head":{},"boolean":false}')
_IRI = r"https?://[A-Za-z0-9.\-]++(?:/[A-Za-z0-9._~/\-]*+(?:\#[A-Za-z0-9._~/\-]*+)?+)?+"
_TEXT = r'[^"\\\x00-\x1f\x7f]*+(?:\\["\\nrt][^"\\\x00-\x1f\x7f]*+)*+'
_LANGUAGE = r"[a-z]{2,3}(?:-[a-z]{4})?+(?:-(?:[a-z]{2}|[0-9]{3}))?+"
_TYPE = r'http://www\.w3\.org/2001/XMLSchema\#(?!string")[A-Za-z]++'
_KINDS = (
    rf'uri","value":"{_IRI}"',
    rf'literal","value":"{_TEXT}"(?:,"xml:lang":"{_LANGUAGE}"|,"datatype":"{_TYPE}")?+',
    r'bnode","value":"[0-9a-f]++"',
)
_TERM = rf'\{{"type":"(?:{"|".join(_KINDS)})\}}'


def are_written(content: bytes, form: str) -> bool:
    """Whether an answer to a query of a form is whole, and what pyoxigraph writes: to write it anew changes nothing.

    To read an answer and write it takes three times as long as to look at it. Terms that are not told by a glance to
    be sound have it written anew: IRIs with rare characters, languages with variants, types not of XML Schema.
    """
    if form != "SELECT":
        return form == "ASK" and content in _TRUTHS
    found = _TABLE.fullmatch(content) if len(content) <= LARGEST else None
    if found is None:
        return False
    names = [name for name in found.groups() if name is not None]
    return len({*names}) == len(names) and _is_text(content)


def _table() -> re.Pattern[bytes]:
    """Make the pattern: names in the head, and behind it rows with a term for some of these, in the same order."""
    head = ""
    for number in reversed(range(NAMES)):
        head = rf'(?:{"," if number else ""}"([A-Za-z0-9_]++)"{head})?+'
    terms = [rf'(?:"\{number}":{_TERM}(?:,(?=")|(?=\}})))?+' for number in range(1, NAMES + 1)]
    rows = rf"(?:\{{{''.join(terms)}\}}(?:,(?=\{{)|(?=\])))*+"
    return re.compile(rf'\{{"head":\{{"vars":\[{head}\]\}},"results":\{{"bindings":\[{rows}\]\}}\}}'.encode())


def _is_text(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


_TABLE = _table()
