"""examples  describe shipped queries → sh:SPARQLExecutable, as editors and other tools look for examples."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from spacekg.answers import is_question
from spacekg.declared import BASE, RDF, RDFS, Query
from spacekg.description.terms import DATASET, SCHEMA, SH, Triple

ENDPOINT = NamedNode(f"{BASE}sparql")
TESTS = "http://www.w3.org/2001/sw/DataAccess/tests/"
MANIFEST, RESULTS = f"{TESTS}test-manifest#", f"{TESTS}result-set#"
FORMS = {"SELECT": "Select", "CONSTRUCT": "Construct", "ASK": "Ask", "DESCRIBE": "Describe"}
_FORM = re.compile(rf"^\s*({'|'.join(FORMS)})\b", re.IGNORECASE | re.MULTILINE)
_KEYWORDS = re.compile(r"^#\s*keywords:\s*(.+)$", re.IGNORECASE | re.MULTILINE)


def describe(queries: Iterable[Query]) -> Iterator[Triple]:
    """Write each query that answers a question of its own; those in folders are parts of something else."""
    for query in queries:
        form = _FORM.search(query.text)
        if form is None or not is_question(query.name):
            continue
        kind = form[1].upper()
        node = NamedNode(f"{BASE}queries#{query.name}")
        yield node, f"{RDF}type", NamedNode(f"{SH}SPARQLExecutable")
        yield node, f"{RDF}type", NamedNode(f"{SH}SPARQL{FORMS[kind]}Executable")
        yield node, f"{RDFS}comment", Literal(query.question, language="en")
        yield node, f"{SH}{kind.lower()}", Literal(query.text)
        yield node, f"{SH}prefixes", DATASET
        yield node, f"{SCHEMA}target", ENDPOINT
        columns = _columns(query.text)
        if columns:
            result = NamedNode(f"{node.value}-result")
            yield node, f"{MANIFEST}result", result
            yield result, f"{RDF}type", NamedNode(f"{RESULTS}ResultSet")
            for column in columns:
                yield result, f"{RESULTS}resultVariable", Literal(column)
        for keywords in _KEYWORDS.findall(query.text):
            for keyword in keywords.split(","):
                yield node, f"{SCHEMA}keywords", Literal(keyword.strip())


def _columns(query: str) -> list[str]:
    """Give the columns of the rows that a query makes, whatever the data are; none for a graph."""
    solved = Store().query(query)
    return [variable.value for variable in solved.variables] if isinstance(solved, QuerySolutions) else []
