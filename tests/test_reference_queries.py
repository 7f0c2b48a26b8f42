"""The shipped questions about the reference data: their answers were checked by hand, and agree with the tables."""

from __future__ import annotations

from collections import defaultdict

import pytest
from tests import asking

from spacekg.cli import releases
from spacekg.declared import Declared
from spacekg.reference import Reference
from spacekg.release import Release
from spacekg.store import Store

ID = "https://w3id.org/spacekg/id/"
NASA = "National Aeronautics and Space Administration"


@pytest.fixture(scope="module")
def store(shipped_release: Release, rules: Declared) -> Store:
    return releases.stored(shipped_release, rules, releases.OWN_MACHINE)


def answer(store: Store, rules: Declared, name: str) -> list[dict[str, str]]:
    header, *rows = asking.rows(store, name, rules)
    return [{key: cell.removeprefix(ID) for key, cell in zip(header, row, strict=True)} for row in rows]


def facts(known: Reference, relation: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for fact in known.facts:
        if fact.property == relation:
            found[fact.entity].add(fact.value)
    return found


def test_crewed_missions_by_decade(store: Store, rules: Declared, known: Reference) -> None:
    rows = answer(store, rules, "crewed_missions_by_decade")
    flown = {(row["decade"], row["operator"]): row["names"].split(", ") for row in rows}
    assert all(int(row["missions"]) == len(row["names"].split(", ")) for row in rows)
    mercury = ["Mercury-Redstone 3", "Mercury-Redstone 4", *(f"Mercury-Atlas {number}" for number in (6, 7, 8, 9))]
    gemini = [f"Gemini {number}" for number in (3, 4, 5, "6A", 7, 8, "9A", 10, 11, 12)]
    apollo = [f"Apollo {number}" for number in range(7, 13)]
    assert flown["1960s", "nasa"] == sorted([*mercury, *gemini, *apollo])
    assert {"Vostok 1", "Vostok 6", "Voskhod 2"} < set(flown["1960s", "soviet-union"])
    assert {f"Apollo {number}" for number in range(13, 18)} < set(flown["1970s", "nasa"])
    assert {"STS-1", "STS-51-L"} < set(flown["1980s", "nasa"])
    assert "Inspiration4" in flown["2020s", "spacex"]
    operators, dates = facts(known, "operator"), facts(known, "launchDate")
    crewed = [one.id for one in known.entities.values() if one.kind == "CrewedMission"]
    counted = sum(len(operators[one]) for one in crewed if dates.get(one))
    assert sum(int(row["missions"]) for row in rows) == counted


def test_missions_of_several_agencies(store: Store, rules: Declared) -> None:
    rows = {row["mission"]: row for row in answer(store, rules, "missions_of_several_agencies")}
    assert rows["cassini-huygens"]["agencyNames"] == f"European Space Agency, Italian Space Agency, {NASA}"
    assert rows["jwst"]["agencyNames"] == f"Canadian Space Agency, European Space Agency, {NASA}"
    assert rows["hubble-space-telescope"]["agencyNames"] == f"European Space Agency, {NASA}"
    assert rows["iss"]["agencies"] == "5"
    assert rows["gravity-recovery-and-climate-experiment"]["agencyNames"] == f"German Aerospace Center, {NASA}"
    assert not {"apollo-11", "voyager-1", "curiosity", "artemis-accords", "nasa"} & set(rows)
    assert all(int(row["agencies"]) == len(set(row["agencyNames"].split(", "))) > 1 for row in rows.values())


def test_launched_on_an_ariane_5(store: Store, rules: Declared, known: Reference) -> None:
    rows = {row["craft"]: row for row in answer(store, rules, "launched_on_ariane_5")}
    assert rows["jwst"]["date"] == "2021-12-25"
    assert rows["rosetta"]["date"] == "2004-03-02"
    assert {row["site"] for row in rows.values()} == {"Guiana Space Centre"}
    wholes = facts(known, "partOf")
    variants = {"ariane-5"} | {part for part, whole in wholes.items() if "ariane-5" in whole}
    assert set(rows) == {craft for one in known.launches if one.vehicle in variants for craft in one.payloads}


def test_agencies_founded_after_2000(store: Store, rules: Declared, known: Reference) -> None:
    rows = {row["agency"]: row for row in answer(store, rules, "agencies_founded_after_2000")}
    jaxa, uksa, kasa = rows["jaxa"], rows["uksa"], rows["korea-aerospace-administration"]
    assert (jaxa["founded"], jaxa["website"], jaxa["ror"]) == ("2003-10-01", "https://global.jaxa.jp/", "059yhyy33")
    assert (uksa["founded"][:4], uksa["ror"]) == ("2010", "051sgbe98")
    assert (kasa["founded"], kasa["ror"]) == ("2024-05-27", "03khw1425")
    founded = facts(known, "foundingDate")
    agencies = [one.id for one in known.entities.values() if one.kind.endswith("SpaceAgency")]
    assert set(rows) == {one for one in agencies if max(founded.get(one, {""}))[:4] > "2000"}
    assert not {"nasa", "esa", "roscosmos", "csa"} & set(rows)


def test_predecessors_of_roscosmos(store: Store, rules: Declared) -> None:
    rows = answer(store, rules, "predecessors_of_roscosmos")
    assert [row["body"] for row in sorted(rows, key=lambda row: int(row["steps"]))] == [
        "federal-space-agency",
        "rosaviakosmos",
        "russian-space-agency",
        "ministry-of-general-machine-building",
    ]


def test_link_evidence(store: Store, rules: Declared, known: Reference) -> None:
    rows = answer(store, rules, "link_evidence")
    nasa = next(row for row in rows if row["agency"] == "nasa" and row["item"].endswith("/Q23548"))
    assert nasa["justification"] == "https://w3id.org/semapv/vocab/LexicalMatching"
    assert float(nasa["confidence"]) == 1
    assert nasa["evidence"]
    linked = {one.entity for one in known.identifiers if one.scheme == "wikidata" and one.status == "verified"}
    agencies = {one.id for one in known.entities.values() if one.kind.endswith("SpaceAgency")}
    assert agencies & linked <= {row["agency"] for row in rows}


def test_the_counts_name_every_source_and_licence(
    shipped_release: Release, known: Reference, capsys: pytest.CaptureFixture[str]
) -> None:
    from spacekg import cli  # noqa: PLC0415

    assert cli.run(["stats", "--release", str(shipped_release.folder)]) == 0
    rows = [line.split(",") for line in capsys.readouterr().out.splitlines()]
    counted = {(what, name): int(number) for what, name, number in rows[1:]}
    for source in known.sources:
        assert counted["graph", f"skgraph:reference/{source.name}"] > 100
    assert {name for what, name in counted if what == "licence"} >= {"CC BY 4.0", "CC0 1.0", "PDDL 1.0"}
    total = sum(shipped_release.manifest["quads"].values())
    assert sum(number for (what, _), number in counted.items() if what == "licence") == total
