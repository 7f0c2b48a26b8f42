"""The reference tables: what reads, and that every wrong row is named by file, row and column."""

from __future__ import annotations

import csv
import shutil
import string
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacekg import reference
from spacekg.errors import DeclarationError
from spacekg.reference import COLUMNS, Reference

ROWS = {
    "entities.csv": [
        ["csa", "NationalSpaceAgency", "Canadian Space Agency", "", "wikidata", "60"],
        ["falcon", "LaunchVehicle", "Falcon", "", "gcat", "1"],
        ["canada", "State", "Canada", "a state", "iso", "50"],
        ["probe", "SpaceProbe", "Probe", "", "wikidata", "2"],
    ],
    "names.csv": [["csa", "Canadian Space Agency", "en", "label", "wikidata", ""]],
    "identifiers.csv": [["csa", "wikidata", "Q212227", "exact", "verified", "seen", "wikidata", "given", "1.0"]],
    "facts.csv": [["csa", "agencyOf", "canada", "id", "", "wikidata"]],
    "launches.csv": [
        ["launch-1", "Launch 1", "2000-001", "2000-02-29", "xsd:date", "falcon", "", "csa", "probe", "gcat"]
    ],
    "closed.csv": [
        ["probe", "launchedBy", "csa", "2000-02-29", "a treaty", "", "Agent"],
        ["probe", "quantity:member-states", "3", "2000-02-29", "a treaty", "", ""],
    ],
    "sources.csv": [[name, name, "https://e.org/", name, "https://e.org/", ""] for name in ("gcat", "iso", "wikidata")],
}


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    for file, rows in ROWS.items():
        write(tmp_path / file, [list(COLUMNS[file]), *rows])
    return tmp_path


def write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


def test_small_tables_read(tables: Path) -> None:
    known = reference.read(tables)
    assert known.entities["csa"].kind == "NationalSpaceAgency"
    assert known.entities["csa"].prominence == 60
    assert [name.text for name in known.names] == ["Canadian Space Agency"]
    assert known.launches[0].payloads == ("probe",)
    assert known.launches[0].site == ""
    assert [closed.members for closed in known.closed] == [("csa",), ("3",)]


@pytest.mark.parametrize(
    ("file", "column", "value"),
    [
        ("entities.csv", "id", "CSA!"),
        ("entities.csv", "id", "canada"),
        ("entities.csv", "class", ""),
        ("entities.csv", "label", " "),
        ("entities.csv", "source", "hearsay"),
        ("entities.csv", "prominence", "high"),
        ("names.csv", "id", "nobody"),
        ("names.csv", "name", ""),
        ("names.csv", "kind", "nickname"),
        ("names.csv", "risk", "maybe"),
        ("identifiers.csv", "value", "212227"),
        ("identifiers.csv", "value", "Q0"),
        ("identifiers.csv", "match", "same"),
        ("identifiers.csv", "status", "guessed"),
        ("identifiers.csv", "confidence", "sure"),
        ("facts.csv", "id", "nobody"),
        ("facts.csv", "value", "nobody"),
        ("facts.csv", "datatype", "xsd:color"),
        ("launches.csv", "id", "csa"),
        ("launches.csv", "date", "2001-02-29"),
        ("launches.csv", "date", "2001"),
        ("launches.csv", "vehicle", "nobody"),
        ("launches.csv", "payloads", "probe|nobody"),
        ("closed.csv", "members", "csa|nobody"),
        ("closed.csv", "as_of", "2000"),
    ],
)
def test_a_wrong_cell_is_named(tables: Path, file: str, column: str, value: str) -> None:
    rows = [list(COLUMNS[file]), *(list(row) for row in ROWS[file])]
    at = 1 if (column, value) != ("id", "canada") else 3
    rows[at][COLUMNS[file].index(column)] = value
    if value == "canada":  # The row of `canada` follows itself: the second is the one too many.
        rows.append(rows[at])
        at = len(rows) - 1
    write(tables / file, rows)
    with pytest.raises(DeclarationError, match=rf"^{file}: row {at + 1}: {column}: "):
        reference.read(tables)


def test_one_item_for_two_entities_is_refused(tables: Path) -> None:
    first = ROWS["identifiers.csv"][0]
    write(tables / "identifiers.csv", [list(COLUMNS["identifiers.csv"]), first, ["canada", *first[1:]]])
    with pytest.raises(DeclarationError, match=r"identifiers\.csv: row 3: value: Q212227 is already .*'csa'"):
        reference.read(tables)


def test_a_candidate_item_may_be_the_item_of_another(tables: Path) -> None:
    first = ROWS["identifiers.csv"][0]
    other = ["canada", *first[1:4], "candidate", *first[5:]]
    write(tables / "identifiers.csv", [list(COLUMNS["identifiers.csv"]), first, other])
    assert [known.status for known in reference.read(tables).identifiers] == ["verified", "candidate"]


@pytest.mark.parametrize("file", sorted(COLUMNS))
def test_a_wrong_column_is_named(tables: Path, file: str) -> None:
    write(tables / file, [["identity", *COLUMNS[file][1:]], *ROWS[file]])
    with pytest.raises(DeclarationError, match=rf"{file}: row 1: columns are identity,.*wants {COLUMNS[file][0]},"):
        reference.read(tables)


@pytest.mark.parametrize("file", sorted(COLUMNS))
def test_a_row_of_another_length_is_named(tables: Path, file: str) -> None:
    write(tables / file, [list(COLUMNS[file]), *ROWS[file], ["csa"]])
    with pytest.raises(DeclarationError, match=rf"{file}: row {len(ROWS[file]) + 2}: .*1 cells; wants"):
        reference.read(tables)


@pytest.mark.parametrize("file", sorted(COLUMNS))
def test_a_missing_table_is_named(tables: Path, file: str) -> None:
    (tables / file).unlink()
    with pytest.raises(DeclarationError, match=file):
        reference.read(tables)


@pytest.mark.parametrize(
    "tail", [b'csa,"Canada" ,en,label,wikidata,\r\n', b'csa,"Canada', b"csa,\xff,en,label,wikidata,"]
)
def test_a_stray_quote_or_byte_is_named(tables: Path, tail: bytes) -> None:
    path = tables / "names.csv"
    path.write_bytes(path.read_bytes() + tail)
    with pytest.raises(DeclarationError, match=r"names\.csv: row \d: "):
        reference.read(tables)


@given(cell=st.text(alphabet=string.printable, max_size=12), column=st.sampled_from(range(6)))
def test_any_cell_reads_or_is_named(cell: str, column: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("any")
    for file, rows in ROWS.items():
        write(folder / file, [list(COLUMNS[file]), *rows])
    row = list(ROWS["facts.csv"][0])
    row[column] = cell
    write(folder / "facts.csv", [list(COLUMNS["facts.csv"]), row])
    try:
        known = reference.read(folder)
    except DeclarationError as error:
        assert str(error).startswith("facts.csv: row 2: ")
    else:
        fact = known.facts[0]
        assert [fact.entity, fact.property, fact.value, fact.datatype, fact.as_of, fact.source] == row
    shutil.rmtree(folder)


def test_every_entity_has_one_english_label(known: Reference) -> None:
    labels = {
        name.entity: name.text for name in known.names if name.kind == "label" and "en" in name.language.split("|")
    }
    assert labels == {entity.id: entity.label for entity in known.entities.values()}


def test_a_name_that_came_in_lower_case_is_hidden(known: Reference) -> None:
    given = [name for name in known.names if name.source == "wikidata" and name.text.isascii() and name.text.islower()]
    assert len(given) > 5_000
    assert {name.kind for name in given} == {"hidden"}


@pytest.mark.parametrize(
    ("name", "entities"),
    [
        ("NASA", {"nasa"}),
        ("ISS", {"iss"}),
        ("JWST", {"jwst"}),
        ("Hubble", {"hubble-space-telescope"}),
        ("Cassini", {"cassini", "cassini-huygens"}),
        ("Cassini–Huygens", {"cassini-huygens"}),
        ("Soyuz", {"soyuz-spacecraft", "soyuz-launch-vehicle", "soyuz-programme"}),
        ("Galileo", {"galileo-space-probe", "galileo-space-programme"}),
        ("USA", {"united-states"}),
        ("UK", {"united-kingdom"}),
        ("Red Planet", {"mars"}),
        ("Mars rover missions", {"mars-rovers"}),
        ("international coordination group", {"isecg"}),
        ("Soviet", {"soviet-union"}),
    ],
)
def test_a_name_people_write_leads_to_what_they_mean(known: Reference, name: str, entities: set[str]) -> None:
    assert {one.entity for one in known.names if one.text == name} >= entities


def test_the_best_known_bearer_of_an_acronym_leads(known: Reference) -> None:
    for acronym, meant in (("CSA", "csa"), ("ESA", "esa"), ("ISS", "iss"), ("DLR", "dlr")):
        bearers = {name.entity for name in known.names if name.text == acronym}
        assert max(bearers, key=lambda entity: known.entities[entity].prominence) == meant


def test_an_agency_of_many_states_is_not_one_of_its_seat(known: Reference) -> None:
    served = {(fact.entity, fact.value) for fact in known.facts if fact.property == "agencyOf"}
    assert ("esa", "europe") in served
    assert ("esa", "france") not in served
    assert {("nasa", "united-states"), ("csa", "canada"), ("jaxa", "japan"), ("roscosmos", "russia")} <= served


def test_roscosmos_has_its_predecessors(known: Reference) -> None:
    before = {fact.entity: fact.value for fact in known.facts if fact.property == "successorOf"}
    chain = ["roscosmos"]
    while chain[-1] in before:
        chain.append(before[chain[-1]])
    assert chain[1:4] == ["federal-space-agency", "rosaviakosmos", "russian-space-agency"]


def test_things_nobody_verified_have_no_item(known: Reference) -> None:
    linked = {one.entity for one in known.identifiers if one.scheme == "wikidata" and one.status == "verified"}
    unverified = {"space-race", "artemis-accords", "isecg", "planck-collaboration", "the-exploration-company"}
    assert unverified <= known.entities.keys()
    assert not unverified & linked


def test_values_are_frozen(known: Reference) -> None:
    entity = known.entities["nasa"]
    assert replace(entity, label="NASA") != entity
    with pytest.raises(AttributeError):
        entity.label = "NASA"  # type: ignore[misc]


def test_a_launch_is_of_the_year_of_its_designation(known: Reference) -> None:
    """What a station releases has the station's designation, but came up on another day."""
    assert [one.tag for one in known.launches if one.tag[:4] != one.date[:4]] == []
    assert len(known.launches) > 2_000
