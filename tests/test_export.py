"""Files of the graph: the same bytes each time, whole or not there, and readable by others."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from spacekg import export, formats
from spacekg.export import ExportError
from spacekg.formats import InexpressibleError

TINY = Path(__file__).parent / "graphs" / "tiny.trig"
SKG = "https://w3id.org/spacekg/ontology#"
PREFIXES = {"skg": SKG, "id": "https://w3id.org/spacekg/id/", "rdfs": "http://www.w3.org/2000/01/rdf-schema#"}
CONTEXT = {
    "@context": {
        **PREFIXES,
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "label": {"@id": "rdfs:label", "@container": "@language"},
        "hasParticipant": {"@id": "skg:hasParticipant", "@type": "@id"},
        "startDate": {"@id": "skg:startDate", "@type": "xsd:date"},
    }
}

each_format = pytest.mark.parametrize("format", formats.GRAPHS, ids=lambda format: format.name)


@pytest.fixture(scope="module")
def quads() -> list[Quad]:
    return list(pyoxigraph.parse(path=TINY, format=formats.TRIG.codec))


def written(quads: list[Quad], format: formats.GraphFormat) -> bytes:
    stream = io.BytesIO()
    export.write(quads, stream, format, PREFIXES, CONTEXT)
    return stream.getvalue()


@each_format
def test_what_was_written_reads_back_the_same(quads: list[Quad], format: formats.GraphFormat) -> None:
    read = list(pyoxigraph.parse(written(quads, format), format=format.codec))
    if format.keeps_graphs:
        assert len(read) == 32
        assert set(read) == set(quads)
    else:
        assert len(read) == 31
        assert {quad.triple for quad in read} == {quad.triple for quad in quads}


@pytest.mark.parametrize("format", formats.TRIPLES, ids=lambda format: format.name)
def test_rdflib_reads_it_too(quads: list[Quad], format: formats.GraphFormat) -> None:
    name = {"ntriples": "nt", "rdf": "xml"}.get(format.name, format.name)
    assert len(rdflib.Graph().parse(data=written(quads, format), format=name)) == 31


@each_format
def test_the_order_of_the_quads_does_not_matter(quads: list[Quad], format: formats.GraphFormat) -> None:
    assert written(quads[::-1] + quads, format) == written(quads, format)


def test_hash_seeds_do_not_matter() -> None:
    outputs = set()
    for seed in ("1", "2"):
        code = (
            "import hashlib, io, pyoxigraph, sys; from spacekg import export, formats\n"
            f"quads = list(pyoxigraph.parse(path={str(TINY)!r}, format=formats.TRIG.codec))\n"
            "for format in formats.GRAPHS:\n"
            f"    export.write(quads, sys.stdout.buffer, format, {PREFIXES!r}, {CONTEXT!r})\n"
        )
        run = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        outputs.add(hashlib.sha256(run.stdout).hexdigest())
    assert len(outputs) == 1


def test_json_ld_is_compact_carries_its_context_and_has_one_node_a_line(quads: list[Quad]) -> None:
    text = written(quads, formats.JSON_LD).decode()
    content = json.loads(text)
    nodes = {node["@id"]: node for node in content["@graph"]}
    assert content["@context"] == CONTEXT["@context"]
    assert text.count("\n") == len(nodes) + 3
    assert nodes["id:cassini-huygens"] == {
        "@id": "id:cassini-huygens",
        "@type": "skg:SpaceMission",
        "hasParticipant": ["id:asi", "id:esa", "id:nasa"],
        "label": {"en": "Cassini–Huygens", "zh": "卡西尼-惠更斯号"},
        "startDate": "1997-10-15",
    }


def test_json_ld_of_one_node_and_of_none_is_a_graph_too() -> None:
    one = json.loads(written([Quad(NamedNode("a:s"), NamedNode("a:p"), Literal("o"))], formats.JSON_LD))
    assert [node["@id"] for node in one["@graph"]] == ["a:s"]
    assert json.loads(written([], formats.JSON_LD))["@graph"] == []


def test_a_context_elsewhere_is_not_fetched(quads: list[Quad]) -> None:
    with pytest.raises(ExportError, match="nothing is fetched"):
        export.write(quads, io.BytesIO(), formats.JSON_LD, {}, {"@context": "http://127.0.0.1:1/context.jsonld"})


def test_turtle_groups_and_declares(quads: list[Quad]) -> None:
    text = written(quads, formats.TURTLE).decode()
    assert all(f"@prefix {prefix}: <{namespace}> ." in text for prefix, namespace in PREFIXES.items())
    assert text.count("id:jwst a ") == 1


@each_format
@given(value=st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_any_text_survives(format: formats.GraphFormat, value: str) -> None:
    quad = Quad(NamedNode("a:s"), NamedNode("http://example.org/p"), Literal(value))
    (read,) = pyoxigraph.parse(written([quad], format), format=format.codec)
    assert read.object == quad.object


def test_a_property_that_xml_cannot_name_is_refused() -> None:
    quad = Quad(NamedNode("a:s"), NamedNode("http://example.org/1"), Literal("o"))
    with pytest.raises(InexpressibleError, match="RDF/XML"):
        written([quad], formats.RDF_XML)


def test_a_file_appears_whole_and_alone(quads: list[Quad], tmp_path: Path) -> None:
    target = tmp_path / "graph.ttl"
    target.write_bytes(b"before")
    export.write(quads, target, formats.TURTLE, PREFIXES, CONTEXT)
    assert target.read_bytes() == written(quads, formats.TURTLE)
    assert list(tmp_path.iterdir()) == [target]


def test_a_failure_leaves_what_was_there(quads: list[Quad], tmp_path: Path) -> None:
    target = tmp_path / "graph.ttl"
    target.mkdir()
    (target / "inside").touch()
    with pytest.raises(ExportError, match=r"graph\.ttl"):
        export.write(quads, target, formats.TURTLE, PREFIXES, CONTEXT)
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_is_not_there_is_said(quads: list[Quad], tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="No such file"):
        export.write(quads, tmp_path / "nowhere" / "graph.ttl", formats.TURTLE, PREFIXES, CONTEXT)
