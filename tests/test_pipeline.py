"""The whole way from the shipped documents to a release."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from spacekg.release import Release, open_release


def test_the_same_documents_give_the_same_bytes_whatever_the_hash_seed(
    tmp_path: Path, shipped_release: Release
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "spacekg", "build", "--out", str(tmp_path)],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    again = open_release(tmp_path)
    assert done.stdout == f"{again.folder}\n"
    assert again.manifest == shipped_release.manifest
    assert again.graph.read_bytes() == shipped_release.graph.read_bytes()


def test_every_quote_stands_where_its_claim_says(shipped_release: Release) -> None:
    oa = "http://www.w3.org/ns/oa#"
    stated: dict[str, dict[str, str]] = {}
    selectors: list[tuple[str, str]] = []
    sources: dict[str, str] = {}
    for quad in shipped_release.quads():
        name = quad.predicate.value.removeprefix(oa)
        if name in ("exact", "start", "end"):
            stated.setdefault(str(quad.subject), {})[name] = quad.object.value
        elif name == "hasSelector":
            selectors.append((str(quad.subject), str(quad.object)))
        elif name == "hasSource":
            sources[str(quad.subject)] = quad.object.value.rpartition("/")[2]
    evidence: dict[str, dict[str, str]] = {}
    for subject, selector in selectors:
        evidence.setdefault(subject, {}).update(stated[selector])
    assert len(evidence) > 100
    for subject, place in evidence.items():
        text = shipped_release.text(sources[subject])
        assert text[int(place["start"]) : int(place["end"])] == place["exact"]


def test_each_stage_leaves_a_count(shipped_release: Release) -> None:
    counts = shipped_release.report["counts"]
    assert counts["documents"] == 9
    assert counts["passages"] > counts["documents"]
    assert counts["claims"] == sum(shipped_release.manifest["claims"].values())
    assert counts["asserted"] + counts["inferred"] <= sum(shipped_release.manifest["quads"].values())


def test_every_graph_of_a_source_states_its_licence(shipped_release: Release) -> None:
    sources = [graph for graph in shipped_release.manifest["quads"] if "/reference/" in graph]
    assert len(sources) >= 4
    assert set(sources) <= set(shipped_release.manifest["licences"])
