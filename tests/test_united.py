"""A file of canonical N-Quads is loaded by its lines as it is quad by quad: the same quads, the same blank nodes."""

from __future__ import annotations

import tempfile
from pathlib import Path

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
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "graph.nq")
        path.write_text("".join(sorted(f"{quad} .\n" for quad in quads)), encoding="utf-8")
        parsed = pyoxigraph.parse(path=path, format=RdfFormat.N_QUADS)
        return set(united.load_canonical(path).data), set(united.load(parsed).data)


@given(some.sets(some.builds(Quad, NODES, some.sampled_from(IRIS), NODES | LITERALS, NAMED), max_size=8))
def test_named_graphs_are_loaded_by_lines_as_they_are_quad_by_quad(quads: set[Quad]) -> None:
    by_lines, by_quads = both(quads)
    assert by_lines == by_quads
    assert quads <= by_lines


@given(some.sets(some.builds(Quad, NODES, some.sampled_from(IRIS), NODES | LITERALS, ANY), max_size=8))
def test_a_file_with_statements_in_no_named_graph_is_loaded_too(quads: set[Quad]) -> None:
    by_lines, by_quads = both(quads)
    assert by_lines == by_quads


def test_a_broken_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "graph.nq").write_text("<https://example.org/a> what <https://example.org/g> .\n", encoding="utf-8")
    with pytest.raises(SyntaxError):
        united.load_canonical(tmp_path / "graph.nq")
