"""A name is matched to the entity it means, or to none; nothing is matched with a sure score that is not sure."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacekg.declared import Declared
from spacekg.errors import DeclarationError, ReleaseError, TableError
from spacekg.matching import agreement, index, lookup, records, spelling
from spacekg.matching.scoring import Matcher, Query
from spacekg.reference import Reference

NAMED = [
    ("NASA", "nasa"),
    ("nasa", "nasa"),
    ("N.A.S.A.", "nasa"),
    ("NАSА", "nasa"),
    ("ＮＡＳＡ", "nasa"),
    ("European Space Agncy", "esa"),
    ("Agency European Space", "esa"),
    ("European-Space_Agency", "esa"),
    ("ISRO", "isro"),
    ("Roskosmos", "roscosmos"),
    ("РОСКОСМОС", "roscosmos"),
    ("Европейское космическое агентство", "esa"),
    ("宇宙航空研究開発機構", "jaxa"),
    ("欧洲航天局", "esa"),
    ("Canada's space agency", "csa"),
    ("CSA (Canada)", "csa"),
    ("ISA, Iran", "iranian-space-agency"),
    ("ESA – European Space Agency", "esa"),
    ("the Vega rocket", "vega"),
    ("SpaceX, Inc.", "spacex"),
    ("SpaceX Inc.", "spacex"),
    ("Apollo XI", "apollo-11"),
    ("Q23548", "nasa"),
    ("http://www.wikidata.org/entity/Q23548", "nasa"),
    ("https://w3id.org/spacekg/id/nasa", "nasa"),
]
OPEN = [
    "CSA",
    "ESA",
    "ISA",
    "Mercury",
    "Curiosity",
    "James Webb",
    "Galileo (opera)",
    "Voyager 3",
    "European",
    "Q42",
    "",
]


def best(matcher: Matcher, name: str, kind: str = "", **properties: str) -> str:
    found = matcher.match(Query(name, kind, tuple(properties.items())))
    return found[0].record.id if found and found[0].match else ""


@pytest.mark.parametrize(("name", "entity"), NAMED)
def test_a_name_is_matched_however_it_is_written(matcher: Matcher, name: str, entity: str) -> None:
    assert best(matcher, name) == entity


@pytest.mark.parametrize("name", OPEN)
def test_a_name_that_may_be_several_things_is_not_matched(matcher: Matcher, name: str) -> None:
    assert best(matcher, name) == ""


@pytest.mark.parametrize(
    ("name", "kind", "properties", "entity"),
    [
        ("CSA", "SpaceAgency", {}, "csa"),
        ("CSA", "", {"country": "Canada"}, "csa"),
        ("CSA", "", {"country": "Chile"}, ""),
        ("ESA", "SpaceAgency", {}, "esa"),
        ("ISA", "", {"country": "IL"}, "israel-space-agency"),
        ("ISA", "", {"country": "Iranian"}, "iranian-space-agency"),
        ("Mercury", "CelestialBody", {}, "mercury"),
        ("Mercury", "SpaceProgramme", {}, "project-mercury"),
        ("Curiosity", "Rover", {}, "curiosity"),
        ("Luna 2", "", {"launchDate": "1959-09"}, "luna-2"),
        ("Luna 2", "", {"launchDate": "1970"}, ""),
        ("Hubble Space Telescope", "", {"cospar": "1990-37B"}, "hubble-space-telescope"),
        ("Hubble Space Telescope", "", {"cospar": "2001-001A"}, ""),
        ("Juno", "LaunchVehicle", {}, ""),
        ("Mercury", "", {"type": "planet"}, "mercury"),
        ("NASA", "", {"type": "something else"}, "nasa"),
    ],
)
def test_what_is_known_beside_a_name_decides(
    matcher: Matcher, name: str, kind: str, properties: dict[str, str], entity: str
) -> None:
    assert best(matcher, name, kind, **properties) == entity


def test_candidates_of_an_open_name_are_shown_and_none_is_sure(matcher: Matcher) -> None:
    found = matcher.match(Query("Mercury"))
    assert {each.record.id for each in found} >= {"mercury", "project-mercury", "mercury-spacecraft"}
    assert max(each.score for each in found) < 90


def test_a_unique_label_scores_100_and_an_alias_less(matcher: Matcher) -> None:
    label, alias = matcher.match(Query("European Space Agency")), matcher.match(Query("Roskosmos"))
    assert label[0].score == 100
    assert 90 <= alias[0].score < 100


def test_a_property_that_disagrees_lowers_the_score_below_one_that_is_not_given(matcher: Matcher) -> None:
    scores = [
        matcher.match(Query("Canadian Space Agency", "", properties))[0].score
        for properties in ((("country", "Canada"),), (), (("country", "France"),))
    ]
    assert scores[0] >= scores[1] > scores[2]


def test_features_tell_what_the_score_is_made_of(matcher: Matcher) -> None:
    features = matcher.match(Query("CSA", "SpaceAgency", (("country", "Canada"),)))[0].features
    assert features == {"name_similarity": 1.0, "type_match": 1.0, "property_agreement": 1.0, "prominence": 84.0}


@pytest.mark.parametrize(
    ("known", "given", "agrees"),
    [("1998-11-20", "1998", 1.0), ("1998", "1998-11-20", 1.0), ("1998-11-20", "1998-12", 0.0), ("1998", "soon", None)],
)
def test_dates_compare_at_the_coarser_precision(known: str, given: str, agrees: float | None) -> None:
    assert agreement.same_day(known, given) == agrees


def test_a_class_or_property_nobody_knows_is_refused_with_near_ones(matcher: Matcher) -> None:
    assert matcher.properties.kind("agency") == "SpaceAgency"
    assert matcher.properties.named("Launch Date") == "launchDate"
    with pytest.raises(TableError, match="did you mean"):
        matcher.properties.kind("Satelite")
    with pytest.raises(TableError, match="country"):
        matcher.properties.named("contry")


def test_an_identifier_leads_to_its_entity_and_back(matcher: Matcher) -> None:
    (nasa,) = lookup.by_qid(matcher.index, "Q23548")
    assert lookup.by_iri(matcher.index, nasa.iri) == (nasa,)
    for each in lookup.equivalents(nasa):
        assert nasa in lookup.by_identifier(matcher.index, each.scheme, each.value)
    assert lookup.by_identifier(matcher.index, "iso", "fr")[0].id == "france"
    assert lookup.by_identifier(matcher.index, "norad", "20580")[0].id == "hubble-space-telescope"
    assert lookup.by_name(matcher.index, "nasa")[0] == nasa
    assert [len(found) for _, found in lookup.find_all(matcher.index, ["Q23548", "nothing like it"])] == [1, 0]


@pytest.mark.parametrize(
    ("scheme", "value", "form"),
    [("cospar", "1990-37b", "1990-037B"), ("norad", "S00049", "49"), ("ror", "https://ror.org/027K65916", "027k65916")],
)
def test_an_identifier_has_one_form(scheme: str, value: str, form: str) -> None:
    assert records.canonical(scheme, value) == form


def test_the_index_is_the_same_bytes_each_time_and_reads_back(
    rules: Declared, known: Reference, matcher: Matcher, tmp_path: Path
) -> None:
    file = tmp_path / "names.jsonl"
    file.write_bytes(index.make(known, rules))
    again = index.read(file)
    assert again.records == matcher.index.records
    assert again.forms == matcher.index.forms


def test_a_name_that_is_refused_stands_in_the_reference_and_leads_nowhere(
    matcher: Matcher, known: Reference, rules: Declared
) -> None:
    table = spelling.rows(rules.folder / index.FOLDER / "refused.csv", ("id", "name", "reason"))
    stated = {(name.entity, spelling.key(name.text)) for name in known.names}
    refused = {(row["id"], spelling.key(row["name"])) for row in table}
    assert refused <= stated
    assert not refused & {(form.record, form.key) for form in matcher.index.forms}


def test_a_missing_or_broken_index_says_what_to_do(tmp_path: Path) -> None:
    broken = tmp_path / "names.jsonl"
    broken.write_text('{"format": 99}\n')
    for file in (tmp_path / "none", broken):
        with pytest.raises(ReleaseError, match="spacekg"):
            index.read(file)


def test_a_table_with_an_empty_cell_is_refused(tmp_path: Path) -> None:
    (tmp_path / "words.csv").write_text("word,language,english\nagence,fr,\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match="row 2"):
        spelling.read(tmp_path)


@given(st.text(max_size=80))
def test_a_key_is_its_own_key(text: str) -> None:
    assert spelling.key(spelling.key(text)) == spelling.key(text)


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=60))
def test_whatever_is_asked_gets_an_answer_and_at_most_one_match(matcher: Matcher, text: str) -> None:
    found = matcher.match(Query(text))
    assert sum(each.match for each in found) <= 1
    assert all(0 <= each.score <= 100 for each in found)
    assert all(each.score < 90 for each in found if not each.match)


@pytest.mark.parametrize(
    "name", ["x" * 10_000, "NASA " * 2_000, "(" * 5_000, " ( " * 3_000, "a, " * 3_000, "\x00" * 50]
)
def test_a_monstrous_name_is_answered_at_once(matcher: Matcher, name: str) -> None:
    assert best(matcher, name) == ""
