"""The pages about the ontology: whole, linked, the same each time, and in need of nothing from elsewhere."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Literal, Quad, RdfFormat, parse
from rdflib import URIRef

from spacekg import ontology_docs, summary
from spacekg.cli import run
from spacekg.declared import SKG, SKOS, SKV, Declared
from spacekg.ontology_docs import OntologyDocsError, constraints, pictures, terms
from spacekg.release import Release

VOID = {"meta", "link", "br", "path", "rect"}
FETCHED = {("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src"), ("object", "data"), ("use", "href")}
PARTS = {".ttl": RdfFormat.TURTLE, ".rdf": RdfFormat.RDF_XML, ".jsonld": RdfFormat.JSON_LD}


class Page(HTMLParser):
    """What a page has: its anchors, its links, what it fetches, its tags in balance."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.anchors: list[str] = []
        self.links: list[str] = []
        self.fetches: list[str] = []
        self.tags: set[str] = set()
        self._open: list[str] = []
        self.text = path.read_text(encoding="utf-8")
        self.feed(self.text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "id":
                self.anchors.append(value or "")
            if (tag, name) == ("a", "href"):
                self.links.append(value or "")
            if (tag, name) in FETCHED or name in ("style", "srcset") or name.startswith("on"):
                self.fetches.append(value or "")
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, f"</{tag}> at {self.getpos()}"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID
        self.handle_starttag(tag, attrs)


@pytest.fixture(scope="module")
def folder(rules: Declared, shipped_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("pages")
    ontology_docs.write(rules, out, shipped_release.quads())
    return out


@pytest.fixture(scope="module")
def pages(folder: Path) -> dict[str, Page]:
    return {path.name: Page(path) for path in sorted(folder.glob("*.html"))}


def section(page: Page, name: str) -> str:
    found = re.search(rf'<section id="{name}" class="term">.*?</section>', page.text, re.DOTALL)
    assert found, name
    return re.sub(r"<[^>]+>", "", found[0])


def ours(quads: tuple[Quad, ...], predicate: str) -> Iterator[Quad]:
    for quad in quads:
        if quad.predicate.value == predicate and str(quad.subject)[1:].startswith((SKG, SKV)):
            yield quad


def test_every_declared_term_has_one_place(rules: Declared, pages: dict[str, Page]) -> None:
    ours = [name for name in (*rules.classes, *rules.properties) if ":" not in name]
    assert len(ours) > 130
    assert all(pages["index.html"].anchors.count(name) == 1 for name in ours)
    anchors = [anchor for name, page in pages.items() if name != "index.html" for anchor in page.anchors]
    assert sorted(anchors) == sorted(concept.removeprefix("vocab:") for concept in rules.concepts)


def test_every_link_within_the_pages_leads_somewhere(folder: Path, pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        for link in page.links:
            target, _, anchor = link.partition("#")
            if not link.startswith(("http://", "https://")):
                assert (folder / (target or name)).is_file(), f"{name}: {link}"
                assert not anchor or anchor in pages[target or name].anchors, f"{name}: {link}"


def test_no_page_fetches_anything_but_its_style(pages: dict[str, Page], folder: Path) -> None:
    for page in pages.values():
        assert page.fetches == ["style.css"]
        assert not page.tags & {"script", "img", "iframe", "object", "embed", "form"}
    assert not re.search(r"url\(|@import", (folder / "style.css").read_text(encoding="utf-8"))


def test_no_anchor_is_used_twice(pages: dict[str, Page]) -> None:
    assert all(len(set(page.anchors)) == len(page.anchors) for page in pages.values())


def test_nothing_that_is_said_of_a_term_is_left_out(rules: Declared, pages: dict[str, Page]) -> None:
    whole = " ".join(html.unescape(re.sub(r"<[^>]+>", "", page.text)) for page in pages.values())
    for predicate in ("definition", "example", "scopeNote", "prefLabel", "altLabel"):
        for quad in ours((*rules.ontology, *rules.vocab), f"{SKOS}{predicate}"):
            assert isinstance(quad.object, Literal)
            assert quad.object.value in whole, quad
    labels = [quad.object for quad in ours(rules.ontology, f"{SKOS}prefLabel")]
    languages = {label.language for label in labels if isinstance(label, Literal)}
    assert {"de", "en", "es", "fr", "ja", "ru", "zh"} <= languages
    assert all(f'lang="{language}"' in pages["index.html"].text for language in languages)


def test_every_alignment_stands_at_its_term(rules: Declared, pages: dict[str, Page]) -> None:
    found = [quad for name in ("exactMatch", "closeMatch") for quad in ours(rules.alignments, f"{SKOS}{name}")]
    assert len(found) > 50
    for quad in found:
        name, target = str(quad.subject)[1:-1].removeprefix(SKG), str(quad.object)[1:-1]
        assert rules.compact(target) in section(pages["index.html"], name)


def test_a_class_says_what_it_is_defined_by_and_what_the_shapes_ask(pages: dict[str, Page]) -> None:
    text = section(pages["index.html"], "PublicPrivatePartnership")
    assert "Collaboration and collaborationType value public-private partnership" in text
    assert re.search(r"hasParticipant\s*of them at least 1, each a Company Warning", text)
    assert "SpaceAgency and agencyOf some State" in section(pages["index.html"], "NationalSpaceAgency")
    assert "exactly 1, one of accepted or uncertain or disputed" in section(pages["index.html"], "Claim")


def test_a_property_says_its_ends_its_chains_and_its_traits(pages: dict[str, Page]) -> None:
    text = section(pages["index.html"], "participatesIn")
    assert "holdsParticipation, then participationIn; participatesIn, then concerns" in text
    assert re.search(r"the other way round\s*hasParticipant", text)
    assert re.search(r"is\s*transitive", section(pages["index.html"], "partOf"))
    assert re.search(r"from, by its shape\s*Endeavour, SpaceAsset", section(pages["index.html"], "hasParticipant"))


def test_the_shapes_of_every_class_and_property_are_told(rules: Declared) -> None:
    book = terms.gather(rules)
    targets = {
        value
        for name in ("targetClass", "targetSubjectsOf")
        for _, value in book.shapes.pairs(f"{constraints.SH}{name}")
    }
    untold = [term.name for node, term in book.terms.items() if node in targets and not constraints.on(term, book)]
    assert untold == []


def test_a_release_gives_counts_and_examples(shipped_release: Release, pages: dict[str, Page]) -> None:
    counts = summary.classes(shipped_release.quads())
    for name in ("SpaceAgency", "Launch", "JointMission"):
        assert f"{counts[SKG + name]:,} things" in section(pages["index.html"], name)
    assert "Canadian Space Agency" in section(pages["index.html"], "NationalSpaceAgency")
    assert "Cassini–Huygens" in section(pages["collaboration-types.html"], "joint-development")


def test_without_a_release_there_are_none(rules: Declared, tmp_path: Path) -> None:
    ontology_docs.write(rules, tmp_path)
    assert "in the release" not in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_the_same_declarations_give_the_same_bytes(
    folder: Path, rules: Declared, shipped_release: Release, tmp_path: Path
) -> None:
    from spacekg import declared  # noqa: PLC0415

    again = declared.read(rules.folder)  # blank nodes get other names each time they are read
    written = ontology_docs.write(again, tmp_path, reversed(list(shipped_release.quads())))
    assert sorted(path.name for path in written) == sorted(path.name for path in folder.iterdir())
    assert [path.name for path in written if path.read_bytes() != (folder / path.name).read_bytes()] == []


@pytest.mark.parametrize("part", ["ontology", "vocab", "alignments", "shapes"])
@pytest.mark.parametrize("suffix", PARTS)
def test_the_files_to_import_hold_what_is_declared(folder: Path, rules: Declared, part: str, suffix: str) -> None:
    content = parse(path=folder / f"{part}{suffix}", format=PARTS[suffix])
    assert canonical(content) == canonical(getattr(rules, part))


def canonical(quads: Iterator[Quad] | tuple[Quad, ...]) -> list[str]:
    dataset = Dataset(Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, dataset))


def test_the_pictures_have_every_class_and_every_step_of_the_pattern(rules: Declared) -> None:
    book = terms.gather(rules)
    tree, pattern = pictures.classes(book), pictures.pattern(book)
    assert sorted(box.name for box in tree.boxes) == sorted(term.name for term in book.of_kind("class"))
    assert {line.name for line in pattern.lines} == set(pictures.PATTERN)
    for picture in (tree, pattern):
        places = [(box.x, box.y) for box in picture.boxes]
        assert len(set(places)) == len(places)
        assert all(box.x + box.width <= picture.width and box.y < picture.height for box in picture.boxes)


def test_a_place_that_cannot_be_written_is_an_error(rules: Declared, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(OntologyDocsError, match="choose another with --out"):
        ontology_docs.write(rules, tmp_path / "taken")


def test_the_command_writes_them(shipped_release: Release, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "site"
    assert run(["ontology", "docs", "--out", str(out), "--release", str(shipped_release.folder)]) == 0
    assert (out / "index.html").is_file()
    assert run(["ontology", "docs", "--out", str(out), "--release", str(tmp_path / "none")]) == 2
    assert "none" in capsys.readouterr().err


def test_the_way_to_import_it_works(folder: Path, rules: Declared, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (Path(__file__).parent.parent / "docs" / "ontology.md").read_text(encoding="utf-8")
    (snippet,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    monkeypatch.chdir(folder)
    names: dict[str, object] = {}
    exec(snippet, names)  # it is our own documentation
    assert names["kinds"] == [URIRef(f"{SKG}{name}SpaceAgency") for name in ("Intergovernmental", "National")]
    version = next(quad.object for quad in rules.ontology if quad.predicate.value.endswith("versionIRI"))
    assert f"owl:imports {version}" in text
