"""Shards: one behind the other they are the dump, claims are rows, and a wrong one is named, wherever they lie."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from spacekg import shards
from spacekg.cli import building, sharding
from spacekg.declared import BASE
from spacekg.errors import ReleaseError
from spacekg.release import Release, open_release, publish
from spacekg.shards import Shards, cutting

fsspec = pytest.importorskip("fsspec", reason="an extra: pip install 'spacekg[scale]'")
parquet = pytest.importorskip("pyarrow.parquet", reason="the same")

NUMBER = 5


@pytest.fixture(scope="module")
def made(shipped_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Shards:
    return shards.write(shipped_release, tmp_path_factory.mktemp("shards"), NUMBER)


def small(out: Path) -> Release:
    graph = NamedNode(f"{BASE}graph/document/one")
    things = [NamedNode(f"{BASE}id/{name}") for name in ("a", "b", "c")]
    return publish(
        [Quad(s, NamedNode(f"{BASE}p"), Literal(str(n)), graph) for s in things for n in range(9)], [], {}, {}, out
    )


def folder(made: Shards) -> Path:
    return Path(made.place.address)


def test_the_shards_one_behind_the_other_are_the_dump(made: Shards, shipped_release: Release) -> None:
    paths = [folder(made) / f"graph-{at:05}-of-00005.nq" for at in range(NUMBER)]
    assert b"".join(path.read_bytes() for path in paths) == shipped_release.graph.read_bytes()
    assert b"".join(shards.open_shards(folder(made)).lines()) == shipped_release.graph.read_bytes()
    sizes = [path.stat().st_size for path in paths]
    assert max(sizes) < 1.05 * sum(sizes) / NUMBER
    assert made.manifest["quads"] == sum(shipped_release.manifest["quads"].values())


def test_there_is_a_row_for_each_claim(made: Shards, shipped_release: Release) -> None:
    rows = list(
        chain.from_iterable(parquet.read_table(path).to_pylist() for path in sorted(folder(made).glob("*.parquet")))
    )
    assert len(rows) == made.manifest["claims"] == shipped_release.report["counts"]["claims"]
    statuses = [row["status"] for row in rows]
    assert {each: statuses.count(each) for each in set(statuses)} == shipped_release.manifest["claims"]
    for row in rows:
        name = row["document"].removeprefix(f"{BASE}document/")
        assert shipped_release.text(name)[row["start"] : row["end"]] == row["quote"]
        assert row["graph"] == f"{BASE}graph/document/{name}"
        assert row["subject"] and row["property"] and row["object"] and 0 < row["confidence"] <= 1
    assert len({(row["claim"], row["graph"]) for row in rows}) == len(rows)


def test_rows_are_what_the_graph_says(made: Shards, shipped_release: Release) -> None:
    claims = {q.subject.value: q.object for q in shipped_release.quads() if q.predicate.value.endswith("#object")}
    paths = sorted(folder(made).glob("*.parquet"))
    for row in chain.from_iterable(parquet.read_table(path).to_pylist() for path in paths):
        value = claims[row["claim"]]
        found = (
            NamedNode(row["object"])
            if row["object_datatype"] is None
            else Literal(row["object"], language=row["object_language"])
            if row["object_language"]
            else Literal(row["object"], datatype=NamedNode(row["object_datatype"]))
        )
        assert found == value


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz")), max_size=30), st.integers(1, 9))
def test_every_line_is_in_one_shard_and_every_thing_too(said: list[tuple[str, str]], number: int) -> None:
    lines = sorted({f"<{s}> <p> <{o}> .\n".encode() for s, o in said})
    pieces = [list(piece) for piece in cutting.cut(lines, sum(map(len, lines)), number)]
    assert len(pieces) == number
    assert [line for piece in pieces for line in piece] == lines
    things = [{cutting.thing(line) for line in piece} for piece in pieces]
    assert sum(map(len, things)) == len(set().union(*things))


def test_what_is_whole_is_not_written_again_and_what_is_not_is(tmp_path: Path) -> None:
    release = small(tmp_path)
    first = shards.write(release, tmp_path / "shards", 2)
    written = {path: path.stat().st_mtime_ns for path in folder(first).iterdir()}
    shards.write(release, tmp_path / "shards", 2)
    assert written == {path: path.stat().st_mtime_ns for path in folder(first).iterdir()}
    (folder(first) / "graph-00001-of-00002.nq").write_bytes(b"")
    shards.write(release, tmp_path / "shards", 2).check()


@pytest.mark.parametrize("name", ["graph-00001-of-00002.nq", shards.MANIFEST])
def test_a_damaged_shard_is_named(tmp_path: Path, name: str) -> None:
    made = shards.write(small(tmp_path), tmp_path / "shards", 2)
    path = folder(made) / name
    path.write_bytes(path.read_bytes().replace(b"7", b"8", 1))
    with pytest.raises(ReleaseError, match=rf"{name}: is not what it was when it was written"):
        list(shards.open_shards(folder(made)).lines())
    done = CliRunner().invoke(sharding.shards, ["--check", str(folder(made))])
    assert isinstance(done.exception, ReleaseError) and name in str(done.exception)
    path.unlink()
    with pytest.raises(ReleaseError, match=rf"{name}: cannot be read \(No such file or directory\)"):
        shards.open_shards(folder(made)).check()


def test_a_full_disk_leaves_the_release_and_no_shards(tmp_path: Path) -> None:
    release = small(tmp_path)
    limited = (
        f"import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (300, {resource.RLIM_INFINITY}))\n"
        "from spacekg import cli\n"
        "sys.exit(cli.run(['shards', '--number', '2', '--release', sys.argv[1]]))"
    )
    path = os.pathsep.join(filter(None, sys.path))
    ran = subprocess.run(
        [sys.executable, "-c", limited, tmp_path],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert ran.returncode == 2, ran.stderr
    assert ran.stderr.endswith(b"-2: the shards cannot be written: File too large\n")
    assert list((tmp_path / "shards").iterdir()) == []
    assert open_release(tmp_path).id == release.id


def test_shards_lie_wherever_fsspec_reaches(tmp_path: Path) -> None:
    release = small(tmp_path)
    done = CliRunner().invoke(
        sharding.shards, ["--number", "3", "--to", "memory://bucket/space", "--release", str(tmp_path)]
    )
    assert done.output == f"memory://bucket/space/{release.id}-3\n"
    found = shards.open_shards(f"memory://bucket/space/{release.id}-3")
    assert b"".join(found.lines()) == release.graph.read_bytes()
    store = fsspec.filesystem("memory")
    store.pipe(f"/bucket/space/{release.id}-3/graph-00000-of-00003.nq", b"<a> <b> <c> .\n")
    with pytest.raises(ReleaseError, match=r"^memory://bucket/.*/graph-00000-of-00003\.nq: is not what it was"):
        found.check()


def test_an_address_that_nothing_reaches_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="shards cannot be written"):
        shards.write(small(tmp_path), tmp_path / "current", 2)  # a file is there
    with pytest.raises(ReleaseError, match=r"cannot be read .*; write it with: spacekg shards"):
        shards.open_shards(tmp_path / "nowhere")


def test_where_shards_go_is_said_with_how_many(tmp_path: Path) -> None:
    done = CliRunner().invoke(building.build, ["--shards-to", str(tmp_path), "--out", str(tmp_path)])
    assert done.exit_code == 2 and "--shards-to wants --shards" in done.output


def test_shards_are_written_to_s3_and_read_from_there(bucket: str, tmp_path: Path) -> None:
    release = small(tmp_path)
    made = shards.write(release, f"{bucket}/space", 2)
    assert b"".join(shards.open_shards(made.place.address).lines()) == release.graph.read_bytes()
    fsspec.filesystem("s3", skip_instance_cache=True).pipe(f"{made.place}/graph-00001-of-00002.nq", b"<a> <b> <c> .\n")
    with pytest.raises(ReleaseError, match=r"^s3://bucket/.*/graph-00001-of-00002\.nq: is not what it was"):
        made.check()
    shards.write(release, f"{bucket}/space", 2).check()
    with pytest.raises(ReleaseError, match=r"^s3://none/.*: the shards cannot be written: .*bucket"):
        shards.write(release, "s3://none/space", 2)
