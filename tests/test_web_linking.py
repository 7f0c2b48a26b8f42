"""The page at /link goes from a list to the outputs of `spacekg link`, without a script, whatever is sent to it."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from html import unescape
from pathlib import Path

import openpyxl
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.opening import Opened
from tests.serving import PARTS
from werkzeug.test import TestResponse

from spacekg import web
from spacekg.cli import run as command
from spacekg.declared import Declared
from spacekg.errors import TableError
from spacekg.linking import corrections, upload
from spacekg.linking.outcomes import Outcome
from spacekg.linking.upload import Bounds, Sheet
from spacekg.matching.scoring import Matcher
from spacekg.reconciliation.register import Register
from spacekg.release import Release
from spacekg.web.linking import FILES

LIST = (
    'name,state,note\nNASA,US,=1+2\nEuropean Space Agncy,,-5\nCSA,Canada,@x\nESA,,\n,,4\n<b>x</b>,,"a\nb"\nNASA,US,8\n'
)
SMALL = Bounds(1_000, 400_000)
BROWSER = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def client(rules: Declared, shipped_release: Release, matcher: Matcher, opened: Opened) -> FlaskClient:
    engine = opened(shipped_release.graph, shipped_release.id, PARTS, rules.prefixes)
    return web.create_app(engine, register=Register(matcher, ())).test_client()


def post(client: FlaskClient, **fields: object) -> TestResponse:
    return client.post("/link", data=fields, content_type="multipart/form-data", headers=BROWSER)


def sent(client: FlaskClient, content: bytes, name: str, **fields: object) -> TestResponse:
    return post(client, list=(io.BytesIO(content), name), **fields)


def sheet(answer: TestResponse) -> str:
    assert answer.status_code == 200, answer.text
    found = re.search(r'name="sheet" value="([^"]*)"', answer.text)
    assert found
    return unescape(found[1])


def workbook(rows: list[list[object]]) -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def test_every_page_leads_to_it(client: FlaskClient) -> None:
    page = client.get("/link")
    assert page.status_code == 200
    assert 'href="/link" aria-current="page"' in page.text
    assert "<script" not in page.text.replace('<script src="/static/search.js" defer></script>', "")


@pytest.mark.parametrize("name", [name for name in FILES if name != "linked.zip"])
def test_a_download_is_what_the_command_writes(
    client: FlaskClient, shipped_release: Release, tmp_path: Path, name: str
) -> None:
    source = tmp_path / "list.csv"
    source.write_text(LIST, encoding="utf-8", newline="")
    main = name if name.count(".") == 1 else "linked.csv"
    # As they are decided on the page, in the order of the list.
    (tmp_path / "linked.decisions.csv").write_text(
        "name,context,decision,id\nNASA,country=US,reject,\nESA,,accept,Q42262\n", encoding="utf-8"
    )
    arguments = [source, "--column", "name", "--type", "agency", "--with", "country=state", "-o", tmp_path / main]
    assert command(["link", *map(str, arguments), "--release", str(shipped_release.folder)]) == 0
    form = {"sheet": sheet(sent(client, LIST.encode(), "list.csv")), "column": "0", "kind": "SpaceAgency"}
    picks = {"pick-0": "none", "own-3": "Q42262"}
    answer = post(client, **form, **picks, **{"with": "country:1"}, file=name)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.data == (tmp_path / name).read_bytes()


def test_all_outputs_come_in_one_archive(client: FlaskClient) -> None:
    form = {"sheet": sheet(post(client, pasted=LIST)), "column": "0", "pick-0": "none"}
    first, again = (post(client, **form, file="linked.zip").data for _ in range(2))
    assert first == again
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.namelist() == [name for name in FILES if name != "linked.zip"]
        for name in archive.namelist():
            assert archive.read(name) == post(client, **form, file=name).data


WITH_IRIS = "row,name\nhttps://example.org/1,NASA\nhttps://example.org/2,Roskosmos\n"


def test_a_column_of_iris_names_the_rows_in_the_mappings(
    client: FlaskClient, shipped_release: Release, tmp_path: Path
) -> None:
    source, out = tmp_path / "list.csv", tmp_path / "linked.csv"
    source.write_text(WITH_IRIS, encoding="utf-8")
    arguments = [source, "--column", "name", "--id", "row", "-o", out, "--release", shipped_release.folder]
    assert command(["link", *map(str, arguments)]) == 0
    form = {"sheet": sheet(sent(client, WITH_IRIS.encode(), "list.csv")), "column": "1", "id": "0"}
    for name in ("linked.sssom.tsv", "linked.linkset.ttl"):
        assert post(client, **form, file=name).data == (tmp_path / name).read_bytes()
    assert '<option value="0" selected>' in post(client, **form, step="choose").text
    refused = post(client, **{**form, "id": "1", "column": "0"})
    assert refused.status_code == 400
    assert "is no IRI" in refused.text


DECIDED = (
    "note,name,context,decision,id\n"
    'mine,ESA,,accept,Q42262\n"two\nlines",gone,,reject,\n,NASA,,reject,\n,CSA,,reject,Q212227\n'
)


def test_decisions_go_in_again_and_come_back_with_what_is_chosen_now(
    client: FlaskClient, shipped_release: Release, tmp_path: Path
) -> None:
    first = sent(client, LIST.encode(), "list.csv", decisions=(io.BytesIO(DECIDED.encode()), "linked.decisions.csv"))
    (carried,) = re.findall(r'name="decisions" value="([^"]*)"', first.text)
    # A browser sends the line ends of a form as it likes.
    form = {"sheet": sheet(first), "decisions": unescape(carried).replace("\n", "\r\n"), "column": "0"}
    page = post(client, **form).text
    assert page.count('<option value="none" selected>') == 1
    assert re.search('name="own-3" value="(Q42262)?"', page)
    source, out = tmp_path / "list.csv", tmp_path / "linked.csv"
    source.write_text(LIST, encoding="utf-8", newline="")
    (tmp_path / "linked.decisions.csv").write_text(DECIDED, encoding="utf-8")
    arguments = [source, "--column", "name", "-o", out, "--release", shipped_release.folder]
    assert command(["link", *map(str, arguments)]) == 0
    for name in ("linked.csv", "linked.sssom.tsv", "linked.decisions.csv"):
        assert post(client, **form, file=name).data == (tmp_path / name).read_bytes(), name
    picks = {f"pick-{number}": "" for number in range(6)} | {"pick-1": "none"}
    rows = list(csv.DictReader(io.StringIO(post(client, **form, **picks, file="linked.decisions.csv").text)))
    decided = {(row["name"], row["decision"], row["id"], row["note"]) for row in rows if row["decision"]}
    assert decided == {
        ("gone", "reject", "", "two\nlines"),
        ("CSA", "reject", "Q212227", ""),
        ("European Space Agncy", "reject", "", ""),
    }


@pytest.mark.parametrize(
    "content", [b"a,b\n1,2\n", b"\xff", b"name,context,decision,id\nx,,perhaps,\n", b"x" * 500_000]
)
def test_decisions_that_are_none_are_refused_with_a_message(client: FlaskClient, content: bytes) -> None:
    answer = sent(client, LIST.encode(), "list.csv", decisions=(io.BytesIO(content), "linked.decisions.csv"))
    assert answer.status_code == (413 if len(content) > 400_000 else 400)
    assert "That did not work" in answer.text
    assert "/tmp" not in answer.text


NAMES = ("NASA", "ESA", "CSA")
CHOICES = st.sampled_from(["", "none", "Q1", "Q2"])


@given(
    st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(["", "country=x"]), CHOICES.filter(bool)), max_size=6),
    st.lists(CHOICES, min_size=6, max_size=6),
)
def test_what_is_chosen_last_is_what_the_rows_say(before: list[tuple[str, str, str]], now: list[str]) -> None:
    distinct = {(name, context): choice for name, context, choice in before}
    rows = [
        f"{name},{context},{'reject,' if choice == 'none' else f'accept,{choice}'}\n"
        for (name, context), choice in distinct.items()
    ]
    known = corrections.read("name,context,decision,id\n" + "".join(rows))
    found = [
        Outcome(name, context, "", False, 0.0, "", "", "", "", "", "", "")
        for name in NAMES
        for context in ("", "country=x")
    ]
    kept = corrections.rows(known, found, now)
    again = corrections.read(
        "name,context,decision,id\n"
        + "".join(f"{row['name']},{row['context']},{row['decision']},{row['id']}\n" for row in kept)
    )
    # What is said of a name alone holds beside any value, so undoing one of two needs a word about the other only.
    for outcome, choice in zip(found, now, strict=True):
        if choice or not outcome.context or not now[found.index(outcome) - 1]:
            assert corrections.chosen(again, outcome) == choice


def test_matches_have_reasons_and_candidates_and_choices_can_be_undone(client: FlaskClient) -> None:
    form = {"sheet": sheet(post(client, pasted=LIST)), "column": "0", "kind": ""}
    page = post(client, **form, **{"pick-3": "none"}).text
    assert '<option value="none" selected>' in page
    assert "<b>x</b>" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "Q42262" in page
    again = post(client, **form).text
    assert "none of these</span>" not in again
    assert re.search(r'status accepted">match</span>\s*95', again)


def test_a_choice_is_in_the_download_and_no_formula_is(client: FlaskClient) -> None:
    form = {"sheet": sheet(post(client, pasted="name\tnote\nESA\t=1+1\n")), "column": "0"}
    chosen = post(client, **form, **{"pick-0": "Q42262"}, file="linked.csv").text
    (row,) = csv.DictReader(io.StringIO(chosen))
    assert (row["qid"], row["why"], row["note"]) == ("Q42262", "a person accepted it", "'=1+1")


def test_a_workbook_is_read_as_the_command_reads_it(client: FlaskClient) -> None:
    pytest.importorskip("openpyxl")
    _, columns, rows = json.loads(
        sheet(sent(client, workbook([["name", "year"], ["NASA", 1958], ["ESA", None]]), "a.xlsx"))
    )
    assert (columns, rows) == (["name", "year"], [["NASA", "1958"], ["ESA", ""]])


def test_another_encoding_is_read_when_it_is_named(client: FlaskClient) -> None:
    content = "name\nAgência Espacial Brasileira\n".encode("cp1252")
    refused = sent(client, content, "a.csv")
    assert refused.status_code == 400
    assert "line 2 is not UTF-8" in refused.text
    assert "Agência" in sheet(sent(client, content, "a.csv", encoding="cp1252"))


HOSTILE = [
    (b"", "a.csv", "", 400),
    (b"\n\n", "a.csv", "", 400),
    (b"name\n\0\n", "a.csv", "", 400),
    (b"\xff\xfea", "a.csv", "", 400),
    (b"name", "a.csv", "utf-16", 400),
    (b"name\nx\n", "a.csv", "zip", 400),
    (b"name\nx\n", "a.exe", "", 400),
    (b"name\nx\n", "a.parquet", "", 400),
    (b"a,a\n1,2\n", "a.csv", "", 400),
    (b'name\n"open', "a.csv", "", 400),
    (b"[" * 100_000, "a.jsonl", "", 400),
    (b"name\n" + b"x" * 10_000_000, "a.csv", "", 413),
    (b"name\n" + b"x" * 400_000, "a.csv", "", 413),
    (b"name\n" + b"x\n" * 1_001, "a.csv", "", 413),
    (b",".join(b"c%d" % number for number in range(101)) + b"\n", "a.csv", "", 413),
    (b"PK\3\4 no zip", "a.xlsx", "", 400),
    (zipped({"[Content_Types].xml": b"<x"}), "a.xlsx", "", 400),
    (zipped({"xl/worksheets/sheet1.xml": b"\0" * 20_000_000}), "a.xlsx", "", 413),
]


@pytest.mark.parametrize(("content", "name", "encoding", "status"), HOSTILE, ids=lambda each: str(each)[:30])
def test_a_hostile_list_is_refused_with_a_message(
    client: FlaskClient, content: bytes, name: str, encoding: str, status: int
) -> None:
    answer = sent(client, content, name, encoding=encoding)
    assert answer.status_code == status, answer.text
    assert "That did not work" in answer.text


SHEET = json.dumps(["a.csv", ["name", "b"], [["NASA", ""]]])
FIELDS = [
    ({"sheet": "{"}, 400),
    ({"sheet": "[" * 100_000}, 400),
    ({"sheet": '["a", ["b"], [["c", "d"]]]'}, 400),
    ({"sheet": '["a", "b", ["c"]]'}, 400),
    ({"sheet": '["a", ["b", "b"], []]'}, 400),
    ({"sheet": '["a", [], []]'}, 400),
    ({"sheet": '["a", [1], [[null]]]'}, 400),
    ({"sheet": json.dumps(["a", ["b"], [["c"]] * 1_001])}, 413),
    ({"sheet": "x" * 1_500_000}, 413),
    ({"sheet": SHEET, "column": "2"}, 400),
    ({"sheet": SHEET, "column": "-1"}, 400),
    ({"sheet": SHEET, "column": "²"}, 400),
    ({"sheet": SHEET, "kind": "Nonsense"}, 400),
    ({"sheet": SHEET, "with": "nonsense:1"}, 400),
    ({"sheet": SHEET, "with": "country:9"}, 400),
    ({"sheet": SHEET, "file": "../../etc/passwd"}, 400),
    ({"sheet": SHEET, "pick-0": "nonsense"}, 400),
    ({"sheet": SHEET, "pick-0": "own"}, 400),
    ({"sheet": SHEET, "own-0": "Q" * 300}, 400),
    ({f"pick-{number}": "" for number in range(5_000)}, 413),
    ({"sheet": SHEET, "id": "7"}, 400),
    ({"sheet": SHEET, "decisions": "["}, 400),
    ({"sheet": SHEET, "decisions": "7"}, 400),
    ({"pasted": " "}, 400),
    ({}, 400),
]


@pytest.mark.parametrize(("fields", "status"), FIELDS, ids=lambda each: str(each)[:40])
def test_malformed_fields_are_refused_with_a_message(client: FlaskClient, fields: dict[str, str], status: int) -> None:
    answer = post(client, **fields)
    assert answer.status_code == status, answer.text[:2_000]
    assert "That did not work" in answer.text


def test_programs_get_a_problem(client: FlaskClient) -> None:
    answer = client.post("/link", data={"sheet": "{"})
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert answer.json["type"].endswith("/bad-list")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(upload.ENDINGS), st.sampled_from(upload.ENCODINGS))
def test_any_bytes_are_a_sheet_that_comes_back_or_refused(content: bytes, ending: str, encoding: str) -> None:
    try:
        read = upload.read(content, f"list{ending}", encoding, SMALL)
    except TableError:
        return
    assert upload.from_json(read.to_json(), SMALL) == read


def test_a_column_whose_name_no_form_takes_has_its_number() -> None:
    assert upload.read(b'{"\\u0000": 1, "b": 2}\n', "list.jsonl", "", SMALL).columns == ("column 1", "b")
    with pytest.raises(TableError, match="rename"):
        upload.read(b'{"b\\u0000": 1, "b": 2}\n', "list.jsonl", "", SMALL)


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2).map(tuple), max_size=5).map(tuple))
def test_a_sheet_comes_back_as_it_went(rows: tuple[tuple[str, ...], ...]) -> None:
    kept = tuple(tuple(cell.replace("\0", "") for cell in row) for row in rows)
    assert upload.from_json(Sheet("a.csv", ("a", "b"), rows).to_json(), SMALL).rows == kept
