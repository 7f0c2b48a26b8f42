"""A file of canonical N-Quads is loaded by its lines as it is quad by quad: the same quads, the same blank nodes."""

from __future__ import annotations

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as some
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat

from spacekg import united

IRIS = [NamedNode(f"https://example.org/{name}") for name in ("a", "b", "_:c", "d%20e")]
TEXTS = some.sampled_from(["plain", "a < b", "<https://example.org/a> .", '" .\n_:b', "é \t\\", " <x>", ""])
LITERALS = some.builds(Literal, TEXTS) | some.builds(lambda text: Literal(text, language="en"), TEXTS)
NODES = some.sampled_from(IRIS) | some.sampled_from([BlankNode("c14n0"), BlankNode("c14n1")])
NAMED = some.sampled_from([*IRIS[:2], NamedNode(united.ALIGNMENTS)])
ANY = NAMED | some.just(DefaultGraph()) | some.just(BlankNode("c14n0"))


def both(quads: set[Quad]) -> tuple[set[Quad], set[Quad]]:
    """What comes of quads that are read from a file by lines, and of the same ones read by pyoxigraph."""
    text = "".join(sorted(f"{quad} .\n" for quad in quads)).encode()
    parsed = pyoxigraph.parse(input=text, format=RdfFormat.N_QUADS)
    return set(united.load_canonical(text).data), set(united.load(parsed).data)


@given(some.sets(some.builds(Quad, NODES, some.sampled_from(IRIS), NODES | LITERALS, NAMED), max_size=8))
def test_named_graphs_are_loaded_by_lines_as_they_are_quad_by_quad(quads: set[Quad]) -> None:
    by_lines, by_quads = both(quads)
    assert by_lines == by_quads
    assert quads <= by_lines


@given(some.sets(some.builds(Quad, NODES, some.sampled_from(IRIS), NODES | LITERALS, ANY), max_size=8))
def test_a_file_with_statements_in_no_named_graph_is_loaded_too(quads: set[Quad]) -> None:
    by_lines, by_quads = both(quads)
    assert by_lines == by_quads


@pytest.mark.parametrize("end", ["\n", ""])
def test_what_is_no_n_quads_is_refused(end: str) -> None:
    with pytest.raises(SyntaxError):
        united.load_canonical(f"<https://example.org/a> what <https://example.org/g> .{end}".encode())


def test_a_file_whose_last_line_has_no_end_is_loaded_too() -> None:
    line = b"<https://example.org/a> <https://example.org/p> <https://example.org/b> <https://example.org/g> ."
    assert set(united.load_canonical(line).data) == set(united.load_canonical(line + b"\n").data)
    assert len(united.load_canonical(line).data) == 2
