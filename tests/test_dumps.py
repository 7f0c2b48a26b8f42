"""Dumps: the same graph in every format, the same bytes each time, whole or not there."""

from __future__ import annotations

import gzip
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
import rdflib.compare
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat

from spacekg import dumps, durable, formats
from spacekg.declared import BASE
from spacekg.dumps import Dumps, lines, parts, writers
from spacekg.errors import ReleaseError
from spacekg.formats import GraphFormat, InexpressibleError
from spacekg.release import Release, publish

HERE = Path(__file__).parent
NODE_CLIENTS = os.environ.get("NODE_CLIENTS", "")
DCTERMS, XSD = "http://purl.org/dc/terms/", "http://www.w3.org/2001/XMLSchema#"
PREFIXES = {"id": f"{BASE}id/", "dcterms": DCTERMS, "xsd": XSD}
NASTY = 'a "quoted" \\ back\tslash\nnew\r line <b>&amp; 宇宙 🚀 ^^<x> @en .'
BY = "https://creativecommons.org/licenses/by/4.0/"

each_format = pytest.mark.parametrize("format", formats.GRAPHS, ids=lambda format: format.name)


def graph() -> list[Quad]:
    first, second = NamedNode(f"{BASE}graph/reference/one"), NamedNode(f"{BASE}graph/document/two")
    iss, part = NamedNode(f"{BASE}id/iss"), BlankNode()
    said = {first: BY, second: "CC BY 4.0"}
    described = NamedNode(f"{BASE}graph/description")
    values = [
        Literal(NASTY),
        Literal(NASTY, language="de-AT"),
        Literal("1998-11", datatype=NamedNode(f"{XSD}gYearMonth")),
        Literal("x", datatype=NamedNode("http://other.example/t?a=1&b=2")),
        NamedNode("http://other.example/a&b?c='d'"),
        NamedNode(f"{BASE}id/"),
        NamedNode("urn:x:y"),
        iss,
        part,
    ]
    quads = [Quad(iss, NamedNode(f"{DCTERMS}relation"), value, first) for value in values]
    quads += [Quad(iss, NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), NamedNode(f"{BASE}x#C"), first)]
    quads += [Quad(part, NamedNode("http://other.example/p"), Literal(""), place) for place in said]
    quads += [Quad(iss, NamedNode(f"{DCTERMS}relation"), iss, second)]
    quads += [
        Quad(place, NamedNode(parts.LICENCE), NamedNode(licence) if licence == BY else Literal(licence), described)
        for place, licence in said.items()
    ]
    return [*quads, Quad(first, NamedNode(parts.CITATION), Literal("One\nProject"), described)]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return publish(graph(), [], {}, {}, tmp_path_factory.mktemp("dumped"))


@pytest.fixture(scope="module")
def made(release: Release) -> Dumps:
    return dumps.write(release, PREFIXES)


def content(made: Dumps, part: str, format: GraphFormat) -> bytes:
    return gzip.decompress(made.path(f"spacekg-{made.manifest['version']}-{part}{format.suffix}.gz").read_bytes())


def canonical(quads: object) -> str:
    dataset = pyoxigraph.Dataset(quads)  # type: ignore[arg-type]
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    return "".join(sorted(f"{quad} .\n" for quad in dataset))


def expected(release: Release, part: str, format: GraphFormat) -> str:
    wanted = next(each.graphs for each in parts.of(release) if each.name == part)
    quads = [quad for quad in release.quads() if str(quad.graph_name).strip("<>") in wanted]
    return canonical(quads if format.keeps_graphs else {Quad(*list(quad.triple)) for quad in quads})


@each_format
@pytest.mark.parametrize("part", ["all", "licence-cc-by-4.0", "graph-reference-one", "graph-document-two"])
def test_every_dump_reads_back_to_the_same_canonical_form(
    release: Release, made: Dumps, part: str, format: GraphFormat
) -> None:
    read = pyoxigraph.parse(content(made, part, format), format=format.codec)
    assert canonical(read) == expected(release, part, format)


@each_format
def test_rdflib_reads_the_same(release: Release, made: Dumps, format: GraphFormat) -> None:
    name = {"ntriples": "nt", "rdf": "xml"}.get(format.name, format.name)
    read = rdflib.Dataset(default_union=True)
    data = content(made, "all", format)
    if format.keeps_graphs:
        read.parse(data=data, format=name)
    else:
        read.default_graph.parse(data=data, format=name)
    found = rdflib.Graph()
    for subject, predicate, value, _ in read.quads():
        found.add((subject, predicate, value))
    union = expected(release, "all", formats.N_TRIPLES)
    assert rdflib.compare.isomorphic(found, rdflib.Graph().parse(data=union, format="nt"))


@pytest.mark.skipif(
    not shutil.which("node") or not (Path(NODE_CLIENTS or "/nowhere") / "node_modules" / "n3").is_dir(),
    reason="NODE_CLIENTS names no folder with n3",
)
@pytest.mark.parametrize("format", [each for each in formats.GRAPHS if each.name not in ("json-ld", "rdf")])
def test_n3_reads_the_same(release: Release, made: Dumps, format: GraphFormat, tmp_path: Path) -> None:
    file = tmp_path / f"dump{format.suffix}"
    file.write_bytes(content(made, "all", format))
    script = HERE / "clients" / "n3.mjs"
    ran = subprocess.run(
        ["node", script, NODE_CLIENTS, file, format.media_type], capture_output=True, check=True, timeout=60
    )
    assert canonical(pyoxigraph.parse(ran.stdout, format=RdfFormat.N_QUADS)) == expected(release, "all", format)


def test_the_hash_is_that_of_another_implementation_of_rdfc(release: Release, made: Dumps) -> None:
    for part in ("all", "licence-cc-by-4.0", "graph-reference-one", "graph-document-two"):
        told = made.files[f"spacekg-{made.manifest['version']}-{part}.nq.gz"]
        normal = jsonld.normalize(
            content(made, part, formats.N_QUADS).decode().partition("\n<")[2].join(["<", ""]),
            {"algorithm": "URDNA2015", "inputFormat": "application/n-quads", "format": "application/n-quads"},
        )
        assert sha256(normal.encode()).hexdigest() == told["rdfc10_sha256"]
    assert told["rdfc10_sha256"] != made.manifest["release"]
    whole = made.files[f"spacekg-{made.manifest['version']}-all.nq.gz"]
    assert whole["rdfc10_sha256"] == release.manifest["rdfc10_sha256"]


def test_licence_and_attribution_stand_in_the_files_that_have_comments(made: Dumps) -> None:
    for format in formats.GRAPHS:
        if format is not formats.JSON_LD:
            text = content(made, "graph-reference-one", format).decode()
            assert f"Licence: {BY}\n" in text
            assert "Attribution: One Project\n" in text
    told = made.files[f"spacekg-{made.manifest['version']}-licence-cc-by-4.0.jsonld.gz"]
    assert told["licences"] == [BY]
    assert told["attributions"] == ["spacekg developers", "One\nProject"]


def test_both_compressions_hold_the_same_and_no_time(made: Dumps) -> None:
    for name, told in made.files.items():
        packed = made.path(name).read_bytes()
        unpack = gzip.decompress if name.endswith(".gz") else zstandard.ZstdDecompressor().decompressobj().decompress
        assert sha256(unpack(packed)).hexdigest() == told["content_sha256"]
        assert sha256(packed).hexdigest() == told["sha256"]
        assert not name.endswith(".gz") or packed[4:8] == b"\0\0\0\0"


def test_two_writers_make_the_same_bytes(made: Dumps, tmp_path: Path) -> None:
    again = dumps.write(publish(reversed(graph()), [], {}, {}, tmp_path), PREFIXES)
    assert again.manifest == made.manifest
    for name in [*made.files, dumps.MANIFEST, dumps.SUMS]:
        assert (again.folder / name).read_bytes() == (made.folder / name).read_bytes()


def test_the_sums_are_those_that_sha256sum_checks(made: Dumps) -> None:
    subprocess.run(["sha256sum", "--check", "--quiet", dumps.SUMS], cwd=made.folder, check=True)


def test_a_damaged_dump_is_named_and_written_anew(tmp_path: Path) -> None:
    release = publish(graph(), [], {}, {}, tmp_path)
    made = dumps.write(release, PREFIXES)
    name = next(iter(made.files))
    whole = (made.folder / name).read_bytes()
    for damaged in (whole[:-1], whole[:-1] + bytes([whole[-1] ^ 1])):
        (made.folder / name).write_bytes(damaged)
        with pytest.raises(ReleaseError, match=name):
            made.check()
    dumps.write(release, PREFIXES).check()
    assert (made.folder / name).read_bytes() == whole
    (made.folder / dumps.MANIFEST).write_bytes((made.folder / dumps.MANIFEST).read_bytes().replace(b"cc-by", b"cc-xy"))
    with pytest.raises(ReleaseError, match=re.escape(dumps.MANIFEST)):
        dumps.find(release)


@pytest.mark.parametrize("name", ["../../current", "/etc/passwd", "graphs/../dumps.json", "", ".", "dumps.json\0"])
def test_only_what_the_manifest_names_has_a_path(made: Dumps, name: str) -> None:
    with pytest.raises(ReleaseError, match="no dump"):
        made.path(name)


WRITING = (
    "import sys, pathlib; from spacekg import dumps; from spacekg.release import open_release\n"
    "print('go', flush=True); dumps.write(open_release(pathlib.Path(sys.argv[1])), {})\n"
)


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    release = publish(graph(), [], {}, {}, tmp_path)
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    limited = (
        f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (300, {resource.RLIM_INFINITY}))\n"
        f"from spacekg.errors import ReleaseError\ntry:\n exec({WRITING!r})\n"
        "except ReleaseError as error: print(error); sys.exit(7)"
    )
    ran = subprocess.run([sys.executable, "-c", limited, tmp_path], capture_output=True, check=False, env=environment())
    assert ran.returncode == 7, ran.stderr
    assert b"cannot be written: File too large" in ran.stdout
    after = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert after - before == {tmp_path / dumps.FOLDER / durable.LOCK}
    assert dumps.find(release) is None


def test_a_killed_writer_leaves_no_half_of_dumps(tmp_path: Path) -> None:
    release = publish(graph(), [], {}, {}, tmp_path)
    command = [sys.executable, "-c", WRITING, tmp_path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment()) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        writer.send_signal(signal.SIGKILL)
    found = dumps.find(release)
    if found is not None:
        found.check()
    dumps.write(release, PREFIXES).check()
    assert not (tmp_path / dumps.FOLDER / durable.UNFINISHED).exists()


PEAK = """
import sys
from pathlib import Path
from spacekg import formats
from spacekg.dumps import files, writers
writers.REMEMBERED = 1000
beginning, folder = int(sys.argv[1]), Path(sys.argv[2])
LINE = b'<https://e.org/id/%09d> <https://e.org/p> "Number %d of all, & more" <https://e.org/g/%d> .\\n'
def made():
    return (LINE % (n, n, n % 4) for n in range(beginning))
for format in formats.GRAPHS:
    pieces = writers.write(format, made(), [(b"", made)], writers.Names({"e": "https://e.org/id/"}), [])
    if format is formats.TURTLE:
        files.write(pieces, folder / "turtle")
    else:
        all(piece is not None for piece in pieces)
print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells a peak of memory so")
def test_memory_does_not_grow_with_what_is_written(tmp_path: Path) -> None:
    peaks, sizes = [], []
    for beginning in (20_000, 150_000):
        folder = tmp_path / str(beginning)
        folder.mkdir()
        command = [sys.executable, "-c", PEAK, str(beginning), str(folder)]
        ran = subprocess.run(command, capture_output=True, check=True, env=environment(), text=True)
        peaks.append(int(ran.stdout) * 1024)
        sizes.append(len(gzip.decompress((folder / "turtle.gz").read_bytes())))
    # What is held is a piece and the memory of names, not the seven times as much that is written.
    assert peaks[1] - peaks[0] < (sizes[1] - sizes[0]) / 2


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


TERMS = st.one_of(
    st.sampled_from(["a:b", "http://x.example/a#b", f"{BASE}id/x", f"{BASE}id/x.y", f"{BASE}id/x-"]).map(NamedNode),
    st.sampled_from(["b1", "b2"]).map(BlankNode),
    st.builds(Literal, st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]))),
    st.builds(lambda text: Literal(text, language="en"), st.text("ab\"\\\n\r\t<>&'^@. ")),
    st.builds(lambda text: Literal(text, datatype=NamedNode("a:t")), st.text('ab"\\\n\r <>^')),
)
NODES = st.sampled_from(["a:s", f"{BASE}id/y"]).map(NamedNode)
QUADS = st.builds(Quad, NODES, st.sampled_from([f"{DCTERMS}relation", "a:p"]).map(NamedNode), TERMS, NODES)


@settings(deadline=None)
@given(st.lists(QUADS))
def test_what_is_written_line_by_line_is_what_was_meant(quads: list[Quad]) -> None:
    text = canonical(set(quads)).encode()
    ordered = [line + b"\n" for line in text.split(b"\n")[:-1]]
    for quad, line in zip(pyoxigraph.parse(text, format=RdfFormat.N_QUADS), ordered, strict=True):
        assert b" ".join(lines.parted(line)).decode() == str(quad)
    names = writers.Names(PREFIXES)
    places = sorted({lines.parted(line)[3] for line in ordered})
    graphs = [(place, lambda place=place: lines.within(ordered, [place])) for place in places]
    for format in formats.GRAPHS:
        try:
            written = b"".join(writers.write(format, ordered, graphs, names, ["a -- note"]))
        except InexpressibleError:
            continue
        read = set(pyoxigraph.parse(written, format=format.codec))
        wanted = set(quads) if format.keeps_graphs else {Quad(*list(quad.triple)) for quad in quads}
        assert canonical(read) == canonical(wanted), format.name


@pytest.mark.parametrize("format", [formats.JSON_LD, formats.RDF_XML], ids=lambda format: format.name)
@pytest.mark.parametrize("value", [b"<<( <a:b> <a:c> <a:d> )>>", b'"x"@ar--rtl'])
def test_what_a_format_cannot_hold_is_said(format: GraphFormat, value: bytes) -> None:
    with pytest.raises(InexpressibleError, match="take N-Quads"):
        list(writers.write(format, [b"<a:s> <a:p> " + value + b" <a:g> .\n"], [], writers.Names({}), []))


@pytest.mark.parametrize("value", [b"<a:o>", b"_:c14n0", b'"a <b"^^<a:t>', b'"a <b"@en', b'"<a:s> <a:g> ."', b'""'])
@pytest.mark.parametrize("graph", [b"", b" <a:g>", b" _:c14n1"])
def test_a_line_is_parted_whatever_stands_in_its_texts(value: bytes, graph: bytes) -> None:
    line = b"<a:s> <a:p> " + value + graph + b" .\n"
    assert lines.parted(line) == (b"<a:s>", b"<a:p>", value, graph[1:])
    assert list(lines.united([line, line])) == [(b"<a:s>", b"<a:p>", value)]
    before = b"<a:s> <a:o> <a:o> <a:g> .\n"
    assert list(lines.united([before, line, before, line]))[1::2] == [(b"<a:s>", b"<a:p>", value)] * 2
