"""The Python API: the same answers from a release and from an endpoint, of true types, and nothing cut in silence."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, parse_query_results
from tests import endpoints
from tests.asked import served

import spacekg
from spacekg import local, web
from spacekg.answers import AnswerTooLargeError, Limits
from spacekg.declared import Declared
from spacekg.entities import UnknownThingError
from spacekg.entities.values import Named
from spacekg.errors import BadQueryError, ReleaseError, RemoteError, SpacekgError, UnknownFormatError
from spacekg.knowledge import Knowledge, cells, drawings, frames, quick
from spacekg.knowledge.tables import Table
from spacekg.knowledge.values import IRI, Date, Other, Text, value
from spacekg.release import Release
from spacekg.remote import TruncatedError

XSD = "http://www.w3.org/2001/XMLSchema#"
DATES = (
    "SELECT ?d { VALUES ?d { '2001'^^xsd:gYear '2001-04'^^xsd:gYearMonth '2001-04-07'^^xsd:date UNDEF } }"
    " ORDER BY STR(?d)"
)


@pytest.fixture(scope="module")
def here(shipped_release: Release) -> Knowledge:
    return spacekg.open(shipped_release.folder)


@pytest.fixture(scope="module")
def there(here: Knowledge) -> Iterator[Knowledge]:
    with served(web.create_app(here.engine)) as address:
        yield spacekg.open(f"{address}sparql", seconds=60)


@pytest.fixture(scope="module", params=["here", "there"])
def kg(request: pytest.FixtureRequest) -> Knowledge:
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("name", ["jwst", "https://w3id.org/spacekg/id/jwst", "James Webb Space Telescope"])
def test_an_entity_is_found_by_each_of_its_names(kg: Knowledge, name: str) -> None:
    found = kg.entity(name)
    assert (found.id, found.kind) == ("jwst", "space telescope")
    assert found.claims


def test_an_entity_is_found_by_its_item(kg: Knowledge) -> None:
    assert kg.entity("Q23548").id == "nasa"


def test_a_claim_has_its_words(kg: Knowledge, shipped_release: Release) -> None:
    for claim in kg.entity("jwst").claims:
        evidence = claim.evidence
        text = shipped_release.text(evidence.document.iri.rpartition("/")[2])
        assert text[evidence.start : evidence.end] == evidence.exact
        assert claim.status and claim.rule and claim.confidence


def test_a_name_of_nothing_says_what_is_near(kg: Knowledge) -> None:
    with pytest.raises(UnknownThingError, match="did you mean"):
        kg.entity("Jame Webb Space Telescop")
    assert kg.search("webb telescope")[0].iri.endswith("/jwst")
    assert kg.search('"quoted\\') == []


def test_entities_are_those_of_a_class(kg: Knowledge) -> None:
    found = {each.iri.rpartition("/")[2] for each in kg.entities("SpaceAgency")}
    assert {"nasa", "esa"} <= found
    assert "jwst" not in found


def test_rows_are_typed(kg: Knowledge) -> None:
    table = kg.query("SELECT * { VALUES (?n ?x ?t ?b ?i ?u) { (1 1.50 'a'@en true skg:Rover UNDEF) } }")
    row = table[0]
    assert row == {"n": 1, "x": Decimal("1.5"), "t": Text("a", "en"), "b": True, "i": f"{_skg()}Rover", "u": None}
    assert isinstance(row["i"], IRI)
    assert list(kg.query(DATES)) == [
        {"d": None},
        {"d": Date(date(2001, 1, 1), "year", "2001")},
        {"d": Date(date(2001, 4, 1), "month", "2001-04")},
        {"d": Date(date(2001, 4, 7), "day", "2001-04-07")},
    ]


def _skg() -> str:
    return "https://w3id.org/spacekg/ontology#"


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_frame_has_true_types(kg: Knowledge, library: str) -> None:
    frame = kg.frame(
        "SELECT ?n ?w ?t ?thing { VALUES (?n ?w ?t ?thing) { (1 1.5e0 'a'@en skid:jwst) (UNDEF UNDEF 'b' UNDEF) } }",
        library,
    )
    assert list(frame.columns) == ["n", "w", "t", "t_lang", "thing", "thing_label"]
    kinds = [str(kind) for kind in frame.dtypes]
    text = {"pandas": "string", "polars": "String"}[library]
    assert kinds == ["Int64", "Float64", text, text, text, text]
    assert next(iter(frame["thing_label"])) == "James Webb Space Telescope"
    assert next(iter(frame["thing"])) == "skid:jwst"


def test_a_frame_keeps_how_precise_a_date_is(here: Knowledge) -> None:
    frame = here.frame(DATES, "polars")
    assert frame.rows() == [
        (None, None),
        (date(2001, 1, 1), "year"),
        (date(2001, 4, 1), "month"),
        (date(2001, 4, 7), "day"),
    ]
    assert str(here.frame(DATES)["d"].dtype) == "datetime64[s]"


def test_a_frame_keeps_numbers_and_moments_exact(here: Knowledge) -> None:
    text = (
        "SELECT ?d ?z ?m { VALUES (?d ?z ?m) { (1.25 '2001-04-07T12:00:00+02:00'^^xsd:dateTime 1) "
        "(10.5 '2001-04-07T12:00:00Z'^^xsd:dateTime 'one') } } ORDER BY ?d"
    )
    first, _ = here.frame(text, "polars").rows()
    assert first == (Decimal("1.25"), datetime(2001, 4, 7, 10, tzinfo=UTC), "1")
    assert list(here.frame(text)["d"]) == [Decimal("1.25"), Decimal("10.5")]


def test_a_frame_of_no_rows_has_its_columns(here: Knowledge) -> None:
    assert list(here.frame("SELECT ?a ?b { ?a ?b 'nothing has this' }").columns) == ["a", "b"]


def test_a_frame_says_when_two_columns_would_be_one(here: Knowledge) -> None:
    with pytest.raises(UnknownFormatError, match="rename"):
        here.frame("SELECT * { VALUES (?a ?a_lang) { ('x'@en 'y') } }")
    with pytest.raises(UnknownFormatError, match="pandas or polars"):
        here.frame(DATES, "excel")


def test_a_graph_is_rdflibs(kg: Knowledge) -> None:
    graph = kg.graph("CONSTRUCT { ?s rdfs:label ?l } WHERE { VALUES ?s { skid:jwst } ?s rdfs:label ?l }")
    assert "James Webb Space Telescope" in {str(label) for label in graph.objects()}
    with pytest.raises(BadQueryError, match="CONSTRUCT or DESCRIBE"):
        kg.graph("SELECT * { ?s ?p ?o } LIMIT 1")


def test_the_network_says_who_works_with_whom_and_why(kg: Knowledge) -> None:
    network = kg.network()
    names = dict(network.nodes(data="name"))
    edge = network.edges["https://w3id.org/spacekg/id/esa", "https://w3id.org/spacekg/id/nasa"]
    assert names["https://w3id.org/spacekg/id/esa"] == "European Space Agency"
    assert edge["weight"] == len(edge["collaborations"]) > 1
    assert edge["types"]
    assert edge["evidence"]
    assert kg.engine.answer_named("entity/claim", thing=edge["evidence"][0])
    drawn = kg.engine.answer_named("pages/network")
    assert {(row["first"].value, row["second"].value): int(row["together"].value) for row in drawn} == {
        (min(ends), max(ends)): weight for *ends, weight in network.edges(data="weight")
    }


@given(st.text(), st.text())
def test_what_a_notebook_shows_is_escaped(text: str, address: str) -> None:
    shown = Table(("<b>",), ((f"<script>{text}",), (IRI(f"javascript:{address}"),)))._repr_html_()
    assert "<script" not in shown
    assert "<b>" not in shown
    assert "href" not in shown


def test_an_entity_is_shown(here: Knowledge) -> None:
    shown = here.entity("jwst")._repr_html_()
    assert "James Webb Space Telescope" in shown
    assert "evidence" in shown
    count = len(here.entity("jwst").claims)
    assert repr(here.entity("jwst")) == f"<Entity jwst: James Webb Space Telescope, space telescope, {count} claims>"
    drawn = ElementTree.fromstring(shown[shown.index("<svg") : shown.index("</svg>") + 6])
    assert 0 < len([each for each in drawn if each.tag.endswith("line")]) <= drawings.MOST
    assert "Europe" in "".join(drawn.itertext())


@given(st.text("<>&\"'ab", max_size=20), st.sampled_from(["javascript:x", 'https://e.org/"><script>']))
def test_a_drawing_is_escaped(name: str, address: str) -> None:
    thing = Named(address, name)
    drawn = ElementTree.fromstring(drawings.around(thing, [(name, thing)]))
    assert {each.tag.rpartition("}")[2] for each in drawn.iter()} <= {"svg", "title", "line", "a", "text"}
    assert all(each.get("href", "https:").startswith("https:") for each in drawn.iter())


KINDS = st.sampled_from(["gYear", "gYearMonth", "date", "integer", "decimal", "double", "boolean", "dateTime", "odd"])


@given(st.text(), KINDS)
def test_no_literal_is_lost(text: str, kind: str) -> None:
    read = value(Literal(text, datatype=NamedNode(f"{XSD}{kind}")))
    assert not isinstance(read, Other) or (read.text, read.datatype) == (text, f"{XSD}{kind}")
    assert not isinstance(read, Date) or read.text == text


TERMS = st.one_of(
    st.none(),
    st.builds(Literal, st.text()),
    st.builds(Literal, st.one_of(st.integers(), st.booleans(), st.floats())),
    st.builds(lambda text: Literal(text, language="en"), st.text()),
    st.builds(lambda text, kind: Literal(text, datatype=NamedNode(f"{XSD}{kind}")), st.text("0123-.e+"), KINDS),
    st.builds(lambda text: NamedNode(f"https://example.org/{text}"), st.text("ab/~é")),
)


@given(st.lists(st.tuples(TERMS, TERMS)))
def test_a_row_has_the_values_of_its_terms(rows: list[tuple]) -> None:
    names = ("a", "b")
    bindings = [{n: _json(term) for n, term in zip(names, row, strict=True) if term is not None} for row in rows]
    content = _tsv(names, bindings)
    columns = [each.column() for each in cells.columns(content)]
    expected = [[None if row[at] is None else value(row[at]) for row in rows] for at in (0, 1)]
    assert (cells.names(content), repr(columns)) == (names, repr(expected))


def _tsv(names: tuple[str, ...], bindings: list[dict]) -> bytes:
    content = json.dumps({"head": {"vars": names}, "results": {"bindings": bindings}})
    return parse_query_results(content, QueryResultsFormat.JSON).serialize(format=QueryResultsFormat.TSV)


@settings(deadline=None)
@given(st.lists(st.one_of(TERMS, st.none())), st.sampled_from(["pandas", "polars"]), st.sampled_from([1, 2]))
def test_the_quick_way_makes_the_same_frame(terms: list, library: str, width: int) -> None:
    names = ("a", "b")[:width]
    content = _tsv(names, [dict.fromkeys(names, _json(term)) if term is not None else {} for term in terms])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quick, "WORTH", 0)
        found, slow = quick.columns(content), cells.columns(content)
    made = [frames.write(frames.columns(names, each, str, {}), library) for each in (found, slow)]
    assert list(map(str, made[0].dtypes)) == list(map(str, made[1].dtypes))
    assert repr(made[0].to_dict()) == repr(made[1].to_dict())
    assert made[0].equals(made[1]) or "nan" in repr(made[0].to_dict())


@pytest.mark.parametrize("cell", ['"a"@en', '"a"', "7", "-12", '"a\\b"', "<https://example.org/a>"])
def test_the_quick_way_is_taken_where_cells_are_alike(cell: str) -> None:
    content = f"?a\t?b\n{f'{cell}{chr(9)}{cell}{chr(10)}' * quick.WORTH}".encode()
    kind = {'"': quick.Texts, "7": quick.Wholes, "-": quick.Wholes}.get(cell[0], cells.Cells)
    first, second = quick.columns(content)
    assert isinstance(first, cells.Cells if "\\" in cell else kind)
    assert len(frames.write(frames.columns(("a", "b"), [first, second], str, {}), "pandas")) == quick.WORTH


def _json(term: Literal | NamedNode) -> dict[str, str]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    kind = {"xml:lang": term.language} if term.language else {"datatype": term.datatype.value}
    return {"type": "literal", "value": term.value, **kind}


def test_an_answer_over_the_limits_is_an_error(rules: Declared, shipped_release: Release) -> None:
    small = Knowledge(local.stored(shipped_release, rules, Limits(rows=3)), rules)
    with pytest.raises(AnswerTooLargeError):
        small.query("SELECT * { ?s ?p ?o } LIMIT 4")
    with served(web.create_app(small.engine)) as address, pytest.raises(RemoteError, match="LIMIT"):
        spacekg.open(f"{address}sparql").frame("SELECT * { ?s ?p ?o } LIMIT 4")


def answering(status: str, kind: str, body: bytes, **headers: str) -> Callable:
    def app(environ: dict, start_response: Callable) -> list[bytes]:
        extra = [(name.replace("_", "-"), each) for name, each in headers.items()]
        start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body))), *extra])
        return [body]

    return app


ROWS = b'{"head":{"vars":["n"]},"results":{"bindings":[{"n":{"type":"literal","value":"1"}}]}}'
JSON = "application/sparql-results+json"


@pytest.mark.parametrize("app", [
    answering("200 OK", "text/html", b"<h1>Maintenance</h1>"),
    answering("500 Internal Server Error", "text/plain", b"oops"),
    answering("200 OK", JSON, ROWS[:70]),
    answering("200 OK", JSON, b""),
    answering("200 OK", JSON, b"[]"),
], ids=["page", "500", "half", "nothing", "no table"])  # fmt: skip
def test_an_endpoint_that_misbehaves_is_an_error(app: Callable) -> None:
    with served(app) as address:
        kg = spacekg.open(address, seconds=5)
        for ask in (kg.query, kg.frame):
            with pytest.raises(RemoteError):
                ask("SELECT ?n { ?s ?p ?n }")


@pytest.mark.parametrize("headers", [{"X_Result_Complete": "false"}, {"X_SPARQL_MaxRows": "1"}])
def test_rows_that_an_endpoint_leaves_out_are_an_error(headers: dict[str, str]) -> None:
    with served(answering("200 OK", JSON, ROWS, **headers)) as address, pytest.raises(TruncatedError, match="LIMIT"):
        spacekg.open(address).query("SELECT ?n { ?s ?p ?n }")
    with served(answering("200 OK", JSON, ROWS, X_SPARQL_MaxRows="2")) as address:
        assert len(spacekg.open(address).query("SELECT ?n { ?s ?p ?n }")) == 1


def test_a_body_that_is_cut_is_an_error(there: Knowledge) -> None:
    with endpoints.proxied(there.engine.summary.release) as proxy:
        proxy.faults.extend([endpoints.cut_in_the_middle, endpoints.cut_a_chunk, endpoints.hang_up])
        kg = spacekg.open(proxy.address, seconds=20)
        for _ in range(3):
            with pytest.raises(RemoteError):
                kg.query("SELECT * { ?s ?p ?o } LIMIT 50")
        assert len(kg.query("SELECT * { ?s ?p ?o } LIMIT 50")) == 50


def test_a_release_that_was_edited_says_which_file(shipped_release: Release, tmp_path: Path) -> None:
    copied = tmp_path / "copy"
    copied.mkdir()
    for file in ("manifest.json", "report.json"):
        (copied / file).write_bytes((shipped_release.folder / file).read_bytes())
    (copied / "graph.nq").write_bytes(shipped_release.graph.read_bytes()[:-100])
    with pytest.raises(ReleaseError, match=r"graph\.nq|documents"):
        spacekg.open(copied)
    with pytest.raises(ReleaseError, match="no release here"):
        spacekg.open(tmp_path)


def test_importing_spacekg_loads_nothing() -> None:
    code = "import sys, spacekg; print([m for m in sys.modules if m.startswith(('spacekg.', 'pyoxigraph', 'rdflib'))])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize(("library", "extra"), [("pandas", "frames"), ("polars", "frames"), ("networkx", "network")])
def test_a_missing_library_names_its_extra(
    here: Knowledge, monkeypatch: pytest.MonkeyPatch, library: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(SpacekgError, match=rf"spacekg\[{extra}\]"):
        here.network() if extra == "network" else here.frame(DATES, library)


def test_a_consumer_is_type_checked(tmp_path: Path) -> None:
    program = tmp_path / "consumer.py"
    program.write_text(
        "import spacekg\nfrom spacekg.knowledge.values import Value\n"
        "kg = spacekg.open('release')\nwords: list[str] = [each.evidence.exact for each in kg.entity('jwst').claims]\n"
        "cell: Value | None = kg.query('SELECT * {}')[0]['s']\nwrong: int = kg.entity('jwst').name\n"
    )
    command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", str(program)]
    config = Path(__file__).parent.parent / "pyproject.toml"
    found = subprocess.run([*command, "--config-file", str(config)], capture_output=True, text=True, check=False)
    assert found.stdout.count("error:") == 1, found.stdout
    assert "consumer.py:6" in found.stdout
