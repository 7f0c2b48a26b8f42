"""Files of every kind become documents, and bad ones an error that says what to do."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacekg import documents
from spacekg.documents import hypertext, plain, portable, quarantine
from spacekg.errors import DocumentError
from spacekg.model import Document

FIXTURES = Path(__file__).parent / "documents"
FRONT_MATTER = "---\ntitle: Two orbiters\nlicense: CC0\ndate: 2018-10-20\nlanguage: en\nsource: A report\n---\n"


def one(path: Path) -> Document:
    (document,) = documents.read([path]).documents
    return document


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refusal(path: Path) -> str:
    with pytest.raises(DocumentError) as caught:
        documents.read([path])
    message = str(caught.value)
    assert str(path) in message
    assert "\n" not in message
    return message


def test_a_text_file_is_its_own_text_with_its_hashes(tmp_path: Path) -> None:
    data = "A title.\r\n\r\nMio is an orbiter – of JAXA.\n"
    document = one(written(tmp_path, "mio.txt", data))
    assert document.text == data
    assert document.text_sha256 == document.file_sha256 == hashlib.sha256(data.encode()).hexdigest()
    assert (document.name, document.media_type, document.title) == ("mio", "text/plain", "A title")
    assert (document.body, document.language, document.source, document.licence, document.date) == (0, "en", "", "", "")


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    document = one(written(tmp_path, "mio.txt", b"\xef\xbb\xbfMio"))
    assert document.text == "Mio"
    assert document.text_sha256 != document.file_sha256


def test_front_matter_describes_the_document_and_stays_in_its_text(tmp_path: Path) -> None:
    document = one(written(tmp_path, "mio.md", FRONT_MATTER + "# Mio\n\nText.\n"))
    assert (document.title, document.licence, document.date) == ("Two orbiters", "CC0", "2018-10-20")
    assert document.source == "A report"
    assert document.text[document.body :] == "# Mio\n\nText.\n"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("intro\n\n## The *second* line ##\n", "The *second* line"),
        ("\n  **A bold start.**\nmore", "A bold start"),
        ("---\nlanguage: de\n---\n# Ein Titel\n", "Ein Titel"),
        ("---\n\nA rule before the text", "---"),
    ],
)
def test_without_a_title_in_front_the_first_heading_or_line_is_it(tmp_path: Path, text: str, title: str) -> None:
    assert one(written(tmp_path, "a.md", text)).title == title


@pytest.mark.parametrize(
    ("front", "complaint"),
    [
        ("title: [unclosed", "not YAML at line 3"),
        ("just words", "no `key: value` lines"),
        ("title: [a, b]", "`title` is not a line of text"),
        ("date: yesterday", "`date` is not a date like 2026"),
        ("date: 2018-10-40", "day is out of range for month"),
        ("date: 2018-13", "`date` is not a date like 2026"),
        ("language: plain english", "`language` is not a language tag"),
        ("x: " + "[" * 5000, "not YAML"),
        ("x: !!python/object/apply:os.system ['true']", "not YAML"),
    ],
)
def test_bad_front_matter_is_refused(tmp_path: Path, front: str, complaint: str) -> None:
    assert complaint in refusal(written(tmp_path, "a.md", f"---\n{front}\n---\ntext\n"))


def test_a_page_is_read_as_it_is_seen() -> None:
    document = one(FIXTURES / "mission.html")
    assert document.text.splitlines() == [
        "# A mission of two agencies",
        "",
        "BepiColombo travels to Mercury.",
        "",
        "## Partners",
        "",
        "- ESA (European Space Agency)",
        "  - Germany",
        "  - Italy",
        "- JAXA",
        "",
        "Who built what",
        "",
        "| Orbiter | Built by |",
        "|---|---|",
        "| Mio | JAXA |",
        "| MPO | ESA \\| with industry |",
        "",
        "Left",
        "",
        "Right",
        "",
        "- When was the launch?",
        "  - In October 2018.",
    ]
    assert (document.title, document.language) == ("A mission of two agencies", "en-GB")
    assert document.source == "https://example.org/mission"
    assert document.licence == "https://creativecommons.org/licenses/by/4.0/"


def test_a_page_says_in_which_encoding_it_is() -> None:
    page = "<meta charset=iso-8859-1><p>Française"
    assert hypertext.extract(page.encode("latin-1")).text == "Française\n"
    with pytest.raises(DocumentError, match="'punycode', which is not read"):
        hypertext.extract(b"<meta charset=punycode><p>x")


def test_a_numbered_list_and_a_table_without_header_keep_their_shape() -> None:
    page = b"<ol><li>one<li><p>two</p><p>more</p></ol>after<table><tr><td>a<td>b</table>"
    assert hypertext.extract(page).text == "1. one\n2. two\n\n  more\n\nafter\n\n| a | b |\n"


def test_the_pages_of_a_pdf_are_one_text() -> None:
    document = one(FIXTURES / "mercury.pdf")
    assert document.text == portable.extract((FIXTURES / "mercury.pdf").read_bytes()).text
    assert document.title == "Two agencies at Mercury"
    assert document.media_type == "application/pdf"
    assert "• Mio: JAXA\n• Mercury Planetary Orbiter: ESA\nThe second page says" in document.text


@pytest.mark.parametrize(("name", "complaint"), [("locked.pdf", "encrypted PDF"), ("pictures.pdf", "without text")])
def test_a_pdf_without_readable_text_is_refused(name: str, complaint: str) -> None:
    assert complaint in refusal(FIXTURES / name)
    with pytest.raises(DocumentError, match=complaint):
        portable.extract((FIXTURES / name).read_bytes())


@pytest.mark.parametrize("cut", [5, 200, 1200, 2400])
def test_a_truncated_pdf_is_refused_or_read(tmp_path: Path, cut: int) -> None:
    whole = (FIXTURES / "mercury.pdf").read_bytes()
    path = written(tmp_path, "cut.pdf", whole[:cut])
    try:
        assert "Mercury" in one(path).text
    except DocumentError as error:
        assert "PDF" in str(error)


@given(st.integers(0, 2400), st.binary(min_size=1, max_size=40))
def test_a_damaged_pdf_never_breaks_the_reader(at: int, damage: bytes) -> None:
    whole = (FIXTURES / "mercury.pdf").read_bytes()
    try:
        portable.extract(whole[:at] + damage + whole[at + len(damage) :])
    except DocumentError as error:
        assert "PDF" in str(error)


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b" \n\t\n", "holds no text"),
        ("a.md", FRONT_MATTER.encode(), "holds no text"),
        ("a.html", b"<nav>Home</nav><script>1</script>", "holds no text"),
        ("a.txt", b"NASA\0ESA", "NUL byte at byte 4"),
        ("a.html", b"<p>\0", "NUL byte at byte 3"),
        ("a.txt", "NASA".encode("utf-16"), "UTF-16; save it as UTF-8"),
        ("a.md", b"Fran\xe7aise", "not UTF-8: byte 4 (0xe7)"),
        ("a.pdf", b"no PDF at all", "broken PDF"),
        ("a.docx", b"PK", "cannot be read as a document; give a .txt, .md, .html, .htm or .pdf file"),
    ],
)
def test_what_is_no_text_is_refused_with_advice(tmp_path: Path, name: str, content: bytes, complaint: str) -> None:
    assert complaint in refusal(written(tmp_path, name, content))


def test_a_huge_file_is_refused_by_its_size_alone(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    started = time.process_time()
    assert "is 100 MB, more than the 20 MB that are read; split it" in refusal(path)
    assert time.process_time() - started < 1


def test_a_missing_path_and_a_pipe_are_refused(tmp_path: Path) -> None:
    assert "no such file or folder" in refusal(tmp_path / "none.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    assert "no regular file" in refusal(tmp_path / "pipe.txt")


def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", "x")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    assert "cannot be opened (Permission denied)" in refusal(path)


def test_a_folder_is_read_to_the_bottom_and_says_what_it_left(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    written(tmp_path, "b.MD", "b")
    written(tmp_path / "deep" / "er", "a.txt", "a")
    picture = written(tmp_path / "deep", "c.png", "c")
    reading = documents.read([tmp_path, tmp_path / "b.MD", tmp_path / "deep"])
    assert [document.name for document in reading.documents] == ["a", "b"]
    assert reading.ignored == (picture,)


def test_a_folder_without_documents_is_refused(tmp_path: Path) -> None:
    written(tmp_path, "c.png", "c")
    assert "holds no document" in refusal(tmp_path)


def test_a_dangling_link_is_left_out(tmp_path: Path) -> None:
    written(tmp_path, "a.txt", "a")
    (tmp_path / "b.txt").symlink_to(tmp_path / "gone.txt")
    assert documents.read([tmp_path]).ignored == (tmp_path / "b.txt",)


def test_two_documents_of_one_name_are_refused(tmp_path: Path) -> None:
    written(tmp_path, "Ariane 5.txt", "a")
    written(tmp_path, "Ariane-5.md", "b")
    with pytest.raises(DocumentError, match="would both be the document 'Ariane-5'; rename one of them"):
        documents.read([tmp_path])


@pytest.mark.parametrize(("stem", "name"), [("Été à Kourou", "Ete-a-Kourou"), ("a_b-c", "a_b-c"), ("v1.2", "v1-2")])
def test_a_name_is_ascii(tmp_path: Path, stem: str, name: str) -> None:
    assert one(written(tmp_path, f"{stem}.txt", "x")).name == name


def test_a_name_in_another_script_is_told_by_its_hash(tmp_path: Path) -> None:
    assert (
        one(written(tmp_path, "宇宙.txt", "x")).name == "document-" + hashlib.sha256("宇宙".encode()).hexdigest()[:12]
    )


@pytest.mark.parametrize("markup", ["<div>", "<ul><li>", "<table><tr><td>", "<b>", "<dl><dd>"])
def test_a_deeply_nested_page_is_read(tmp_path: Path, markup: str) -> None:
    document = one(written(tmp_path, "deep.html", markup * 5000 + "NASA"))
    assert document.text.split()[-1] == "NASA"


def test_a_page_of_a_hundred_thousand_nested_items_loses_none(tmp_path: Path) -> None:
    page = "".join(f"<ul><li>item {number}" for number in range(100_000)) + "</li></ul>" * 100_000
    text = one(written(tmp_path, "deep.html", page)).text
    assert text.count("item ") == 100_000
    assert "item 99999" in text


def test_a_large_page_is_read_in_quarantine_with_the_same_result() -> None:
    page = "<h1>Title</h1>" + "<p>Mio is an orbiter of JAXA.</p>" * 3000
    assert quarantine.extract("hypertext", page.encode()) == hypertext.extract(page.encode())


def test_a_page_that_takes_too_long_is_given_up() -> None:
    slow = "<p " + " ".join(f"a{number}" for number in range(150_000)) + ">x"
    with pytest.raises(DocumentError, match=r"more than 0\.5 seconds to read"):
        quarantine.extract("hypertext", slow.encode(), seconds=0.5)


def test_a_reader_that_breaks_down_is_reported() -> None:
    with pytest.raises(DocumentError, match="its reader broke down"):
        quarantine.extract("content", b"")


@given(st.text(max_size=400))
def test_every_text_is_read_unchanged_or_refused(text: str) -> None:
    try:
        content = plain.extract(text.encode())
    except DocumentError:
        return
    assert content.text == text.removeprefix("\ufeff")
    assert 0 <= content.body <= len(content.text)


@given(st.binary(max_size=300))
def test_no_page_breaks_the_reader(data: bytes) -> None:
    try:
        text = hypertext.extract(b"<ul><li><table><tr><td>" + data).text
    except DocumentError:
        return
    assert "\r" not in text


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    for name in ("c", "a", "b"):
        written(tmp_path, f"{name}.txt", name)
    assert documents.read([tmp_path]) == documents.read([tmp_path])
    assert [document.name for document in documents.read([tmp_path]).documents] == ["a", "b", "c"]
