"""The linter: what it finds in queries, where, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.serving import PARTS

from spacekg import cli, linting, store
from spacekg.declared import Declared
from spacekg.linting import Finding, Vocabulary, vocabulary
from spacekg.release import Release
from spacekg.store import Store

TINY = Path(__file__).parent / "graphs" / "tiny.trig"
SKG = "https://w3id.org/spacekg/ontology#"
PREFIXES = {
    "skg": SKG,
    "id": "https://w3id.org/spacekg/id/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
}
DECLARED = "".join(f"PREFIX {prefix}: <{namespace}> " for prefix, namespace in PREFIXES.items())


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    return vocabulary.read(store.open_file(TINY, "r1", PARTS, PREFIXES), PREFIXES)


def found(query: str, words: Vocabulary) -> list[tuple[str, int, int, tuple[str, ...]]]:
    """Check a query whose prologue is a line of its own."""
    findings = linting.check(f"{DECLARED}\n{query}", words)
    return [(each.code, each.line, each.column, each.suggestions) for each in findings]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?m { ?m a skg:SpaceMision }", [("unknown-class", 2, 18, ("skg:SpaceMission",))]),
        ("SELECT ?m { ?m a owl:Class ; a skg:SpaceAgnecy }", [("unknown-class", 2, 32, ("skg:SpaceAgency",))]),
        ("SELECT ?m {\n  ?m skg:hasParticipants id:esa }", [("unknown-property", 3, 6, ("skg:hasParticipant",))]),
        ("SELECT ?p { id:jwts skg:hasParticipant ?p }", [("unknown-thing", 2, 13, ("id:jwst",))]),
        ("SELECT ?p { id:jwst skg:hasParticipant/rdfs:labl ?p }", [("unknown-property", 2, 40, ("rdfs:label",))]),
        ("SELECT ?p { id:jwst (skg:startDat|skg:cost)? ?p }", [("unknown-property", 2, 22, ("skg:startDate",))]),
        ("ASK { <https://w3id.org/spacekg/id/nassa> ?p [] }", [("unknown-thing", 2, 7, ("id:nasa",))]),
        ("ASK { GRAPH <https://w3id.org/spacekg/graph/ontolgy> { id:jwst ?p ?o } }", [
            ("unknown-graph", 2, 13, ("<https://w3id.org/spacekg/graph/ontology>",))
        ]),
        ("ASK { id:jwst rdfs:label 'x'@en, \"\"\"y\"\"\", 1.5e3 ; skg:startDate '2000'^^<a:b> , true }", []),
    ],
)  # fmt: skip
def test_unknown_names_get_a_suggestion_where_they_stand(query: str, expected: list, words: Vocabulary) -> None:
    assert [each for each in found(query, words) if each[0].startswith("unknown")] == expected


def test_an_undeclared_prefix_gets_its_declaration(words: Vocabulary) -> None:
    (finding,) = linting.check("SELECT ?s {\n ?s rfds:label 'x' }", words)
    assert (finding.code, finding.line, finding.column) == ("unknown-prefix", 2, 5)
    assert finding.suggestions == ("PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>",)
    assert "did you mean PREFIX rdfs:" in str(finding)
    (finding,) = linting.check("ASK { ?s skg:startDate '2000' }", words)
    assert finding.suggestions == (f"PREFIX skg: <{SKG}>",)


def test_a_search_is_no_unknown_property(words: Vocabulary) -> None:
    query = "SELECT ?t ?s { (?t ?s) search:label ('cassini' 3) . ?t rdfs:label ?s . ?t search:text 'x' }"
    (finding,) = linting.check(query, words, {"rdfs": PREFIXES["rdfs"]})
    assert finding.suggestions == ("PREFIX search: <https://w3id.org/spacekg/search#>",)
    assert linting.check(query, words, {"rdfs": PREFIXES["rdfs"], "search": "https://w3id.org/spacekg/search#"}) == ()


def test_assumed_prefixes_need_no_declaration(words: Vocabulary) -> None:
    assert linting.check("ASK { id:jwst skg:startDate '2000' }", words, PREFIXES) == ()


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("SELECT * { ?a rdfs:label 'x' . ?b rdfs:label 'y' }", [32]),
        ("SELECT * { ?a rdfs:label 'x' . ?b rdfs:label 'y' . ?c rdfs:label 'z' }", [32, 52]),
        ("SELECT * { ?a rdfs:label 'x' . ?b rdfs:label 'y' . ?a rdfs:label ?l . ?b rdfs:label ?l }", []),
        ("SELECT * { ?a rdfs:label 'x' . ?b rdfs:label 'y' . FILTER(?a != ?b) }", []),
        ("SELECT * { ?a rdfs:label 'x' . { ?b rdfs:label 'y' } UNION { ?b rdfs:label 'z' } }", [32]),
        ("SELECT * { { SELECT ?a { ?a skg:cost ?b } } ?b rdfs:label 'y' }", [45]),
        ("SELECT * { { SELECT ?a { ?a skg:cost ?b } LIMIT 1 } ?a rdfs:label 'y' }", []),
        ("SELECT * { ?a rdfs:label 'x' . id:jwst rdfs:label 'y' }", []),
        ("SELECT * { ?a skg:hasParticipant [ rdfs:label ?l ] . ?a rdfs:label ?m }", []),
        ("SELECT * { OPTIONAL { ?a rdfs:label 'x' . ?b rdfs:label 'y' } }", [43]),
        ("SELECT * { VALUES (?a ?b) { (1 2) } ?a rdfs:label ?x . ?b rdfs:label ?y }", []),
        ("SELECT * { ?a rdfs:label ?l BIND(?l AS ?m) ?b rdfs:label ?m }", []),
    ],
)
def test_parts_that_share_nothing_are_a_cross_product(query: str, columns: list[int], words: Vocabulary) -> None:
    assert [each[2] for each in found(query, words) if each[0] == "cross-product"] == columns


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("SELECT * { ?a skg:hasParticipant* ?b }", [15]),
        ("SELECT * { ?a (skg:hasParticipant|rdfs:label)+ ?b }", [15]),
        ("SELECT * { ?a skg:hasParticipant+ id:esa }", []),
        ("SELECT * { ?a skg:hasParticipant+ ?b . ?b rdfs:label 'ESA' }", []),
        ("SELECT * { VALUES ?a { id:jwst } ?a skg:hasParticipant+ ?b }", []),
        ("SELECT * { ?a skg:hasParticipant/rdfs:label ?b }", []),
    ],
)
def test_a_path_with_no_end_is_told(query: str, columns: list[int], words: Vocabulary) -> None:
    assert [each[2] for each in found(query, words) if each[0] == "unbounded-path"] == columns


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?labl { id:jwst rdfs:label ?label }", [("unbound-variable", 8), ("single-variable", 35)]),
        ("SELECT ?l { id:jwst rdfs:label ?l ; skg:cost ?cost }", [("single-variable", 46)]),
        ("SELECT * { id:jwst rdfs:label ?l ; skg:cost ?cost }", []),
        ("SELECT (COUNT(?l) AS ?n) { id:jwst rdfs:label ?l }", []),
        ("SELECT ?l { id:jwst rdfs:label ?l FILTER NOT EXISTS { id:jwst skg:cost ?cost } }", []),
        ("SELECT ?m { ?m a skg:SpaceMission ; skg:cost [] }", []),
    ],
)
def test_variables_that_lead_nowhere(query: str, expected: list[tuple[str, int]], words: Vocabulary) -> None:
    assert [(each[0], each[2]) for each in found(query, words)] == expected


def test_only_a_large_answer_wants_a_limit() -> None:
    words = Vocabulary(PREFIXES, {f"{SKG}SpaceMission": 20}, {f"{PREFIXES['rdfs']}label": 5_000, f"{SKG}cost": 3})

    def asks(query: str) -> bool:
        return any(each[0] == "no-limit" for each in found(query, words))

    assert asks("SELECT ?s ?l { ?s rdfs:label ?l }")
    assert asks("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }")
    assert not asks("SELECT ?s ?l { ?s rdfs:label ?l } LIMIT 10")
    assert not asks("SELECT ?s ?l { ?s rdfs:label ?l ; skg:cost ?c }")
    assert not asks("SELECT ?s ?l { ?s a skg:SpaceMission ; rdfs:label ?l }")
    assert not asks("SELECT (COUNT(*) AS ?n) { ?s rdfs:label ?l }")
    assert not asks("SELECT ?s { ?s rdfs:label 'x' }")


def test_findings_as_a_header() -> None:
    findings = [Finding("a", 'say "é" \\ no', 2, 3), Finding("b", 'say "e"', 4, 5, ("x",))]
    written = linting.as_header(findings)
    assert written == '%"say %22%C3%A9%22 %5C no";code=a;line=2;column=3, "say \\"e\\"";code=b;line=4;column=5'
    assert len(linting.as_header([Finding("c", "x" * 900, 1, 1)] * 9)) < 2_100


def test_an_empty_dataset_knows_nothing_and_complains_of_nothing() -> None:
    nothing = vocabulary.read(Store([], "r", PARTS), {})
    assert linting.check("ASK { ?s <a:p> ?o . ?s a <a:C> }", nothing) == ()


def test_the_shipped_queries_have_no_fault(rules: Declared, shipped_release: Release) -> None:
    opened = store.open_file(shipped_release.graph, "r", PARTS, rules.prefixes)
    words = vocabulary.read(opened, rules.prefixes)
    faults = ("unknown-prefix", "cross-product", "unbounded-path", "unbound-variable", "unknown-class", "unknown-thing")
    for name, query in rules.queries.items():
        if "/" not in name:
            assert [str(each) for each in linting.check(query.text, words) if each.code in faults] == [], name


def test_the_command_prints_what_it_finds_and_where(
    shipped_release: Release, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(shipped_release.folder)
    assert cli.run(["query", "--release", folder, "--lint", "SELECT ?r {\n?r a skg:Rovr }"]) == 1
    assert capsys.readouterr().out == "2:6 unknown-class: the data have no class skg:Rovr: did you mean skg:Rover?\n"
    assert cli.run(["query", "--release", folder, "--lint", "jwst_participants"]) == 0
    assert capsys.readouterr().out == ""


@given(text=st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    for query in (text, f"SELECT * {{ {text} }}", f"ASK {{ ?s ?p {text}"):
        lines = query.count("\n") + 1
        assert all(1 <= each.line <= lines and each.column >= 1 for each in linting.check(query, Vocabulary()))


@given(
    pieces=st.lists(
        st.sampled_from("{ } ( ) [ ] . ; , ?a $b _:c a:d <e> 'f' @en ^^ * + ? | / ! ^ a SELECT FILTER GRAPH".split())
    )
)
def test_no_order_of_tokens_breaks_it(pieces: list[str]) -> None:
    linting.check(f"SELECT * {{ {' '.join(pieces)}", Vocabulary())
