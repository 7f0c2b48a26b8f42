"""What the editor is given: the page with and without its scripts, and the words that it completes."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from flask import Flask
from tests.opening import Opened

from spacekg import store, web
from spacekg.declared import Declared
from spacekg.release import Release

TINY = Path(__file__).parent / "graphs" / "tiny.trig"
PEOPLE = {"Accept": "text/html"}
PLAIN = "This copy was built without npm"


@pytest.fixture(scope="module")
def app(rules: Declared, shipped_release: Release, opened: Opened) -> Flask:
    queries = {query.name: query.text for query in rules.queries.values()}
    return web.create_app(opened(shipped_release.graph, shipped_release.id, queries, rules.prefixes))


def test_the_words_are_those_of_the_data_with_their_names(app: Flask) -> None:
    client = app.test_client()
    end = time.monotonic() + 60
    while not (content := client.get("/sparql/words").get_json())["ready"]:
        assert time.monotonic() < end
    terms = {(term["kind"], term["iri"].rpartition("#")[2]): term for term in content["terms"]}
    joined = terms["property", "hasParticipant"]
    assert (joined["label"], joined["uses"] > 0, joined["about"] != "") == ("has participant", True, True)
    assert terms["class", "LaunchSite"]["label"] == "launch site"
    for kind in ("class", "property"):
        uses = [term["uses"] for term in content["terms"] if term["kind"] == kind]
        assert uses == sorted(uses, reverse=True)


def test_a_graph_without_our_queries_has_no_words_and_still_a_page() -> None:
    client = web.create_app(store.open_file(TINY, "r1", {}, {})).test_client()
    assert client.get("/sparql/words").json == {"ready": True, "prefixes": {}, "terms": []}
    assert client.get("/sparql", headers=PEOPLE).status_code == 200


@pytest.mark.parametrize("there", [(), ("yasqe.js",), ("yasqe.js", "yasqe.css")])
def test_without_the_scripts_of_npm_the_page_is_a_plain_form_and_says_so(
    there: tuple[str, ...], tmp_path: Path
) -> None:
    app = web.create_app(store.open_file(TINY, "r1", {}, {}))
    app.static_folder = str(tmp_path)
    (tmp_path / "vendor").mkdir()
    for name in there:
        (tmp_path / "vendor" / name).touch()
    page = app.test_client().get("/sparql", headers=PEOPLE).text
    whole = len(there) == 2
    assert (PLAIN in page, "/static/vendor/yasqe.js" in page) == (not whole, whole)
    assert '<textarea id="query" name="query"' in page


def test_every_question_is_in_the_catalogue_and_leads_to_its_answer(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/sparql", headers=PEOPLE).text
    listed = re.findall(r'<a href="/queries/(\w+)" data-query="/queries/(\w+)\.rq">', page)
    assert len(listed) > 20
    assert all(page == query for page, query in listed)
    assert client.get(f"/queries/{listed[0][0]}.rq").mimetype == "application/sparql-query"


def test_every_module_that_is_fetched_beforehand_is_there(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/sparql", headers=PEOPLE).text
    named = re.findall(r'<link rel="modulepreload" href="([^"]+)">', page)
    if not named:
        pytest.skip("the scripts of npm packages were not fetched here: python tools/assets.py")
    folder = Path(web.__file__).parent / "static" / "editor"
    begun = {"editor.js"}
    for name in ("editor.js", *(each.rpartition("/")[2] for each in named)):
        begun |= set(re.findall(r'from "\./(\w+\.js)"', (folder / name).read_text(encoding="utf-8")))
    assert {each.rpartition("/")[2] for each in named} == begun - {"editor.js"}
