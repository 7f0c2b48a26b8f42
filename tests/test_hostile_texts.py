"""Documents that nobody wrote to be read: none of them crashes the reading, hangs it or becomes a fact."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reading import document, read_text, shipped

from spacekg import cli, documents, mentions, names, passages
from spacekg.errors import DocumentError
from spacekg.model import Claim, Status
from spacekg.names import fold

SECONDS = 240
"""Far more than any of these takes; a reading that hangs is stopped by it."""
READ_ONE = """
import json, sys
from pathlib import Path
from spacekg import corpus, declared, disputes, documents, lexicon, reference
known = declared.read(declared.shipped())
words = lexicon.read(known.folder / "data" / "lexicon", known)
tables = reference.read(known.folder / "data" / "reference")
read = corpus.extract(documents.read([Path(sys.argv[1])]).documents, tables, words, corpus.Means(processes=0))
claims = disputes.judge(read.claims, tables, known)
print(json.dumps([len(read.passages), len(read.unparsed), [c.status for c in claims]]))
"""
# A tenth of the nested items that benchmarks/extraction/nested.py reads: time grows in proportion.
LARGE = {
    "one line of words": "word " * 1_000_000,
    "one line of names": "NASA, ESA and " * 100_000,
    "one line of rides": "launched on a Soyuz " * 50_000,
    "one word": "x" * 5_000_000,
    "nested items": "\n".join(f"{'  ' * (depth % 40)}- item" for depth in range(100_000)),
    "items within one line": "- " * 1_000_000 + "item",
    "open brackets": "[(" * 1_000_000,
    "emphasis": "**a** " * 200_000,
    "one row": "| a " * 300_000 + "|",
    "accents": "e" + "\u0301" * 500_000,
}
TRUE = "NASA and ESA built the Hubble Space Telescope."
SMALL = {
    "right to left": "وكالة ناسا ووكالة الفضاء الأوروبية (ESA) بنتا تلسكوب هابل الفضائي معا. NASA و ESA.",
    "turned text": "\u202eNASA dehcnual kcnalP\u202c and nothing more.",
    "emoji": "🚀🚀 NASA 🤝 ESA 🛰️ Planck 👩🏽‍🚀👨‍👩‍👧‍👦!",
    "another language": "NASA и ЕКА построили телескоп. Die ESA und die NASA bauten nichts. JAXAは打ち上げた。",
    "no sentence": "NASA ESA Planck built built launched by by with and and of the of Mars 1999",
    "signs": "!?.,;:-–—'\"()[]{}<>|\\/@#$%^&*_+=~` \u200b\u200d\ufeff\u2028\u2029\u0085",
    "half a table": "| NASA | ESA\n|---|\n| Planck\n||||\n|-|-|-|\n",
}


@pytest.mark.parametrize("kind", LARGE)
def test_a_large_text_is_read_in_bounded_time_and_claims_nothing(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "large.md"
    path.write_text(LARGE[kind], encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", READ_ONE, str(path)], capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr
    assert '"accepted"' not in done.stdout
    if kind.startswith(("one", "items")):
        assert done.stdout.startswith("[1, 1, "), "the one passage is reported as not parsed"


@pytest.mark.parametrize("kind", SMALL)
def test_a_strange_text_becomes_no_fact(kind: str) -> None:
    assert [claim for claim in read_text(SMALL[kind]) if claim.status is Status.ACCEPTED] == []


@pytest.mark.parametrize("kind", SMALL)
def test_a_strange_text_beside_a_plain_one_leaves_its_facts(kind: str) -> None:
    assert facts(f"{TRUE}\n\n{SMALL[kind]}\n") == facts(TRUE)


def facts(text: str) -> set[tuple[str, str, object]]:
    return {(c.subject, c.predicate, c.object) for c in read_text(text) if c.status is Status.ACCEPTED}


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "holds no text"),
        (b"NASA\0ESA", "NUL"),
        (b"\xff\xfeN\0", "UTF-16"),
        (b"\xc3", "UTF-8"),
    ],
)
def test_what_is_no_text_is_refused_by_name(content: bytes, trouble: str, tmp_path: Path) -> None:
    path = tmp_path / "no-text.md"
    path.write_bytes(content)
    with pytest.raises(DocumentError, match=rf"no-text\.md: .*{trouble}"):
        documents.read([path])


def test_a_pdf_of_pictures_is_refused_by_name() -> None:
    with pytest.raises(DocumentError, match=r"pictures\.pdf: "):
        documents.read([Path(__file__).parent / "documents" / "pictures.pdf"])


def test_scripts_of_a_page_say_nothing(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        "<html><head><script>document.write('JAXA built Planck.')</script><style>p{content:'CSA built Planck.'}</style>"
        f"</head><body><p>{TRUE}</p><script>alert('Roscosmos built Planck.')</script><!-- ISRO built Planck. -->"
        "<p hidden>CNES built Planck.</p><p onclick=\"say('NASA built Planck.')\">It was late.</p></body></html>",
        encoding="utf-8",
    )
    (read,) = documents.read([path]).documents
    assert "Planck" not in read.text
    assert facts(read.text) == facts(TRUE)


@pytest.mark.parametrize("name", ["NАSА", "ЕSА", "Plаnck"])
def test_look_alike_letters_name_what_they_look_like(name: str) -> None:
    assert not name.isascii()
    plain = "".join({"А": "A", "Е": "E", "а": "a"}.get(letter, letter) for letter in name)
    assert facts(f"{name} was at the meeting. {TRUE}") == facts(f"{plain} was at the meeting. {TRUE}")


def test_a_text_without_letters_is_a_plain_error_of_the_command(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "nothing.md").write_text("", encoding="utf-8")
    assert cli.run(["explain", str(tmp_path / "nothing.md")]) == 2
    assert capfd.readouterr().err.count("\n") == 1


WORDS = st.sampled_from(
    "NASA ESA CSA JAXA Roscosmos Planck Hubble Mars Moon Soyuz Progress Canada Japan American built launched by with "
    "and not might plans to signed an agreement in 1998 2009 the mission it they partners ( ) : - | , \n \n\n # "
    "sixteen countries which was of for joint development 🚀 ناسا А".split(" ")
)
TEXTS = st.lists(WORDS, max_size=40).map(" ".join)
ANYTHING = st.text(max_size=200)


@settings(max_examples=150, deadline=None)
@given(st.one_of(TEXTS, ANYTHING))
def test_every_mention_is_a_name_that_was_asked_for(text: str) -> None:
    _, _, _, index = shipped()
    for mention in mentions.find(passages.split(document(text)), index):
        assert mention.candidates
        if mention.kind != "defined":
            assert tuple(token.key for token in names.tokenize(mention.surface)) in index.by_words


@settings(max_examples=60, deadline=None)
@given(st.one_of(TEXTS, ANYTHING))
def test_every_claim_quotes_its_text(text: str) -> None:
    for claim in read_text(text):
        assert claim.quote
        assert text[claim.start : claim.end] == claim.quote
        assert claim.passage.start <= claim.start < claim.end <= claim.passage.end


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_reading_twice_gives_the_same(text: str) -> None:
    assert read_text(text) == read_text(text)


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_an_unrelated_sentence_behind_changes_nothing_before_it(text: str) -> None:
    lengthened = f"{text}\n\nNothing else happened."
    assert told(read_text(lengthened)) == told(read_text(text))


def told(claims: list[Claim]) -> list[tuple[object, ...]]:
    return [
        (
            c.start,
            c.end,
            c.subject,
            c.predicate,
            c.object,
            c.rule,
            c.confidence,
            c.polarity,
            c.modality,
            c.status,
            c.reason,
        )
        for c in claims
    ]


@given(st.text())
def test_folding_a_word_twice_is_folding_it_once(word: str) -> None:
    assert fold(fold(word)) == fold(word)


def test_a_year_before_a_number_counts_nothing() -> None:
    counted = [claim.subject for claim in read_text("In 1999 sixteen countries worked on the ISS.")]
    assert not [subject for subject in counted if "1999" in subject]
