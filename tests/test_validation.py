"""Shapes and contradictions: each finds what it is for, and nothing where all is well."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pyshacl
import pytest
import rdflib
from hypothesis import event, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from spacekg import declared, reasoning, validation
from spacekg.declared import BASE, RDF, RDFS, SKG, SKV, Declared
from spacekg.validation import Report, shacl, terms
from spacekg.validation.report import Violation

HERE = Path(__file__).parent
SHAPE = f"{declared.BASE}shapes/"
SH = "http://www.w3.org/ns/shacl#"
ID = f"{declared.BASE}id/"
FOLDERS = {"passes": "pass", "fails": "fail"}


@pytest.fixture(scope="module")
def shipped() -> Declared:
    return declared.read(declared.shipped())


def examples(name: str) -> list[Quad]:
    return list(parse(path=HERE / "shapes" / f"{name}.ttl"))


def found(shipped: Declared, name: str) -> set[tuple[str, str]]:
    """Pairs of a shape and the example it reports, both by name."""
    results = shacl.violations(examples(name), shipped.shapes, shipped.ontology)
    mine = f"https://example.org/{FOLDERS[name]}/"
    return {
        (each.shape.removeprefix(SHAPE), each.focus.removeprefix(mine))
        for each in results
        if each.focus.startswith(mine)
    }


def shapes_with_a_message(shipped: Declared) -> dict[str, str]:
    """Each shape that can report something, with the node shape it belongs to."""
    owners = {q.object.value: q.subject.value for q in shipped.shapes if q.predicate.value == f"{SH}property"}
    names = {q.subject.value for q in shipped.shapes if q.predicate.value == f"{SH}message"}
    return {name.removeprefix(SHAPE): owners.get(name, name).removeprefix(SHAPE) for name in names}


def triple(subject: str, predicate: str, value: str | Literal) -> Quad:
    names = {"a": f"{RDF}type"}
    thing = NamedNode(ID + value if value[0].islower() else SKG + value) if isinstance(value, str) else value
    return Quad(NamedNode(ID + subject), NamedNode(names.get(predicate, SKG + predicate)), thing)


def checked(shipped: Declared, *quads: Quad) -> Report:
    inferred = reasoning.infer(quads, shipped.ontology)
    return validation.check([*quads, *inferred], shipped.shapes, shipped.ontology)


def contradictions(report: Report) -> dict[str, Violation]:
    return {v.shape.rpartition("/")[2]: v for v in report.violations if "/checks/" in v.shape}


def test_every_shape_reports_its_failing_example(shipped: Declared) -> None:
    expected = {(name, name) for name in shapes_with_a_message(shipped)}
    assert expected - found(shipped, "fails") == set()


def test_every_shape_has_a_passing_example_and_reports_none(shipped: Declared) -> None:
    shapes = shapes_with_a_message(shipped)
    subjects = {quad.subject.value.rpartition("/")[2] for quad in examples("passes")}
    assert {owner for owner in shapes.values() if owner not in subjects} == set()
    reported = found(shipped, "passes")
    assert {(shape, focus) for shape, focus in reported if shapes.get(shape) == focus} == set()


def test_every_class_and_property_has_a_shape_or_a_reason(shipped: Declared) -> None:
    with (HERE / "shapes" / "unshaped.csv").open(encoding="utf-8", newline="") as file:
        reasons = {row["term"]: row["reason"] for row in csv.DictReader(file)}
    targets = {f"{SH}{kind}" for kind in ("targetClass", "targetSubjectsOf", "path")}
    shaped = {q.object.value.removeprefix(SKG) for q in shipped.shapes if q.predicate.value in targets}
    ours = {name for name in (*shipped.classes, *shipped.properties) if ":" not in name}
    assert ours - shaped == set(reasons)
    assert all(len(reason.split()) > 3 for reason in reasons.values())


def test_every_message_says_what_to_do(shipped: Declared) -> None:
    messages = {q.subject: q.object.value for q in shipped.shapes if q.predicate.value == f"{SH}message"}
    constrained = {q.subject for q in shipped.shapes if q.predicate.value in (f"{SH}path", f"{SH}class", f"{SH}or")}
    named = {shape for shape in constrained if isinstance(shape, NamedNode)}
    assert named - set(messages) == set()
    assert {m for m in messages.values() if ":" not in m or not m.endswith(".")} == set()


def test_things_that_look_alike_are_reported_one_by_one(shipped: Declared) -> None:
    quads = [triple(f"module-{n}", "a", "StationModule") for n in range(5)]
    stations = [v.focus for v in checked(shipped, *quads).violations if v.shape == f"{SHAPE}StationModule-station"]
    assert stations == [f"{ID}module-{n}" for n in range(5)]


def by_pyshacl(graph: Sequence[Quad], shapes: Sequence[Quad], ontology: Sequence[Quad]) -> set[Violation]:
    """What pySHACL says when it is given everything at once, but for things without a name."""
    subclasses = [quad for quad in ontology if quad.predicate.value == f"{RDFS}subClassOf"]
    _, results, _ = pyshacl.validate(terms.graph([*graph, *subclasses]), shacl_graph=terms.graph(shapes))
    names = ("resultSeverity", "sourceShape", "focusNode", "resultPath", "value", "resultMessage")
    found = set()
    for each in results.subjects(rdflib.RDF.type, rdflib.SH.ValidationResult):
        told = [results.value(each, rdflib.SH[name]) for name in names]
        severity, *texts = ["" if node is None or isinstance(node, rdflib.BNode) else str(node) for node in told]
        found.add(Violation(severity.rpartition("#")[2], *texts))
    return {each for each in found if each.focus}


def test_the_result_is_what_pyshacl_says_of_the_whole_graph(shipped: Declared) -> None:
    graph = [*examples("fails"), *examples("passes")]
    expected = by_pyshacl(graph, shipped.shapes, shipped.ontology)
    assert len(expected) > 200
    assert set(shacl.violations(graph, shipped.shapes, shipped.ontology)) == expected


ODD = f"""
PREFIX : <{BASE}odd/> PREFIX sh: <{SH}> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
:Thing a sh:NodeShape ; sh:targetClass :Thing ; sh:targetSubjectsOf :near ; sh:property :short , :shared ,
    [ sh:path :name ; sh:maxCount 1 ] ,
    [ sh:path :tongue ; sh:uniqueLang true ; sh:languageIn ( "en" "de" ) ; sh:message "One name a language." ] ,
    [ sh:path [ sh:inversePath :near ] ; sh:minCount 1 ; sh:class :Place ; sh:severity sh:Warning ;
      sh:message "Near." ] ;
  sh:not [ sh:class :Other ] ; sh:or ( [ sh:class :Place ] [ sh:property [ sh:path :near ; sh:minCount 3 ] ] ) ;
  sh:message "A thing is a place, or near three." .
:Place a sh:NodeShape ; sh:targetClass :Place ; sh:class :Thing ; sh:message "A place is a thing." ;
  sh:property :shared , :far , [ sh:path :begins ; sh:lessThan :ends ; sh:message "Begin first." ] ,
    [ sh:path :near ; sh:disjoint :far ; sh:message "What is near is not far." ] .
:short sh:path :name ; sh:pattern "^[a-z]+$" ; sh:minLength 2 ; sh:maxLength 5 ; sh:message "A name is short." .
:shared sh:path :near ; sh:in ( :a :b :c ) ; sh:hasValue :a ; sh:message "Near is a." .
:far sh:path :far ; sh:qualifiedValueShape [ sh:class :Place ] ; sh:qualifiedMinCount 2 ; sh:nodeKind sh:IRI ;
  sh:equals :near ; sh:message "Two places are far." .
:Number a sh:NodeShape ; sh:targetSubjectsOf :begins ; sh:xone ( [ sh:class :Place ] [ sh:class :Thing ] ) ;
  sh:message "Either." ; sh:property [ sh:path :begins ; sh:datatype xsd:integer ; sh:maxCount 1 ; sh:minInclusive 1 ;
    sh:maxExclusive 9 ; sh:message "A number." ] .
"""
"""Shapes of all kinds that look one step far: shared by two, without name or message, with the name of a class."""
ODD_WORDS = f"""
PREFIX : <{BASE}odd/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
:a a :Thing , :Place ; :near :a , :b , _:one ; :far :a , :c ; :begins 1 ; :ends 2 ; :name "ab" , "abcdefg" , :b .
:b a :Inner ; :near :c ; :far "far" ; :begins 11 , "x"^^xsd:integer , "y" ; :ends 11 ;
  :tongue "a"@en , "b"@en , "c"@fr .
_:one a :Thing , :Other ; :near :a , "near" ; :tongue 5 . :Inner :name 5 , "AB"@en , "a" .
"""
ODDITIES = f"""
PREFIX skg: <{SKG}> PREFIX : <{ID}> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
:odd skg:unit 5 , "5.5"^^xsd:decimal , "x"^^xsd:decimal , "a"@en , "b"@en , "" , " " , _:blank ,
  "2001-02-30"^^xsd:date , "2001"^^xsd:gYear , -1 , 200.0 , "AB" ,
  <<( :odd skg:unit 5 )>> . _:blank a skg:Agent , skg:Claim ; skg:unit :odd .
"""
ODD_CLASSES = (
    f"PREFIX : <{BASE}odd/> PREFIX rdfs: <{RDFS}> :Inner rdfs:subClassOf :Place . :Place rdfs:subClassOf :Thing ."
)


@st.composite
def graphs(draw: st.DrawFn, words: Sequence[Quad]) -> list[Quad]:
    """Things that say what others say in the examples, most of them the same, some of them something else."""
    said = draw(st.lists(st.sampled_from(sorted({quad.subject for quad in words}, key=str)), min_size=1, max_size=4))
    made = [NamedNode(f"{ID}made-{at}") for at in range(3 * len(said))]
    graph = [
        Quad(thing, quad.predicate, quad.object)
        for at, thing in enumerate(made)
        for quad in words
        if quad.subject == said[at // 3]
    ]
    subjects, predicates, objects = (
        sorted(set(terms), key=str)
        for terms in (
            [*made, *(quad.subject for quad in words)],
            [quad.predicate for quad in words],
            [*made, *(quad.object for quad in words)],
        )
    )
    odd = st.builds(Quad, st.sampled_from(subjects), st.sampled_from(predicates), st.sampled_from(objects))
    for at in draw(st.sets(st.integers(0, len(graph) - 1), max_size=3)):
        graph[at] = draw(odd)
    graph += draw(st.lists(odd, max_size=6)) + draw(st.lists(st.sampled_from(words), max_size=6))
    compared = ("start", "end", "begins", "ends")  # pySHACL gives up where a blank node is to be less than another
    return [q for q in graph if not isinstance(q.object, BlankNode) or not q.predicate.value.endswith(compared)]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_of_any_graph_the_result_is_what_pyshacl_says_of_all_of_it(shipped: Declared, data: st.DataObject) -> None:
    graph = data.draw(graphs([*examples("fails"), *examples("passes"), *parse(ODDITIES, format=RdfFormat.TURTLE)]))
    expected = by_pyshacl(graph, shipped.shapes, shipped.ontology)
    event(f"violations: {len(expected) // 10}0 to {len(expected) // 10}9")
    assert set(shacl.violations(graph, shipped.shapes, shipped.ontology)) == expected


@settings(max_examples=200, deadline=None)
@given(graphs(list(parse(ODD_WORDS, format=RdfFormat.TURTLE))))
def test_shapes_of_any_kind_say_of_any_graph_what_pyshacl_says(graph: list[Quad]) -> None:
    shapes, ontology = (list(parse(text, format=RdfFormat.TURTLE)) for text in (ODD, ODD_CLASSES))
    assert set(shacl.violations(graph, shapes, ontology)) == by_pyshacl(graph, shapes, ontology)


def test_shapes_look_one_step_far(shipped: Declared) -> None:
    """And are about classes and what is said with a property, which is all that `demands` reads."""
    beyond = (
        "node alternativePath zeroOrMorePath oneOrMorePath sparql closed deactivated target targetNode targetObjectsOf"
    )
    assert {q.predicate.value for q in shipped.shapes} & {f"{SH}{name}" for name in beyond.split()} == set()
    said = {name: [q for q in shipped.shapes if q.predicate.value == f"{SH}{name}"] for name in ("path", "property")}
    along = {quad.subject for quad in said["path"]}
    assert {quad.subject for quad in said["property"]} & along == set()
    assert {q.subject for q in shipped.shapes if q.predicate.value.startswith(f"{SH}target")} & along == set()
    paths = {quad.object for quad in said["path"]}
    assert {q.subject for q in shipped.shapes if q.predicate.value == f"{RDF}first"} & paths == set()


@pytest.mark.parametrize(
    ("check", "quads"),
    [
        ("disjoint_classes", [("nasa", "a", "SpaceAgency"), ("nasa", "a", "SpaceMission")]),
        ("functional_property", [("p", "participant", "nasa"), ("p", "participant", "esa")]),
        ("irreflexive_property", [("nasa", "competedWith", "nasa")]),
        ("asymmetric_property", [("russia", "successorOf", "ussr"), ("ussr", "successorOf", "russia")]),
        ("part_of_itself", [("a", "partOf", "b"), ("b", "partOf", "c"), ("c", "partOf", "a")]),
        ("literal_for_a_thing", [("jwst", "operator", Literal("NASA"))]),
        ("thing_for_a_literal", [("jwst", "cosparId", "nasa")]),
        ("undeclared_class", [("x", "a", "Spaceship")]),
        ("undeclared_property", [("x", "pilotedBy", "nasa")]),
        ("ends_before_it_starts", [("x", "startDate", Literal("1998-11")), ("x", "endDate", Literal("1997"))]),
    ],
)
def test_a_contradiction_is_found(shipped: Declared, check: str, quads: list[tuple[str, str, str | Literal]]) -> None:
    report = checked(shipped, *(triple(*each) for each in quads))
    assert set(contradictions(report)) == {check}
    assert contradictions(report)[check].focus.startswith(ID)


def test_every_contradiction_has_an_example() -> None:
    names = {path.stem for path in (declared.shipped() / "queries" / "checks").glob("*.rq")}
    marks = test_a_contradiction_is_found.pytestmark[0].args[1]
    assert names - {"accepted_claim_is_stated"} == {name for name, _ in marks}


def test_an_end_in_the_year_of_the_start_is_no_contradiction(shipped: Declared) -> None:
    dates = [triple("x", "startDate", Literal("1998-11")), triple("x", "endDate", Literal("1998"))]
    assert contradictions(checked(shipped, *dates)) == {}


CLAIM = f"""
PREFIX skg: <{SKG}> PREFIX skv: <{SKV}> PREFIX id: <{ID}> PREFIX rdf: <{RDF}>
PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX oa: <http://www.w3.org/ns/oa#>
id:claim a skg:Claim ; skg:status skv:accepted ; skg:polarity skv:affirmed ;
  rdf:subject id:jwst ; rdf:predicate skg:target ; rdf:object id:nasa ; prov:wasDerivedFrom id:evidence .
id:evidence oa:hasSelector id:quote . id:quote oa:exact "The telescope flies to NASA." .
id:nasa a skg:SpaceAgency .
"""


def test_a_violation_names_the_claim_and_its_sentence(shipped: Declared) -> None:
    stated = triple("jwst", "target", "nasa")
    report = checked(shipped, *parse(CLAIM, format=RdfFormat.TURTLE), stated)
    wrong = contradictions(report)["disjoint_classes"]
    assert wrong.focus == f"{ID}nasa"
    assert [(quote.claim, quote.sentence) for quote in wrong.claims] == [(f"{ID}claim", "The telescope flies to NASA.")]


def test_an_accepted_claim_that_is_not_stated_is_found(shipped: Declared) -> None:
    report = checked(shipped, *parse(CLAIM, format=RdfFormat.TURTLE))
    assert contradictions(report)["accepted_claim_is_stated"].focus == f"{ID}claim"


def test_only_violations_keep_a_graph_from_being_published(shipped: Declared) -> None:
    warned = checked(shipped, triple("a", "a", "Collaboration"), triple("b", "a", "State"))
    severities = {v.severity for v in warned.violations}
    assert {"Violation", "Warning", "Info"} <= severities
    assert not warned.conforms
    assert Report(tuple(v for v in warned.violations if v.severity != "Violation")).conforms
    assert list(warned.violations) == sorted(warned.violations)


def allowed(shipped: Declared, shape: str) -> list[str]:
    """Names of the classes that a shape lets a thing be of; empty when it does not ask."""
    said = {(q.subject, q.predicate.value): q.object for q in shipped.shapes}
    node: NamedNode | BlankNode = NamedNode(f"{SHAPE}{shape}")
    if (node, f"{SH}class") in said:
        return [said[node, f"{SH}class"].value]
    names = []
    rest = said.get((node, f"{SH}or"))
    while rest is not None and rest.value != f"{RDF}nil":
        names.append(said[said[rest, f"{RDF}first"], f"{SH}class"].value)
        rest = said[rest, f"{RDF}rest"]
    return names


def test_what_the_shapes_allow_the_ontology_does_not_forbid(shipped: Declared) -> None:
    """Every property between every two classes that its shape lets stand at its ends: no contradiction follows."""
    quads = []
    for name in sorted(name for name in shipped.properties if f"{name}-object" in shapes_with_a_message(shipped)):
        ends = [(s, o) for s in allowed(shipped, name) or [""] for o in allowed(shipped, f"{name}-object") or [""]]
        for n, kinds in enumerate(ends):
            one, other = (NamedNode(f"{ID}{name}-{n}-{end}") for end in ("subject", "object"))
            quads.append(Quad(one, NamedNode(SKG + name), other))
            pairs = zip((one, other), kinds, strict=True)
            quads += [Quad(thing, NamedNode(f"{RDF}type"), NamedNode(kind)) for thing, kind in pairs if kind]
    assert len(quads) > 200
    assert contradictions(checked(shipped, *quads)) == {}


def test_an_empty_graph_conforms(shipped: Declared) -> None:
    assert validation.check([], shipped.shapes, shipped.ontology) == Report(())


def test_the_vocabulary_itself_conforms(shipped: Declared) -> None:
    assert checked(shipped, *shipped.vocab).violations == ()
