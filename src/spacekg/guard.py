"""guard     query text → what kind of query it is, refused before anything evaluates it when it must not run.

SPARQL keywords may be glued to what stands before and after them (`FILTER(1<2)SERVICE:x{}`), so looking for a
word in the raw text is wrong both ways. A lexer cuts the text into strings, IRIs, comments, names and words first;
where SPARQL itself is ambiguous (`<` opens an IRI or compares) both readings are checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urljoin

from spacekg import lexer
from spacekg.answers import ForbiddenQueryError, Limits, QuerySyntaxError, QueryTooLargeError
from spacekg.lexer import Cursor, Token, cut
from spacekg.scan import Scan

__all__ = ["FORMS", "Cursor", "Names", "Token", "body", "cut", "declaring", "scan"]

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")

FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"})
_NESTING_WORDS = frozenset({"UNION", "OPTIONAL", "MINUS", "EXISTS", "FILTER", "BIND", "GRAPH", "LATERAL", "IN"})
_UNREPEATABLE = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})
_MATTERING = ("SERVICE", "FROM", "CONSTRUCT", *sorted(_UNREPEATABLE))
"""Words for which all of a query is looked at."""


def declaring(query: str, prefixes: Mapping[str, str]) -> str:
    """Declare those of some prefixes that a query uses and does not declare, before its first line."""
    declares = {prefix.lower() for prefix in re.findall(r"\bprefix\s+(\w+):", query, re.IGNORECASE)}
    used = {prefix for prefix in re.findall(r"(?<![\w:])(\w+):", query) if prefix in prefixes}
    return "".join(f"PREFIX {prefix}: <{prefixes[prefix]}> " for prefix in sorted(used - declares)) + query


def scan(query: str, limits: Limits) -> Scan:
    """Check a query against what may run at all, and say what kind it is.

    Raises:
        QueryTooLargeError: it is too long, too deep or has too many operators.
        ForbiddenQueryError: it is an update, or it calls another endpoint.
        QuerySyntaxError: a string in it never ends.
    """
    _check_length(query, limits)
    upper = query.upper()
    light = _is_light(query, upper, limits)
    tokens = lexer.opening(query) if light else list(_allowed(lexer.telling(query), limits))
    if "SERVICE" in upper:
        for token in tokens:
            _check_service(token)
    prologue, form = _beginning(tokens)
    words = {token.word for token in tokens}
    default_graphs, named_graphs = _dataset(tokens, Names(prologue)) if "FROM" in words else ((), ())
    return Scan(form, default_graphs, named_graphs, not words & _UNREPEATABLE, body(tokens, form))


def _check_length(query: str, limits: Limits) -> None:
    try:
        length = len(query.encode())
    except UnicodeEncodeError:
        raise QuerySyntaxError("the query holds half of a surrogate pair, which is no character") from None
    if length > limits.query_bytes:
        raise QueryTooLargeError(
            f"the query has {length:,} bytes and may have {limits.query_bytes:,}: "
            "ask in several queries, or take a dump of the whole graph"
        )


def _is_light(query: str, upper: str, limits: Limits) -> bool:
    """Whether it is enough to read the beginning of a query: it is short, and has no word that matters elsewhere.

    It has not more operators than characters, nor deeper brackets than there are.
    """
    small = len(query) <= limits.operators and sum(map(query.count, "({[")) <= limits.depth
    return small and not any(word in upper for word in _MATTERING) and lexer.ends(query)


def _allowed(tokens: Iterable[Token], limits: Limits) -> Iterator[Token]:
    """Pass tokens on as long as there are not too many of them: what is too large is not read to its end."""
    depth = operators = 0
    for token in tokens:
        kind = token.kind
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth -= 1
        elif kind == "operator":
            operators += len(token.text)
        elif kind == "word" and token.text.upper() in _NESTING_WORDS:
            operators += 1
        if depth > limits.depth:
            raise QueryTooLargeError(f"the query nests more than {limits.depth} brackets: flatten it")
        if operators > limits.operators:
            raise QueryTooLargeError(
                f"the query has more than {limits.operators:,} operators: use VALUES or IN for long lists"
            )
        yield token


def _check_service(token: Token) -> None:
    """Refuse SERVICE in every reading of a token; no other SPARQL keyword has these letters in it."""
    if "SERVICE" in token.word:
        raise ForbiddenQueryError(
            "SERVICE is switched off here: this endpoint calls no other. Send the query to the other endpoint, "
            "or name this one in a SERVICE clause over there"
        )
    if _may_hide_service(token):
        raise ForbiddenQueryError(
            f"{token.text[:80]} could be read as a SERVICE clause: write a bracket in an IRI as %29, "
            "and give the prefix another name"
        )


def _may_hide_service(token: Token) -> bool:
    """Find `FILTER(1<2)SERVICE#>`, whose end may be an IRI, and `SERVICE:x` and `ex:a.SERVICE`, which may be names."""
    text = token.text.upper()
    if token.kind == "iri":
        return "SERVICE" in text.partition(")")[2]
    return token.kind in ("name", "blank") and ("SERVICE" in text.partition(":")[0] or ".SERVICE" in text)


def _beginning(tokens: list[Token]) -> tuple[list[Token], str]:
    """Split off the prologue; give it and the word behind it.

    Raises:
        ForbiddenQueryError: that word begins an update.
    """
    for position, token in enumerate(tokens):
        if token.word in _UPDATES:
            raise ForbiddenQueryError(
                f"{token.word} is an update, and this endpoint only reads: its data change with a new release"
            )
        if token.word in FORMS:
            return tokens[:position], token.word
        if token.kind == "open":
            break
    return tokens, ""


class Names:
    """What the prologue of a query makes of IRIs and prefixed names."""

    def __init__(self, prologue: list[Token], assumed: Mapping[str, str] | None = None) -> None:
        self._base = ""
        self._prefixes = {f"{prefix}:": namespace for prefix, namespace in (assumed or {}).items()}
        for token, second, third in zip(prologue, prologue[1:], [*prologue[2:], *prologue[:1]], strict=False):
            if token.word == "BASE":
                self._base = self._resolved(second.text[1:-1])
            elif token.word == "PREFIX":
                self._prefixes[second.text] = self._resolved(third.text[1:-1])

    @property
    def prefixes(self) -> dict[str, str]:
        """What is declared: prefixes, without their colon, and their namespaces."""
        return {prefix[:-1]: namespace for prefix, namespace in self._prefixes.items()}

    def iri(self, token: Token) -> str | None:
        """Give the IRI that a token stands for; None when its prefix is not declared or it is no name."""
        if token.kind == "iri":
            return self._resolved(token.text[1:-1])
        prefix, _, local = token.text.partition(":")
        namespace = self._prefixes.get(prefix + ":") if token.kind == "name" else None
        return None if namespace is None else namespace + re.sub(r"\\(.)", r"\1", local)

    def whole(self, token: Token) -> str | None:
        """Give the IRI that a token stands for if it is the same for whoever else reads it.

        A base from elsewhere, `/../` in an IRI beside one, or a code point in figures may make another of it.
        """
        iri = self.iri(token)
        if iri is None or not _SCHEME.match(iri) or "/." in iri or "\\u" in token.text.lower():
            return None
        return iri

    def _resolved(self, iri: str) -> str:
        # urljoin forgets a fragment of no characters, which is how many a namespace ends.
        fragment = "#" if iri.endswith("#") else ""
        return iri if _SCHEME.match(iri) else urljoin(self._base, iri.removesuffix("#")) + fragment


def _dataset(tokens: list[Token], names: Names) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Read the FROM clauses; the word stands nowhere else in a query."""
    default_graphs: list[str] = []
    named_graphs: list[str] = []
    for position, token in enumerate(tokens):
        if token.word == "FROM":
            clause = tokens[position + 1 : position + 3]
            named = bool(clause) and clause[0].word == "NAMED"
            graphs = named_graphs if named else default_graphs
            graphs += [iri for iri in map(names.iri, clause[named:][:1]) if iri is not None]
    return tuple(default_graphs), tuple(named_graphs)


def body(tokens: list[Token], form: str) -> int:
    """Find the brace that opens the pattern: the first one, or for CONSTRUCT the first behind its template."""
    template = form == "CONSTRUCT"
    for token in tokens:
        if token.text == "{" and not template:
            return token.start + 1
        if token.text == "}" or token.word == "WHERE":
            template = False
    return 0
