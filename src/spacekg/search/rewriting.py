"""rewriting  a query with search properties → the same with VALUES in their place, which any engine understands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyoxigraph
from pyoxigraph import Literal, NamedNode, RdfFormat

from spacekg import guard
from spacekg.declared import BASE
from spacekg.errors import BadQueryError
from spacekg.guard import Names, Token
from spacekg.search.index import Hit, Index

SEARCH = f"{BASE}search#"
KINDS = {f"{SEARCH}{kind}": kind for kind in ("label", "text", "sentence")}
PROPERTIES = {
    f"{SEARCH}label": 'Finds things by words of their names, in every language: ?thing search:label "words", or '
    '(?thing ?score ?text) search:label ("words"@en 10), the best first.',
    f"{SEARCH}text": "Finds things by words of longer texts about them: descriptions, definitions, notes.",
    f"{SEARCH}sentence": "Finds documents and the evidence of claims by words of a sentence: ?evidence search:sentence "
    '"words" . ?claim prov:wasDerivedFrom ?evidence .',
}
USUAL, MOST = 100, 1_000
"""How many things a search gives when the query does not say, and at most."""
_HOW = '?thing search:label "words", or (?thing ?score ?text) search:label ("words" 10)'


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    text: str


def expand(query: str, index: Callable[[], Index]) -> str:
    """Put what the search properties of a query find in their places; `index` is made when there are any.

    Raises:
        BadQueryError: a search is not written as it must be.
    """
    if SEARCH not in query:
        return query
    tokens = list(guard.cut(query))
    start = next((place for place, token in enumerate(tokens) if token.word in guard.FORMS), len(tokens))
    names = Names(tokens[:start])
    edits: list[_Edit] = []
    for place in range(start, len(tokens)):
        iri = names.iri(tokens[place]) if tokens[place].kind in ("iri", "name") else None
        if iri is not None and iri.startswith(SEARCH):
            if iri not in PROPERTIES:
                raise BadQueryError(f"there is no {tokens[place].text}: the searches are {', '.join(PROPERTIES)}")
            try:
                edits += _edits(tokens, place, _Search(iri, index()))
            except IndexError:  # the query ends in the middle, as its parser will say
                return query
    for edit in sorted(edits, key=lambda edit: (-edit.start, -edit.end)):
        query = f"{query[: edit.start]}{edit.text}{query[edit.end :]}"
    return query


@dataclass(frozen=True, slots=True)
class _Search:
    iri: str
    index: Index

    def values(self, variables: Sequence[str], asked: Sequence[Token]) -> str:
        """Write what is found for the variables."""
        words = _literal(asked)
        limit = USUAL
        if asked[0].text == "(" and asked[-2].kind == "number":
            limit = int(min(MOST, float(asked[-2].text)))
        hits = self.index.find(KINDS[self.iri], words.value, words.language or "", limit)
        rows = " ".join(f"({' '.join(_terms(hit)[: len(variables)])})" for hit in hits)
        return f"VALUES ({' '.join(variables)}) {{ {rows} }} "


def _terms(hit: Hit) -> tuple[str, str, str]:
    return str(NamedNode(hit.thing)), f"{hit.score:.4f}", str(hit.text)


def _edits(tokens: Sequence[Token], place: int, search: _Search) -> list[_Edit]:
    last = _end_of_object(tokens, place + 1)
    after = last + 1
    if tokens[after].text == ",":
        raise BadQueryError("a search has one text: write the property again for another")
    first, variables = _subject(tokens, place)
    values = search.values(variables, tokens[place + 1 : after])
    if tokens[place - 1].text == ";":
        return [_Edit(tokens[first].start, tokens[first].start, values), _gap(tokens, place, last)]
    following = after
    while tokens[following].text == ";":
        following += 1
    if following == after or tokens[following].text in (".", "}"):
        return [_Edit(tokens[first].start, _end(tokens[following - 1]), values)]
    if len(variables) > 1:
        raise BadQueryError("a search for several variables ends with a full stop: begin the next statement anew")
    return [_Edit(tokens[first].start, tokens[first].start, values), _gap(tokens, place, following - 1)]


def _gap(tokens: Sequence[Token], first: int, last: int) -> _Edit:
    return _Edit(tokens[first].start, _end(tokens[last]), "")


def _end(token: Token) -> int:
    return token.start + len(token.text)


def _end_of_object(tokens: Sequence[Token], place: int) -> int:
    if tokens[place].text == "(":
        closing = next((at for at in range(place, len(tokens)) if tokens[at].text == ")"), place)
        if closing > place + 1 and tokens[place + 1].kind == "string":
            return closing
    elif tokens[place].kind == "string":
        return place + (tokens[place + 1].kind == "tag")
    raise BadQueryError(f"a search takes a text in quotation marks: write {_HOW}")


def _subject(tokens: Sequence[Token], place: int) -> tuple[int, list[str]]:
    """Give where the subject begins and the variables it holds."""
    at = place - 1
    if tokens[at].text == ";":
        at = _beginning(tokens, at)
    if tokens[at].kind == "variable":
        return at, [tokens[at].text]
    if tokens[at].text == ")":
        opening = next((each for each in range(at, 0, -1) if tokens[each].text == "("), at)
        inner = tokens[opening + 1 : at]
        if 1 <= len(inner) <= 3 and all(token.kind == "variable" for token in inner):
            return opening, [token.text for token in inner]
    raise BadQueryError(f"a search finds a variable, or a list of up to three: write {_HOW}")


def _beginning(tokens: Sequence[Token], place: int) -> int:
    """Go back to where the statement begins that a semicolon goes on with."""
    at = place - 1
    while at > 0:
        if tokens[at].text in (".", "{", "}"):
            return at + 1
        if tokens[at].kind == "close":
            closing, at = at, _opening(tokens, at)
            if tokens[at - 1].kind == "word" and tokens[at - 1].text != "a":  # of a FILTER, a BIND or a function
                return closing + 1
        at -= 1
    raise BadQueryError(f"a search belongs to a statement about a variable: write {_HOW}")


def _opening(tokens: Sequence[Token], place: int) -> int:
    depth = 0
    for at in range(place, -1, -1):
        depth += (tokens[at].kind == "close") - (tokens[at].kind == "open")
        if not depth:
            return at
    return 0


def _literal(asked: Sequence[Token]) -> Literal:
    texts = [token.text for token in asked if token.kind in ("string", "tag")]
    try:
        (quad,) = pyoxigraph.parse(f"<a:s> <a:p> {''.join(texts[:2])} .", RdfFormat.TURTLE)
    except SyntaxError:
        raise BadQueryError(f"the text of a search is a string: write {_HOW}") from None
    assert isinstance(quad.object, Literal)
    return quad.object
