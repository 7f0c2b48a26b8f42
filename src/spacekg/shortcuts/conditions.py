"""conditions  what a filter says → texts that a variable surely has in it where that is true.

Known are CONTAINS, STRSTARTS, STRENDS and REGEX of a variable, of its STR, LCASE or UCASE, with a text that stands in
the query, by themselves or joined by `&&`. Only what is in ASCII counts; in which case it is written does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from spacekg.guard import Token
from spacekg.shortcuts.groups import closing

CALLS = frozenset({"CONTAINS", "STRSTARTS", "STRENDS", "REGEX"})
_CASES = frozenset({"LCASE", "UCASE"})
_RUN = re.compile(r"[\x00-\x7f]{3,}")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}

_PIECE = re.compile(
    r"""
    (?P<again>[*+?]\?? | \{\d+(?:,\d*)?\}\??)
  | (?P<open>\((?:\?: | (?!\?)))
  | (?P<close>\))
  | (?P<either>\|)
  | (?P<other>\[\^?+(?:[^\[\]\\] | \\.)+\] | \\[dDwWsSbBAztnrfv] | [.^$] | [^\x00-\x7f])
  | \\(?P<sign>[\\.+*?()|\[\]{}^$/-])
  | (?P<plain>[^\\\[\]{}()*+?|.^$])
    """,
    re.VERBOSE | re.DOTALL,
)
"""What a regular expression is made of, as far as it is known: of classes the simple ones, of groups those that only
hold together."""


class Needed(NamedTuple):
    """A variable, texts that its value has in it, and whether that value may be an IRI, too."""

    name: str
    texts: Sequence[str]
    may_be_iri: bool


def needed(condition: Sequence[Token]) -> Iterator[Needed]:
    """Tell of each variable what a condition needs to be true, as far as it is known."""
    while condition and condition[0].text == "(" and closing(condition, 0) == len(condition) - 1:
        condition = condition[1:-1]
    parts = _split(condition, "&&")
    if len(parts) > 1:
        # With `||` beside it, either side may be true by itself.
        if len(_split(condition, "||")) == 1:
            for part in parts:
                yield from needed(part)
    elif condition and condition[0].word in CALLS:
        yield from _called(condition)


def runs(pattern: str) -> Sequence[str]:
    """Give texts of ASCII that are in whatever a regular expression matches; nothing of what is in doubt.

    They stand outside of groups and classes, and nothing says how often they are there.
    """
    found, depth, at = [""], 0, 0
    while at < len(pattern):
        piece = _PIECE.match(pattern, at)
        kind = piece.lastgroup if piece else ""
        depth += (kind == "open") - (kind == "close")
        if piece is None or depth < 0 or (kind == "either" and not depth):
            return []
        if kind in ("sign", "plain") and not depth:
            found[-1] += piece[kind]
        else:
            found[-1] = found[-1][:-1] if kind == "again" else found[-1]
            found.append("")
        at = piece.end()
    return [run for run in found if len(run) > 2]


def _split(tokens: Sequence[Token], mark: str) -> list[Sequence[Token]]:
    """Split at each mark that is not in brackets."""
    parts, first, depth = [], 0, 0
    for place, token in enumerate(tokens):
        depth += (token.kind == "open") - (token.kind == "close")
        if not depth and token.text == mark:
            parts.append(tokens[first:place])
            first = place + 1
    return [*parts, tokens[first:]]


def _called(call: Sequence[Token]) -> Iterator[Needed]:
    if len(call) < 4 or call[1].text != "(" or closing(call, 1) != len(call) - 1:
        return
    searched, *given = _split(call[2:-1], ",")
    functions, inner = _unwrapped(searched, _CASES | {"STR"})
    texts = [_text(argument) for argument in given]
    if len(inner) != 1 or inner[0].kind != "variable" or not texts or texts[0] is None:
        return
    found: Sequence[str]
    if call[0].word != "REGEX":
        found = _RUN.findall(texts[0]) if len(texts) == 1 else []
    else:
        flags = texts[1] if len(texts) == 2 else ""
        found = runs(texts[0]) if len(texts) < 3 and flags is not None and set(flags) <= set("ims") else []
    if found:
        yield Needed(inner[0].text[1:], found, "STR" in functions)


def _unwrapped(tokens: Sequence[Token], known: frozenset[str]) -> tuple[list[str], Sequence[Token]]:
    """Take the calls of known functions off an argument."""
    functions = []
    while len(tokens) > 3 and tokens[0].word in known and tokens[1].text == "(" and tokens[-1].text == ")":
        functions.append(tokens[0].word)
        tokens = tokens[2:-1]
    return functions, tokens


def _text(argument: Sequence[Token]) -> str | None:
    """Read a text that stands in a query, in whatever case it is then put; None when it is none."""
    _, inner = _unwrapped(argument, _CASES)
    if len(inner) != 1 or inner[0].kind != "string":
        return None
    text = inner[0].text
    quotes = 3 if len(text) > 5 and text[:3] in ('"""', "'''") else 1
    return _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), text[quotes:-quotes])
