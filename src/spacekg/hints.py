"""hints     query text → what in it may make it cost so much, said when it was stopped for that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from spacekg import guard
from spacekg.answers import QuerySyntaxError
from spacekg.guard import Token

OF_TIME = (
    "join every pattern to the others by a variable",
    "give paths a beginning or an end",
    "ask for less",
)
"""What may help a query that took too long and shows nothing else."""
OF_MEMORY = ("sort or group less", "add a LIMIT", "build no long texts")

READ = 2_000
"""Tokens of a query that are looked at: whoever waits for the answer to a stopped query waits for this too."""
_BUILDING = frozenset({"CONCAT", "REPLACE", "GROUP_CONCAT"})
_STEPS = ("iri", "name", "word", "close")


def find(query: str) -> tuple[str, ...]:
    """Say what may be expensive in the beginning of a query; nothing is parsed, so it may miss things, and says "may".

    A LIMIT stands at the end, so of a query that is not read to its end nothing is said that one would change.
    """
    try:
        tokens = list(islice(guard.cut(query), READ))
    except QuerySyntaxError:
        return ()
    found = [*_unjoined(tokens), *_endless(tokens), *(_whole(tokens) if len(tokens) < READ else ()), *_growing(tokens)]
    return tuple(dict.fromkeys(found))


def _unjoined(tokens: Sequence[Token]) -> Iterator[str]:
    """Find groups with patterns that share no variable; an inner group counts as one pattern, and so does a union."""
    open_groups: list[list[set[str]]] = []
    for token in tokens:
        if token.text == "{":
            open_groups.append([set()])
        elif token.text == "}" and open_groups:
            patterns = open_groups.pop()
            yield from _apart(patterns)
            if open_groups:
                open_groups[-1][-1].update(*patterns)
                open_groups[-1].append(set())
        elif token.word == "UNION" and open_groups and len(open_groups[-1]) > 1:
            open_groups[-1].pop()
        elif open_groups and _ends(token):
            open_groups[-1].append(set())
        elif open_groups and token.kind in ("variable", "blank"):
            open_groups[-1][-1].add(token.text)


def _ends(token: Token) -> bool:
    """Whether a pattern ends here: at its dot, or where a clause begins."""
    return token.text == "." or token.word in ("FILTER", "BIND", "VALUES", "OPTIONAL", "MINUS", "GRAPH")


def _apart(patterns: Sequence[set[str]]) -> Iterator[str]:
    islands: list[set[str]] = []
    for pattern in filter(None, patterns):
        joined = [island for island in islands if island & pattern]
        islands = [island for island in islands if not island & pattern] + [pattern.union(*joined)]
    if len(islands) > 1:
        first, second = (min(island) for island in islands[:2])
        yield (
            f"two patterns share no variable, such as those with {first} and {second}, "
            "so each solution of one is paired with every one of the other"
        )


def _endless(tokens: Sequence[Token]) -> Iterator[str]:
    """Find `?a …* ?b`: a path of any length between things of which neither is given."""
    subject: Token | None = None
    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if before.text in ("{", ".", ";") or subject is None:
            subject = token if before.text != ";" else subject
        repeated = token.text in ("*", "+") and before.kind in _STEPS
        if repeated and after.kind == "variable" and subject is not None and subject.kind == "variable":
            yield f"the path from {subject.text} to {after.text} has no end that is given"


def _whole(tokens: Sequence[Token]) -> Iterator[str]:
    words = {token.word for token in tokens}
    if words & {"ORDER", "GROUP", "DISTINCT"} and "LIMIT" not in words:
        yield "sorting, grouping and DISTINCT need all solutions at once: match fewer"


def _growing(tokens: Sequence[Token]) -> Iterator[str]:
    if sum(token.word in _BUILDING for token in tokens) > 4:
        yield "texts that are made of texts grow quickly: build fewer of them"
