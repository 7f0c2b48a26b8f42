"""lexer     query text → its tokens: words, names, strings, brackets and whatever else it is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from spacekg.answers import QuerySyntaxError

# Every repetition is possessive and every character is read once, so 64 KB take a few hundredths of a second at worst.
# What most characters are is repeated by itself, for a choice at each of them takes several times as long.
_START = r"[^\W\d][\w.\-·]*+"
_LOCAL = r":[\w.\-:·]*+(?:(?:%[0-9A-Fa-f]{2} | \\.)[\w.\-:·]*+)*+"
_KINDS = {
    "space": r"\s++ | \#[^\n\r]*+",
    "iri": r"""
        <[^<>"{}|^`\\\x00-\x20]*+(?:(?:\\u[0-9A-Fa-f]{4} | \\U[0-9A-Fa-f]{8})[^<>"{}|^`\\\x00-\x20]*+)*+>""",
    "string": r"""
        \"\"\"[^"\\]*+(?:\"{0,2}(?:[^"\\] | \\.)[^"\\]*+)*+\"\"\"
      | \'\'\'[^'\\]*+(?:\'{0,2}(?:[^'\\] | \\.)[^'\\]*+)*+\'\'\'
      | "(?!\"\")[^"\\\n\r]*+(?:\\.[^"\\\n\r]*+)*+" | '(?!\'\')[^'\\\n\r]*+(?:\\.[^'\\\n\r]*+)*+'
      | \"\"(?!\") | \'\'(?!\')""",
    "quote": r"""["']""",
    "variable": r"[?$]\w++",
    "tag": r"@[A-Za-z]++(?:-[A-Za-z0-9]++)*+",
    "blank": r"_:[\w.\-·]++",
    "run": f"{_START} (?:{_LOCAL})?+ | {_LOCAL}",
    "number": r"\d++(?:\.\d++)?+(?:[eE][+-]?\d++)?+",
    "open": r"[({\[]",
    "close": r"[)}\]]",
    "operator": r"\|\| | && | != | <= | >= | \^\^ | [-+*/|^!=<>?]",
    "other": ".",
}
"""The pieces that queries are made of, those that are looked for first before the others."""

# What tells nothing about whether a query may run, as many pieces of it as stand together; they are what long lists are
# made of, and the server reads one query at a time.
_DULL = rf"(?:[\s.,;\\~%`] | @(?![A-Za-z]) | {_KINDS['number']} | \#[^\n\r]*+)++"
# All but words, braces and what opens, as many as stand together; what begins alike is looked for in the same order.
_PASSED = " | ".join([
    r"""[^\w"'(\[{}<?$@:#]++""",
    *(_KINDS[kind] for kind in ("variable", "iri", "blank")),
    f"(?:{_START})?+{_LOCAL}",
    *(_KINDS[kind] for kind in ("string", "number", "space", "tag")),
    "[<?$@#]",
])  # fmt: skip
_TOKEN, _TELLING, _WORDS, _WHOLE = (
    re.compile(" | ".join(f"(?P<{kind}>{text})" for kind, text in kinds.items()), re.VERBOSE | re.DOTALL)
    for kinds in (
        _KINDS,
        {"space": _DULL, **{kind.replace("space", "rest"): text for kind, text in _KINDS.items()}},
        {"space": f"(?:{_PASSED})++", "quote": _KINDS["quote"], "run": _START, "open": _KINDS["open"], "close": r"\}"},
        {"space": rf"(?:{_PASSED} | {_START} | [({{\[}}])*+"},
    )
)
_PIECE = re.compile(r"(?P<word>\w+)|(?P<operator>-)|(?P<other>.)")


class Token(NamedTuple):
    """A piece of a query: what it is, its text, and where it starts, in code points from 0."""

    kind: str
    text: str
    start: int

    @property
    def word(self) -> str:
        """The keyword in capitals; empty for every token that is no word."""
        return self.text.upper() if self.kind == "word" else ""


class Cursor:
    """Takes tokens one after the other; what reads a grammar is made of it."""

    def __init__(self, tokens: Sequence[Token], at: int) -> None:
        self._tokens = tokens
        self._at = at

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]


def cut(query: str) -> Iterator[Token]:
    """Cut a query into tokens, without white space and comments.

    Raises:
        QuerySyntaxError: a string in it never ends.
    """
    return _cut(query, _TOKEN)


def telling(query: str) -> Iterator[Token]:
    """Cut a query, without the numbers, commas and the like that long lists are made of.

    Raises:
        QuerySyntaxError: a string in it never ends.
    """
    return _cut(query, _TELLING)


def opening(query: str) -> list[Token]:
    """Cut a query up to its first brace, into words and what opens.

    Raises:
        QuerySyntaxError: a string before that brace never ends.
    """
    tokens: list[Token] = []
    for token in _cut(query, _WORDS):
        tokens.append(token)
        if token.text == "{":
            break
    return tokens


def ends(query: str) -> bool:
    """Whether every string in a query ends."""
    return ('"' not in query and "'" not in query) or _WHOLE.fullmatch(query) is not None


def _cut(query: str, pieces: re.Pattern[str]) -> Iterator[Token]:
    for match in pieces.finditer(query):
        kind = match.lastgroup or "other"
        if kind == "space":
            continue
        text, start = match.group(), match.start()
        if kind == "run":
            if text.isidentifier() and "·" not in text:
                yield Token("word", text, start)
            else:
                yield from _names_or_pieces(text, start)
        elif kind == "quote":
            line, column = query.count("\n", 0, start) + 1, start - query.rfind("\n", 0, start)
            raise QuerySyntaxError("the string that begins here never ends", line, column)
        else:
            yield Token(kind, text, start)


def _names_or_pieces(run: str, start: int) -> Iterator[Token]:
    """Tell a prefixed name (`ex:a.b`) from words with dots and minus signs between them (`true.`).

    A full stop at its end is none of a name, unless it is escaped.
    """
    if ":" in run:
        name = run.rstrip(".")
        name = run[: len(name) + 1] if name.endswith("\\") else name
        yield Token("name", name, start)
        for place in range(len(name), len(run)):
            yield Token("other", ".", start + place)
    else:
        for match in _PIECE.finditer(run):
            yield Token(match.lastgroup or "other", match.group(), start + match.start())
