"""What a rule or a plug-in found and nothing is claimed of: kept in the release, shown as refused, never a fact."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reading import shipped

from spacekg import documents, explanation, publication, release, store, summary, web
from spacekg.corpus.extraction import Tools
from spacekg.declared import Declared
from spacekg.model import Document, Refusal
from spacekg.release import Release

NAME = "advancing-together"
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
refusals = st.builds(Refusal, st.just("note"), st.integers(-1, 99), st.integers(-1, 99), words, words, words)


def test_a_release_keeps_what_explain_says_was_refused(shipped_release: Release, rules: Declared) -> None:
    kept = [each for each in shipped_release.refused if each.document == NAME]
    text = shipped_release.text(NAME)
    assert len(kept) > 5
    assert all(text[each.start : each.end] == each.words for each in kept)
    _, lexicon, tables, _ = shipped()
    document = documents.read([rules.folder / "data" / "documents" / f"{NAME}.md"]).documents[0]
    told = explanation.explain(document, Tools(tables, lexicon))
    said = {(each.what, each.surface, each.reason) for passage in told.passages for each in passage.refused}
    assert {(each.rule, each.words, each.reason) for each in kept} <= said


def test_the_page_of_a_document_shows_it_as_refused(shipped_release: Release, rules: Declared) -> None:
    queries = {query.name: query.text for query in rules.queries.values()}
    engine = store.open_file(shipped_release.graph, shipped_release.id, queries, rules.prefixes)
    client = web.create_app(engine, published=publication.read(rules, shipped_release)).test_client()
    page = client.get(f"/page/document/{NAME}").text
    shown = page.partition('id="refused"')[2].partition("</section>")[0]
    places = {(each.start, each.end): each.words for each in shipped_release.refused if each.document == NAME}
    assert f"{len(places)} places" in shown
    marked = [unescape(found) for found in re.findall(r'<mark class="refused">(.*?)</mark>', shown)]
    assert marked == [*places.values()][:200]
    assert shown.count('class="status refused"') == len(marked)


@settings(max_examples=30, deadline=None)
@given(st.lists(refusals, max_size=5))
def test_what_is_written_is_what_is_read(tmp_path_factory: pytest.TempPathFactory, found: list[Refusal]) -> None:
    note = Document("note", "text/plain", "A note.", "0" * 64, "0" * 64, "A note")
    out: Path = tmp_path_factory.mktemp("out")
    written = release.publish([], [note], {}, {}, out, refused=summary.refused(found))
    key = {(each.document, each.start, each.end, each.words, each.rule, each.reason) for each in found}
    assert [(e.document, e.start, e.end, e.words, e.rule, e.reason) for e in written.refused] == sorted(key)
    assert summary.refused(reversed(found)) == summary.refused(found)
