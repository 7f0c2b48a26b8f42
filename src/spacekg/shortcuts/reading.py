"""reading   tokens → Asked: a query that groups and counts rows, or wants each only once, if it is one of those known.

Known is what stands here, and no more: every other word or sign makes a query one that is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from spacekg.guard import Token

_VALUES = frozenset(
    "ABS BOUND CEIL COALESCE CONCAT CONTAINS DATATYPE DAY ENCODE_FOR_URI FLOOR HOURS IF IN ISBLANK ISIRI ISLITERAL "
    "ISNUMERIC ISURI LANG LANGMATCHES LCASE MINUTES MONTH NOT REGEX REPLACE ROUND SAMETERM SECONDS STR STRAFTER "
    "STRBEFORE STRDT STRENDS STRLANG STRLEN STRSTARTS SUBSTR TIMEZONE TZ UCASE YEAR TRUE FALSE".split()
)
"""Words of expressions whose value depends on the values of a row only, whatever row it is."""
_AROUND = frozenset("AS ASC BY COUNT DESC DISTINCT GROUP HAVING LIMIT OFFSET ORDER WHERE".split())
_KINDS = frozenset({"variable", "iri", "name", "string", "tag", "number", "operator"})
_ENDS = frozenset({"HAVING", "ORDER", "LIMIT", "OFFSET"})


class UnknownError(Exception):
    """The query is none of those that are known."""


class Statement(NamedTuple):
    """A triple pattern."""

    subject: Token
    predicate: Token
    object: Token


@dataclass(slots=True)
class Block:
    """All triples of one group, and where they stand: the places of the first and last token of each piece."""

    statements: list[Statement] = field(default_factory=list)
    pieces: list[tuple[int, int]] = field(default_factory=list)

    @property
    def names(self) -> frozenset[str]:
        """Names of its variables."""
        return names(node for each in self.statements for node in (each.subject, each.object))


class Count(NamedTuple):
    """A call of COUNT: the places of its first and last token, the variable it counts, and whether each value once."""

    first: int
    last: int
    name: str
    distinct: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What a query asks."""

    blocks: Sequence[Block]
    counts: Sequence[Count]
    beside: frozenset[str]
    """Names of the variables that stand beside the triples, but for what is only counted."""
    grouped: frozenset[str]
    """Names of those by which rows are grouped as they are."""
    fresh: str
    """A name with which no variable of the query begins."""


def read(tokens: Sequence[Token], start: int) -> Asked:
    """Read a query whose SELECT is the token at this place.

    Raises:
        UnknownError: it is none of those that are known.
    """
    try:
        return _read(tokens, start)
    except IndexError:
        raise UnknownError from None


def names(tokens: Iterable[Token]) -> frozenset[str]:
    """Give the names of the variables among tokens; `?x` and `$x` are one."""
    return frozenset(token.text[1:] for token in tokens if token.kind == "variable")


def _read(tokens: Sequence[Token], start: int) -> Asked:
    opening = next((place for place, token in enumerate(tokens) if token.text == "{"), len(tokens))
    body = _Body(tokens, opening)
    body.group()
    head, tail = range(start + 1, opening), range(body.at, len(tokens))
    counts = [*_counts(tokens, head), *_counts(tokens, tail)]
    inside = {place for count in counts for place in range(count.first, count.last + 1)}
    around = [tokens[place] for place in (*head, *tail) if place not in inside]
    once = tokens[start + 1].word == "DISTINCT"
    _check(around[once:])
    aliases = names(token for before, token in pairwise(around) if before.word == "AS")
    groups = [_grouped(tokens[body.at :])] if any(token.word == "GROUP" for token in around) else []
    visible = frozenset[str]().union(*(block.names for block in body.blocks))
    if not (counts or groups or once) or aliases & visible:
        raise UnknownError
    beside = (names(around) | names(body.others)) & visible
    longest = max(map(len, names(tokens)), default=0)
    asked = Asked(body.blocks, counts, beside, frozenset[str]().union(*groups), "_" * longest + "n")
    if not all(_is_known(count, asked) for count in counts):
        raise UnknownError
    return asked


def _check(tokens: Sequence[Token]) -> None:
    """Check what stands around the pattern; a star is known in COUNT and between two values only."""
    for before, token in pairwise((Token("other", "(", 0), *tokens)):
        if not (token.kind in _KINDS or token.text in ("(", ")", ",") or token.word in _VALUES | _AROUND):
            raise UnknownError
        if token.word in ("COUNT", "DISTINCT") or (token.text == "*" and before.text == "("):
            raise UnknownError


def _counts(tokens: Sequence[Token], places: Sequence[int]) -> Iterator[Count]:
    for place in places:
        if tokens[place].word == "COUNT":
            distinct = tokens[place + 2].word == "DISTINCT"
            counted, last = tokens[place + 2 + distinct], place + 3 + distinct
            every = counted.text == "*" and not distinct
            if tokens[place + 1].text != "(" or tokens[last].text != ")" or not (every or counted.kind == "variable"):
                raise UnknownError
            yield Count(place, last, "" if every else counted.text[1:], distinct)


def _grouped(tail: Sequence[Token]) -> frozenset[str]:
    """Give the variables that rows are grouped by as they are."""
    depth, found = 0, []
    for token in tail:
        if token.word in _ENDS:
            break
        depth += (token.kind == "open") - (token.kind == "close")
        found += [] if depth else [token]
    return names(found)


def _is_known(count: Count, asked: Asked) -> bool:
    """Whether what is counted has a value in each row, and different values are those of a group of one table."""
    if count.distinct and (len(asked.blocks) > 1 or asked.beside - asked.grouped):
        return False
    return not count.name or all(count.name in block.names for block in asked.blocks)


class _Body:
    """Reads groups that are triples with filters, or unions of such groups with filters."""

    def __init__(self, tokens: Sequence[Token], at: int) -> None:
        self._tokens = tokens
        self.at = at
        self.blocks: list[Block] = []
        self.others: list[Token] = []
        """What stands in filters."""

    @property
    def _next(self) -> Token:
        return self._tokens[self.at]

    def _take(self, *texts: str) -> Token:
        """Take a token, one of these texts if there are any."""
        token = self._next
        if texts and token.text not in texts:
            raise UnknownError
        self.at += 1
        return token

    def group(self) -> None:
        """Read a group from its opening brace to behind its closing one."""
        self._take("{")
        block, united = Block(), 0
        while self._next.text != "}":
            if self._next.word == "FILTER":
                self._filter()
            elif self._next.text == "{":
                united += 1
                self._union()
            else:
                self._triples(block)
        self._take("}")
        if united + bool(block.statements) != 1:
            raise UnknownError
        self.blocks += [block] if block.statements else []

    def _union(self) -> None:
        self.group()
        while self._next.word == "UNION":
            self._take()
            self.group()
        if self._next.text == ".":
            self._take()

    def _filter(self) -> None:
        first = self.at + 1
        self._take()
        while self._next.text != "(":
            if self._next.kind not in ("iri", "name") and self._next.word not in _VALUES:
                raise UnknownError
            self._take()
        depth = 0
        while True:
            token = self._take()
            depth += (token.kind == "open") - (token.kind == "close")
            if not depth:
                break
        _check(self._tokens[first : self.at])
        self.others += self._tokens[first : self.at]
        if any(token.word in _AROUND for token in self._tokens[first : self.at]):
            raise UnknownError
        if self._next.text == ".":
            self._take()

    def _triples(self, block: Block) -> None:
        """Read the triples of one subject, with the full stop behind them."""
        first = self.at
        subject = self._node()
        while True:
            name = self._take()
            if name.kind not in ("iri", "name") and name.text != "a":
                raise UnknownError
            block.statements.append(Statement(subject, name, self._node()))
            while self._next.text == ",":
                self._take()
                block.statements.append(Statement(subject, name, self._node()))
            while self._next.text == ";":
                self._take()
            if self._tokens[self.at - 1].text != ";" or self._next.text in (".", "}"):
                break
        if self._next.text == ".":
            self._take()
        elif self._next.text != "}" and self._next.word != "FILTER":
            raise UnknownError
        block.pieces.append((first, self.at - 1))

    def _node(self) -> Token:
        token = self._take()
        if token.kind not in ("variable", "iri", "name"):
            raise UnknownError
        return token
