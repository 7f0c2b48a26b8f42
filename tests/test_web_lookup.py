"""A name, an IRI or an identifier leads to its entity and to what others call it, over real HTTP."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.asked import ask, served
from tests.opening import Opened
from tests.sending import refused, send, send_json
from tests.serving import PARTS

from spacekg import publication, store, web
from spacekg.answers import Limits
from spacekg.declared import Declared
from spacekg.errors import DeclarationError
from spacekg.matching import index, lookup, redirects
from spacekg.matching.redirects import Redirect
from spacekg.matching.scoring import Matcher
from spacekg.reconciliation.register import Register
from spacekg.reference import Reference
from spacekg.release import Release
from spacekg.web import operation

ONE_OF_NASA = (
    "name=NASA",
    "name=N.A.S.A.",
    "q=Q23548",
    "q=q23548",
    "ror=027ka1x80",
    "gcat=NASA",
    "iri=https://w3id.org/spacekg/id/nasa",
    "iri=http://www.wikidata.org/entity/Q23548",
    "ror=https://ror.org/027ka1x80",
    "q=Q999999901",
    "q=Q999999902",
    "iri=https://w3id.org/spacekg/id/naca-2",
)
TABLE = (
    "from,to,date\nQ999999901,Q23548,2024-05-01\nQ999999902,Q999999901,2025-01-31\nQ999999903,Q999999904,2025-01-31\n"
)


@pytest.fixture(scope="module")
def moved(rules: Declared, known: Reference, tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    """A matcher that knows of items that were merged."""
    folder = tmp_path_factory.mktemp("moved")
    shutil.copytree(rules.folder / "data" / "linking", folder / "data" / "linking")
    shutil.copytree(rules.folder / "data" / "lexicon", folder / "data" / "lexicon")
    (folder / "data" / "linking" / "redirects.csv").write_text(TABLE, encoding="utf-8")
    file = folder / "names.jsonl"
    file.write_bytes(index.make(known, dataclasses.replace(rules, folder=folder)))
    return Matcher(index.read(file))


@pytest.fixture(scope="module")
def site(rules: Declared, shipped_release: Release, moved: Matcher, opened: Opened) -> Iterator[str]:
    engine = opened(shipped_release.graph, shipped_release.id, PARTS, rules.prefixes)
    published = dataclasses.replace(publication.read(rules, shipped_release), retired={"naca-2": "nasa", "gone": ""})
    with served(web.create_app(engine, published=published, register=Register(moved, ()))) as address:
        yield address


def asked(site: str, question: str) -> Any:
    answer = ask(site, f"/lookup?{question}")
    assert answer.status == 200, answer.body
    assert answer.media_type == "application/json"
    return json.loads(answer.body)


@pytest.mark.parametrize("question", ONE_OF_NASA)
def test_whatever_stands_for_a_thing_leads_to_it(site: str, question: str) -> None:
    first, *_ = asked(site, question)["results"]
    assert (first["id"], first["iri"]) == ("nasa", "https://w3id.org/spacekg/id/nasa")
    assert first["wikidata"]["qid"] == "Q23548"
    assert {("ror", "https://ror.org/027ka1x80"), ("gcat", "NASA")} <= {
        (each["scheme"], each["value"]) for each in first["equivalents"]
    }


@pytest.mark.parametrize(("question", "id"), [("cospar=1990-037B", "hubble-space-telescope"), ("iso=CA", "canada")])
def test_other_identifiers_lead_there_too(site: str, question: str, id: str) -> None:
    assert [each["id"] for each in asked(site, question)["results"]] == [id]


def test_a_name_has_a_score_and_a_reason_and_an_open_one_no_match(site: str) -> None:
    first, *others = asked(site, "name=ESA")["results"]
    assert not first["match"]
    assert first["score"] < 90
    assert others
    assert first["why"]


def test_a_merged_item_says_where_it_is_now(site: str) -> None:
    assert asked(site, "q=Q999999902")["redirected"] == {"to": "Q23548", "date": "2025-01-31"}
    assert asked(site, "iri=https://w3id.org/spacekg/id/naca-2")["redirected"]["to"].endswith("/nasa")
    assert "redirected" not in asked(site, "q=Q23548")


def test_the_address_of_a_merged_item_leads_where_that_of_its_item_does(site: str) -> None:
    now = ask(site, "/id/Q23548", "text/turtle")
    assert now.status == 303
    assert ask(site, "/id/Q999999902", "text/turtle").location == now.location


def test_a_merged_item_is_what_it_is_now_wherever_names_are_matched(moved: Matcher) -> None:
    assert [each.id for each in lookup.find(moved.index, "Q999999902")] == ["nasa"]
    assert lookup.find(moved.index, "Q999999903") == ()


def test_many_are_answered_in_their_order(site: str) -> None:
    answer = send_json(site, "/lookup", [{"q": "Q23548"}, "ESA", {"name": "no such thing at all"}, {"iso": "CA"}, ""])
    assert answer.status == 200
    answers = json.loads(answer.body)["answers"]
    assert [each["query"] for each in answers][:2] == [{"q": "Q23548"}, {"text": "ESA"}]
    ids = [[each["id"] for each in one["results"]][:1] for one in answers]
    assert ids == [["nasa"], ["esa"], [], ["canada"], []]


def test_an_answer_is_the_same_until_the_release_changes(site: str, shipped_release: Release) -> None:
    answer = ask(site, "/lookup?name=NASA")
    assert json.loads(answer.body)["release"] == shipped_release.id
    assert ask(site, "/lookup?name=NASA", If_None_Match=answer.headers["ETag"]).status == 304
    assert ask(site, "/lookup?name=ESA", If_None_Match=answer.headers["ETag"]).status == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in ask(site, "/lookup", method="OPTIONS").headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize(
    "question", ["name=Zzyzx+Qwrtl", "q=Q42", "q=nonsense", "iri=javascript:alert(1)", "cospar=x", "name=", "ror=%00"]
)
def test_what_nothing_is_called_is_not_found(site: str, question: str) -> None:
    assert "nothing" in refused(ask(site, f"/lookup?{question}"), 404)


@pytest.mark.parametrize("question", ["", "nme=NASA", "name=NASA&q=Q23548", "name=NASA&name=ESA"])
def test_a_request_asks_for_one_thing(site: str, question: str) -> None:
    assert "name" in refused(ask(site, f"/lookup?{question}"), 400)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{}",
        b"[1]",
        b"[null]",
        b'[{"name": 1}]',
        b'[{"name": "a", "q": "b"}]',
        b'[{"title": "a"}]',
        b"\xff",
        b"[" * 100_000,
        b"[NaN]",
        b"[" + b"9" * 5_000 + b"]",
        b'[{"\\ud800": "a"}]',
    ],
)
def test_a_body_of_another_form_is_refused(site: str, body: bytes) -> None:
    assert refused(send(site, "/lookup", body), 400)


def test_hostile_texts_have_no_results(site: str) -> None:
    texts = [
        "\ud800",
        "x" * 100_000,
        "\0",
        "<script>alert(1)</script>",
        "'; DROP",
        "Q" + "9" * 5000,
        "http://" + "a" * 9999,
    ]
    answer = send_json(site, "/lookup", [{"name": each} for each in texts] + texts + [{"iri": each} for each in texts])
    assert answer.status == 200
    assert not any(each["match"] for one in json.loads(answer.body)["answers"][:7] for each in one["results"])


def test_too_many_at_once_are_refused(site: str) -> None:
    assert "at most 1,000" in refused(send_json(site, "/lookup", ["NASA"] * 1_001), 413)
    assert refused(send(site, "/lookup", b'["' + b"x" * 1_100_000 + b'"]'), 413)


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ("Q1,Q2,2024-01-01\nQ1,Q3,2024-01-01\n", "row 3"),
        ("Q1,Q1,2024-01-01\n", "circle"),
        ("Q1,nasa,2024-01-01\n", "row 2"),
        ("Q1,Q2,2024-01-01\nQ2,Q1,2024-01-01\n", "circle"),
        ("Q1,Q2,\n", "row 2"),
        ("Q1,Q2,lately\n", "row 2"),
    ],
)
def test_a_table_of_merged_items_is_checked(tmp_path: Path, rows: str, wrong: str) -> None:
    (tmp_path / "redirects.csv").write_text(f"from,to,date\n{rows}", encoding="utf-8")
    with pytest.raises(DeclarationError, match=wrong):
        redirects.read(tmp_path / "redirects.csv")


def test_what_was_merged_twice_leads_straight_to_the_end(tmp_path: Path) -> None:
    (tmp_path / "redirects.csv").write_text(TABLE, encoding="utf-8")
    assert redirects.read(tmp_path / "redirects.csv")["Q999999902"] == Redirect("Q23548", "2025-01-31")


def test_a_site_without_names_has_no_such_address(rules: Declared, shipped_release: Release) -> None:
    engine = store.open_file(shipped_release.graph, shipped_release.id, {}, rules.prefixes)
    with served(web.create_app(engine)) as address:
        assert ask(address, "/lookup?name=NASA").status == 404


def test_a_client_that_took_its_time_waits_and_others_do_not(rules: Declared, moved: Matcher) -> None:
    engine = store.Store([], "r1", {}, rules.prefixes, Limits(names_seconds=1))
    operated = operation.begin(engine.limits)
    client = web.create_app(engine, operated=operated, register=Register(moved, ())).test_client()
    asked = [f"/lookup?name=Nasional%20{number}" for number in range(3)]
    assert {client.get(path).status_code for path in asked} <= {200, 404}
    operated.names.charge("127.0.0.1", 31)
    spent = client.get(asked[0])
    assert spent.status_code == 429
    assert spent.get_json()["type"].endswith("/spent")
    assert 1 <= int(spent.headers["Retry-After"]) <= 60 * 32
    assert client.post("/reconcile", data={"queries": "{}"}).status_code == 429
    assert client.options("/reconcile").status_code == 200
    assert client.get("/lookup?name=NASA", environ_base={"REMOTE_ADDR": "10.1.2.3"}).status_code == 200


def test_a_client_has_only_so_many_places(rules: Declared, moved: Matcher) -> None:
    engine = store.Store([], "r1", {}, rules.prefixes, Limits(names_at_once=1))
    operated = operation.begin(engine.limits)
    client = web.create_app(engine, operated=operated, register=Register(moved, ())).test_client()
    with operated.names.passed("127.0.0.1"):
        assert client.get("/lookup?name=NASA").status_code == 429
    assert client.get("/lookup?name=NASA").status_code == 200  # a refused request leaves no place taken
    assert client.get("/lookup?name=NASA").status_code == 200
