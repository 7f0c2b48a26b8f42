"""spacekg explain: what was found and refused in a document, on a terminal, in a pipe and as a page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser
from tests.reading import document, read_text, shipped

from spacekg import cli, explanation
from spacekg.cli import explaining
from spacekg.corpus.extraction import Tools
from spacekg.explanation import Explanation, page

TEXT = (
    "NASA and ESA built the Hubble Space Telescope. The CSA did not launch Planck. "
    "The Soviet Union launched Sputnik 1 in 1958. Progress is slow. It was built at home.\n"
)


def told(text: str) -> Explanation:
    _, words, tables, _ = shipped()
    return explanation.explain(document(text), Tools(tables, words))


def test_every_claim_of_a_build_is_explained_once() -> None:
    explained = [stated.claim for each in told(TEXT).passages for stated in each.claims]
    assert len(explained) > 4
    assert explained == read_text(TEXT)


def test_names_claims_and_refusals_have_their_reasons() -> None:
    first, second, third, fourth, fifth = told(TEXT).passages
    assert [(named.surface, named.entity, named.method) for named in first.names][:1] == [("NASA", "nasa", "unique")]
    assert {(stated.subject, stated.predicate, stated.object) for stated in first.claims} >= {
        ("Hubble Space Telescope", "developedBy", "European Space Agency")
    }
    assert [(stated.claim.status, stated.mood) for stated in second.claims] == [("uncertain", "denied")]
    assert [stated.claim.status for stated in third.claims if stated.object == "1958"] == ["disputed"]
    assert [(each.what, each.surface) for each in fourth.refused] == [("name", "Progress")]
    assert "ordinary word" in fourth.refused[0].reason
    assert ("v-develop", "built") in [(each.what, each.surface) for each in fifth.refused]


def test_what_is_too_long_to_parse_is_said_to_be() -> None:
    (only,) = told(f"NASA and ESA built Planck {'x' * 600}\n").passages
    assert only.claims == ()
    assert [each.what for each in only.refused] == ["passage"]


def test_the_pieces_of_a_passage_are_its_text() -> None:
    for each in told(TEXT).passages:
        assert "".join(words for words, _ in each.pieces) == each.passage.text
        assert [named for _, named in each.pieces if named] == list(each.names)


def test_the_page_stands_alone_and_escapes_the_document() -> None:
    hostile = "NASA </title><script>alert(1)</script> built <img src=x onerror=alert(1)> Planck & \"ESA'.\n"
    text = page.render(told(hostile))
    tree = LexborHTMLParser(text)
    assert tree.css_first("script, img, link, iframe, a[href]") is None
    assert "<script>alert(1)</script>" in tree.css_first("p.text").text()
    assert not re.search(r"https?://", text)
    assert {node.text() for node in tree.css("mark")} == {"NASA", "Planck", "ESA"}


@pytest.mark.parametrize("status", ["accepted", "uncertain", "disputed"])
def test_the_page_tells_statuses_apart(status: str) -> None:
    assert LexborHTMLParser(page.render(told(TEXT))).css_first(f"li.{status} b").text() == status


def test_a_pipe_gets_plain_lines(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "text.md"
    path.write_text(TEXT, encoding="utf-8")
    assert cli.run(["explain", str(path)]) == 0
    out = capfd.readouterr().out
    assert "\x1b" not in out
    said = r"uncertain  Planck – launchedBy – Canadian Space Agency  \(rule v-launch, confidence 0\.\d\d, denied"
    assert re.search(said, out)
    assert re.search(r"disputed   Sputnik 1 – launchDate – 1958 .*\n +because .*1957-10-04", out)
    assert "refused    name «Progress»: an ordinary word" in out


def test_a_page_is_written_where_it_is_asked_for(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "text.md"
    path.write_text(TEXT, encoding="utf-8")
    assert cli.run(["explain", str(path), "--html", str(tmp_path / "page.html")]) == 0
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert cli.run(["explain", str(path), "--html", str(tmp_path / "no" / "page.html")]) == 2
    assert cli.run(["explain", str(tmp_path)]) == 2
    assert "name one document" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("text", "shown"), [("a\x1b[31mb", "a�[31mb"), ("a\u202eb", "a�b"), ("a\n  b", "a b"), (" č 宇宙", " č 宇宙")]
)
def test_nothing_in_a_document_steers_the_terminal(text: str, shown: str) -> None:
    assert explaining.visible(text) == shown
