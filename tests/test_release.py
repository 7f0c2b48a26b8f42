"""A release is whole, named by its content, and no kill or damage goes unnoticed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from spacekg import inventory
from spacekg.declared import OWL, SKG
from spacekg.errors import ReleaseError
from spacekg.model import Document
from spacekg.release import Release, find, open_release, publish

XSD = "http://www.w3.org/2001/XMLSchema#"
TEXT = "Zwei Agenturen\r\nbauen 宇宙 zusammen.\n"


def node(name: str) -> NamedNode:
    return NamedNode(f"https://w3id.org/spacekg/{name}")


def document(text: str = TEXT) -> Document:
    digest = sha256(text.encode()).hexdigest()
    return Document("note", "text/plain", text, text_sha256=digest, file_sha256=digest, title="A note")


def graph(label: str = "a station") -> list[Quad]:
    part = BlankNode()
    place = node("graph/document/note")
    return [
        Quad(node("id/station"), node("ontology#label"), Literal(label), place),
        Quad(node("id/station"), node("ontology#hasPart"), part, place),
        Quad(part, node("ontology#mass"), Literal("1.50", datatype=NamedNode(f"{XSD}decimal")), place),
        Quad(node("claim/1"), NamedNode(f"{SKG}status"), node("vocab/accepted"), place),
        Quad(node("graph/ontology"), NamedNode(inventory.LICENCE), NamedNode("https://example.org/licence")),
        Quad(node("ontology"), NamedNode(f"{OWL}versionInfo"), Literal("9.9"), node("graph/ontology")),
    ]  # fmt: skip


def published(out: Path, label: str = "a station", report: Mapping[str, object] | None = None) -> Release:
    return publish(graph(label), [document()], {"note.txt": "00"}, report or {"valid": True}, out)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_was_published_is_what_is_opened(tmp_path: Path) -> None:
    made = published(tmp_path / "out")
    for path in (tmp_path / "out", made.folder):
        found = open_release(path)
        assert found == made
        assert found.text("note") == TEXT
        assert found.report == {"valid": True}
        assert len(list(found.quads())) == 6


def test_the_manifest_tells_what_is_inside(tmp_path: Path) -> None:
    manifest = published(tmp_path).manifest
    assert manifest["ontology"] == "9.9"
    assert manifest["inputs"] == {"note.txt": "00"}
    assert manifest["claims"] == {"accepted": 1}
    assert manifest["quads"] == {
        "DEFAULT": 1,
        "https://w3id.org/spacekg/graph/document/note": 4,
        "https://w3id.org/spacekg/graph/ontology": 1,
    }
    assert manifest["licences"] == {"https://w3id.org/spacekg/graph/ontology": "https://example.org/licence"}
    assert set(manifest["files"]) == {"graph.nq", "report.json", "documents/note.txt"}
    assert manifest["rdfc10_sha256"] == sha256((tmp_path / manifest["id"] / "graph.nq").read_bytes()).hexdigest()


def test_the_same_content_gets_the_same_bytes(tmp_path: Path) -> None:
    first, second = published(tmp_path / "a"), published(tmp_path / "b")
    assert contents(first.folder) == contents(second.folder)
    assert published(tmp_path / "a").id == first.id
    assert published(tmp_path / "a", "another").id != first.id


def test_literals_are_written_as_a_store_will_serve_them(tmp_path: Path) -> None:
    text = published(tmp_path).graph.read_text(encoding="utf-8")
    assert f'"1.5"^^<{XSD}decimal>' in text
    assert "_:c14n0" in text


def test_the_current_release_is_the_one_published_last(tmp_path: Path) -> None:
    first, second = published(tmp_path), published(tmp_path, "another")
    assert open_release(tmp_path).id == second.id
    assert open_release(first.folder).id == first.id
    published(tmp_path)
    assert open_release(tmp_path).id == first.id


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=4), st.randoms())
def test_any_text_comes_back_and_order_does_not_matter(labels: list[str], random: object) -> None:
    quads = [Quad(BlankNode(), node("p"), Literal(label)) for label in labels]
    shuffled = list(quads)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as folder:
        made = [publish(order, [], {}, {}, Path(folder)) for order in (quads, shuffled)]
        assert made[0].id == made[1].id
        assert sorted(quad.object.value for quad in made[0].quads()) == sorted(labels)


@pytest.mark.parametrize("name", ["graph.nq", "report.json", "manifest.json", "documents/note.txt"])
def test_damage_is_noticed_and_the_file_named(tmp_path: Path, name: str) -> None:
    made = published(tmp_path)
    path = made.folder / name
    path.write_bytes(path.read_bytes().replace(b"a", b"b"))
    with pytest.raises(ReleaseError, match=f"{name}: .*build it again"):
        open_release(tmp_path)
    path.unlink()
    with pytest.raises(ReleaseError, match=f"{name}: .*build it again"):
        open_release(tmp_path)


def test_what_is_read_of_a_release_that_was_only_found_is_verified(tmp_path: Path) -> None:
    made = published(tmp_path)
    found = find(tmp_path)
    assert found.content("graph.nq") == made.graph.read_bytes()
    made.graph.write_bytes(made.graph.read_bytes().replace(b"a", b"b"))
    assert find(tmp_path) == found
    found.verify(but=("graph.nq",))
    with pytest.raises(ReleaseError, match=r"graph\.nq: is not what the manifest says"):
        found.content("graph.nq")
    with pytest.raises(ReleaseError, match=r"graph\.nq: is not what the manifest says"):
        found.verify()
    made.graph.unlink()
    with pytest.raises(ReleaseError, match=r"graph\.nq: cannot be read"):
        found.content("graph.nq")


def test_publishing_again_mends_a_damaged_release(tmp_path: Path) -> None:
    made = published(tmp_path)
    made.graph.write_text("", encoding="utf-8")
    published(tmp_path)
    assert open_release(tmp_path) == made


def test_a_pointer_to_nowhere_is_refused(tmp_path: Path) -> None:
    published(tmp_path)
    (tmp_path / "current").write_text("../../etc", encoding="utf-8")
    with pytest.raises(ReleaseError, match="current: does not name a release"):
        open_release(tmp_path)


def test_a_layout_of_the_future_is_refused(tmp_path: Path) -> None:
    made = published(tmp_path)
    path = made.folder / "manifest.json"
    path.write_text(json.dumps({**made.manifest, "format": 99}), encoding="utf-8")
    with pytest.raises(ReleaseError, match="layout 99"):
        open_release(tmp_path)


def test_no_release_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=f"spacekg build --out {tmp_path}"):
        open_release(tmp_path)


def test_a_release_is_no_place_for_releases(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="is a release itself"):
        published(published(tmp_path).folder)


def test_a_file_is_no_place_for_releases(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ReleaseError, match="cannot write"):
        published(tmp_path / "file")


def test_an_unknown_document_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="no document 'manifest'"):
        published(tmp_path).text("manifest")


def test_the_hash_seed_changes_nothing(tmp_path: Path) -> None:
    for seed in ("1", "2"):
        run_child(f"published(Path({str(tmp_path / seed)!r}))", seed)
    assert contents(open_release(tmp_path / "1").folder) == contents(open_release(tmp_path / "2").folder)


KILLED = """
import os, signal
def kill_at(step):
    seen = 0
    def watch(event, arguments):
        nonlocal seen
        if event.split(".")[0] in ("open", "os", "shutil", "fcntl") and event != "os.fork":
            seen += 1
            if seen == step:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(watch)
step = 0
killed = True
while killed:
    step += 1
    child = os.fork()
    if child == 0:
        kill_at(step)
        published(OUT, "new")
        os._exit(0)
    killed = os.WIFSIGNALED(os.waitpid(child, 0)[1])
    print(open_release(OUT).id, flush=True)
    (OUT / "current").write_text(OLD + chr(10))
"""


def test_a_kill_at_any_moment_leaves_a_whole_release(tmp_path: Path) -> None:
    old = published(tmp_path)
    new = published(tmp_path, "new")
    shutil.rmtree(new.folder)
    (tmp_path / "current").write_text(f"{old.id}\n", encoding="utf-8")
    seen = run_child(KILLED.replace("OUT", f"Path({str(tmp_path)!r})").replace("OLD", repr(old.id))).split()
    assert len(seen) > 25
    assert set(seen) == {old.id, new.id}
    assert seen[0] == old.id
    assert seen[-1] == new.id
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([".lock", "current", old.id, new.id])


FULL = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (400, 400))
try:
    published(OUT, "new " * 200)
except ReleaseError as error:
    print(error)
"""


def test_a_full_disk_leaves_the_old_release_and_no_rest(tmp_path: Path) -> None:
    old = published(tmp_path)
    said = run_child(FULL.replace("OUT", f"Path({str(tmp_path)!r})"))
    assert "cannot write the release: File too large" in said
    assert open_release(tmp_path) == old
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([".lock", "current", old.id])


def run_child(code: str, seed: str = "0") -> str:
    """Run code in a process of its own, with the names of this module."""
    start = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); from test_release import *\n"
    done = subprocess.run(
        [sys.executable, "-c", start + code],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
