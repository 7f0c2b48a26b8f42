"""Tables of a release: CSV and Parquet with the same cells, described so that another's tool checks and reads them."""

from __future__ import annotations

import csv
import json
import shutil
import sys
from pathlib import Path

import csvw
import pytest
from pyarrow import parquet
from pyld import jsonld
from pyoxigraph import Literal, NamedNode, Quad

from spacekg import declared, dumps, web
from spacekg.declared import BASE, RDF, SKG, SKOS, Declared
from spacekg.dumps import Dumps, tables
from spacekg.errors import DeclarationError
from spacekg.publication import Publication
from spacekg.release import Release, open_release, publish
from spacekg.store import Store

FORMULA = '=HYPERLINK("http://evil.example";"x")\r\n+1, "quoted" \N{ROCKET}'
VOCABULARY = {
    "http://www.w3.org/ns/csvw": {
        "@context": {
            "@vocab": "http://www.w3.org/ns/csvw#",
            "dc": "http://purl.org/dc/terms/",
            "tables": {"@id": "http://www.w3.org/ns/csvw#table", "@container": "@set"},
            "columns": {"@id": "http://www.w3.org/ns/csvw#column", "@container": "@list"},
            "url": {"@type": "@id"},
        }
    }
}
"""As much of the context at that address as says what is a term and what a list."""


@pytest.fixture(scope="module")
def made(shipped_release: Release, rules: Declared, tmp_path_factory: pytest.TempPathFactory) -> Dumps:
    """The tables alone of the shipped documents: what else is dumped has tests of its own."""
    folder = tmp_path_factory.mktemp("tables")
    found = dumps._tables(shipped_release, tables.read(rules), folder)
    return Dumps(folder, json.loads(json.dumps({"release": shipped_release.id, "files": found})))


def small(out: Path) -> Release:
    graph, iss = NamedNode(f"{BASE}graph/reference/one"), NamedNode(f"{BASE}id/iss")
    said = [
        (f"{RDF}type", NamedNode(f"{SKG}Organization")),
        (f"{SKOS}prefLabel", Literal(FORMULA, language="en")),
        (f"{SKG}foundingDate", Literal("1998", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#gYear"))),
        (f"{SKG}rorId", Literal("two")),
        (f"{SKG}rorId", Literal("one")),
    ]
    return publish([Quad(iss, NamedNode(name), value, graph) for name, value in said], [], {}, {}, out)


@pytest.fixture(scope="module")
def tiny(rules: Declared, tmp_path_factory: pytest.TempPathFactory) -> Dumps:
    return dumps.write(small(tmp_path_factory.mktemp("tiny")), rules.prefixes, tables=tables.read(rules))


def named(made: Dumps, ending: str) -> Path:
    return next(made.path(name) for name in made.files if name.endswith(ending))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_table_has_rows_and_no_two_with_one_key(made: Dumps, rules: Declared) -> None:
    for table in tables.read(rules):
        found = rows(named(made, f"-{table.name}.csv"))
        assert len(found) == made.files[named(made, f"-{table.name}.csv").name]["rows"] > 0
        assert len({tuple(row[column] for column in table.key) for row in found}) == len(found), table.name


def test_parquet_has_the_cells_of_the_csv(made: Dumps, rules: Declared) -> None:
    for table in tables.read(rules):
        kinds = {column.name: column.datatype for column in table.columns}
        typed = parquet.read_table(named(made, f"-{table.name}.parquet")).to_pylist()
        for row, cells in zip(rows(named(made, f"-{table.name}.csv")), typed, strict=True):
            for name, text in row.items():
                if kinds[name] in tables.LISTS:
                    assert cells[name] == (text.split(tables.SEPARATOR) if text else [])
                else:
                    assert cells[name] == (tables.NUMBERS.get(kinds[name], str)(text) if text else None)


def test_another_tool_finds_the_files_to_be_what_their_metadata_say(tiny: Dumps) -> None:
    assert checked(named(tiny, dumps.METADATA)) == sum(name.endswith(".csv") for name in tiny.files)


@pytest.mark.parametrize(
    ("ending", "was", "mended"), [("-names.csv", "id/iss", "id/mir"), ("-organisations.csv", "1998", "x")]
)
def test_and_finds_what_was_edited(tiny: Dumps, tmp_path: Path, ending: str, was: str, mended: str) -> None:
    shutil.copytree(tiny.folder, tmp_path / "copy")
    path = tmp_path / "copy" / named(tiny, ending).name
    path.write_bytes(path.read_bytes().replace(was.encode(), mended.encode(), 1))
    with pytest.raises(ValueError, match=r"."):
        checked(tmp_path / "copy" / named(tiny, dumps.METADATA).name)


def checked(metadata: Path) -> int:
    """Let csvw read every cell and follow every foreign key; gives how many tables there are."""
    group = csvw.TableGroup.from_file(metadata)
    for table in group.tables:
        list(table.iterdicts(strict=True))
    group.check_referential_integrity(strict=True)
    return len(group.tables)


def test_the_metadata_are_json_ld(tiny: Dumps) -> None:
    def loader(address: str, _: object) -> dict[str, object]:
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": address,
            "document": VOCABULARY[address],
        }

    about = json.loads(named(tiny, dumps.METADATA).read_bytes())
    (group,) = jsonld.expand(about, {"documentLoader": loader, "base": "http://a.example/"})
    assert group["@type"] == ["http://www.w3.org/ns/csvw#TableGroup"]
    found = group["http://www.w3.org/ns/csvw#table"]
    assert {each["http://www.w3.org/ns/csvw#url"][0]["@id"] for each in found} == {
        f"http://a.example/{name}" for name in tiny.files if name.endswith(".csv")
    }


def test_cells_are_exact_and_lists_in_order(tmp_path: Path, rules: Declared) -> None:
    made = dumps.write(small(tmp_path), rules.prefixes, tables=tables.read(rules))
    (row,) = rows(named(made, "-organisations.csv"))
    assert row["name"] == FORMULA
    assert (row["founded"], row["ror"], row["kinds"]) == ("1998", "one|two", "Organization")


def test_the_same_release_gives_the_same_bytes(tmp_path: Path, rules: Declared) -> None:
    one, other = (
        dumps.write(small(tmp_path / name), rules.prefixes, tables=tables.read(rules)) for name in ("one", "other")
    )
    assert one.manifest == other.manifest
    assert {told["compression"] for told in one.files.values()} == {"", "gz", "zst"}
    one.check()


def test_without_pyarrow_there_is_csv_and_the_manifest_names_the_extra(
    tmp_path: Path, rules: Declared, monkeypatch: pytest.MonkeyPatch
) -> None:
    release, wanted = small(tmp_path), tables.read(rules)
    with monkeypatch.context() as absent:
        absent.setitem(sys.modules, "pyarrow", None)
        made = dumps.write(release, rules.prefixes, tables=wanted)
    assert "spacekg[tables]" in made.manifest["skipped"][dumps.TABLES]
    assert {told["format"] for told in made.files.values() if told["part"] == dumps.TABLES} == {"csv", "csvw"}
    assert dumps.TABLES not in dumps.write(release, rules.prefixes, tables=wanted).manifest["skipped"]


def test_tables_are_served_with_what_describes_them(tmp_path: Path, rules: Declared) -> None:
    release = open_release(small(tmp_path).folder)
    made = dumps.write(release, rules.prefixes, tables=tables.read(rules))
    client = web.create_app(Store(release.quads(), release.id), published=Publication(release=release)).test_client()
    name = named(made, "-organisations.csv").name
    answer = client.get(f"/release/latest/{name}")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.data == made.path(name).read_bytes()
    about = named(made, dumps.METADATA).name
    assert f'{about}>; rel="describedby"; type="application/csvm+json"' in answer.headers["Link"]
    page = client.get("/dumps").text
    assert f"{name}</a>" in page
    assert "1 rows" in page


def test_a_column_that_its_query_lacks_is_named(tmp_path: Path, rules: Declared) -> None:
    for name in ("ontology", "data", "queries"):
        shutil.copytree(rules.folder / name, tmp_path / name)
    path = tmp_path / "queries" / tables.FOLDER / tables.COLUMNS
    path.write_text(path.read_text().replace("claims,rule,", "claims,role,"))
    with pytest.raises(DeclarationError, match=r"claims: wants the columns of its query"):
        tables.read(declared.read(tmp_path))
