"""Both versions of the Reconciliation API over real HTTP, each answer checked against a schema of the specification."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st
from tests.asked import Answer, ask, served
from tests.opening import Opened
from tests.sending import FORM, SCHEMAS, checked, refused, send, send_form, send_json

from spacekg import declared, publication, web
from spacekg.declared import Declared
from spacekg.errors import DeclarationError
from spacekg.matching.scoring import Matcher, Query
from spacekg.reconciliation import columns, register, service
from spacekg.reconciliation.questions import Condition, Question
from spacekg.reconciliation.register import Register
from spacekg.reconciliation.service import CLASSIC, Answers
from spacekg.reconciliation.service import MODERN as MODERN_VERSION
from spacekg.reconciliation.views import OURS
from spacekg.release import Release

MODERN = "application/reconciliation.v1+json"
PATHS = ("/reconcile", "/reconcile/wikidata")
IDS = {"/reconcile": ("nasa", "csa", "jwst"), "/reconcile/wikidata": ("Q23548", "Q212227", "Q186447")}
LISTS = Path(__file__).parent / "linking"

AMERICA = "États-Unis d'Amérique"
FIELDS = (
    "query type limit properties pid v id name queries conditions matchType propertyId propertyValue required "
    "matchQuantifier ids"
).split()

both = pytest.mark.parametrize("path", PATHS)


@pytest.fixture(scope="module")
def names(rules: Declared, shipped_release: Release) -> Register:
    return register.read(shipped_release, rules)


@pytest.fixture(scope="module")
def app(rules: Declared, shipped_release: Release, names: Register, opened: Opened) -> Flask:
    queries = {query.name: query.text for query in rules.queries.values()}
    engine = opened(shipped_release.graph, shipped_release.id, queries, rules.prefixes)
    return web.create_app(engine, published=publication.read(rules, shipped_release), register=names)


@pytest.fixture(scope="module")
def site(app: Flask) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.fixture(scope="module")
def answers(rules: Declared, shipped_release: Release, names: Register, opened: Opened) -> Answers:
    queries = {query.name: query.text for query in rules.queries.values()}
    engine = opened(shipped_release.graph, shipped_release.id, queries, rules.prefixes)
    return service.make(OURS, engine, names).answers


def classic(site: str, path: str = "/reconcile", **queries: object) -> Any:
    """Ask in version 0.2; give the candidates of each query."""
    content = checked(send_form(site, path, queries=queries), "results-0.2")
    assert set(content) == set(queries)
    return {name: one["result"] for name, one in content.items()}


def modern(site: str, *queries: object, path: str = "/reconcile/match") -> list[Any]:
    """Ask in version 1.0; give the candidates of each query."""
    return [one["candidates"] for one in checked(send_json(site, path, {"queries": queries}), "results-1.0")["results"]]


def named(name: str, **more: object) -> dict[str, object]:
    return {"conditions": [{"matchType": "name", "propertyValue": name}], **more}


def given(name: str, property: str, value: object, **more: object) -> dict[str, object]:
    row = {"matchType": "property", "propertyId": property, "propertyValue": value, **more}
    return {"conditions": [{"matchType": "name", "propertyValue": name}, row]}


def matched(candidates: list[Any]) -> list[str]:
    return [each["id"] for each in candidates if each["match"]]


def encoded(**fields: object) -> str:
    return urlencode({name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()})


OLD, V1 = "0.2", "1.0"
QUERIES, ONE = {"queries": {"a": {"query": "NASA"}, "b": {"query": "no such thing at all"}}}, {"query": "NASA"}
WANTED = [
    {"id": each.id}
    for each in columns.read(declared.shipped() / register.COLUMNS, declared.read(declared.shipped()).queries)
]
CONTRACT: dict[tuple[str, str, str], list[tuple[dict[str, Any], str]]] = {
    ("", "GET", OLD): [
        ({}, "manifest-0.2"), (QUERIES, "results-0.2"), (ONE, "result-0.2"), ({"extend": WANTED}, "extension-0.2")
    ],
    ("", "GET", V1): [({}, "manifest-1.0")],
    ("", "POST", OLD): [(QUERIES, "results-0.2"), (ONE, "result-0.2"), ({"extend": WANTED}, "extension-0.2")],
    ("", "POST", V1): [({"names": "NASA"}, "results-1.0"), ({"ids": WANTED}, "extension-1.0")],
    ("/match", "POST", V1): [({"names": "NASA"}, "results-1.0")],
    ("/extend", "POST", V1): [({"ids": WANTED}, "extension-1.0")],
    **{
        (f"/{part}", "GET", version): [(fields, schema)]
        for version in (OLD, V1)
        for part, fields, schema in (
            ("extend/propose", {"type": "SpaceAgency"}, "proposal"),
            ("suggest/entity", {"prefix": "space"}, "suggest-entity"),
            ("suggest/type", {"prefix": ""}, "suggest-type"),
            ("suggest/property", {"prefix": ""}, "suggest-property"),
            ("flyout/entity", {"id": "Q23548"}, "flyout"),
            ("flyout/type", {"id": "SpaceAgency"}, "flyout"),
            ("flyout/property", {"id": "country"}, "flyout"),
            ("preview", {"id": "Q23548"}, ""),
        )
    },
}  # fmt: skip
"""What is sent to each route in each version, and the schema of the answer; a preview is HTML and has none."""
ELSEWHERE = {("/match", "POST", OLD), ("/extend", "POST", OLD)}
"""What version 0.2 asks at the root."""


def test_every_route_has_a_schema_in_both_versions(app: Flask) -> None:
    rules_ = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("reconcile.")]
    for path in PATHS:
        own = [rule for rule in rules_ if f"{rule.rule}/".startswith(f"{path}/")]
        own = [rule for rule in own if path != PATHS[0] or not rule.rule.startswith(PATHS[1])]
        routes = {
            (re.sub(r"<any\(.*\):kind>", kind, rule.rule).removeprefix(path), method, version)
            for rule in own
            for kind in ("entity", "type", "property")
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
            for version in (OLD, V1)
        }
        assert routes == set(CONTRACT) | ELSEWHERE
    schemas = {schema for rows in CONTRACT.values() for _, schema in rows if schema}
    assert schemas == {file.stem for file in SCHEMAS.glob("*.json")} - {"problem"}


@both
@pytest.mark.parametrize("route", CONTRACT, ids=" ".join)
def test_every_answer_is_as_its_schema_says(site: str, path: str, route: tuple[str, str, str]) -> None:
    part, method, version = route
    for fields, schema in CONTRACT[route]:
        answer = contracted(site, f"{path}{part}", method, version, fields)
        if schema:
            content = checked(answer, schema)
            assert any(map(bool, content.values())) or not content
            assert answer.media_type == (MODERN if version == V1 else "application/json")
        else:
            assert (answer.status, answer.media_type) == (200, "text/html")


def contracted(site: str, path: str, method: str, version: str, fields: dict[str, Any]) -> Answer:
    """Send what a row of the table says, in the form of the version."""
    if "extend" in fields or "ids" in fields:
        wanted = {"ids": [*IDS["/reconcile/wikidata"], "none"], "properties": fields.get("extend") or fields["ids"]}
        fields = {"extend": wanted} if version == OLD else wanted
    if "names" in fields:
        fields = {"queries": [named(fields["names"], type="SpaceAgency"), named("no such thing at all")]}
    if method == "POST" and version == V1:
        return send_json(site, path, fields, Accept=MODERN)
    if method == "POST":
        return send_form(site, path, **fields)
    return ask(site, f"{path}?{encoded(**fields)}" if fields else path, MODERN if version == V1 else "application/json")


@both
def test_the_manifest_is_that_of_the_version_that_is_accepted(site: str, path: str) -> None:
    old = checked(ask(site, path, "application/json, text/javascript, */*; q=0.01"), "manifest-0.2")
    new = checked(ask(site, path, MODERN), "manifest-1.0")
    assert old["versions"] == new["versions"] == ["0.1", "0.2", "1.0-draft"]
    assert old["batchSize"] == new["batchSize"] == 100
    assert old["identifierSpace"] == (
        "http://www.wikidata.org/entity/" if "wikidata" in path else "https://w3id.org/spacekg/id/"
    )
    answer = ask(site, path, MODERN)
    assert (answer.media_type, answer.headers["Content-Language"]) == (MODERN, "en")
    assert "Accept" in answer.headers["Vary"]


def test_the_site_examines_its_manifests(app: Flask) -> None:
    checks = app.test_client().get("/status/fair.json").get_json()["checks"]
    (found,) = [each for each in checks if each["promise"] == "Lists can be reconciled"]
    assert found["passed"], found
    assert "manifests of 2 versions" in found["found"]


@both
def test_every_address_of_the_manifest_answers(site: str, path: str) -> None:
    manifest = checked(ask(site, path), "manifest-0.2")
    assert manifest["preview"]["url"].startswith(site)
    preview = manifest["preview"]["url"].replace("{{id}}", IDS[path][2]).removeprefix(site)
    assert ask(site, f"/{preview}").status == 200
    for kind, part in manifest["suggest"].items():
        suggested = (part["service_url"] + part["service_path"]).removeprefix(site)
        first = checked(ask(site, f"/{suggested}?prefix=la"), f"suggest-{kind}")["result"][0]
        flyout = (part["flyout_service_url"] + part["flyout_service_path"]).removeprefix(site)
        assert checked(ask(site, "/" + flyout.replace("${id}", first["id"])), "flyout")["id"] == first["id"]
    proposed = manifest["extend"]["propose_properties"]
    checked(ask(site, "/" + (proposed["service_url"] + proposed["service_path"]).removeprefix(site)), "proposal")
    if path == "/reconcile":
        assert ask(site, "/" + manifest["view"]["url"].replace("{{id}}", "nasa").removeprefix(site)).status == 303


@both
def test_a_batch_is_answered_by_get_and_by_post(site: str, path: str) -> None:
    queries = {
        "q0": {"query": "NASA", "type": "SpaceAgency", "limit": 2},
        "another": {"query": "Canadian Space Agency"},
    }
    posted = send_form(site, path, queries=queries)
    got = ask(site, f"{path}?{encoded(queries=queries)}")
    assert checked(posted, "results-0.2") == checked(got, "results-0.2")
    assert [matched(one["result"]) for one in checked(got, "results-0.2").values()] == [
        [each] for each in IDS[path][:2]
    ]


@both
def test_the_body_decides_which_version_is_asked(site: str, path: str) -> None:
    for address in (path, f"{path}/match"):
        assert matched(modern(site, named("NASA"), path=address)[0]) == [IDS[path][0]]
    by_object = checked(send_json(site, path, {"queries": {"a": {"query": "NASA"}}}), "results-0.2")
    assert matched(by_object["a"]["result"]) == [IDS[path][0]]
    assert matched(checked(ask(site, f"{path}?query=NASA"), "result-0.2")["result"]) == [IDS[path][0]]


@both
def test_an_id_as_a_name_or_prefix_is_that_thing(site: str, path: str) -> None:
    for id, other in zip(IDS[path], IDS["/reconcile/wikidata"], strict=True):
        assert id in [each["id"] for each in classic(site, path, a={"query": id})["a"]]
        assert matched(modern(site, {"conditions": [{"matchType": "id", "propertyValue": id}]}, path=path)[0]) == [id]
        assert checked(ask(site, f"{path}/suggest/entity?prefix={other}"), "suggest-entity")["result"][0]["id"] == id
        assert checked(ask(site, f"{path}/suggest/entity?prefix={id}"), "suggest-entity")["result"][0]["id"] == id


def test_an_id_that_is_also_the_name_of_others_does_not_match_by_itself(site: str) -> None:
    found = classic(site, a={"query": "mercury"})["a"]
    assert matched(found) == []


def called(content: Any) -> set[str]:
    """Give the names in the first candidate of each query: its own and those of its types."""
    found = [one["candidates" if "candidates" in one else "result"][0] for one in content]
    return {name for each in found for name in (each["name"], *(kind["name"] for kind in each["type"]))}


@both
def test_things_and_types_are_called_as_the_client_asks(site: str, path: str) -> None:
    queries = {"a": {"query": "Germany", "type": "State"}}
    in_french, address = {"Allemagne", "État"}, f"{path}?{encoded(queries=queries)}"
    body = {"queries": [named("Germany", type="State")]}
    for asked in ("fr", "fr-CA, en;q=0.5", "tlh, FR;q=0.9, de;q=0.1"):
        old, new = ask(site, address, Accept_Language=asked), send_json(site, path, body, Accept_Language=asked)
        assert called(checked(old, "results-0.2").values()) == in_french
        assert called(checked(new, "results-1.0")["results"]) == in_french
        assert new.headers["Content-Language"].startswith("fr, ")
        assert "Accept-Language" in new.headers["Vary"]
    for asked in ("", "en, fr", "tlh", "*", ";;,"):
        answer = ask(site, address, Accept_Language=asked)
        assert called(checked(answer, "results-0.2").values()) == {"Germany", "state"}
        assert answer.headers["Content-Language"] == "en"
    assert called(checked(ask(site, f"{address}&lang=fr", Accept_Language="de"), "results-0.2").values()) == in_french


@both
def test_the_language_of_a_query_names_its_candidates_where_the_client_asks_for_none(site: str, path: str) -> None:
    body = {"queries": [named("Germany", lang="fr"), named("Germany")]}
    answer = send_json(site, path, body)
    assert called(checked(answer, "results-1.0")["results"]) == {"Allemagne", "État", "Germany", "state"}
    assert answer.headers["Content-Language"] == "en, fr"
    asked = send_json(site, path, body, Accept_Language="en")
    assert called(checked(asked, "results-1.0")["results"]) == {"Germany", "state"}
    assert called([{"result": classic(site, path, a={"query": "Germany", "lang": "fr"})["a"]}]) == {"Allemagne", "État"}


@both
def test_suggestions_previews_and_columns_are_called_as_the_client_asks(site: str, path: str) -> None:
    def suggest(kind: str, prefix: str) -> Any:
        answer = ask(site, f"{path}/suggest/{kind}?{encoded(prefix=prefix)}", Accept_Language="fr")
        return checked(answer, f"suggest-{kind}")["result"][0]

    america = suggest("entity", AMERICA)
    assert (america["name"], america["notable"][0]["name"]) == (AMERICA, "État")
    assert {suggest("type", prefix)["name"] for prefix in ("agence spat", "space ag", "Raumfahrtagen")} == {
        "agence spatiale"
    }
    for part in (f"preview?id={america['id']}", f"flyout/entity?id={america['id']}"):
        page = ask(site, f"{path}/{part}", Accept_Language="fr")
        assert "États-Unis" in (json.loads(page.body)["html"] if "flyout" in part else page.body.decode())
        assert page.headers["Content-Language"] == "fr, en"
    asked = {"ids": [IDS[path][0]], "properties": [{"id": "country"}]}
    old = checked(send_form(site, f"{path}?lang=fr", extend=asked), "extension-0.2")
    new = checked(send_json(site, f"{path}/extend", asked, Accept_Language="fr"), "extension-1.0")
    assert [each["name"] for each in old["rows"][IDS[path][0]]["country"]] == [AMERICA]
    assert [each["name"] for each in new["rows"][0]["properties"][0]["values"]] == [AMERICA]


def test_the_manifest_says_in_which_languages_names_are(site: str) -> None:
    plain, arabic = (
        checked(ask(site, "/reconcile", MODERN, Accept_Language=each), "manifest-1.0") for each in ("", "ar")
    )
    assert {"ar", "de", "en", "es", "fr", "ja", "ru", "zh"} == set(plain["languages"])
    assert (plain["lang"], plain["dir"], arabic["lang"], arabic["dir"]) == ("en", "ltr", "ar", "rtl")
    old = checked(ask(site, "/reconcile", Accept_Language="de"), "manifest-0.2")
    assert old["defaultTypes"][0] == {"id": "SpaceAgency", "name": "Raumfahrtagentur"}


def test_what_is_known_of_a_thing_speaks_for_it_or_against_it(site: str) -> None:
    country = {"pid": "country", "v": "Canada"}
    found = classic(
        site,
        alone={"query": "CSA"},
        right={"query": "CSA", "properties": [country]},
        wrong={"query": "Canadian Space Agency", "properties": [{"pid": "country", "v": "China"}]},
        thing={"query": "CSA", "properties": [{"pid": "country", "v": {"id": "canada", "name": "Kanada"}}]},
        several={"query": "CSA", "properties": [{"pid": "country", "v": ["China", "Canada"]}]},
        day={"query": "Hubble Space Telescope", "properties": [{"pid": "launchDate", "v": 1990}]},
        other_day={"query": "Hubble Space Telescope", "properties": [{"pid": "launchDate", "v": "1991-01-01"}]},
    )
    assert [matched(found[name]) for name in ("alone", "wrong", "other_day")] == [[], [], []]
    assert [matched(found[name]) for name in ("right", "thing", "several")] == [["csa"]] * 3
    assert found["right"][0]["score"] > found["wrong"][0]["score"]
    features = {each["id"]: each["value"] for each in found["right"][0]["features"]}
    assert features["property_agreement"] == features["name_similarity"] == 1
    assert features["prominence"] > 0
    assert matched(found["day"]) == ["hubble-space-telescope"]


def test_conditions_have_quantifiers_and_may_be_required(site: str) -> None:
    answers = modern(
        site,
        given("ISA", "country", ["Iran", "Canada"], required=True),
        given("ISA", "country", "Iran", matchQuantifier="none"),
        given("Canadian Space Agency", "country", ["Canada", "China"], matchQuantifier="all", required=True),
        given("Canadian Space Agency", "country", ["Canada"], matchQuantifier="all", required=True),
    )
    assert matched(answers[0]) == ["iranian-space-agency"]
    assert "iranian-space-agency" not in [each["id"] for each in answers[1]]
    assert answers[2] == []
    assert matched(answers[3]) == ["csa"]


def test_a_query_without_a_name_goes_by_its_identifiers(site: str) -> None:
    found = classic(site, a={"properties": [{"pid": "cospar", "v": "1990-037B"}]})
    assert matched(found["a"]) == ["hubble-space-telescope"]
    by_property = {"matchType": "property", "propertyId": "ror", "propertyValue": "https://ror.org/027ka1x80"}
    assert matched(modern(site, {"conditions": [by_property]})[0]) == ["nasa"]


def test_a_type_counts_and_a_strict_one_leaves_others_out(site: str) -> None:
    found = classic(
        site,
        loose={"query": "NASA", "type": "LaunchVehicle"},
        strict={"query": "NASA", "type": [{"id": "LaunchVehicle"}], "type_strict": "any"},
        iri={"query": "NASA", "type": ["https://w3id.org/spacekg/ontology#SpaceAgency"], "type_strict": "all"},
        two={"query": "NASA", "type": ["SpaceAgency", "LaunchVehicle"]},
    )
    assert [matched(found[name]) for name in ("loose", "strict", "iri", "two")] == [[], [], ["nasa"], ["nasa"]]
    assert [each["id"] for each in found["loose"]] == ["nasa"]
    assert found["strict"] == []


def test_the_service_says_what_the_matcher_says(site: str, matcher: Matcher) -> None:
    """The lists of names of the linking tests, in batches, have the results of `spacekg link`."""
    texts = [
        row["name"] for file in ("acronyms.csv", "languages.csv", "descriptions.csv", "typos.csv") for row in rows(file)
    ]
    texts += [row["name"] for row in rows("nothing.csv")]
    texts = [name for name in texts if name.strip()]
    assert len(texts) >= 600
    for start in range(0, len(texts), 100):
        batch = texts[start : start + 100]
        found = classic(site, **{f"q{number}": {"query": name} for number, name in enumerate(batch)})
        for number, name in enumerate(batch):
            expected = [each.record.id for each in matcher.match(Query(name)) if each.match]
            assert matched(found[f"q{number}"]) == expected, name


def rows(file: str) -> list[dict[str, str]]:
    with (LISTS / file).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def extended(site: str, path: str, ids: list[str], *properties: str) -> Any:
    asked = {"ids": ids, "properties": [{"id": each} for each in properties]}
    old = checked(send_form(site, path, extend=asked), "extension-0.2")
    new = checked(send_json(site, f"{path}/extend", asked), "extension-1.0")
    assert new == checked(send_json(site, path, asked), "extension-1.0")
    assert old["meta"] == new["meta"]
    assert old["rows"] == {row["id"]: {cell["id"]: cell["values"] for cell in row["properties"]} for row in new["rows"]}
    return old


def test_a_list_is_extended_from_the_graph(site: str) -> None:
    wanted = ("wikidata", "ror", "cospar", "launchDate", "country", "partners", "claims", "statements", "operator")
    content = extended(site, "/reconcile", ["nasa", "jwst", "no-such-thing"], *wanted)
    assert [each["id"] for each in content["meta"]] == list(wanted)
    assert content["meta"][0]["service"].startswith("https://wikidata")
    nasa, jwst, nothing = content["rows"].values()
    assert nasa["wikidata"] == [{"id": "Q23548", "name": "National Aeronautics and Space Administration"}]
    assert nasa["ror"] == [{"str": "https://ror.org/027ka1x80"}]
    assert [each["id"] for each in nasa["country"]] == ["united-states"]
    assert jwst["launchDate"] == [{"date": "2021-12-25T00:00:00Z"}]
    assert jwst["cospar"] == [{"str": "2021-130A"}]
    assert {"nasa", "esa", "csa"} <= {each["id"] for each in jwst["partners"]}
    assert jwst["claims"][0]["int"] > 0
    assert jwst["statements"]
    assert all(
        re.fullmatch(r".+ · .+ · .+ \((accepted|uncertain|disputed); .+\)", each["str"]) for each in jwst["statements"]
    )
    assert set(map(str, nothing.values())) == {"[]"}


def test_a_list_of_items_is_extended_with_items(site: str) -> None:
    content = extended(site, "/reconcile/wikidata", ["Q186447"], "partners", "launchDate")
    assert {"id": "Q23548", "name": "National Aeronautics and Space Administration"} in content["rows"]["Q186447"][
        "partners"
    ]


@both
def test_columns_are_proposed_for_a_type(site: str, path: str) -> None:
    every = checked(ask(site, f"{path}/extend/propose"), "proposal")
    of_agencies = checked(ask(site, f"{path}/extend/propose?type=SpaceAgency"), "proposal")
    proposed = {each["id"] for each in of_agencies["properties"]}
    assert "ror" in proposed
    assert "launchDate" not in proposed
    assert "launchDate" in {each["id"] for each in every["properties"]}
    assert of_agencies["type"] == "SpaceAgency"
    assert len(checked(ask(site, f"{path}/extend/propose?limit=3"), "proposal")["properties"]) == 3


def test_suggestions_go_on_from_an_offset_until_there_are_no_more(site: str) -> None:
    def suggest(question: str, kind: str = "entity") -> list[str]:
        return [
            each["id"]
            for each in checked(ask(site, f"/reconcile/suggest/{kind}?{question}"), f"suggest-{kind}")["result"]
        ]

    first = suggest("prefix=space&limit=20")
    assert len(first) == len(set(first)) == 20
    assert suggest("prefix=space&limit=10&offset=10") == suggest("prefix=space&limit=10&cursor=10") == first[10:]
    assert suggest("prefix=space&offset=1000000") == suggest("prefix=space&offset=999999999") == []
    assert len(suggest("prefix=h")) == len(suggest("prefix=")) == len(suggest("")) == 10
    assert {"jwst", "hubble-space-telescope"} <= set(suggest("prefix=space+telescope&limit=20"))
    assert (
        suggest("prefix=hubble+space+telescop")[0]
        == suggest("prefix=Huble+Space+Telescope")[0]
        == "hubble-space-telescope"
    )
    assert suggest("prefix=space+ag", "type")[0] == suggest("prefix=SpaceAgency", "type")[0] == "SpaceAgency"
    assert suggest("prefix=launch+d", "property") == ["launchDate"]
    assert len(suggest("limit=50", "type")) > 20
    assert suggest("prefix=%22%22") == suggest("prefix=%3Cscript%3E", "type") == []


@both
def test_a_preview_fits_into_the_frame_of_a_client_and_runs_nothing(site: str, path: str) -> None:
    answer = ask(site, f"{path}/preview?id={IDS[path][2]}")
    assert (answer.status, answer.media_type) == (200, "text/html")
    assert b"James Webb Space Telescope" in answer.body
    assert b"2021-12-25" in answer.body
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in ask(site, "/page/jwst", "text/html").headers["Content-Security-Policy"]


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\ud800",
    "\0",
    "{{7*7}}",
    "x" * 50_000,
    "' OR 1=1",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_only_texts(site: str, text: str) -> None:
    found = classic(site, **{text[:50]: {"query": text, "properties": [{"pid": "country", "v": text}]}})
    assert matched(next(iter(found.values()))) == []
    assert matched(modern(site, given(text, "operator", text))[0]) == []
    rows = checked(send_json(site, "/reconcile", {"ids": [text[:50]], "properties": [{"id": "ror"}]}), "extension-1.0")[
        "rows"
    ]
    assert rows[0]["properties"][0]["values"] == []
    for address in ("preview", "flyout/entity", "flyout/type", "flyout/property"):
        answer = ask(site, f"/reconcile/{address}?{encoded(id=text[:50].encode('utf-8', 'replace').decode())}")
        assert refused(answer, 404)


WRONG_FORMS = {
    "no JSON": "{",
    "nothing": "",
    "a list": [],
    "a text": '"NASA"',
    "null": "null",
    "a number": "7",
    "NaN": '{"a": NaN}',
    "a query that is a number": {"a": 7},
    "an empty query": {"a": {}},
    "a name that is a number": {"a": {"query": 7}},
    "a name that is a list": {"a": {"query": ["NASA"]}},
    "a limit of nought": {"a": {"query": "x", "limit": 0}},
    "a limit below": {"a": {"query": "x", "limit": -1}},
    "a limit in words": {"a": {"query": "x", "limit": "many"}},
    "a limit that is true": {"a": {"query": "x", "limit": True}},
    "half a limit": {"a": {"query": "x", "limit": 1.5}},
    "an unknown type": {"a": {"query": "x", "type": "Unicorn"}},
    "a type that is a number": {"a": {"query": "x", "type": 5}},
    "a huge type": {"a": {"query": "x", "type": "x" * 9_999}},
    "an unknown strictness": {"a": {"query": "x", "type_strict": "no"}},
    "an unknown property": {"a": {"query": "x", "properties": [{"pid": "colour", "v": "red"}]}},
    "a language that is none": {"a": {"query": "x", "lang": "<fr>"}},
    "a language that is a list": {"a": {"query": "x", "lang": ["fr"]}},
    "a property without an id": {"a": {"query": "x", "properties": [{"v": "red"}]}},
    "properties that are an object": {"a": {"query": "x", "properties": {"pid": "country"}}},
    "a value in a list in a list": {"a": {"query": "x", "properties": [{"pid": "country", "v": [["x"]]}]}},
    "a deep nest": "[" * 50_000,
    "a huge number": '{"a": {"query": "x", "limit": ' + "9" * 5_000 + "}}",
    "a limit without end": '{"a": {"query": "x", "limit": 1e999}}',
}


@pytest.mark.parametrize("queries", WRONG_FORMS.values(), ids=WRONG_FORMS)
def test_queries_of_another_form_are_refused(site: str, queries: object) -> None:
    assert refused(send_form(site, "/reconcile", queries=queries), 400)


WRONG_BODIES: dict[str, Any] = {
    "nothing": {},
    "a list": [],
    "no queries": {"queries": None},
    "a text": {"queries": "NASA"},
    "no conditions": {"queries": [{}]},
    "empty conditions": {"queries": [{"conditions": []}]},
    "no match type": {"queries": [{"conditions": [{"propertyValue": "x"}]}]},
    "an unknown match type": {"queries": [{"conditions": [{"matchType": "sound", "propertyValue": "x"}]}]},
    "an unknown quantifier": {"queries": [given("x", "country", "y", matchQuantifier="most")]},
    "a required that is a text": {"queries": [given("x", "country", "y", required="yes")]},
    "several types": {"queries": [named("x", type=["SpaceAgency"])]},
    "an unknown property": {"queries": [given("x", "colour", "red")]},
    "ids that are a text": {"ids": "nasa", "properties": []},
    "ids that are numbers": {"ids": [1], "properties": []},
    "an unknown column": {"ids": ["nasa"], "properties": [{"id": "colour"}]},
    "a column that is a text": {"ids": ["nasa"], "properties": ["ror"]},
    "no columns": {"ids": ["nasa"]},
}


@pytest.mark.parametrize("content", WRONG_BODIES.values(), ids=WRONG_BODIES)
def test_bodies_of_another_form_are_refused(site: str, content: object) -> None:
    assert refused(send_json(site, "/reconcile", content), 400)


@pytest.mark.parametrize(
    "question", ["offset=-1", "offset=x", "limit=0", "limit=x", "offset=1e9", "cursor=%00", "limit=٣"]
)
def test_an_offset_or_limit_that_is_none_is_refused(site: str, question: str) -> None:
    assert refused(ask(site, "/reconcile/suggest/entity?prefix=a&" + encoded(**dict([question.split("=")]))), 400)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["NASA", "country", "SpaceAgency", "name", "property", "id", "Q23548", "nasa"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=5),
    max_leaves=12,
)
QUERY = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("query", "type", "limit", "properties", "conditions"), VALUES)
)


@settings(max_examples=150, deadline=None)
@drawn(query=QUERY | VALUES, content=VALUES)
def test_whatever_is_sent_is_answered_or_refused(site: str, query: object, content: object) -> None:
    answers = [
        send_form(site, "/reconcile", queries={"a": query}),
        send_form(site, "/reconcile/wikidata", extend=content),
        send_json(site, "/reconcile", {"queries": [query]}),
        send_json(site, "/reconcile/extend", content),
        send_json(site, "/lookup", content),
    ]
    assert {answer.status for answer in answers} <= {200, 400, 413}


def test_addresses_that_are_none_are_not_found(site: str) -> None:
    assert refused(ask(site, "/reconcile/suggest/planet?prefix=a"), 404)
    assert refused(ask(site, "/reconcile/flyout/type?id=Unicorn"), 404)
    assert refused(ask(site, "/reconcile/preview"), 404)
    assert refused(ask(site, "/reconcile/extend/propose?type=Unicorn"), 400)
    assert refused(ask(site, "/reconcile/match"), 405)
    assert refused(ask(site, "/reconcile", method="DELETE"), 405)


@pytest.mark.parametrize("number", [101, 10_000])
def test_more_than_a_batch_is_refused(site: str, number: int) -> None:
    message = refused(
        send_form(site, "/reconcile", queries={f"q{each}": {"query": "x"} for each in range(number)}), 413
    )
    if number == 101:
        assert "at most 100" in message
        assert "at most 100" in refused(send_json(site, "/reconcile/match", {"queries": [named("x")] * number}), 413)
        assert refused(send_json(site, "/reconcile/extend", {"ids": ["nasa"] * number, "properties": []}), 413)
    cells = {"ids": ["nasa"] * 100, "properties": [{"id": "ror"}] * 6}
    assert "at most 500" in refused(send_json(site, "/reconcile/extend", cells), 413)
    assert refused(send_json(site, "/reconcile", {"queries": [given("x", "country", ["y"] * 21)]}), 413)
    assert refused(send(site, "/reconcile", b"queries=" + b"x" * 1_100_000, FORM), 413)


def test_a_whole_batch_is_answered(site: str) -> None:
    assert len(classic(site, **{f"q{number}": {"query": f"Kosmos {number}"} for number in range(100)})) == 100


def test_a_browser_of_another_site_may_ask(site: str) -> None:
    answer = ask(site, "/reconcile/match", method="OPTIONS", Origin="https://example.org")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]


def test_no_answer_is_a_script(site: str) -> None:
    answer = ask(site, f"/reconcile?{encoded(queries={'a': {'query': 'NASA'}}, callback='alert')}")
    assert answer.media_type == "application/json"
    checked(answer, "results-0.2")


@pytest.mark.parametrize(
    "row", ["a,b,c,reconcile/unheard-of,,text,,", "a,b,c,reconcile/ror,,colour,,", ",b,c,reconcile/ror,,text,,", "a,b"]
)
def test_a_table_of_columns_is_checked(tmp_path: Path, row: str) -> None:
    file = tmp_path / "columns.csv"
    file.write_text(f"{','.join(columns.FIELDS)}\n{row}\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match="row 2"):
        columns.read(file, {"reconcile/ror"})


def test_the_classes_of_every_column_exist(rules: Declared, names: Register) -> None:
    assert {kind for column in names.columns for kind in column.of} <= set(rules.classes)
    iris = {column.property for column in names.columns if column.property}
    assert {iri for iri in iris if not iri.startswith("http://xmlns")} <= {
        f"https://w3id.org/spacekg/ontology#{name}" for name in rules.properties
    }


@settings(deadline=None)
@drawn(st.text(max_size=40) | st.sampled_from(["CSA", "NASA", "Germany"]), st.sampled_from(["", "Canada"]))
def test_a_remembered_answer_is_the_one_that_was_made(answers: Answers, name: str, country: str) -> None:
    conditions = (Condition("country", (country,)),) if country else ()
    question = Question((name,), conditions=conditions)
    for version, languages in ((CLASSIC, ()), (MODERN_VERSION, ()), (CLASSIC, ("fr",))):
        made = answers.made(question, version, languages)
        assert answers.given(question, version, languages) == answers.given(question, version, languages) == made


def test_what_nobody_asks_twice_is_not_remembered() -> None:
    assert Question(("NASA",), conditions=(Condition("country", ("Canada",)),)).small
    assert not Question(("x" * 501,)).small
    assert not Question(("NASA",), limit=11).small
