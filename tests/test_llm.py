"""The extractor `llm` against a server on this machine that answers what it was told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from spacekg import corpus, documents, extractors, lexicon
from spacekg.declared import Declared
from spacekg.errors import ExtractorError
from spacekg.extractors.protocol import Terms
from spacekg.llm import LanguageModel, windows
from spacekg.llm.setup import Setup
from spacekg.model import Document, Passage, PassageKind
from spacekg.reference import Reference

KEY = "not-to-be-seen"
SENTENCE = "Sputnik 1 was launched by the Soviet Union."
GOOD = {
    "quote": SENTENCE,
    "subject": "sputnik-1",
    "predicate": "launchedBy",
    "object": "soviet-union",
    "datatype": "",
    "polarity": "affirmed",
    "modality": "asserted",
    "confidence": 0.9,
}
INVENTED = {**GOOD, "quote": "Sputnik 1 was launched by NASA.", "object": "nasa"}


@dataclass
class Model:
    """A server that gives its answers in order, the last one for ever, and keeps what it was asked."""

    answers: list[tuple[int, bytes]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    url: str = ""

    def says(self, *claims: dict[str, Any]) -> None:
        content = json.dumps({"claims": claims})
        body = {
            "choices": [{"message": {"content": content}}],
            "usage": {"prompt_tokens": 700, "completion_tokens": 50},
        }
        self.answers.append((200, json.dumps(body).encode()))

    def next(self) -> tuple[int, bytes]:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def model() -> Iterator[Model]:
    model = Model()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            model.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            model.keys.append(self.headers.get("Authorization", ""))
            status, body = model.next()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    model.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield model
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def setup(model: Model, tmp_path: Path) -> Setup:
    return Setup(model.url, "small", KEY, tmp_path / "answers", price_in=1.0, price_out=2.0, seconds=5.0, pause=0.0)


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "sample.txt"
    path.write_text(f"{SENTENCE}\n", encoding="utf-8")
    return path


def extended(sample: Path, setup: Setup, rules: Declared, known: Reference) -> dict[str, Any]:
    words = lexicon.read(rules.folder / "data" / "lexicon", rules)
    reading = documents.read([sample])
    read = corpus.extract(reading.documents, known, words, corpus.Means())
    made = extractors.extend(read, reading.documents, [LanguageModel(setup)], known, rules)
    return dict(made.report["llm:small"])


def test_good_claims_are_taken_and_invented_quotes_refused_and_counted(
    model: Model, setup: Setup, sample: Path, rules: Declared, known: Reference
) -> None:
    model.says(GOOD, INVENTED)
    first = extended(sample, setup, rules, known)
    assert first == {
        "stated": 2,
        "taken": 1,
        "refused": {"the quote does not stand in the document": 1},
        "agreed": 1,
        "disagreed": 0,
        "windows": 1,
        "tokens_in": 700,
        "tokens_out": 50,
        "cost": 0.0008,
    }
    assert extended(sample, setup, rules, known) == first
    assert len(model.asked) == 1  # the second time the answer of the first was there


def test_the_question_has_the_terms_the_text_and_the_form_of_the_answer(
    model: Model, setup: Setup, sample: Path, rules: Declared, known: Reference
) -> None:
    model.says()
    extended(sample, setup, rules, known)
    question = model.asked[0]
    orders = question["messages"][0]["content"]
    assert "launchedBy (" in orders
    assert "sputnik-1: Sputnik 1 (Satellite)" in orders
    assert "vocab:joint-development" in orders
    assert json.loads(question["messages"][1]["content"]) == {"text": SENTENCE}
    assert question["response_format"]["json_schema"]["strict"] is True
    assert model.keys == [f"Bearer {KEY}"]


def asked(setup: Setup) -> dict[str, float]:
    return dict(LanguageModel(setup).extract(document(SENTENCE), terms(*passages(SENTENCE))).numbers)


def document(text: str) -> Document:
    return Document("sample", "text/plain", text, "0", "0", "Sample")


def passages(text: str) -> list[Passage]:
    """A passage for each sentence that ends with a full stop."""
    ends = [end + 1 for end in places(text, ".")]
    starts = [0, *(end + 1 for end in ends[:-1])]
    return [Passage(document(text), *place, PassageKind.SENTENCE) for place in zip(starts, ends, strict=True)]


def places(text: str, letter: str) -> list[int]:
    return [at for at, each in enumerate(text) if each == letter]


def terms(*passages: Passage) -> Terms:
    return Terms(passages, (), (), ())


def reply(content: str, **more: Any) -> bytes:
    """A whole answer of a server that counts no tokens."""
    return json.dumps({"choices": [{"message": {"content": content}, **more}]}).encode()


def refusal(message: str, **more: Any) -> bytes:
    return json.dumps({"error": {"message": message, **more}}).encode()


NO_SCHEMA = refusal(
    "[{'loc': ('body', 'response_format', 'type'), 'msg': \"Input should be 'text' or 'json_object'\"}]"
)
"""What llama-cpp-python says with status 500 of a `response_format` of the type `json_schema`."""
LONG = {
    "llama-cpp-python": refusal("This model's maximum context length is 2048 tokens.", code="context_length_exceeded"),
    "llama.cpp": refusal("the request exceeds the available context size", type="exceed_context_size_error"),
}
"""How servers say, with status 400, that a question is too long."""
FORMS = ["json_schema", "json_object", ""]

BROKEN = [
    b"",
    b"<html>busy</html>",
    b'{"choices": []}',
    b'{"choices": [{"message": {"content": null}}]}',
    json.dumps({"choices": [{"message": {"content": "Here are the claims: none"}}]}).encode(),
    json.dumps({"choices": [{"message": {"content": '{"claims": [{"quote": 7}]}'}}]}).encode(),
    json.dumps({"choices": [{"message": {"content": '{"claims": "none"}'}}]}).encode(),
    b"[" * 100_000,
]


@pytest.mark.parametrize("body", BROKEN)
def test_an_answer_of_another_form_is_asked_for_again_and_then_counted(model: Model, setup: Setup, body: bytes) -> None:
    model.answers = [(200, body)]
    assert asked(setup) == {"windows": 1, "failed: not the form that was asked for": 1}
    assert 1 < len(model.asked) <= setup.attempts


def test_what_a_model_says_twice_in_the_same_words_is_not_asked_for_again(model: Model, setup: Setup) -> None:
    model.answers = [(200, reply("one")), (200, reply("two")), (200, reply("two")), (200, reply("three"))]
    asked(setup)
    assert len(model.asked) == 3


@pytest.mark.parametrize("known", [1, 2])
@pytest.mark.parametrize("status", [400, 422, 500])
def test_a_form_that_the_server_does_not_know_is_asked_for_once(
    model: Model, setup: Setup, known: int, status: int
) -> None:
    model.answers = [(status, NO_SCHEMA)] * known
    model.says(GOOD)
    reader = LanguageModel(setup)
    for text in (SENTENCE, f"{SENTENCE} Again."):
        assert reader.extract(document(text), terms(*passages(text))).stated[0].quote == SENTENCE
    forms = [each.get("response_format", {}).get("type", "") for each in model.asked]
    assert forms == [*FORMS[: known + 1], FORMS[known]]


def test_an_answer_in_another_form_is_kept_too(model: Model, setup: Setup) -> None:
    model.answers = [(500, NO_SCHEMA)]
    model.says(GOOD)
    assert asked(setup) == asked(setup)
    assert len(model.asked) == 2


def test_a_server_that_takes_no_form_at_all_is_counted(model: Model, setup: Setup) -> None:
    model.answers = [(422, NO_SCHEMA)]
    assert asked(setup) == {"windows": 1, "failed: the form of an answer cannot be asked for": 1}
    assert len(model.asked) == len(FORMS)


@pytest.mark.parametrize("long", LONG.values(), ids=LONG)
def test_what_is_longer_than_the_model_takes_is_asked_in_halves(model: Model, setup: Setup, long: bytes) -> None:
    model.answers = [(400, long)]
    model.says(GOOD)
    text = f"{SENTENCE} {'Nothing happened. ' * 6}"
    extraction = LanguageModel(setup).extract(document(text), terms(*passages(text)))
    assert [each.start for each in extraction.stated] == [0, -1]
    assert extraction.numbers["windows"] == 2
    sent = [json.loads(each["messages"][1]["content"])["text"] for each in model.asked]
    assert f"{sent[1]} {sent[2]}" == sent[0] == text.strip()


def test_orders_that_are_longer_than_the_model_takes_end_the_build(model: Model, setup: Setup) -> None:
    model.answers = [(400, LONG["llama.cpp"])]
    with pytest.raises(
        ExtractorError, match=r"the orders alone \([\d,]+ characters\).* serve it with a longer context"
    ):
        asked(setup)


def test_one_long_sentence_that_the_model_does_not_take_is_counted(model: Model, setup: Setup) -> None:
    model.answers = [(400, LONG["llama.cpp"])]
    text = f"{'Mir and ' * 200}Mir."
    numbers = LanguageModel(setup).extract(document(text), terms(*passages(text))).numbers
    assert numbers == {"windows": 1, "failed: longer than the model takes at once": 1}


def test_of_an_answer_that_is_cut_short_the_whole_claims_are_read(model: Model, setup: Setup) -> None:
    whole = json.dumps({"claims": [GOOD, INVENTED, GOOD]})
    for end in range(0, len(whole), 17):
        model.answers = [(200, reply(whole[:end], finish_reason="length"))]
        said = LanguageModel(replace(setup, cache=None)).extract(document(SENTENCE), terms(*passages(SENTENCE)))
        ended = sum(end > place for place in places(whole, "}")[:3])
        assert len(said.stated) == ended
        assert said.numbers[("cut short" if ended else "failed: cut short before its first claim")] == 1
    assert len(model.asked) == len(range(0, len(whole), 17))  # the same model would be cut short again


@pytest.mark.parametrize("reason", ["stop", "length"])
def test_a_line_break_in_a_string_is_read_as_one(model: Model, setup: Setup, reason: str) -> None:
    content = json.dumps({"claims": [{**GOOD, "object": "two\nlines"}]})
    model.answers = [(200, reply(content.replace("\\n", "\n"), finish_reason=reason))]
    (claim,) = LanguageModel(setup).extract(document(SENTENCE), terms(*passages(SENTENCE))).stated
    assert claim.object == "two\nlines"


@pytest.mark.parametrize("number", ["1" * 400, "1" * 5_000, "1e6492837560000000", "0.5e-400"])
def test_a_confidence_of_any_length_ends_no_build(
    model: Model, setup: Setup, sample: Path, rules: Declared, known: Reference, number: str
) -> None:
    model.answers = [(200, reply(json.dumps({"claims": [GOOD]}).replace("0.9", number)))]
    report = extended(sample, setup, rules, known)
    assert (report["stated"], report["refused"]) in [(1, {}), (1, {"no probability": 1})]


def test_a_server_that_counts_no_tokens_is_told_of(model: Model, setup: Setup) -> None:
    model.answers = [(200, reply(json.dumps({"claims": []}), finish_reason="stop"))]
    assert asked(setup) == {"windows": 1, "answers without numbers of tokens": 1}


def test_the_most_that_an_answer_may_have_is_sent_where_it_is_set(model: Model, setup: Setup) -> None:
    model.says(GOOD)
    asked(setup)
    asked(replace(setup, tokens=600))
    assert [each.get("max_tokens") for each in model.asked] == [None, 600]


def test_a_model_is_asked_to_quote_before_it_says_what_the_quote_means(
    model: Model, setup: Setup, sample: Path, rules: Declared, known: Reference
) -> None:
    model.says()
    extended(sample, setup, rules, known)
    schema = model.asked[0]["response_format"]["json_schema"]["schema"]["properties"]["claims"]["items"]
    assert [*schema["properties"]] == [*GOOD]
    assert "launchedBy" in schema["properties"]["predicate"]["enum"]
    assert "confidence" not in schema["properties"]["predicate"]["enum"]


def test_what_a_refusal_says_is_repeated_without_the_key(model: Model, setup: Setup) -> None:
    model.answers = [(400, refusal(f"temperature: {KEY}\nis not supported"))]
    with pytest.raises(ExtractorError, match="it says: temperature: … is not supported"):
        asked(setup)


def test_a_busy_server_is_asked_again(model: Model, setup: Setup) -> None:
    model.answers = [(429, b""), (503, b"")]
    model.says(GOOD)
    assert asked(setup)["tokens_in"] == 700
    assert len(model.asked) == 3


def test_no_more_is_asked_than_the_attempts_there_are(model: Model, setup: Setup) -> None:
    model.answers = [(500, b"")]
    assert asked(setup) == {"windows": 1, "failed: busy or broken": 1}
    assert len(model.asked) == setup.attempts


def test_too_long_an_answer_is_not_read_to_its_end(model: Model, setup: Setup) -> None:
    model.answers = [(200, b" " * 5_000_000)]
    assert asked(replace(setup, attempts=1)) == {"windows": 1, "failed: too long an answer": 1}


def test_no_server_is_counted(setup: Setup) -> None:
    assert asked(replace(setup, url="http://127.0.0.1:9/v1", attempts=2)) == {"windows": 1, "failed: no connection": 1}


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refusal_ends_the_build_without_a_word_of_the_key(model: Model, setup: Setup, status: int) -> None:
    model.answers = [(status, KEY.encode())]
    with pytest.raises(ExtractorError) as caught:
        asked(setup)
    assert KEY not in str(caught.value)
    assert KEY not in repr(setup)
    assert len(model.asked) == 1


def test_a_kept_answer_that_is_damaged_is_asked_for_again(model: Model, setup: Setup) -> None:
    model.says(GOOD)
    asked(setup)
    assert setup.cache is not None
    for path in setup.cache.iterdir():
        path.write_text(path.read_text(encoding="utf-8")[:20], encoding="utf-8")
        assert KEY not in path.read_text(encoding="utf-8")
    asked(setup)
    assert len(model.asked) == 2


def test_windows_hold_whole_passages_in_order() -> None:
    document = Document("sample", "text/plain", "x" * 20_000, "0", "0", "Sample")
    passages = [Passage(document, at, at + 900, PassageKind.SENTENCE) for at in range(0, 19_000, 1_000)]
    found = list(windows(passages))
    assert found[0][0] == 0
    assert found[-1][1] == passages[-1].end
    for passage in passages:
        assert sum(start <= passage.start and passage.end <= end for start, end in found) == 1
    assert all(end - start <= 6_000 for start, end in found)


@pytest.mark.parametrize(
    ("environment", "wrong"),
    [
        ({}, "SPACEKG_LLM_URL and SPACEKG_LLM_MODEL"),
        ({"SPACEKG_LLM_URL": "ftp://x", "SPACEKG_LLM_MODEL": "m"}, "no http"),
        ({"SPACEKG_LLM_URL": "http://x", "SPACEKG_LLM_MODEL": "m", "SPACEKG_LLM_PRICE_IN": "free"}, "PRICE_IN"),
        ({"SPACEKG_LLM_URL": "http://x", "SPACEKG_LLM_MODEL": "m", "SPACEKG_LLM_SECONDS": "inf"}, "SECONDS"),
        ({"SPACEKG_LLM_URL": "http://x", "SPACEKG_LLM_MODEL": "m", "SPACEKG_LLM_TOKENS": "-1"}, "TOKENS"),
    ],
)
def test_what_the_environment_lacks_is_said(environment: dict[str, str], wrong: str) -> None:
    with pytest.raises(ExtractorError, match=wrong):
        Setup.from_environment(environment)
