"""What is known of one thing: its statements, what links to it, and each claim with the words that make it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal

from spacekg import store
from spacekg.declared import BASE, RDFS, SKG, SKOS, Declared
from spacekg.entities import Entities, UnknownThingError, claimed, lists, naming
from spacekg.entities.directory import Directory, text
from spacekg.entities.values import Claim, Evidence, Named, Place

CLAIMS = Path(__file__).parent / "graphs" / "claims.trig"
PROBE, NORTH, SOUTH, NOTE = f"{BASE}id/probe", f"{BASE}id/north", f"{BASE}id/south", f"{BASE}document/note"


@pytest.fixture(scope="module")
def known(rules: Declared) -> Entities:
    return Entities(store.open_file(CLAIMS, "r", {query.name: query.text for query in rules.queries.values()}, {}))


def test_a_thing_is_described_with_who_says_so(known: Entities) -> None:
    probe = known.describe(PROBE)
    assert probe.thing == Named(PROBE, "Probe", "en")
    assert [kind.name for kind in probe.kinds] == ["space probe"]
    assert probe.shapes == (f"{SKG}SpaceProbe", f"{SKG}Spacecraft")
    operators = [each for each in probe.statements if each.predicate.iri == f"{SKG}operator"]
    assert [each.value for each in operators] == [Named(NORTH, "North Agency", "en")]
    assert operators[0].graphs == (f"{BASE}graph/document/note", f"{BASE}graph/reference/atlas")


def test_names_come_in_the_language_asked_for(known: Entities) -> None:
    probe = known.describe(PROBE, ["fr-ca", "de"])
    assert (probe.thing.name, probe.kinds[0].name) == ("Sonde", "sonde spatiale")
    assert {each.predicate.name for each in probe.statements} >= {"a pour opérateur"}


def test_a_claim_shows_its_words_its_document_and_what_became_of_it(known: Entities) -> None:
    first, second, third = known.describe(PROBE).claims
    assert (first.status, first.polarity, first.modality, first.rule) == ("accepted", "affirmed", "asserted", "r-1")
    assert first.evidence == Evidence(Named(NOTE, "A note"), "North flies it.", "", " South, too.", 0, 15)
    assert (second.status, second.polarity, second.reason) == ("disputed", "denied", "the atlas says otherwise")
    assert second.against == (f"{BASE}claim/01", f"{BASE}graph/reference/atlas")
    assert third.object == Literal("2001", datatype=third.object.datatype)  # type: ignore[union-attr]
    assert (third.polarity, third.evidence.exact, third.evidence.start) == ("", "", -1)


def test_names_that_are_too_many_to_read_at_once_are_asked_for(rules: Declared, known: Entities) -> None:
    queries = {query.name: query.text for query in rules.queries.values() if query.name != "entity/all"}
    engine = store.open_file(CLAIMS, "r", queries, {})
    many = Entities(engine, Directory(engine, 0))
    assert many.describe(PROBE).claims == known.describe(PROBE).claims
    assert many.describe(PROBE).claims[0].object == Named(NORTH, "North Agency", "en")


@pytest.mark.parametrize("few", [0, 1_000])
def test_entities_are_counted_and_listed_in_either_way(rules: Declared, few: int) -> None:
    engine = store.open_file(CLAIMS, "r", {query.name: query.text for query in rules.queries.values()}, {})
    known = Entities(engine, Directory(engine, few))
    listed = known.listed(0, 1_000)
    assert listed == sorted({*listed}) and {SOUTH, NORTH} <= {f"{BASE}id/{local}" for local in listed}
    assert known.number == len(listed)
    assert [known.listed(first, 2) for first in (0, 2)] == [listed[:2], listed[2:4]]
    assert not known.listed(len(listed), 2)


def test_nothing_is_suggested_where_the_names_are_too_many(rules: Declared, known: Entities) -> None:
    engine = store.open_file(CLAIMS, "r", {query.name: query.text for query in rules.queries.values()}, {})
    assert known.near("prob")
    assert not Entities(engine, Directory(engine, 0)).near("prob")


def test_a_claim_is_told_of_all_that_it_names(known: Entities) -> None:
    assert [claim.iri for claim in known.describe(SOUTH).claims] == [f"{BASE}claim/02"]
    assert known.claim(f"{BASE}claim/02") == known.describe(SOUTH).claims[0]
    assert known.claim(PROBE) is None
    (whole,) = known.outline(NOTE, "North flies it. South, too.").parts
    assert [claim.iri for claim in known.claims_of(NOTE, whole)] == [f"{BASE}claim/0{n}" for n in (3, 1, 2)]


def test_links_are_counted_and_claims_are_no_links(known: Entities) -> None:
    links = known.describe(NORTH).links
    assert [(each.predicate.name, each.total, [one.name for one in each.subjects]) for each in links] == [
        ("has operator", 1, ["Probe"])
    ]


def test_a_part_begins_behind_the_last_one(known: Entities) -> None:
    rest = known.describe(PROBE, (), Place(claim=f"{BASE}claim/02"))
    assert [claim.iri for claim in rest.claims] == [f"{BASE}claim/03"]
    assert rest.after is None
    assert known.describe(NORTH, (), Place(f"{SKG}operator", PROBE)).links[0].subjects == ()


@pytest.mark.parametrize("many", [0, lists.MANY])
def test_each_link_is_in_one_part_however_many_there_are(
    rules: Declared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(lists, "MANY", many)
    wanted = sorted(("urn:p" + str(number % 3), f"urn:s{number}") for number in range(350))
    lines = [f"<{subject}> <{predicate}> <{NORTH}> <urn:g> .\n" for predicate, subject in wanted]
    (tmp_path / "many.nq").write_text("".join(lines))
    queries = {query.name: query.text for query in rules.queries.values()}
    engine = store.open_file(tmp_path / "many.nq", "r", queries, {})
    counts = Counter(predicate for predicate, _ in wanted)
    found: list[tuple[str, str]] = []
    place = Place()
    while part := lists.links(engine, NORTH, place, counts):
        assert len(part) <= lists.PART + 1
        found += [(text(row["predicate"]), text(row["subject"])) for row in part[: lists.PART]]
        place = Place(*found[-1])
    assert found == wanted


def test_all_of_it_is_there_as_quads_too(known: Entities) -> None:
    quads = known.describe(PROBE).quads
    subjects = {quad.subject.value for quad in quads}  # type: ignore[union-attr]
    assert subjects >= {PROBE, NORTH, f"{BASE}claim/02", f"{BASE}claim/02#evidence", f"{BASE}claim/02#quote"}
    assert {str(quad.graph_name) for quad in quads if quad.subject.value == PROBE} == {  # type: ignore[union-attr]
        f"<{BASE}graph/{name}>" for name in ("reference/atlas", "document/note", "inferred")
    }


def test_what_nothing_is_said_of_is_unknown(known: Entities) -> None:
    with pytest.raises(UnknownThingError, match="did you mean probe") as raised:
        known.describe(f"{BASE}id/probes")
    assert raised.value.near == ("probe",)
    assert known.near("") == []
    assert known.near("north agency!")[0] == "north"
    assert known.knows(PROBE)
    assert not known.knows(f"{BASE}id/prob")


def test_an_item_leads_to_its_entity(known: Entities) -> None:
    assert known.same_as("http://www.wikidata.org/entity/Q1") == PROBE
    assert known.same_as("http://www.wikidata.org/entity/Q2") == ""


@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.integers(-1, 70), st.integers(-1, 70)), max_size=8),
)
def test_the_pieces_of_a_text_are_the_text_and_say_whose_words_they_are(
    text: str, spans: list[tuple[int, int]]
) -> None:
    claims = [quoting(f"c{number}", start, end) for number, (start, end) in enumerate(spans)]
    segments = claimed.mark(text, claims)
    assert "".join(segment.text for segment in segments) == text
    for claim in claims:
        start, end = claim.evidence.start, claim.evidence.end
        if 0 <= start < end <= len(text):
            assert "".join(each.text for each in segments if claim in each.claims) == text[start:end]


def test_the_longest_name_in_a_text_counts_and_only_as_whole_words() -> None:
    names = {"Space": Named("1", "a"), "Space Agency": Named("2", "b"), "A": Named("3", "c")}
    text = "Aerospace, Space Agency; A Space\nSpaces"
    named = [(each.text, each.thing.iri) for each in claimed.mark(text, [], names) if each.thing]
    assert named == [("Space Agency", "2"), ("Space", "1")]
    assert [each.begun for each in claimed.mark("ab", [quoting("c", 0, 2), quoting("d", 1, 2)])] == [{"c"}, {"d"}]


def quoting(iri: str, start: int, end: int) -> Claim:
    thing = Named("i", "n")
    return Claim(
        iri, thing, thing, thing, "", "", "", "", "", "", "", (), Evidence(thing, "", "", "", start, end)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("languages", "name"),
    [((), "Probe"), (["fr"], "Sonde"), (["fr-ch"], "Sonde"), (["de"], "Probe"), (["pt", "pt-br"], "Sonda")],
)
def test_the_best_name_is_of_the_first_language_that_has_one(languages: list[str], name: str) -> None:
    names = [
        (f"{RDFS}label", Literal("probe, an old label", language="en")),
        (f"{SKOS}prefLabel", Literal("Probe", language="en")),
        (f"{SKOS}prefLabel", Literal("Sonde", language="fr")),
        (f"{SKOS}prefLabel", Literal("Sonda", language="pt-br")),
        (f"{SKOS}prefLabel", Literal("探査機", language="ja")),
    ]
    assert naming.choose(PROBE, names, languages).name == name
    assert naming.choose(PROBE, reversed(names), languages).name == name


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        ("http://www.w3.org/2004/02/skos/core#exactMatch", "exact match"),
        (f"{BASE}id/soyuz-launch-vehicle", "soyuz launch vehicle"),
        (f"{BASE}vocab/", "vocab"),
        ("urn:x", "urn:x"),
    ],
)
def test_what_has_no_name_is_called_by_the_end_of_its_iri(iri: str, name: str) -> None:
    assert naming.choose(iri, (), ()).name == name
