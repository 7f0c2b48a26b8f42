"""Claims of plug-ins are checked like any other, and set beside those of the rules."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from spacekg import corpus, disputes, extractors, lexicon
from spacekg.corpus import Corpus
from spacekg.declared import Declared
from spacekg.errors import ExtractorError
from spacekg.extractors import Extended, Extraction, Stated, Terms, merging
from spacekg.model import Claim, Document, Modality, Polarity, Status, Value
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
def extend(rules: Declared, known: Reference, read: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Extend:
    def extended(
        *stated: Stated, before: Corpus = read, counts: str = "", plugins: Sequence[Recorded] = ()
    ) -> Extended:
        folder = tmp_path_factory.mktemp("counted")
        (folder / "data" / "lexicon").mkdir(parents=True)
        (folder / "data" / "lexicon" / "plugins.csv").write_text(f"rule,right,seen\n{counts}\n", encoding="utf-8")
        counted = replace(rules, folder=folder)
        return extractors.extend(before, [document(TEXT)], plugins or [Recorded(stated)], known, counted)

    return extended


def says(quote: str, subject: str, predicate: str, value: str, datatype: str = "") -> Stated:
    start = TEXT.find(quote)
    return Stated(start, start + len(quote), quote, subject, predicate, value, datatype)


GOOD = "recorded,92,92"
"""Counts that make the plug-in 0.96 sure."""
LAUNCHED = says("Sputnik 1 was launched by the Soviet Union.", "sputnik-1", "launchedBy", "soviet-union")
YEAR = says("Planck was launched in 2009.", "Planck", "launchDate", "2009", "xsd:gYear")


def claims_of(extended: Extended, rule: str) -> list[str]:
    return [f"{c.subject} {c.predicate} {c.object}" for c in extended.claims if rule in c.rule]


def test_without_plugins_nothing_changes(rules: Declared, known: Reference, read: Corpus) -> None:
    extended = extractors.extend(read, [document(TEXT)], [], known, rules)
    assert extended.claims == read.claims
    assert extended.report == {}


def launch(extended: Extended) -> list[Claim]:
    return [claim for claim in extended.claims if claim.predicate == "launchedBy"]


def test_one_that_is_often_right_makes_what_it_agrees_with_surer(extend: Extend, read: Corpus) -> None:
    extended = extend(LAUNCHED, counts=GOOD)
    before = next(c for c in read.claims if c.predicate == "launchedBy")
    (after,) = launch(extended)
    assert len(extended.claims) == len(read.claims)
    assert after.confidence > before.confidence
    assert after.rule == f"{before.rule}+recorded"
    assert (after.start, after.end, after.status) == (before.start, before.end, before.status)
    assert extended.report["recorded"]["agreed"] == 1


@pytest.mark.parametrize(
    ("counts", "status", "confidence"),
    [
        ("", Status.UNCERTAIN, 0.5),
        ("another,92,92", Status.UNCERTAIN, 0.5),
        ("recorded,3,3", Status.UNCERTAIN, 0.636),
        ("recorded,70,100", Status.UNCERTAIN, 0.685),
        (GOOD, Status.ACCEPTED, 0.96),
    ],
)
def test_what_only_a_plugin_reads_is_a_fact_when_it_was_counted_to_be_right_often(
    extend: Extend, read: Corpus, counts: str, status: Status, confidence: float
) -> None:
    sure = replace(LAUNCHED, confidence=1.0)
    (claim,) = extend(sure, before=replace(read, claims=()), counts=counts).claims
    assert (claim.status, claim.confidence, claim.quote) == (status, confidence, LAUNCHED.quote)
    assert bool(claim.reason) == (status is Status.UNCERTAIN)


def test_one_that_doubts_itself_is_not_believed_however_often_it_is_right(extend: Extend, read: Corpus) -> None:
    unsure = replace(LAUNCHED, confidence=0.4)
    (claim,) = extend(unsure, before=replace(read, claims=()), counts=GOOD).claims
    assert (claim.status, claim.confidence) == (Status.UNCERTAIN, 0.4)


ENDS = st.sampled_from(["sputnik-1", "planck", "soviet-union", "Zorblax Institute", "vocab:joint-development"])
CARELESS = st.builds(
    lambda quote, subject, predicate, value, mood: replace(
        says(quote, subject, predicate, *value), confidence=1.0, polarity=mood[0], modality=mood[1]
    ),
    st.sampled_from(TEXT.strip().replace(". ", ".|").split("|")),
    ENDS,
    st.sampled_from(["launchedBy", "developedBy", "launchDate", "partOf", "hasParticipant", "competedWith", "target"]),
    st.one_of(
        st.tuples(ENDS),
        st.sampled_from([("2009", "xsd:gYear"), ("2009-05", "xsd:gYearMonth"), ("1957", "xsd:gYear")]),
    ),
    st.one_of(
        st.just((Polarity.AFFIRMED, Modality.ASSERTED)),
        st.tuples(st.sampled_from(Polarity), st.sampled_from(Modality)),
    ),
)
"""Claims with quotes that stand in the text, of whatever it does not say."""


@example([says("Sputnik 1 was launched by the Soviet Union.", "planck", "developedBy", "soviet-union")], "")
@settings(deadline=None, max_examples=40)
@given(st.lists(CARELESS, max_size=9), st.sampled_from(["", "recorded,10,100", "recorded,74,100"]))
def test_no_fact_changes_by_one_that_is_not_believed(
    extend: Extend, read: Corpus, rules: Declared, known: Reference, stated: list[Stated], counts: str
) -> None:
    def facts(claims: Sequence[Claim]) -> set[object]:
        judged = disputes.judge([*claims], known, rules)
        said = [(c.subject, c.predicate, c.object, c.confidence, c.status) for c in judged]
        return {each for each in said if each[-1] is not Status.UNCERTAIN}

    assert facts(extend(*stated, counts=counts).claims) == facts(read.claims)


def test_one_that_is_not_believed_is_named_where_it_agrees(extend: Extend, read: Corpus) -> None:
    before = next(c for c in read.claims if c.predicate == "launchedBy")
    assert launch(extend(LAUNCHED)) == [replace(before, rule=f"{before.rule}+recorded")]


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
    extended = extend(replace(LAUNCHED, polarity="denied"), counts=GOOD)
    both = launch(extended)
    assert len(both) == 2
    assert {c.status for c in both} == {Status.UNCERTAIN}
    assert all(c.reason.startswith("extractors disagree: ") for c in both)
    assert extended.report["recorded"]["disagreed"] == 1


def test_one_that_is_not_believed_disagrees_in_vain(extend: Extend) -> None:
    extended = extend(replace(LAUNCHED, polarity="denied"))
    assert [(c.polarity, c.status) for c in launch(extended)] == [
        (Polarity.AFFIRMED, Status.ACCEPTED),
        (Polarity.DENIED, Status.UNCERTAIN),
    ]
    assert extended.report["recorded"]["disagreed"] == 1


@pytest.mark.parametrize("names", [("unknown", "recorded"), ("recorded", "unknown")])
def test_one_that_is_believed_reads_before_one_that_is_not(
    extend: Extend, read: Corpus, names: tuple[str, str]
) -> None:
    plugins = [Recorded((LAUNCHED,), name) for name in names]
    (claim,) = extend(before=replace(read, claims=()), counts=GOOD, plugins=plugins).claims
    assert (claim.rule, claim.status, claim.confidence) == ("recorded+unknown", Status.ACCEPTED, 0.96)


@pytest.mark.parametrize("predicate", ["confidence", "fileSha256", "value", "holdsParticipation"])
def test_no_plugin_says_anything_of_what_the_graph_itself_notes_down(extend: Extend, predicate: str) -> None:
    refused = extend(replace(LAUNCHED, predicate=predicate)).report["recorded"]["refused"]
    assert refused == {"no property of the ontology": 1}


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
    assert [plugin.name for plugin in extractors.load(["llm"])] == ["llm:none"]
