"""A list is linked row by row; what a person decided is kept; nothing is lost by an interruption or a full disk."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
import pyarrow
import pytest
import sssom_pydantic
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet
from pyoxigraph import NamedNode, RdfFormat, parse

from spacekg.cli import run as command
from spacekg.errors import TableError
from spacekg.linking import cells, decisions, encodings, run
from spacekg.linking.run import Job
from spacekg.matching.scoring import Matcher
from spacekg.release import Release

ROWS = [
    ("NASA", "US", "=1+2"),
    ("European Space Agncy", "", "-5"),
    ("Mercury", "", "@x"),
    ("", "", "4"),
    ("=cmd|' /C calc'!A0", "", "+x"),
    ("<script>alert(1)</script>", "", "6"),
    ("x" * 10_000, "", "7"),
]
VOID = "http://rdfs.org/ns/void#"


def listed(path: Path, rows: Sequence[Sequence[object]] = ROWS, **options: str) -> Path:
    with path.open("w", newline="", encoding=options.get("encoding", "utf-8")) as stream:
        writer = csv.writer(stream, delimiter=options.get("delimiter", ","))
        writer.writerows([("name", "state", "note"), *rows])
    return path


def job(source: Path, **others: object) -> Job:
    return replace(Job(source, "name", source.with_name("out.csv"), release="0123456789abcdef"), **others)


def link(job: Job, matcher: Matcher) -> list[dict[str, str]]:
    run.link(job, matcher, lambda _: None)
    if job.out.suffix == ".jsonl":
        return [json.loads(line) for line in job.out.read_text(encoding="utf-8").splitlines()]
    with job.out.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t" if job.out.suffix == ".tsv" else ","))


def test_the_output_has_the_same_rows_with_their_items(matcher: Matcher, tmp_path: Path) -> None:
    rows = link(job(listed(tmp_path / "list.csv"), beside=(("country", "state"),)), matcher)
    assert [row["qid"] for row in rows] == ["Q23548", "Q42262", "", "", "", "", ""]
    assert rows[0]["label"] == "National Aeronautics and Space Administration"
    assert rows[0]["qid_status"].startswith("exact, seen 20")
    assert "misspelt" in rows[1]["why"]
    assert "Project Mercury" in rows[2]["candidates"]
    assert [row["name"] for row in rows][-1] == "x" * 10_000


def test_no_cell_of_the_output_is_a_formula(matcher: Matcher, tmp_path: Path) -> None:
    made = job(listed(tmp_path / "list.csv"))
    link(made, matcher)
    for file in (made.out, made.decisions, made.beside_out("sssom.tsv")):
        with file.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream, delimiter="\t" if file.suffix == ".tsv" else ","))
        assert not [cell for row in rows for cell in row if cell[:1] in set("=+@\t") or cell[:2] == "-x"]


@given(st.text(max_size=20))
def test_a_guarded_cell_is_no_formula_and_comes_back(text: str) -> None:
    guarded = cells.guarded(text)
    assert not guarded.startswith(cells.FORMULA) or cells.NUMBER.fullmatch(guarded)
    assert cells.unguarded(guarded) == text or text.startswith(cells.GUARD)


@pytest.mark.parametrize("ending", [".tsv", ".jsonl"])
def test_other_outputs_have_the_same_rows(matcher: Matcher, tmp_path: Path, ending: str) -> None:
    source = listed(tmp_path / "list.csv")
    rows = link(job(source, out=tmp_path / f"out{ending}"), matcher)
    assert [row["qid"] for row in rows] == ["Q23548", "Q42262", "", "", "", "", ""]


def test_json_lines_are_read_and_keep_their_values(matcher: Matcher, tmp_path: Path) -> None:
    source = tmp_path / "list.jsonl"
    source.write_text('{"name": "NASA", "n": 1}\n\n{"name": "JAXA", "more": {"a": [1]}}\n', encoding="utf-8")
    rows = link(job(source, out=tmp_path / "out.jsonl"), matcher)
    assert [(row["qid"], row["n"], row["more"]) for row in rows] == [
        ("Q23548", 1, None),
        (rows[1]["qid"], None, {"a": [1]}),
    ]
    assert rows[1]["label"] == "Japan Aerospace Exploration Agency"


def test_excel_and_parquet_are_read(matcher: Matcher, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["name", "year"], ["NASA", 1958], [None, None], ["Roskosmos", 1992.5]):
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")
    parquet.write_table(pyarrow.table({"name": ["NASA", "Roskosmos"], "year": [1958, 1992]}), tmp_path / "list.parquet")
    for source in (tmp_path / "list.xlsx", tmp_path / "list.parquet"):
        assert [row["qid"] for row in link(job(source), matcher)] == ["Q23548", "Q190795"]


@pytest.mark.parametrize("file", ["broken.xlsx", "broken.parquet"])
def test_a_broken_workbook_is_refused(matcher: Matcher, tmp_path: Path, file: str) -> None:
    (tmp_path / file).write_bytes(b"PK\x03\x04 this is no workbook")
    with pytest.raises(TableError, match="whole"):
        link(job(tmp_path / file), matcher)


@pytest.mark.parametrize(("file", "package"), [("list.xlsx", "openpyxl"), ("list.parquet", "pyarrow")])
def test_a_missing_extra_is_named(
    matcher: Matcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, package: str
) -> None:
    (tmp_path / file).touch()
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(TableError, match=r"spacekg\[tables\]"):
        link(job(tmp_path / file), matcher)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_says_the_encoding(matcher: Matcher, tmp_path: Path, encoding: str) -> None:
    source = listed(tmp_path / "list.csv", [("Agence spatiale européenne", "", "")], encoding=encoding)
    assert link(job(source), matcher)[0]["qid"] == "Q42262"


def test_what_is_not_utf_8_is_refused_with_its_line_unless_said(matcher: Matcher, tmp_path: Path) -> None:
    source = listed(
        tmp_path / "list.csv", [("NASA", "", ""), ("Agence spatiale européenne", "", "")], encoding="cp1252"
    )
    with pytest.raises(TableError, match=r"line 3 is not UTF-8.*--encoding"):
        link(job(source), matcher)
    assert link(job(source, encoding="cp1252"), matcher)[1]["qid"] == "Q42262"
    with pytest.raises(TableError, match="unknown"):
        encodings.check("klingon")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("name,state\nNASA,US,too much\n", "row 2 has 3 cells"),
        ("name,name\nNASA,US\n", "more than one column"),
        ("", "empty"),
        ("title,state\nNASA,US\n", "its columns are 'title', 'state'"),
        ('name\n"NASA\n', "line"),
        ("name\nNA\0SA\n", "zero bytes"),
    ],
)
def test_a_wrong_list_is_refused_with_what_to_do(matcher: Matcher, tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "list.csv").write_text(content, encoding="utf-8")
    with pytest.raises(TableError, match=message):
        link(job(tmp_path / "list.csv"), matcher)
    assert not (tmp_path / "out.csv").exists()


def test_a_delimiter_other_than_the_comma_is_seen(matcher: Matcher, tmp_path: Path) -> None:
    assert link(job(listed(tmp_path / "list.csv", delimiter=";")), matcher)[0]["qid"] == "Q23548"


def test_the_input_is_never_written_over(matcher: Matcher, tmp_path: Path) -> None:
    source = listed(tmp_path / "list.csv")
    with pytest.raises(TableError, match="is what is read"):
        link(job(source, out=source), matcher)


def test_the_mappings_are_valid_sssom(matcher: Matcher, tmp_path: Path) -> None:
    made = job(listed(tmp_path / "list.csv"))
    link(made, matcher)
    mappings, _, _ = sssom_pydantic.read(made.beside_out("sssom.tsv"))
    assert {(each.predicate.curie, each.object.identifier) for each in mappings} == {
        ("skos:exactMatch", "Q23548"),
        ("skos:exactMatch", "Q42262"),
    }
    assert all(each.confidence and each.confidence >= 0.9 for each in mappings)


def test_rows_with_iris_are_the_subjects_of_the_links(matcher: Matcher, tmp_path: Path) -> None:
    rows = [("NASA", "https://example.org/a#1", ""), ("ESA", "https://example.org/a#2", ""), ("JAXA", "urn:x:3", "")]
    made = job(listed(tmp_path / "list.csv", rows), subject="state")
    link(made, matcher)
    quads = list(parse(path=made.beside_out("linkset.ttl"), format=RdfFormat.TURTLE, base_iri="https://example.org/l"))
    subjects = {quad.subject.value for quad in quads if quad.predicate.value.endswith("exactMatch")}
    assert subjects == {"https://example.org/a#1", "urn:x:3"}
    mappings, _, _ = sssom_pydantic.read(made.beside_out("sssom.tsv"))
    assert len(mappings) == 2
    with pytest.raises(TableError, match=r"row 2: 'NASA' is no IRI"):
        link(replace(made, subject="name"), matcher)


def test_the_linkset_says_how_many_links_it_has(matcher: Matcher, tmp_path: Path) -> None:
    made = job(listed(tmp_path / "list.csv"))
    link(made, matcher)
    quads = list(parse(path=made.beside_out("linkset.ttl"), format=RdfFormat.TURTLE, base_iri="https://example.org/l"))
    links = [quad for quad in quads if quad.predicate.value.endswith(("exactMatch", "closeMatch"))]
    counted = [int(quad.object.value) for quad in quads if quad.predicate == NamedNode(f"{VOID}triples")]
    assert sum(counted) == len(links) == 2


def test_the_review_sheet_shows_what_is_open_and_runs_nothing(matcher: Matcher, tmp_path: Path) -> None:
    made = job(listed(tmp_path / "list.csv", [*ROWS, ("Mercury <b>", "", "")]))
    link(made, matcher)
    page = made.beside_out("review.html").read_text(encoding="utf-8")
    assert "Project Mercury" in page
    assert "<script" not in page
    assert "Mercury <b>" not in page


def decide(made: Job, *rows: tuple[str, str, str]) -> None:
    """Write decisions as a person does, below what is there."""
    with made.decisions.open("a", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows((name, "", decision, id_) for name, decision, id_ in rows)


def test_decisions_are_applied_and_never_lost(matcher: Matcher, tmp_path: Path) -> None:
    made = job(listed(tmp_path / "list.csv"))
    link(made, matcher)
    decide(made, ("Mercury", "accept", "Q52162"), ("NASA", "reject", "Q23548"), ("gone", "reject", ""))
    for _ in range(2):
        rows = link(made, matcher)
        assert [row["qid"] for row in rows[:3]] == ["", "Q42262", "Q52162"]
        assert rows[2]["why"] == "a person accepted it"
        kept = decisions.read(made.decisions)
        assert set(kept.verdicts) == {("Mercury", ""), ("NASA", ""), ("gone", "")}
    mappings, _, _ = sssom_pydantic.read(made.beside_out("sssom.tsv"))
    assert [each.object.identifier for each in mappings if each.predicate_modifier] == ["nasa"]


def test_an_item_that_the_index_does_not_know_may_be_accepted(matcher: Matcher, tmp_path: Path) -> None:
    made = job(listed(tmp_path / "list.csv"))
    link(made, matcher)
    decide(made, ("Mercury", "accept", "Q925"))
    assert link(made, matcher)[2]["qid"] == "Q925"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("name,context\n", "no column 'decision'"),
        ("name,context,decision,id\nNASA,,perhaps,\n", "row 2: decision 'perhaps'"),
        ("name,context,decision,id\nNASA,,accept,\n", "wants an id"),
        ("name,context,decision,id\nNASA,,accept,banana\n", "no QID"),
        ("name,context,decision,id\nNASA,,accept,Q1\nNASA,,accept,Q2\n", "decide for one"),
    ],
)
def test_a_wrong_decisions_file_is_refused_and_left_alone(
    matcher: Matcher, tmp_path: Path, content: str, message: str
) -> None:
    made = job(listed(tmp_path / "list.csv"))
    made.decisions.write_text(content, encoding="utf-8")
    with pytest.raises(TableError, match=message):
        link(made, matcher)
    assert made.decisions.read_text(encoding="utf-8") == content


def test_an_interrupted_run_goes_on_where_it_was(matcher: Matcher, tmp_path: Path) -> None:
    rows = [(name, "", str(number)) for number in range(2_000) for name in ("NASA", "Mercury", "ESA", "Roskosmos")]
    whole, made = (job(listed(tmp_path / f"{name}.csv", rows), out=tmp_path / f"{name}-out.csv") for name in "ab")
    run.link(whole, matcher, lambda _: None)

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.link(made, matcher, stop)
    assert not made.out.exists()
    report = run.link(made, matcher, lambda _: None)
    assert (report.rows, report.resumed) == (8_000, run.KEPT_EVERY)
    assert report.tally == {"matched": 4_000, "open": 4_000}
    for ending in ("linkset.ttl", "sssom.tsv", "decisions.csv"):
        assert made.beside_out(ending).read_text().replace("b.csv", "a.csv") == whole.beside_out(ending).read_text()
    assert made.out.read_bytes() == whole.out.read_bytes()
    assert not list(tmp_path.glob("*.unfinished"))


def test_a_list_that_changed_begins_anew(matcher: Matcher, tmp_path: Path) -> None:
    made = job(listed(tmp_path / "list.csv", [("NASA", "", "")] * 6_000))

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.link(made, matcher, stop)
    listed(made.source, [("JAXA", "", "")])
    assert len(link(made, matcher)) == 1


FULL = """
import resource, sys
from spacekg.cli import run
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
sys.exit(run(sys.argv[1:]))
"""


def test_a_full_disk_is_told_and_the_run_goes_on_later(shipped_release: Release, tmp_path: Path) -> None:
    source = listed(tmp_path / "list.csv", [("NASA", "", number) for number in range(12_000)])
    arguments = ["link", str(source), "--column", "name", "-o", str(tmp_path / "out.csv")]
    arguments += ["--release", str(shipped_release.folder)]
    failed = subprocess.run(
        [sys.executable, "-c", FULL, *arguments], capture_output=True, text=True, check=False, timeout=60
    )
    assert failed.returncode == 2
    assert "cannot be written" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert not (tmp_path / "out.csv").exists()
    assert command(arguments) == 0
    assert sum(1 for _ in (tmp_path / "out.csv").open()) == 12_001


def test_the_command_says_what_is_wrong(
    shipped_release: Release, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = str(listed(tmp_path / "list.csv"))
    start = ["link", source, "--release", str(shipped_release.folder), "-o", str(tmp_path / "out.csv"), "--column"]
    for arguments, message in (
        (["nme"], "its columns are 'name', 'state', 'note'"),
        (["name", "--type", "Satelite"], "did you mean"),
        (["name", "--with", "country"], "PROPERTY=COLUMN"),
        (["name", "--with", "country=nowhere"], "its columns are"),
        (["name", "--encoding", "klingon"], "cp1252"),
    ):
        assert command([*start, *arguments]) == 2
        assert message in capsys.readouterr().err


def test_a_hundred_thousand_rows_need_little_memory(shipped_release: Release, tmp_path: Path) -> None:
    source = tmp_path / "list.csv"
    with source.open("w", encoding="utf-8") as stream:
        stream.write("name\n")
        stream.writelines(f"{name}\n" for _ in range(50_000) for name in ("NASA", "Mercury"))
    code = "import sys; from spacekg.cli import run; code = run(sys.argv[1:]); "
    code += "print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0]); sys.exit(code)"
    arguments = ["link", str(source), "--column", "name", "-o", str(tmp_path / "out.csv")]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments, "--release", str(shipped_release.folder)],
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
        env=dict(os.environ),
    )
    assert int(done.stdout.splitlines()[-1]) < 300_000


def test_misspelt_names_are_linked_alike_in_every_process(shipped_release: Release, tmp_path: Path) -> None:
    """Python orders a set of texts anew in each process, and that must not choose among candidates."""
    with (Path(__file__).parent / "linking" / "typos.csv").open(encoding="utf-8", newline="") as stream:
        names = [row["name"] for row in csv.DictReader(stream)]
    source = listed(tmp_path / "list.csv", [(f"{name} corporation", "", "") for name in names])
    written = []
    for seed in ("1", "2"):
        out = tmp_path / seed / "linked.csv"
        out.parent.mkdir()
        arguments = [source, "--column", "name", "-o", out, "--release", shipped_release.folder]
        subprocess.run(
            [sys.executable, "-m", "spacekg", "link", *map(str, arguments)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        )
        written.append(out.read_bytes())
    assert written[0] == written[1]
