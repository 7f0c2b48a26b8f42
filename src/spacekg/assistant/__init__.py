"""assistant  serve     Knowledge → tools for language models (MCP), whose answers name the words they rest on."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any, ParamSpec

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from spacekg import linting
from spacekg.entities.values import Claim, Named
from spacekg.errors import SpacekgError
from spacekg.knowledge import Knowledge
from spacekg.linting import Vocabulary, vocabulary
from spacekg.matching.scoring import Matcher, Query

P = ParamSpec("P")
Json = dict[str, Any]
Find = Callable[[str, str, int], list[Json]]
"""Which entities a name may mean, of a class where one is given, and at most so many."""
MOST = 50
"""Claims, statements and hits of one answer; it says how many more there are."""
ROWS = 200
"""Rows of one answer; `rows_in_all` says how many there were."""
LONGEST = 500
"""Characters of a name."""
_INSTRUCTIONS = (
    "A knowledge graph of international space collaboration. Every claim has the words of a document that say it, with "
    "their place in its text, and a status: only what is accepted counts as a fact."
)


def server(kg: Knowledge, find: Find) -> MCPServer:
    """Make the server of the tools; `find` reconciles names, as `matching` does."""
    made = MCPServer("spacekg", instructions=_INSTRUCTIONS, log_level="WARNING")
    tools = _Tools(kg, find)
    for tool in (tools.search, tools.describe, tools.lint, tools.query, tools.reconcile):
        made.tool(description=tool.__doc__)(_told(tool))
    return made


def matching(matcher: Matcher) -> Find:
    """Reconcile by the names of a release."""

    def find(name: str, kind: str, limit: int) -> list[Json]:
        return [
            {"id": each.record.id, "iri": each.record.iri, "name": each.name, "score": each.score,
             "match": each.match, "why": each.why}
            for each in matcher.match(Query(name, kind, limit=limit))
        ]  # fmt: skip

    return find


class _Tools:
    def __init__(self, kg: Knowledge, find: Find) -> None:
        self._kg = kg
        self._find = find

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return vocabulary.read(self._kg.engine, self._kg.rules.prefixes)

    def search(self, words: str, limit: int = 10) -> Json:
        """Find things by words of their names; gives ids for describe."""
        found = self._kg.search(_short(words), max(1, min(limit, MOST)))
        return {"found": [_thing(each) for each in found]}

    def describe(self, name: str) -> Json:
        """Tell what is known of a thing (id, IRI, Wikidata item or name), with the words each claim rests on."""
        entity = self._kg.entity(_short(name))
        told = [each for each in entity.described.statements if each.predicate.iri]
        return {
            "iri": entity.iri,
            "name": entity.name,
            "kind": entity.kind,
            "statements": [
                {"property": each.predicate.name, "value": _value(each.value), "graphs": list(each.graphs)}
                for each in told[:MOST]
            ],
            "statements_in_all": len(told),
            "claims": [_claim(each) for each in entity.claims[:MOST]],
            "claims_in_all": len(entity.claims),
        }

    def lint(self, query: str) -> Json:
        """Say what is probably wrong in a SPARQL query, and what was meant; nothing is run."""
        return {"findings": linting.as_json(linting.check(query, self._vocabulary, self._kg.rules.prefixes))}

    def query(self, query: str) -> Json:
        """Answer a SPARQL SELECT query; usual prefixes need no declaration. Only the first rows are given."""
        table = self._kg.query(query)
        rows = [[None if cell is None else str(cell) for cell in row] for row in table.rows[:ROWS]]
        return {"columns": list(table.columns), "rows": rows, "rows_in_all": len(table)}

    def reconcile(self, name: str, kind: str = "", limit: int = 5) -> Json:
        """Find which entity a name from elsewhere means, with scores from 0 to 100; `kind` is a class."""
        return {"candidates": self._find(_short(name), kind, max(1, min(limit, MOST)))}


def _told(tool: Callable[P, Json]) -> Callable[P, Json]:
    """Give the errors that a user can act on to the model in their own words."""

    @wraps(tool)
    def run(*args: P.args, **kwargs: P.kwargs) -> Json:
        try:
            return tool(*args, **kwargs)
        except SpacekgError as error:
            raise ToolError(str(error)) from None

    return run


def _short(name: str) -> str:
    if len(name) > LONGEST:
        raise ToolError(f"a name has at most {LONGEST} characters")
    return name


def _thing(thing: Named) -> Json:
    return {"id": thing.iri.rpartition("/")[2], "iri": thing.iri, "name": thing.name}


def _value(value: Any) -> Json:
    return _thing(value) if isinstance(value, Named) else {"text": value.value, "language": value.language or ""}


def _claim(claim: Claim) -> Json:
    evidence = claim.evidence
    return {
        "claim": claim.iri,
        "subject": _thing(claim.subject),
        "property": claim.predicate.name,
        "value": _value(claim.object),
        "status": claim.status,
        "confidence": claim.confidence,
        "rule": claim.rule,
        "contradicted_by": list(claim.against),
        "source": {"document": evidence.document.iri, "title": evidence.document.name, "quote": evidence.exact,
                   "start": evidence.start, "end": evidence.end},
    }  # fmt: skip
