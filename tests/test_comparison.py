"""What changed between two releases, and a patch that makes one of the other."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from spacekg import cli, comparison
from spacekg.declared import BASE, RDFS, SKOS
from spacekg.release import Release, publish

GRAPH = NamedNode(f"{BASE}graph/reference/one")


def quad(subject: str, predicate: str, value: str) -> Quad:
    target = NamedNode(value) if value.startswith("http") else Literal(value)
    return Quad(NamedNode(f"{BASE}{subject}"), NamedNode(predicate), target, GRAPH)


OLD = [
    quad("id/iss", f"{RDFS}label", "ISS"),
    quad("id/iss", f"{SKOS}exactMatch", "http://www.wikidata.org/entity/Q1"),
    quad("id/mir", f"{RDFS}label", "Mir"),
    quad("claim/1", f"{RDFS}label", "same"),
]
NEW = [
    quad("id/iss", f"{RDFS}label", "ISS"),
    quad("id/iss", f"{SKOS}exactMatch", "http://www.wikidata.org/entity/Q2"),
    quad("id/gateway", f"{RDFS}label", "Gateway"),
    quad("claim/1", f"{RDFS}label", "same"),
    quad("claim/2", f"{RDFS}label", "new"),
]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Release, Release]:
    out = tmp_path_factory.mktemp("both")
    return out, publish(OLD, [], {}, {}, out), publish(NEW, [], {}, {}, out)


def said(both: tuple[Path, Release, Release], *options: str) -> str:
    out, old, new = both
    ran = CliRunner().invoke(cli.spacekg, ["diff", old.id, new.id, "--release", str(out), *options])
    assert ran.exit_code == 0, ran.output
    return ran.output


def test_what_changed_is_told_by_thing_and_in_numbers(both: tuple[Path, Release, Release]) -> None:
    assert said(both).splitlines() == [
        f"added {BASE}claim/2 (+1 -0)",
        f"added {BASE}id/gateway (+1 -0)",
        f"changed {BASE}id/iss (+1 -1)",
        f"removed {BASE}id/mir (+0 -1)",
        f"{both[1].id} → {both[2].id}: 3 quads added, 2 removed",
        "claims: 1 added",
        "entities: 1 added, 1 removed, 1 changed",
        "links: 1 added, 1 removed",
    ]


def test_as_json_each_thing_is_a_line(both: tuple[Path, Release, Release]) -> None:
    found = [json.loads(line) for line in said(both, "--format", "json").splitlines()]
    (iss,) = [each for each in found if each["subject"] == f"{BASE}id/iss"]
    assert iss["what"] == "changed"
    assert [len(iss[what]) for what in ("added", "removed")] == [1, 1]
    assert {each["what"] for each in found if each["kind"] == "links"} == {"added", "removed"}


def applied(patch: list[bytes], lines: set[bytes]) -> set[bytes]:
    for line in patch[1:-1]:
        mark, quad = line[:2], line[2:]
        assert (quad in lines) == (mark == b"D ")
        lines = lines - {quad} if mark == b"D " else lines | {quad}
    return lines


def test_the_patch_makes_one_of_the_other(both: tuple[Path, Release, Release]) -> None:
    _, old, new = both
    before, after = (release.graph.read_bytes().splitlines(keepends=True) for release in (old, new))
    patch = said(both, "--format", "patch").encode().splitlines(keepends=True)
    assert (patch[0], patch[-1]) == (b"TX .\n", b"TC .\n")
    assert applied(patch, set(before)) == set(after)


LINES = st.sets(
    st.builds(lambda *parts: "<{}> <{}> <{}> <g:g> .\n".format(*parts).encode(), *[st.sampled_from(["a:", "a:b"])] * 3)
)


@settings(deadline=None)
@given(LINES, LINES)
def test_a_patch_of_any_two_files_makes_one_of_the_other(before: set[bytes], after: set[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        old, new = Path(folder) / "old", Path(folder) / "new"
        for path, lines in ((old, before), (new, after)):
            path.write_bytes(b"".join(sorted(lines)))
        assert applied(list(comparison.patch(old, new)), before) == after
        changes = list(comparison.compare(old, new))
    subjects = [change.subject for change in changes]
    assert len(subjects) == len(set(subjects))
    assert not changes or before != after


def test_a_release_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert cli.run(["diff", "0123456789abcdef", "0123456789abcdef", "--release", str(tmp_path)]) == 2
