"""Pictures from the command line: the data of the pages, the same bytes each time, and words for what is wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis.strategies import dates, integers, lists, sampled_from, text, tuples
from tests.asked import served

from spacekg import cli, exploration, plots, web
from spacekg.cli import releases
from spacekg.declared import Declared
from spacekg.entities.overview import Tie
from spacekg.entities.values import Named
from spacekg.errors import PlotError
from spacekg.exploration import Filter, Mission, Pair
from spacekg.release import Release
from spacekg.store import Store

TEXT = "{http://www.w3.org/2000/svg}text"
people = integers(0, 9)


def thing(number: int, name: str = "") -> Named:
    return Named(f"https://example.org/{number:02}", name or f"Thing {number}")


def words(picture: bytes) -> list[str]:
    return ["".join(each.itertext()) for each in ElementTree.fromstring(picture).iter(TEXT)]


def draw(release: Release, *arguments: object) -> int:
    return cli.run(["plot", *map(str, arguments), "--release", str(release.folder)])


@pytest.fixture(scope="module")
def engine(rules: Declared, shipped_release: Release) -> Store:
    return releases.stored(shipped_release, rules, releases.OWN_MACHINE)


def test_a_picture_has_the_same_bytes_each_time(engine: Store, rules: Declared) -> None:
    ties = exploration.ties(exploration.pairs(engine.answer_text(rules.query(exploration.PAIRS).text)))
    missions = exploration.missions(engine.answer_text(rules.query(exploration.MISSIONS).text))
    for draw_again, shows in (
        (lambda: plots.network(ties, 24, "note", "svg"), "NASA"),
        (lambda: plots.matrix(ties, 16, "note", "svg"), "Japan"),
        (lambda: plots.timeline(missions, 30, "note", "svg"), "Cassini–Huygens"),
    ):
        picture = draw_again()
        assert picture == draw_again()
        assert shows in words(picture)


def test_filters_choose_what_is_drawn(shipped_release: Release, tmp_path: Path) -> None:
    file = tmp_path / "picture.svg"
    assert draw(shipped_release, "network", "-o", file, "--kind", "joint-docking-mission") == 0
    *shown, note = words(file.read_bytes())
    assert sorted(shown) == ["Soviet Union", "United States of America"]
    assert note == f"spacekg, release {shipped_release.id} · kind joint-docking-mission"
    assert draw(shipped_release, "timeline", "-o", file, "--since", 1997, "--until", 1997, "--top", 99) == 0
    assert "Cassini–Huygens" in words(file.read_bytes())
    assert "BepiColombo" not in words(file.read_bytes())


def test_an_endpoint_gives_the_same_picture_as_the_release_behind_it(
    engine: Store, shipped_release: Release, tmp_path: Path
) -> None:
    near, far = tmp_path / "near.svg", tmp_path / "far.svg"
    with served(web.create_app(engine)) as address:
        assert cli.run(["plot", "matrix", "-o", str(far), "--endpoint", f"{address}sparql"]) == 0
    assert draw(shipped_release, "matrix", "-o", near) == 0
    assert words(near.read_bytes())[:-1] == words(far.read_bytes())[:-1]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["network", "-o", "picture.pdf"], "a picture is a .svg or a .png file"),
        (["network", "-o", "picture.svg", "--kind", 'x" } DROP ALL'], "nothing fits the filters"),
        (["timeline", "-o", "picture.svg", "--since", "2000", "--until", "1990"], "no year is after"),
        (["timeline", "-o", "picture.svg", "--status", "disputed"], "leave it out"),
    ],
)
def test_what_cannot_be_drawn_is_said_and_nothing_is_written(
    shipped_release: Release,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    reason: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert draw(shipped_release, *arguments) == 2
    assert reason in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_without_the_extra_it_says_which_to_install() -> None:
    code = (
        "import sys; sys.modules['matplotlib'] = None\nfrom spacekg import plots\nfrom tests.test_plots import TIES\n"
    )
    lines = f"{code}plots.network(TIES, 9, '', 'svg')"
    done = subprocess.run(
        [sys.executable, "-c", lines],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "pip install 'spacekg[plots]'" in done.stderr


TIES = [Tie(thing(1), thing(2, "A $formula$ & <b>"), 3), Tie(thing(2, "A $formula$ & <b>"), thing(3), 1)]


def test_names_are_drawn_as_they_are_and_what_has_no_room_is_counted() -> None:
    assert "A $formula$ & <b>" in words(plots.network(TIES, 9, "note", "svg"))
    assert "note · 1 more not shown" in words(plots.matrix(TIES, 2, "note", "svg"))
    assert plots.matrix(TIES, 9, "note", "png").startswith(b"\x89PNG")
    with pytest.raises(PlotError, match="nothing fits"):
        plots.network([], 9, "", "svg")


@given(lists(text(max_size=20), min_size=1, max_size=3), lists(text(max_size=20), max_size=3))
def test_a_filter_is_values_and_never_part_of_the_query(kinds: list[str], years: list[str]) -> None:
    asked = exploration.question(
        "SELECT ?kind ?year { VALUES (?kind ?year) { ('a' 'b') } }", Filter(tuple(kinds), tuple(years))
    )
    rows = Store([], "none").answer_text(asked)
    assert len(rows) == kinds.count("a") * (years.count("b") if years else 1)


@given(lists(tuples(people, people, people, sampled_from("ab")).filter(lambda each: each[0] < each[1]), max_size=30))
def test_a_work_counts_once_for_each_two_however_many_kinds_it_has(rows: list[tuple[int, int, int, str]]) -> None:
    pairs = [
        Pair(thing(one), thing(other), thing(work), Named(kind, kind), "1990", "accepted")
        for one, other, work, kind in rows
    ]
    ties = exploration.ties(pairs)
    assert sum(tie.together for tie in ties) == len({row[:3] for row in rows})
    assert [tie.together for tie in ties] == sorted((tie.together for tie in ties), reverse=True)
    everybody = exploration.agents(ties)
    assert {each.iri for each in everybody} == {thing(number).iri for row in rows for number in row[:2]}
    assert exploration.among(ties, everybody) == ties


@given(dates(), dates())
def test_moments_are_in_the_order_of_dates(one: object, other: object) -> None:
    first, second = sorted((str(one), str(other)))
    assert exploration.moment(first) <= exploration.moment(second)
    assert exploration.moment(first[:4]) <= exploration.moment(first)
    begin, end = exploration.span(Mission(thing(1), "crewed", second, first, 1))
    assert begin == end


DOUBTFUL = """
@prefix skg: <https://w3id.org/spacekg/ontology#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix skv: <https://w3id.org/spacekg/vocab/> . @prefix : <https://example.org/> .
:work skg:hasParticipant :b , :c . :b skg:collaboratesWith :c .
:one skg:status skv:disputed ; rdf:subject :work ; rdf:predicate skg:hasParticipant ; rdf:object :a .
:other skg:status skv:uncertain ; rdf:subject :work ; rdf:predicate skg:hasParticipant ; rdf:object :d .
:same skg:status skv:disputed ; rdf:subject :work ; rdf:predicate skg:hasParticipant ; rdf:object :c .
:past skg:collaboratesWith :b . :race a skg:Competition ; skg:hasParticipant :b , :past .
"""


def test_what_only_a_doubtful_claim_says_is_apart_from_the_facts(rules: Declared) -> None:
    graph = Store(pyoxigraph.parse(DOUBTFUL, format=pyoxigraph.RdfFormat.TURTLE), "none")
    text = rules.query(exploration.PAIRS).text
    said = {
        status: [
            (pair.first.name, pair.second.name)
            for pair in exploration.pairs(graph.answer_text(exploration.question(text, Filter(status=(status,)))))
        ]
        for status in exploration.STATUSES
    }
    assert said == {
        "accepted": [("b", "c")],
        "disputed": [("a", "b"), ("a", "c")],
        "uncertain": [("b", "d"), ("c", "d")],
    }


def test_shipped_queries_are_there(rules: Declared) -> None:
    for name in (exploration.PAIRS, exploration.MISSIONS, exploration.PROGRAMMES):
        assert rules.query(name).question.endswith("?")
