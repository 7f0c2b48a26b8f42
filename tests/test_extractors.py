"""Claims of plug-ins are checked like any other, and set beside those of the rules."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacekg import corpus, extractors, lexicon
from spacekg.corpus import Corpus
from spacekg.declared import Declared
from spacekg.errors import ExtractorError
from spacekg.extractors import Extended, Extraction, Stated, Terms, merging
from spacekg.model import Document, Status, Value
from spacekg.reference import Reference

TEXT = "Sputnik 1 was launched by the Soviet Union. Planck was launched in 2009. Zorblax Institute built Planck.\n"

Extend = Callable[..., Extended]


@dataclass(frozen=True)
class Recorded:
    """A plug-in that states what it was told to."""

    stated: tuple[Stated, ...]
    name: str = "recorded"

    def extract(self, document: Document, terms: Terms) -> Extraction:
        """State it, and count the passages that could be quoted."""
        assert all(passage.document == document for passage in terms.passages)
        return Extraction(self.stated, {"passages": len(terms.passages)})


def document(text: str) -> Document:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document("sample", "text/plain", text, digest, digest, "Sample")


@pytest.fixture(scope="module")
def read(rules: Declared, known: Reference) -> Corpus:
    words = lexicon.read(rules.folder / "data" / "lexicon", rules)
    return corpus.extract([document(TEXT)], known, words, corpus.Means())


@pytest.fixture(scope="module")
def extend(rules: Declared, known: Reference, read: Corpus) -> Extend:
    def extended(*stated: Stated, before: Corpus = read) -> Extended:
        return extractors.extend(before, [document(TEXT)], [Recorded(stated)], known, rules)

    return extended


def says(quote: str, subject: str, predicate: str, value: str, datatype: str = "") -> Stated:
    start = TEXT.find(quote)
    return Stated(start, start + len(quote), quote, subject, predicate, value, datatype)


LAUNCHED = says("Sputnik 1 was launched by the Soviet Union.", "sputnik-1", "launchedBy", "soviet-union")
YEAR = says("Planck was launched in 2009.", "Planck", "launchDate", "2009", "xsd:gYear")


def claims_of(extended: Extended, rule: str) -> list[str]:
    return [f"{c.subject} {c.predicate} {c.object}" for c in extended.claims if rule in c.rule]


def test_without_plugins_nothing_changes(rules: Declared, known: Reference, read: Corpus) -> None:
    extended = extractors.extend(read, [document(TEXT)], [], known, rules)
    assert extended.claims == read.claims
    assert extended.report == {}


def test_two_that_agree_are_one_claim_that_is_trusted_more(extend: Extend, read: Corpus) -> None:
    extended = extend(LAUNCHED)
    before = next(c for c in read.claims if c.predicate == "launchedBy")
    after = next(c for c in extended.claims if c.predicate == "launchedBy")
    assert len(extended.claims) == len(read.claims)
    assert after.confidence > before.confidence
    assert after.rule == f"{before.rule}+recorded"
    assert (after.start, after.end, after.status) == (before.start, before.end, before.status)
    assert extended.report["recorded"]["agreed"] == 1


def test_what_only_the_plugin_reads_is_added_and_trusted_less(extend: Extend, read: Corpus) -> None:
    without = replace(read, claims=())
    extended = extend(replace(LAUNCHED, confidence=1.0), before=without)
    assert [c.confidence for c in extended.claims] == [0.7]
    assert extended.claims[0].quote == LAUNCHED.quote


def test_a_name_is_as_good_as_an_id_and_a_new_one_becomes_a_candidate_and_no_fact(extend: Extend) -> None:
    extended = extend(YEAR, says("Zorblax Institute built Planck.", "planck", "developedBy", "Zorblax Institute"))
    new = next(c for c in extended.claims if c.rule == "recorded" and c.predicate == "developedBy")
    assert (new.subject, new.object) == ("planck", "candidate/zorblax-institute")
    assert (new.status, new.reason) == (Status.UNCERTAIN, "no table has a name in it")
    assert [(c.id, c.kind) for c in new.coined] == [("candidate/zorblax-institute", "Agent")]
    assert extended.report["recorded"]["taken"] == 2


@pytest.mark.parametrize(
    ("stated", "reason"),
    [
        (replace(LAUNCHED, quote="Sputnik 1 was launched by Mars."), "the quote does not stand in the document"),
        (replace(LAUNCHED, start=-1, end=10), "the quote does not stand in the document"),
        (replace(LAUNCHED, end=LAUNCHED.end + 1), "the quote does not stand in the document"),
        (
            says("Soviet Union. Planck was", "sputnik-1", "launchedBy", "soviet-union"),
            "the quote is not within one sentence, item or row",
        ),
        (replace(LAUNCHED, predicate="launchedFrom"), "no property of the ontology"),
        (replace(LAUNCHED, object="nasa"), "an end is not named in the document"),
        (replace(LAUNCHED, object="Elbonia"), "an end is not named in the quote"),
        (replace(LAUNCHED, subject="soviet-union", object="sputnik-1"), "domain or range"),
        (replace(LAUNCHED, object="sputnik-1"), "domain or range"),
        (replace(LAUNCHED, polarity="perhaps"), "no polarity or modality that there is"),
        (replace(LAUNCHED, confidence=float("nan")), "no probability"),
        (replace(YEAR, object="2010"), "an end is not named in the quote"),
        (replace(YEAR, object="about 2009"), "no literal of its datatype"),
        (replace(YEAR, datatype=""), "a literal where the property wants a thing"),
        (replace(LAUNCHED, datatype="xsd:string"), "a literal where the property wants a thing"),
    ],
)
def test_what_does_not_hold_is_refused_and_counted(extend: Extend, read: Corpus, stated: Stated, reason: str) -> None:
    extended = extend(stated)
    refused = extended.report["recorded"]["refused"]
    assert isinstance(refused, dict)
    assert list(refused.values()) == [1]
    (kept,) = [each for each in extended.refused if each.rule == "recorded"]
    assert (kept.words, kept.reason) == (stated.quote, next(iter(refused)))
    assert kept.start == -1 or TEXT[kept.start : kept.end] == stated.quote
    assert reason in next(iter(refused))
    assert extended.claims == read.claims


def test_a_claim_stated_twice_counts_once(extend: Extend) -> None:
    report = extend(LAUNCHED, LAUNCHED).report["recorded"]
    assert (report["stated"], report["taken"], report["refused"]) == (2, 1, {"stated twice": 1})


def test_extractors_that_differ_in_mood_are_both_kept_and_neither_is_a_fact(extend: Extend) -> None:
    extended = extend(replace(LAUNCHED, polarity="denied"))
    both = [c for c in extended.claims if c.predicate == "launchedBy"]
    assert len(both) == 2
    assert {c.status for c in both} == {Status.UNCERTAIN}
    assert all(c.reason.startswith("extractors disagree: ") for c in both)
    assert extended.report["recorded"]["disagreed"] == 1


def test_extractors_that_read_two_dates_are_both_held_back(read: Corpus) -> None:
    claim = next(c for c in read.claims if c.predicate == "launchDate")
    other = replace(claim, object=Value("2008", "xsd:gYear"), rule="recorded")
    merged, agreed, disagreed = merging.merge([claim], [other])
    assert (agreed, disagreed) == (0, 1)
    assert [c.status for c in merged] == [Status.UNCERTAIN, Status.UNCERTAIN]
    assert merged[0].reason == "extractors disagree: recorded reads 2008"
    assert "reads 2009" in merged[1].reason


def test_what_a_plugin_counts_is_in_the_report(extend: Extend, read: Corpus) -> None:
    assert extend().report["recorded"]["passages"] == len(read.passages)


def test_an_unknown_name_is_an_error_that_lists_those_there_are() -> None:
    with pytest.raises(ExtractorError, match="'oracle'; installed: "):
        extractors.load(["oracle"])


@given(
    st.integers(-5, len(TEXT) + 5),
    st.integers(-5, len(TEXT) + 5),
    st.text(max_size=30),
    st.sampled_from(["launchedBy", "launchDate", "target", "x"]),
)
def test_no_claim_has_a_quote_that_does_not_stand_there(
    extend: Extend, start: int, end: int, quote: str, predicate: str
) -> None:
    extended = extend(Stated(start, end, quote, "sputnik-1", predicate, "soviet-union"), replace(LAUNCHED))
    for claim in extended.claims:
        assert TEXT[claim.start : claim.end] == claim.quote
        assert claim.passage.start <= claim.start < claim.end <= claim.passage.end
    assert extended.report["recorded"]["taken"] in {1, 2}


def test_a_plugin_is_found_by_its_entry_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPACEKG_LLM_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("SPACEKG_LLM_MODEL", "none")
    monkeypatch.setenv("SPACEKG_LLM_CACHE", str(tmp_path))
    assert [plugin.name for plugin in extractors.load(["llm"])] == ["llm"]
