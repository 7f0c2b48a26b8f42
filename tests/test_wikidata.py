"""Asking Wikidata: over HTTP, from a SPARQL server with a small extract, behind a proxy that has faults."""

from __future__ import annotations

import csv
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import endpoints
from tests.endpoints import Fault, Proxy

from spacekg import cli, wikidata
from spacekg.declared import Declared
from spacekg.errors import DeclarationError, RemoteError
from spacekg.reference import Entity, Identifier, Name, Reference
from spacekg.remote import Endpoint
from spacekg.wikidata import questions, roster
from spacekg.wikidata.patience import Patience
from spacekg.wikidata.questions import Inquiry
from spacekg.wikidata.shelf import Shelf
from spacekg.wikidata.tables import COLUMNS, WorkshopError

pytestmark = pytest.mark.skipif(not endpoints.BINARY, reason="the oxigraph server of the dev extra is not installed")

EXTRACT = Path(__file__).parent / "graphs" / "wikidata.ttl"
DAY = "2026-01-31"
SEEN = "seen with this label"
ENTITIES = {
    "hubble": ("SpaceTelescope", "Hubble space-telescope", "Q2513", "in the extract", "Wikidata 2024|2025-09"),
    "nasa": ("NationalSpaceAgency", "NASA", "Q23548", SEEN, "a file"),
    "apollo-11": ("CrewedMission", "Apollo 11", "Q43653", "in the extract", "Wikidata mission extract"),
    "old-hubble": ("SpaceTelescope", "Hubble", "Q700", "in the extract", "Wikidata 2024"),
    "made-up": ("SpaceProbe", "Made-up Probe", "Q701", "in the extract", "Wikidata 2024"),
    "gone": ("SpaceProbe", "Gone", "Q999", "in the extract", "Wikidata 2024"),
}


def linked(entity: str, scheme: str, value: str, method: str = "given", evidence: str = "") -> Identifier:
    return Identifier(entity, scheme, value, "exact", "verified", evidence, "wikidata", method, 1.0)


KNOWN = Reference(
    {name: Entity(name, kind, label, "", "wikidata", 1) for name, (kind, label, *_) in ENTITIES.items()},
    (Name("Hubble", "hubble", "en|fr", "label", "", "wikidata"),),
    (
        *(linked(name, "wikidata", qid, method, seen) for name, (_, _, qid, method, seen) in ENTITIES.items()),
        linked("hubble", "cospar", "1990-037B"),
        linked("apollo-11", "cospar", "1969-059A"),
    ),
    (),
    (),
    (),
    (),
)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with endpoints.sparql_server(EXTRACT) as address:
        yield address


@pytest.fixture
def proxy(server: str) -> Iterator[Proxy]:
    with endpoints.proxied(server) as proxy:
        yield proxy


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def inquiry(proxy: Proxy, rules: Declared, pauses: list[float]) -> Inquiry:
    """Asks through the proxy, two items at a time; instead of waiting it notes how long it would have."""
    endpoint = Endpoint(proxy.address, 20, "me@example.org")
    return Inquiry(endpoint, rules, Patience(4, 1.0, 60.0, pauses.append), lambda _: None, batch=2, page=3)


def tabbed(path: Path) -> dict[str, dict[str, str]]:
    """The rows of a table by their first cell."""
    with path.open(encoding="utf-8", newline="") as stream:
        return {next(iter(row.values())): row for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)}


@pytest.fixture
def fresh(inquiry: Inquiry, tmp_path: Path) -> Path:
    wikidata.refresh(inquiry, KNOWN, tmp_path, DAY)
    return tmp_path / "wikidata"


def test_the_tables_have_the_columns_that_the_tool_reads(fresh: Path) -> None:
    assert {path.stem for path in fresh.iterdir()} == set(COLUMNS)
    for name, columns in COLUMNS.items():
        assert (fresh / f"{name}.tsv").read_text(encoding="utf-8").partition("\n")[0].split("\t") == columns.split()


def test_an_object_has_what_wikidata_says_of_it(fresh: Path) -> None:
    assert tabbed(fresh / "space_objects.tsv")["Q2513"] == {
        "qid": "Q2513",
        "kind": "space-telescope",
        "label": "Hubble Space Telescope",
        "description": "NASA and ESA space telescope",
        "instance_of": "space telescope",
        "part_of": "",
        "has_part": "",
        "cospar_id": "1990-037B",
        "nssdca_id": "",
        "naif_id": "-48",
        "aliases": 'a / b@en|hst@en,fr|the "eye"@en|télescope spatial hubble@fr',
        "snapshots": f"2024|2025-09|{DAY}",
    }


def test_an_agency_stands_among_the_verified_and_the_organisations(fresh: Path) -> None:
    verified = tabbed(fresh / "entities_verified.tsv")["Q23548"]
    assert verified["kind"] == "agency"
    assert verified["evidence"] == f"a file ; {DAY}"
    assert verified["extra_identifiers"].split(";") == [
        "country_iso2=US",
        "website=https://www.nasa.gov/",
        "ror=https://ror.org/027ka1x80",
        "p31label=space agency",
    ]
    organisation = tabbed(fresh / "space_organisations.tsv")["Q23548"]
    assert (organisation["iso2"], organisation["country"], organisation["founded"]) == (
        "US",
        "United States",
        "1958-07",
    )


def test_a_flown_mission_has_its_year_and_operator(fresh: Path) -> None:
    mission = tabbed(fresh / "crewed_missions.tsv")["Q43653"]
    assert mission["launch_year"] == "1969"
    assert mission["operator"] == "National Aeronautics and Space Administration"


def test_merged_items_are_followed_and_deleted_ones_are_told(fresh: Path) -> None:
    moved = {qid: row["target"] for qid, row in tabbed(fresh / "moved.tsv").items()}
    assert moved == {"Q700": "Q2513", "Q701": "Q900", "Q999": ""}
    objects = tabbed(fresh / "space_objects.tsv")
    assert objects["Q900"]["label"] == "Made-up Probe"
    assert not {"Q700", "Q701", "Q999"} & set(objects)


def test_new_items_are_found_by_class_and_by_identifier(inquiry: Inquiry, tmp_path: Path) -> None:
    done = wikidata.refresh(inquiry, KNOWN, tmp_path, DAY)
    assert set(done.new) == {"Q800", "Q900"}
    assert tabbed(done.folder / "space_objects.tsv")["Q800"]["kind"] == "unknown"


def test_the_same_answers_give_the_same_folder(inquiry: Inquiry, tmp_path: Path) -> None:
    first = wikidata.refresh(inquiry, KNOWN, tmp_path, DAY)
    assert wikidata.refresh(inquiry, KNOWN, tmp_path, DAY).folder == first.folder
    assert (tmp_path / "wikidata").resolve() == first.folder.resolve()


def test_the_endpoint_is_told_whom_to_ask(inquiry: Inquiry, proxy: Proxy) -> None:
    list(inquiry.about("state", ["Q2513"]))
    assert [re.fullmatch(r"spacekg/\S+ \(\S+; me@example\.org\)", agent) for agent in proxy.agents] != [None]


def test_items_are_asked_in_batches_and_the_rest_page_by_page(inquiry: Inquiry, proxy: Proxy) -> None:
    list(inquiry.about("state", ["Q43653", "Q700", "Q2513"]))
    assert [re.findall(r"wd:(Q\d+)", query) for query in proxy.asked] == [["Q700", "Q2513"], ["Q43653"]]
    proxy.asked.clear()
    found = [questions.qid(row["item"]) for row in inquiry.pages("discovered")]
    assert (len(found), found[0], found[-1]) == (8, "Q2513", "Q900")
    assert [query.splitlines()[-1] for query in proxy.asked] == [f"LIMIT 3 OFFSET {start}" for start in (0, 3, 6, 8)]


@pytest.mark.parametrize(
    "fault",
    [
        endpoints.refuse(500),
        endpoints.refuse(503),
        endpoints.cut_in_the_middle,
        endpoints.cut_a_chunk,
        endpoints.end_early,
        endpoints.send_a_page,
        endpoints.hang_up,
    ],
    ids=["500", "503", "cut", "cut chunk", "half", "page", "hang up"],
)
def test_what_passes_is_asked_again(inquiry: Inquiry, proxy: Proxy, pauses: list[float], fault: Fault) -> None:
    proxy.faults.extend([fault, fault])
    assert len(list(inquiry.about("state", ["Q2513", "Q700"]))) == 2
    assert pauses == [1.0, 2.0]
    assert len(set(proxy.asked)) == 1


def test_a_silent_endpoint_is_asked_again(rules: Declared, proxy: Proxy, pauses: list[float]) -> None:
    proxy.faults.append(endpoints.be_silent)
    asking = Inquiry(Endpoint(proxy.address, 0.5), rules, Patience(8, 1.0, 60.0, pauses.append), lambda _: None)
    assert len(list(asking.about("state", ["Q2513"]))) == 1
    assert pauses


@pytest.mark.parametrize("fault", [endpoints.cut_in_the_middle, endpoints.cut_a_chunk, endpoints.end_early])
def test_a_broken_answer_is_never_kept(inquiry: Inquiry, proxy: Proxy, tmp_path: Path, fault: Fault) -> None:
    proxy.faults.extend([fault] * 4)
    with pytest.raises(RemoteError, match="asked 4 times"):
        wikidata.refresh(inquiry, KNOWN, tmp_path, DAY)
    assert list(tmp_path.glob("wikidata*")) == []
    assert list(tmp_path.rglob("*.json")) == []


def test_nobody_is_asked_sooner_than_they_said(inquiry: Inquiry, proxy: Proxy, pauses: list[float]) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    proxy.faults.extend([endpoints.refuse(429, Retry_After="7"), endpoints.refuse(429, Retry_After=later)])
    assert len(list(inquiry.about("state", ["Q2513"]))) == 1
    assert pauses[0] == 7
    assert 30 < pauses[1] <= 40


def test_who_is_told_to_wait_too_long_gives_up(inquiry: Inquiry, proxy: Proxy, pauses: list[float]) -> None:
    proxy.faults.append(endpoints.refuse(429, Retry_After="3600"))
    with pytest.raises(RemoteError, match=r"again in 3600 seconds.*longer than we wait"):
        list(inquiry.about("state", ["Q2513"]))
    assert pauses == []
    assert len(proxy.asked) == 1


def test_what_will_never_be_answered_is_asked_once(inquiry: Inquiry, proxy: Proxy) -> None:
    proxy.faults.append(endpoints.refuse(403))
    with pytest.raises(RemoteError, match="HTTP 403"):
        list(inquiry.about("state", ["Q2513"]))
    assert len(proxy.asked) == 1


def test_a_refresh_that_fails_leaves_the_old_tables_and_goes_on(inquiry: Inquiry, proxy: Proxy, tmp_path: Path) -> None:
    wikidata.refresh(inquiry, KNOWN, tmp_path, "2020-01-01")
    old = {path.name: path.read_bytes() for path in (tmp_path / "wikidata").iterdir()}
    whole = len(proxy.asked)
    proxy.asked.clear()
    proxy.faults.extend([endpoints.pass_on] * (whole - 1) + [endpoints.refuse(500)] * 4)
    with pytest.raises(RemoteError, match="HTTP 500"):
        wikidata.refresh(inquiry, KNOWN, tmp_path, DAY)
    assert {path.name: path.read_bytes() for path in (tmp_path / "wikidata").iterdir()} == old
    proxy.asked.clear()
    done = wikidata.refresh(inquiry, KNOWN, tmp_path, DAY)
    assert len(proxy.asked) == 1
    assert done.folder.name != "wikidata"
    assert DAY in (tmp_path / "wikidata" / "space_objects.tsv").read_text(encoding="utf-8")


def test_a_killed_refresh_goes_on_where_it_stood(server: str, tmp_path: Path) -> None:
    script = [sys.executable, "-m", "spacekg", "wikidata", "refresh", "--out", str(tmp_path)]
    with endpoints.proxied(server) as proxy:
        proxy.stop_at = 60
        with subprocess.Popen([*script, "--endpoint", proxy.address], env={**os.environ}) as first:
            assert proxy.stopped.wait(60)
            assert not (tmp_path / "wikidata").exists()
            first.send_signal(signal.SIGKILL)
        before = set(proxy.asked[:-1])
        proxy.asked.clear()
        proxy.stop_at = 0
        done = subprocess.run([*script, "--endpoint", proxy.address], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert proxy.asked[0] not in before
        assert not before & set(proxy.asked)
    assert (tmp_path / "wikidata" / "space_objects.tsv").is_file()
    assert list(tmp_path.rglob("*.json")) == []


def test_two_refreshes_do_not_share_a_folder(inquiry: Inquiry, proxy: Proxy, server: str, tmp_path: Path) -> None:
    script = [sys.executable, "-m", "spacekg", "wikidata", "refresh", "--out", str(tmp_path)]
    with endpoints.proxied(server) as slow:
        slow.stop_at = 1
        with subprocess.Popen([*script, "--endpoint", slow.address]) as other:
            assert slow.stopped.wait(60)
            with pytest.raises(WorkshopError, match="another refresh"):
                wikidata.refresh(inquiry, KNOWN, tmp_path, DAY)
            other.kill()
    assert proxy.asked == []


def test_a_folder_that_no_refresh_made_is_left_alone(inquiry: Inquiry, tmp_path: Path) -> None:
    (tmp_path / "wikidata").mkdir()
    (tmp_path / "wikidata" / "space_objects.tsv").write_text("mine", encoding="utf-8")
    with pytest.raises(WorkshopError, match="no refresh made"):
        wikidata.refresh(inquiry, KNOWN, tmp_path, DAY)
    assert (tmp_path / "wikidata" / "space_objects.tsv").read_text(encoding="utf-8") == "mine"


def test_a_stale_answer_is_asked_for_again(tmp_path: Path) -> None:
    Shelf(tmp_path).keep("http://e.org/", "text", b"answer")
    assert Shelf(tmp_path).find("http://e.org/", "text") == b"answer"
    assert Shelf(tmp_path).find("http://e.org/other", "text") is None
    assert Shelf(tmp_path, seconds=0).find("http://e.org/", "text") is None


def test_the_check_finds_what_became_of_each_item(inquiry: Inquiry) -> None:
    found = {one.entity: (one.what, one.theirs) for one in wikidata.check(inquiry, KNOWN)}
    assert found == {
        "hubble": ("ok", ""),
        "nasa": ("ok", ""),
        "apollo-11": ("ok", ""),
        "old-hubble": ("redirected", "Q2513 (the item of hubble)"),
        "made-up": ("redirected", "Q900"),
        "gone": ("deleted", ""),
    }


def test_the_check_finds_changed_labels_and_cospar_ids(inquiry: Inquiry) -> None:
    other = {"probe": Entity("probe", "SpaceProbe", "Another Probe", "", "wikidata", 1)}
    links = (linked("probe", "wikidata", "Q900"), linked("probe", "cospar", "2001-001B"))
    found = wikidata.check(inquiry, Reference(other, (), links, (), (), (), ()))
    assert [(one.what, one.ours, one.theirs) for one in found] == [
        ("label", "Another Probe", "Made-up Probe"),
        ("cospar", "2001-001B", "2001-001A"),
    ]


def test_the_command_lists_every_item_and_ends_with_one(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["wikidata", "check", "--endpoint", server]) == 1
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert {row["item"]: row["what"] for row in rows}["Q2513"] == "ok"
    assert len(rows) > 8_000


@pytest.mark.parametrize("contact", ["nobody", "a b@e.org", "me@e.org\r\nX: y", "ftp://e.org/"])
def test_a_contact_is_a_mail_address_or_a_page(contact: str) -> None:
    assert cli.run(["wikidata", "check", "--contact", contact, "--endpoint", "http://127.0.0.1:1/"]) == 2


@given(st.lists(st.one_of(st.text(), st.from_regex(r"Q[1-9][0-9]{0,9}", fullmatch=True)), min_size=1))
def test_only_items_get_into_a_query(items: list[str]) -> None:
    text = "SELECT * { VALUES ?item { wd:Q1 } }"
    try:
        made = questions.bound(text, items)
    except DeclarationError:
        assert any(not re.fullmatch(r"Q[1-9][0-9]*", item, re.ASCII) for item in items)
    else:
        assert re.fullmatch(r"SELECT \* \{ VALUES \?item \{ (wd:Q[1-9][0-9]* )+\} \}", made, re.ASCII)


@pytest.mark.parametrize("text", ["SELECT * {}", "VALUES ?item { wd:Q1 } VALUES ?item { wd:Q2 }"])
def test_a_query_names_its_items_once(text: str) -> None:
    with pytest.raises(DeclarationError, match="once"):
        questions.bound(text, ["Q1"])


def test_every_class_has_a_place_in_the_raw_tables(rules: Declared, known: Reference) -> None:
    places = roster.read(known, rules.folder / "data" / "reference" / "curated")
    assert len(places) > 8_000
    assert all(place.verified or place.kind or place.also for place in places.values())


def test_a_class_without_a_row_is_named(tmp_path: Path) -> None:
    (tmp_path / roster.KINDS).write_text("class,verified,object,also\nSpaceProbe,a,b,\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"raw_kinds\.csv: no row for SpaceTelescope"):
        roster.read(KNOWN, tmp_path)
    (tmp_path / roster.KINDS).write_text("class,verified,object,also\nSpaceProbe,a,b,elsewhere\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"raw_kinds\.csv: row 2: also"):
        roster.read(KNOWN, tmp_path)
