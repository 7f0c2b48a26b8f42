"""plain     a query → the same in SPARQL that every server reads alike; what only some servers know is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spacekg import guard
from spacekg.answers import ForbiddenQueryError, QuerySyntaxError
from spacekg.guard import Names, Token

_OWN = re.compile(
    r"\s*(bif|sql|java|javascript|script)\s*:|https?://www\.openlinksw\.com/schemas/(bif|sql)", re.IGNORECASE
)
"""What the names of functions begin with that some servers take from outside of SPARQL: from their database or disk."""
_TELLING = ("FROM", "GRAPH", "BASE", "DEFINE", "BIF", "SQL", "JAVA", "SCRIPT", "OPENLIN", "\\")
_DECLARED = re.compile(r"PREFIX\s+[\w.\-]*:\s*<", re.IGNORECASE)
_OF_THE_WEB = re.compile(r"<https?://[\w.\-]+(?::[0-9]+)?/")
_NUMBERED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|\\(.)", re.DOTALL)
_IN_A_TEXT = {"\\": "\\\\", '"': '\\"', "'": "\\'", "\n": "\\n", "\r": "\\r"}
_NEVER_IN_AN_IRI = frozenset('<>"{}|^`\\')


def written(query: str) -> str:
    """Write characters that a query gives by their number as themselves.

    Some servers put them in before they read the query, so that such a quotation mark ends a text for them, and such
    letters are a keyword.

    Raises:
        QuerySyntaxError: one stands outside texts, IRIs and comments, is none, or cannot stand where it does.
    """
    if "\\u" not in query and "\\U" not in query:
        return query
    parts, end = [], 0
    for token in guard.cut(query):
        parts += [_gap(query[end : token.start]), _token(token)]
        end = token.start + len(token.text)
    return "".join([*parts, _gap(query[end:])])


def is_simple(query: str) -> bool:
    """Whether a query names no graph and has nothing that `check` refuses, as far as its letters tell.

    All its IRIs, and so the namespaces before its names, begin with an address of the web and go on behind the host, so
    that what they are put together to begins like nothing that is refused. Whatever is not so may be all the same.
    """
    upper = query.upper()
    return (
        query.isascii()
        and not any(word in upper for word in _TELLING)
        and query.count("<") == len(_OF_THE_WEB.findall(query))
        and upper.count("PREFIX") == len(_DECLARED.findall(query))
    )


def check(tokens: Sequence[Token]) -> None:
    """Refuse settings before a query and functions from outside of SPARQL, by which a server may call others.

    Raises:
        ForbiddenQueryError: there are some.
    """
    start = next((place for place, token in enumerate(tokens) if token.word in guard.FORMS), len(tokens))
    if any(token.word == "DEFINE" for token in tokens[:start]):
        raise ForbiddenQueryError("DEFINE is no part of SPARQL: begin with PREFIX, BASE or the form of the query")
    names = Names(list(tokens[:start]))
    for token in tokens:
        if any(_OWN.match(iri) for iri in _read(token, names)):
            raise ForbiddenQueryError(f"{token.text[:80]} is a function of some server's own: ask with those of SPARQL")


def _read(token: Token, names: Names) -> Iterator[str]:
    """Give what a token may be read as, when a server knows prefixes of its own."""
    if token.kind in ("iri", "name"):
        yield token.text.removeprefix("<")
        yield names.iri(token) or ""


def _gap(text: str) -> str:
    """Leave out what comments say when there is a number in it, and keep their lines."""
    return re.sub(r"[^\n]+", " ", text) if "\\" in text else text


def _token(token: Token) -> str:
    if token.kind == "string":
        return _NUMBERED.sub(_in_a_text, token.text)
    if token.kind == "iri":
        return _NUMBERED.sub(_in_an_iri, token.text)
    if re.search(r"\\[uU]", token.text) or token.text == "\\":
        raise QuerySyntaxError("a character is given by its number outside of texts and IRIs: write it as it is")
    return token.text


def _in_a_text(found: re.Match[str]) -> str:
    if found[3]:
        return found[0]
    character = _character(found)
    return _IN_A_TEXT.get(character, character)


def _in_an_iri(found: re.Match[str]) -> str:
    character = found[0] if found[3] else _character(found)
    if character <= " " or _NEVER_IN_AN_IRI & set(character):
        raise QuerySyntaxError(f"no IRI may have the character {found[0]} in it")
    return character


def _character(found: re.Match[str]) -> str:
    number = int(found[1] or found[2], 16)
    if number > 0x10FFFF or 0xD800 <= number < 0xE000:
        raise QuerySyntaxError(f"{found[0]} is no character")
    return chr(number)
