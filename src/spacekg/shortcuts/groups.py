"""groups    tokens → Group: the triples that a group begins with, and what its filters say.

Whatever is not known here makes a query one that is left as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from spacekg import guard
from spacekg.guard import Cursor, Token
from spacekg.shortcuts.reading import UnknownError

_NAMES = frozenset({"iri", "name"})
_APART = frozenset({"OPTIONAL", "MINUS", "BIND"})
"""What takes the rows before it one by one, and never another value for a variable that they have."""


class Statement(NamedTuple):
    """A triple pattern with a path; a literal is its first token."""

    subject: Token
    path: Sequence[Token]
    object: Token


class Group(NamedTuple):
    """A group: the triples before anything else but filters, and the conditions of all its filters."""

    statements: Sequence[Statement]
    conditions: Sequence[Sequence[Token]]
    removal: int
    """The place of a MINUS that is the first thing behind these triples; 0 when there is none."""
    only_triples: bool
    """Whether there is nothing else in it, but for filters."""


def read(tokens: Sequence[Token], opening: int) -> Group:
    """Read the group that opens with the token at this place.

    Raises:
        UnknownError: there is something in it that is not known.
    """
    try:
        return _Group(tokens, opening + 1).read()
    except IndexError:
        raise UnknownError from None


def outermost(tokens: Sequence[Token]) -> tuple[int, int]:
    """Find the word that says what kind of query it is, and the brace that opens the group of the whole query.

    Raises:
        UnknownError: there is none, or EXISTS has one before it.
    """
    start = next((place for place, token in enumerate(tokens) if token.word in guard.FORMS), len(tokens))
    body = guard.body(list(tokens), tokens[start].word) if start < len(tokens) else 0
    opening = next((place for place, token in enumerate(tokens) if token.start + 1 == body), 0)
    if not opening or any(token.word == "EXISTS" for token in tokens[:opening]):
        raise UnknownError
    return start, opening


def closing(tokens: Sequence[Token], opening: int) -> int:
    """Find the bracket that closes the one at a place.

    Raises:
        UnknownError: there is none.
    """
    depth = 0
    for place in range(opening, len(tokens)):
        depth += (tokens[place].kind == "open") - (tokens[place].kind == "close")
        if not depth:
            return place
    raise UnknownError


class _Group(Cursor):
    """Reads a group from behind its opening brace."""

    def read(self) -> Group:
        """Read it to its end."""
        statements: list[Statement] = []
        conditions: list[Sequence[Token]] = []
        removal, only_triples = 0, True
        while self._next.text != "}":
            word = self._next.word
            if word == "FILTER":
                conditions.append(self._skipped())
            elif word in _APART:
                removal = self._at if word == "MINUS" and only_triples else removal
                only_triples = False
                self._skipped()
            elif self._next.text == ".":
                self._take()
            else:
                found = self._triples()
                statements += found if only_triples else []
        return Group(statements, conditions, removal, only_triples)

    def _skipped(self) -> Sequence[Token]:
        """Skip a word with what is in brackets behind it, which is given."""
        self._take()
        first = self._at
        while self._next.kind != "open":
            if self._next.kind not in _NAMES and not self._next.word:
                raise UnknownError
            self._take()
        self._at = closing(self._tokens, self._at) + 1
        return self._tokens[first : self._at]

    def _triples(self) -> list[Statement]:
        """Read the triples of one subject."""
        subject, found = self._node(), []
        while True:
            path = self._path()
            found.append(Statement(subject, path, self._node()))
            while self._next.text == ",":
                self._take()
                found.append(Statement(subject, path, self._node()))
            more = False
            while self._next.text == ";":
                self._take()
                more = True
            if not more or self._next.text in (".", "}"):
                return found

    def _node(self) -> Token:
        token = self._take()
        if token.text in ("+", "-") and self._next.kind == "number":
            return self._take()
        if token.kind == "string":
            if self._next.kind == "tag":
                self._take()
            elif self._next.text == "^^":
                self._take()
                self._take()
        elif token.kind not in ("variable", "iri", "name", "number") and token.word not in ("TRUE", "FALSE"):
            raise UnknownError
        return token

    def _path(self) -> Sequence[Token]:
        first = self._at
        if self._next.kind == "variable":
            self._take()
            return self._tokens[first : self._at]
        while True:
            while self._next.text in ("^", "!"):
                self._take()
            if self._next.text == "(":
                self._at = closing(self._tokens, self._at) + 1
            elif self._next.kind in _NAMES or self._next.text == "a":
                self._take()
            else:
                raise UnknownError
            if self._next.text in ("*", "+", "?"):
                self._take()
            if self._next.text not in ("/", "|"):
                return self._tokens[first : self._at]
            self._take()
