"""DESCRIBE: a concise bounded description, with labels, of the graphs that are asked."""

from __future__ import annotations

import pyoxigraph
import pytest

from spacekg import formats
from spacekg.answers import Request
from spacekg.store import Store

DATA = """
PREFIX : <http://example.org/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
:one { :s :p :o ; :has [ :deep [ :deeper "bottom" ] ; :p :inner ] . :o rdfs:label "object"@en , "Ding"@de .
  :o :other "not told" . :inner rdfs:label "inner"@en . :p rdfs:label "property"@en . :s rdfs:label "subject" . }
:two { :s :q _:round . _:round :next _:round2 . _:round2 :next _:round . :q rdfs:label "in two"@en . }
"""


@pytest.fixture(scope="module")
def opened() -> Store:
    return Store(pyoxigraph.parse(DATA, pyoxigraph.RdfFormat.TRIG), "r")


def described(opened: Store, query: str, **dataset: tuple[str, ...]) -> set[tuple[str, str, str]]:
    answer = opened.answer(Request(query, graph=formats.N_TRIPLES, **dataset))
    quads = pyoxigraph.parse(answer.content, pyoxigraph.RdfFormat.N_TRIPLES)
    return {(short(quad.subject), short(quad.predicate), short(quad.object)) for quad in quads}


def short(term: pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal) -> str:
    if isinstance(term, pyoxigraph.BlankNode):
        return "_"
    return term.value.rpartition("/")[2].rpartition("#")[2] if isinstance(term, pyoxigraph.NamedNode) else term.value


FIRST = {
    ("s", "p", "o"), ("s", "has", "_"), ("_", "deep", "_"), ("_", "deeper", "bottom"), ("_", "p", "inner"),
    ("s", "label", "subject"), ("o", "label", "object"), ("o", "label", "Ding"), ("inner", "label", "inner"),
    ("p", "label", "property"),
}  # fmt: skip
SECOND = {("s", "q", "_"), ("_", "next", "_"), ("q", "label", "in two")}


def test_blank_nodes_are_followed_and_everything_named_has_its_labels(opened: Store) -> None:
    assert described(opened, "DESCRIBE <http://example.org/s>") == FIRST | SECOND


@pytest.mark.parametrize("way", ["FROM", "parameter"])
def test_only_the_dataset_is_asked(opened: Store, way: str) -> None:
    one = "http://example.org/one"
    if way == "FROM":
        assert described(opened, f"DESCRIBE <http://example.org/s> FROM <{one}>") == FIRST
    else:
        assert described(opened, "DESCRIBE <http://example.org/s>", default_graphs=(one,)) == FIRST


def test_several_graphs_are_merged(opened: Store) -> None:
    both = "FROM <http://example.org/one> FROM <http://example.org/two>"
    assert described(opened, f"DESCRIBE <http://example.org/s> {both}") == FIRST | SECOND
    assert described(opened, "DESCRIBE <http://example.org/s> FROM NAMED <http://example.org/one>") == set()


def test_what_a_pattern_finds_is_described(opened: Store) -> None:
    query = 'DESCRIBE ?x { ?x <http://www.w3.org/2000/01/rdf-schema#label> "object"@en }'
    assert described(opened, query) == {
        ("o", "label", "object"), ("o", "label", "Ding"), ("o", "other", "not told"),
    }  # fmt: skip


def test_what_is_not_there_has_an_empty_description(opened: Store) -> None:
    assert described(opened, "DESCRIBE <http://example.org/nothing>") == set()
