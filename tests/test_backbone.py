"""The backbone: what the reference tables say, as quads."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from spacekg import backbone
from spacekg.declared import Declared
from spacekg.reference import ClosedList, Entity, Fact, Identifier, Launch, Name, Reference, Source

ID, SKG, SKOS = (
    "https://w3id.org/spacekg/id/",
    "https://w3id.org/spacekg/ontology#",
    "http://www.w3.org/2004/02/skos/core#",
)
SOURCES = tuple(Source(name, name, "", "", "", "") for name in ("curated", "gcat", "wikidata"))
CRAFT = Entity("probe", "SpaceProbe", "Probe", "a probe", "wikidata", 1)
EMPTY = Reference({}, (), (), (), (), (), SOURCES)


def small(**tables: object) -> Reference:
    values = {name: getattr(EMPTY, name) for name in Reference.__slots__} | {"entities": {"probe": CRAFT}} | tables
    return Reference(**values)


def said(reference: Reference, relation: str) -> set[str]:
    return {str(quad.object) for quad in backbone.assemble(reference) if quad.predicate == NamedNode(relation)}


def identifier(scheme: str, value: str, status: str = "verified", match: str = "exact") -> Identifier:
    return Identifier("probe", scheme, value, match, status, "", "wikidata", "", 1.0)


def test_each_source_has_its_graph() -> None:
    facts = (Fact("probe", "launchDate", "1997", "xsd:gYear", "", "gcat"),)
    graphs = {quad.graph_name.value.rsplit("/", 1)[-1] for quad in backbone.assemble(small(facts=facts))}
    assert graphs == {"wikidata", "gcat"}


@pytest.mark.parametrize(("value", "datatype"), [("1997-10-15", "date"), ("1997-10", "gYearMonth"), ("1997", "gYear")])
def test_a_date_keeps_its_precision(value: str, datatype: str) -> None:
    facts = (Fact("probe", "launchDate", value, f"xsd:{datatype}", "", "gcat"),)
    literal = Literal(value, datatype=NamedNode(f"http://www.w3.org/2001/XMLSchema#{datatype}"))
    assert said(small(facts=facts), f"{SKG}launchDate") == {str(literal)}


@pytest.mark.parametrize("status", ["candidate", "rejected"])
def test_only_verified_identifiers_are_stated(status: str) -> None:
    known = small(identifiers=(identifier("wikidata", "Q1"), identifier("wikidata", "Q2", status)))
    assert said(known, f"{SKOS}exactMatch") == {"<http://www.wikidata.org/entity/Q1>"}
    assert "Q2" not in " ".join(map(str, backbone.assemble(known)))


def test_a_match_is_exact_or_close() -> None:
    known = small(identifiers=(identifier("wikidata", "Q1", match="close"),))
    assert said(known, f"{SKOS}closeMatch") == {"<http://www.wikidata.org/entity/Q1>"}
    assert said(known, f"{SKOS}exactMatch") == set()


def test_an_organisation_id_close_to_a_thing_is_no_id_of_it() -> None:
    ror = "https://ror.org/02s42x260"
    assert said(small(identifiers=(identifier("ror", ror, match="close"),)), f"{SKG}rorId") == set()
    assert said(small(identifiers=(identifier("ror", ror),)), f"{SKG}rorId") == {'"02s42x260"'}


@pytest.mark.parametrize("kind", ["hidden", "demonym"])
def test_what_is_never_shown_is_a_hidden_label(kind: str) -> None:
    known = small(names=(Name("probe one", "probe", "en|fr", kind, "", "wikidata"),))
    assert said(known, f"{SKOS}hiddenLabel") == {'"probe one"@en', '"probe one"@fr'}
    assert said(known, f"{SKOS}altLabel") == set()


def test_a_website_that_is_none_is_left_out() -> None:
    homepage = "http://xmlns.com/foaf/0.1/homepage"
    bad = small(identifiers=(identifier("website", "no site"), identifier("website", "ftp://e.org/")))
    assert said(bad, homepage) == set()
    assert said(small(identifiers=(identifier("website", "https://e.org/a b"),)), homepage) == {"<https://e.org/a%20b>"}


def test_a_launch_is_an_event_with_what_took_part() -> None:
    launch = Launch(
        "launch-1", "Launch 1", "1997-061", "1997-10-15", "xsd:date", "probe", "", ("probe",), ("probe",), "gcat"
    )
    quads = backbone.assemble(small(launches=(launch,)))
    about = {quad.predicate.value.rsplit("#")[-1] for quad in quads if quad.subject == NamedNode(f"{ID}launch-1")}
    assert {"launchVehicle", "launchProvider", "launchOf", "date", "cosparId"} <= about
    assert "launchSite" not in about


def test_a_closed_list_is_stated_by_hand_kept_rows() -> None:
    closed = (
        ClosedList("probe", "launchedBy", ("probe",), "1997-10-15", "", "", ()),
        ClosedList("probe", "quantity:member-states", ("15",), "1997-10-15", "", "", ()),
        ClosedList("owner", "^memberOf", ("probe",), "1997-10-15", "", "", ()),
    )
    known = small(closed=closed)
    assert said(known, f"{SKG}memberOf") == {"<https://w3id.org/spacekg/id/owner>"}
    assert said(known, f"{SKG}launchedBy") == {f"<{ID}probe>"}
    assert said(known, f"{SKG}quantityKind") == {"<https://w3id.org/spacekg/vocab/member-states>"}
    assert {q.graph_name.value.rsplit("/", 1)[-1] for q in backbone.assemble(known)} == {"wikidata", "curated"}


@given(text=st.text(min_size=1), kind=st.sampled_from(sorted(backbone.BY_KIND)))
def test_any_name_becomes_a_literal_that_reads_back(text: str, kind: str) -> None:
    quads = backbone.assemble(small(names=(Name(text, "probe", "", kind, "", "wikidata"),)))
    store = Store()
    store.bulk_extend(quads)
    assert Literal(text) in {quad.object for quad in store}


def test_the_whole_is_stated_once_and_the_same_each_time(known: Reference) -> None:
    quads = backbone.assemble(known)
    assert len(set(quads)) == len(quads)
    assert quads == backbone.assemble(known)
    assert len(quads) > 100_000


def test_the_whole_uses_only_terms_of_the_ontology(known: Reference, rules: Declared) -> None:
    declared = {quad.subject for quad in rules.ontology}
    used = {term for quad in backbone.assemble(known) for term in (quad.predicate, quad.object)}
    ours = {term for term in used if isinstance(term, NamedNode) and term.value.startswith(SKG)}
    assert ours
    assert ours - declared == set()


def test_no_entity_is_of_two_classes(known: Reference) -> None:
    kinds: Counter[object] = Counter()
    for quad in backbone.assemble(known):
        if quad.predicate == backbone.TYPE:
            kinds[quad.subject] += 1
    assert set(kinds.values()) == {1}


def test_everything_launched_on_an_ariane_5_has_its_site(known: Reference) -> None:
    store = Store()
    store.bulk_extend(backbone.assemble(known))
    rows = store.query(
        """PREFIX skg: <https://w3id.org/spacekg/ontology#> PREFIX id: <https://w3id.org/spacekg/id/>
        SELECT DISTINCT ?craft ?site { ?launch skg:launchOf ?craft ; skg:launchVehicle/skg:partOf* id:ariane-5 ;
        skg:launchSite ?site }""",
        use_default_graph_as_union=True,
    )
    found = {row["craft"].value.removeprefix(ID): row["site"].value.removeprefix(ID) for row in rows}
    assert found["jwst"] == "guiana-space-centre"
    assert set(found.values()) == {"guiana-space-centre"}
    assert len(found) > 40


def test_a_quad_names_an_iri_of_ours(known: Reference) -> None:
    subjects = {quad.subject for quad in backbone.assemble(known)}
    assert all(isinstance(one, NamedNode) and one.value.startswith(ID) for one in subjects)
    assert isinstance(backbone.assemble(known)[0], Quad)
