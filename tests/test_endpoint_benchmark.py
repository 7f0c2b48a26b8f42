"""The graph and the questions that endpoints are compared with."""

from __future__ import annotations

import random
import sys
from pathlib import Path
from types import ModuleType

import pyoxigraph
import pytest

FOLDER = Path(__file__).parent.parent / "benchmarks" / "endpoint"


@pytest.fixture(scope="module")
def modules() -> tuple[ModuleType, ModuleType]:
    sys.path.insert(0, str(FOLDER))
    try:
        import graph  # noqa: PLC0415
        import questions  # noqa: PLC0415
    finally:
        sys.path.remove(str(FOLDER))
    return graph, questions


def test_the_graph_is_the_same_each_time_and_has_the_size_asked_for(
    modules: tuple[ModuleType, ModuleType], tmp_path: Path
) -> None:
    graph, _ = modules
    for triples in (10_000, 40_000):
        numbers = [graph.write(triples, tmp_path / name) for name in ("one.nq", "other.nq")]
        assert (tmp_path / "one.nq").read_bytes() == (tmp_path / "other.nq").read_bytes()
        assert numbers == [pytest.approx(triples, rel=0.15)] * 2


def test_each_question_has_answers(modules: tuple[ModuleType, ModuleType], tmp_path: Path) -> None:
    graph, questions = modules
    graph.write(20_000, tmp_path / "graph.nq")
    quads = list(pyoxigraph.parse(path=tmp_path / "graph.nq"))
    store = pyoxigraph.Store()
    store.extend([*quads, *(pyoxigraph.Quad(*quad.triple) for quad in quads)])
    assert len({quad.triple for quad in quads}) == len(quads)
    assert len(questions.TEXTS) >= 24
    chance = random.Random(1)
    for name in questions.TEXTS:
        asked = [questions.ask(name, graph.size(20_000), chance) for _ in range(20)]
        assert any(bool(each) if name == "ask" else list(each) for each in map(store.query, asked)), name
    assert {*questions.LOOKUPS, *questions.AGGREGATES} <= set(questions.TEXTS)


def test_traffic_repeats_itself_or_hardly_does(modules: tuple[ModuleType, ModuleType]) -> None:
    graph, questions = modules
    of = graph.size(100_000)
    assert len(set(questions.distinct(of, 2_000))) == 2_000
    repeated = questions.repeated(of, 2_000)
    assert repeated == questions.repeated(of, 2_000)
    assert max(map(repeated.count, set(repeated))) > 100
