"""Claims as quads: each with its evidence, and only the accepted ones as plain triples."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store
from tests.reading import document, shipped

from spacekg import graph
from spacekg.declared import BASE, SKG
from spacekg.model import Claim, Coined, Document, Link, Mention, Passage, PassageKind, Polarity, Status, Value

DOCUMENT = replace(
    document("Before. ESA launched it. After.", "one"),
    date="2024-05-01",
    licence="https://example.org/l",
    source="a book",
)
PASSAGE = Passage(DOCUMENT, 8, 24, PassageKind.SENTENCE)
CLAIM = Claim(PASSAGE, 8, 24, "planck", "launchedBy", "esa", "v-launch", 0.9)
NODE = Coined("collaboration-of-esa-nasa", "Collaboration", ("collaboration of", ("esa", "nasa")))
COUNTED = Coined(
    "iss-countries-15", "QuantitativeClaim", ("15 countries of", ("iss",)), (("value", Value("15", "xsd:decimal")),)
)


def quads(*claims: Claim, documents: tuple[Document, ...] = (DOCUMENT,)) -> list[Quad]:
    known, _, tables, _ = shipped()
    link = Link(Mention(PASSAGE, 8, 11, ("esa",)), "esa", "unique")
    return graph.assemble(claims, [link], documents, known, tables.entities)


def values(found: list[Quad], predicate: str) -> list[str]:
    return [quad.object.value for quad in found if quad.predicate.value.endswith(predicate)]


def plain(found: list[Quad], subject: str) -> set[tuple[str, str]]:
    node = NamedNode(f"{BASE}id/{subject}")
    return {
        (q.predicate.value.removeprefix(SKG), q.object.value.removeprefix(f"{BASE}id/"))
        for q in found
        if q.subject == node
    }


def test_a_claim_is_a_node_with_its_quote_and_where_it_stands() -> None:
    found = quads(CLAIM)
    assert values(found, "#exact") == ["ESA launched it."]
    assert (values(found, "#start"), values(found, "#end")) == (["8"], ["24"])
    assert (values(found, "#prefix"), values(found, "#suffix")) == (["Before. "], [" After."])
    assert values(found, "rule") == ["v-launch"]
    assert {quad.graph_name.value for quad in found} == {f"{BASE}graph/document/one"}
    assert found == sorted(set(found), key=str)


@pytest.mark.parametrize("status", list(Status))
def test_only_an_accepted_claim_is_a_fact(status: Status) -> None:
    reason = "" if status is Status.ACCEPTED else "because"
    found = quads(replace(CLAIM, status=status, reason=reason, attributed_to="nasa"))
    assert (("launchedBy", "esa") in plain(found, "planck")) == (status is Status.ACCEPTED)
    assert values(found, "disputeReason") == ([reason] if reason else [])
    assert values(found, "attributedTo") == [f"{BASE}id/nasa"]
    known, *_ = shipped()
    assert len(graph.facts([replace(CLAIM, status=status)], known)) == (status is Status.ACCEPTED)


def test_what_is_coined_gets_its_class_only_with_a_fact() -> None:
    claim = replace(
        CLAIM, subject=NODE.id, predicate="collaborationType", object="vocab:joint-development", coined=(NODE,)
    )
    found = plain(quads(claim), NODE.id)
    kind = ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", f"{SKG}Collaboration")
    assert kind in found
    assert ("collaborationType", f"{BASE}vocab/joint-development") in found
    held = plain(quads(replace(claim, status=Status.UNCERTAIN)), NODE.id)
    assert {name for name, _ in held} == {"http://www.w3.org/2000/01/rdf-schema#label"}


@pytest.mark.parametrize(
    ("subject", "coined", "collaboration"),
    [(NODE.id, (NODE,), NODE.id), ("planck", (), "collaboration-on-planck")],
)
def test_taking_part_is_also_a_node_of_a_collaboration(
    subject: str, coined: tuple[Coined, ...], collaboration: str
) -> None:
    found = quads(replace(CLAIM, subject=subject, predicate="hasParticipant", coined=coined))
    assert ("hasParticipation", f"{collaboration}-esa") in plain(found, collaboration)
    assert ("participant", "esa") in plain(found, f"{collaboration}-esa")


TAKES_PART = replace(CLAIM, predicate="hasParticipant")


@pytest.mark.parametrize(
    ("others", "roles"),
    [
        ([], set()),
        ([CLAIM], {"launch-provider"}),
        ([CLAIM, replace(CLAIM, predicate="ledBy")], {"launch-provider", "lead"}),
        ([replace(CLAIM, object="nasa")], set()),
        ([replace(CLAIM, status=Status.UNCERTAIN, reason="because")], set()),
        ([replace(CLAIM, predicate="concerns")], set()),
        (
            [
                replace(CLAIM, subject="euclid", predicate="providedBy"),
                replace(CLAIM, subject="euclid", predicate="supports", object="planck"),
            ],
            {"contributor"},
        ),
        ([replace(CLAIM, subject="euclid", predicate="providedBy")], set()),
    ],
)
def test_a_participation_has_the_roles_that_its_document_tells_of(others: list[Claim], roles: set[str]) -> None:
    found = plain(quads(TAKES_PART, *others), "collaboration-on-planck-esa")
    assert {value for name, value in found if name == "role"} == {f"{BASE}vocab/{role}" for role in roles}


def test_a_role_in_what_a_collaboration_concerns_is_one_in_the_collaboration() -> None:
    about = replace(NODE, facts=(("concerns", "planck"),))
    claim = replace(TAKES_PART, subject=NODE.id, coined=(about,))
    assert ("role", f"{BASE}vocab/launch-provider") in plain(quads(claim, CLAIM), f"{NODE.id}-esa")


def test_another_document_tells_of_no_role_here() -> None:
    other = replace(DOCUMENT, name="two")
    elsewhere = replace(CLAIM, passage=replace(PASSAGE, document=other))
    assert values(quads(TAKES_PART, elsewhere, documents=(DOCUMENT, other)), "#role") == []


def test_a_disputed_claim_points_to_those_that_deny_it() -> None:
    other = replace(DOCUMENT, name="two", text_sha256="0")
    denial = replace(
        CLAIM, passage=replace(PASSAGE, document=other), polarity=Polarity.DENIED, status=Status.UNCERTAIN, reason="no"
    )
    disputed = replace(CLAIM, status=Status.DISPUTED, reason="denied")
    found = quads(disputed, denial, replace(denial, object="nasa"), documents=(DOCUMENT, other))
    pairs = {(q.subject.value, q.object.value) for q in found if q.predicate.value == f"{SKG}contradictedBy"}
    assert pairs == {(graph.claim_iri(disputed), graph.claim_iri(denial))}
    assert values(quads(CLAIM, denial, documents=(DOCUMENT, other)), "contradictedBy") == []


def test_rivals_do_not_collaborate() -> None:
    found = quads(replace(CLAIM, subject="space-race", predicate="hasParticipant", object="soviet-union"))
    assert ("hasParticipant", "soviet-union") in plain(found, "space-race")
    assert plain(found, "collaboration-on-space-race") == set()


def test_values_keep_their_datatype_or_language() -> None:
    decimal = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    counted = replace(CLAIM, subject=COUNTED.id, predicate="quantityOf", object="iss", coined=(COUNTED,))
    assert Literal("15", datatype=decimal) in {quad.object for quad in quads(counted)}
    called = replace(CLAIM, predicate="skos:altLabel", object=Value("Planck", language="en"))
    assert Literal("Planck", language="en") in {quad.object for quad in quads(called)}
    assert Literal("Planck") in {quad.object for quad in quads(replace(called, object=Value("Planck")))}


def test_a_document_says_what_it_is_and_whom_it_names() -> None:
    found = quads()
    assert values(found, "/mentions") == [f"{BASE}id/esa"]
    assert values(found, "terms/source") == ["a book"]
    assert NamedNode("https://example.org/l") in {quad.object for quad in found}
    assert "2024-05-01" in values(found, "terms/date")


def test_a_claim_is_called_by_what_it_says_and_where() -> None:
    assert graph.claim_iri(CLAIM) == graph.claim_iri(replace(CLAIM, rule="other", confidence=0.1))
    others = [replace(CLAIM, object="nasa"), replace(CLAIM, start=9), replace(CLAIM, object=Value("esa", "xsd:date"))]
    assert len({graph.claim_iri(each) for each in (CLAIM, *others)}) == 4


def test_the_question_of_contradictions_shows_the_words_of_both() -> None:
    denying = document("ESA did not launch it.", "two")
    passage = Passage(denying, 0, len(denying.text), PassageKind.SENTENCE)
    denial = replace(
        CLAIM, passage=passage, start=0, end=passage.end, polarity=Polarity.DENIED, status=Status.UNCERTAIN
    )
    disputed = replace(CLAIM, status=Status.DISPUTED, reason="denied")
    data = Store()
    data.extend(quads(disputed, denial, documents=(DOCUMENT, denying)))
    known, *_ = shipped()
    found = data.query(known.queries["contradictions"].text, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    assert [(row["statement"].value, row["against"].value) for row in found] == [
        ("ESA launched it.", "ESA did not launch it.")
    ]
