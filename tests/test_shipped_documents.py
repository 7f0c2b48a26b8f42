"""The documents that are shipped: described, readable, and in words of their own."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from spacekg import documents, passages
from spacekg.model import Document, PassageKind

ROOT = Path(__file__).parent.parent
ARTICLES = ROOT.parent / "shared" / "documents"
GOLD = ROOT.parent / "shared" / "gold" / "facts_000_002.tsv"
RUN = 9

needs_articles = pytest.mark.skipif(not ARTICLES.is_dir(), reason="the articles are not part of the project")
needs_gold = pytest.mark.skipif(
    not (ARTICLES.is_dir() and GOLD.is_file()), reason="the gold is not part of the project"
)


def shipped() -> tuple[Document, ...]:
    return documents.read([ROOT / "data" / "documents"]).documents


def runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}


OF_ARTICLES = {
    *("advancing-together", "collaboration-on-space-projects", "collaborations-in-space-exploration"),
    "fostering-global-progress",
}


def test_there_is_one_document_for_each_article_and_the_others_are_our_own() -> None:
    reading = documents.read([ROOT / "data" / "documents"])
    assert reading.ignored == ()
    assert {document.name for document in reading.documents if "article" in document.source} == OF_ARTICLES
    assert {document.source for document in reading.documents if document.name not in OF_ARTICLES} == {
        "written for spacekg"
    }


@pytest.mark.parametrize("document", shipped(), ids=lambda document: document.name)
def test_each_says_where_it_comes_from(document: Document) -> None:
    assert document.title
    assert (document.licence, document.language) == ("CC BY 4.0", "en")
    assert document.date.startswith("2026-11-")
    assert document.body > 0


def test_together_they_have_every_kind_of_passage() -> None:
    found = [passage for document in shipped() for passage in passages.split(document)]
    assert {passage.kind for passage in found} == set(PassageKind)
    assert any(len(passage.headings) > 2 and passage.kind is PassageKind.ITEM for passage in found)
    assert all(passage.header for passage in found if passage.kind is PassageKind.ROW)


@needs_articles
@pytest.mark.parametrize("document", shipped(), ids=lambda document: document.name)
def test_none_repeats_an_article(document: Document) -> None:
    for article in sorted(ARTICLES.glob("*.txt")):
        assert not runs(document.text) & runs(article.read_text(encoding="utf-8"))


@needs_gold
def test_every_marked_sentence_of_the_articles_is_covered_by_passages() -> None:
    found = {document.name: passages.split(document) for document in documents.read([ARTICLES]).documents}
    with GOLD.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert rows
    for row in rows:
        start, end = int(row["start"]), int(row["end"])
        inside = [p for p in found[row["doc"].removesuffix(".txt")] if p.start < end and start < p.end]
        covered = " ".join(p.text for p in inside)
        assert covered == row["sentence"].lstrip("• "), row["fact_id"]
