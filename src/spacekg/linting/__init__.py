"""linting   check     a query, the words of the data → what in it is probably not what was meant, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from spacekg import guard
from spacekg.answers import QuerySyntaxError
from spacekg.linting import patterns, shape, terms, vocabulary
from spacekg.linting.findings import Finding, as_header, as_json
from spacekg.linting.groups import Group
from spacekg.linting.vocabulary import Vocabulary

__all__ = ["Finding", "Vocabulary", "as_header", "as_json", "check", "vocabulary"]

MOST = 50
"""Findings of one query."""


def check(query: str, known: Vocabulary, assumed: Mapping[str, str] | None = None) -> tuple[Finding, ...]:
    """Say what is probably wrong in a query, in the order of its text.

    `assumed` are prefixes that count as declared. A query that is no SPARQL gets what can be told of it all the same,
    which is most often the prefix that nobody declared.
    """
    try:
        tokens = list(guard.cut(query))
    except QuerySyntaxError as error:
        return (Finding("syntax", error.message, error.line, error.column),)
    at = next((place for place, token in enumerate(tokens) if token.word in guard.FORMS), len(tokens))
    names = guard.Names(tokens[:at], assumed)
    known = replace(known, own=names.prefixes)
    found = list(terms.undeclared(query, tokens, names, known))
    body = guard.body(tokens, tokens[at].word if at < len(tokens) else "")
    first = next((place for place, token in enumerate(tokens) if token.start == body - 1), -1)
    try:
        group = patterns.read(tokens, first) if first >= 0 else Group()
    except patterns.UnreadableError:
        group = Group()
    found += terms.unknown(query, group, names, known)
    found += shape.disconnected(query, group)
    found += shape.endless(query, group)
    if group.parts:
        found += shape.lonely(query, tokens, group, body)
        found += shape.unlimited(query, tokens, group, known, names)
    return tuple(sorted(found, key=lambda finding: (finding.line, finding.column, finding.code))[:MOST])
