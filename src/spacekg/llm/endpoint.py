"""endpoint  the door to httpx: messages → a model's answer, asked again while that may help, and kept."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NoReturn

import httpx

from spacekg.errors import ExtractorError
from spacekg.llm.setup import Setup

LARGEST = 4_000_000
"""Bytes of the largest answer that is read."""
LARGEST_REFUSAL = 20_000
"""Bytes of a refusal that are read, to see what is refused."""
PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
"""Statuses after which the same question may get an answer later."""
SETTLED = {
    400: "it does not take the question",
    401: "it does not take the key",
    403: "the key may not use this model",
    404: "there is no such address or model",
}
EXPLAINED = frozenset({400, 413, 422, 500})
"""Statuses with which servers refuse a question that is too long or has a form of answer that they do not know."""
TOO_LONG = ("context length", "context_length", "context size", "context_size", "context window")
UNKNOWN_FORM = ("response_format", "response format", "json_schema")
LONGEST_PAUSE = 60.0
LONGEST_MESSAGE = 200
LATE = "no answer in time"
MALFORMED = "not the form that was asked for"
CUT_SHORT = "cut short before its first claim"


class Unanswered(Exception):  # it is no error: what it says is counted and the reading goes on
    """No usable answer came for one question; the message is the reason, the same words for all of its kind."""


class TooLong(Unanswered):
    """The question has more words than the model takes at once; a part of the text may get an answer."""


class UnknownForm(Unanswered):
    """The server does not know this way to say which form an answer has."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model wrote, and what it counted: no tokens where the server gives no numbers."""

    content: str
    tokens_in: int
    tokens_out: int
    cut: bool = False
    """Whether the model came to the most it may write, and stopped there."""


class Endpoint:
    """An OpenAI-compatible address; usable answers are kept in a folder and not asked for again."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._unknown_forms = 0

    def ask(
        self, messages: Sequence[dict[str, str]], forms: Sequence[dict[str, Any]], usable: Callable[[Answer], bool]
    ) -> Answer:
        """Give a usable answer: a kept one, or the first that comes within the attempts there are.

        `forms` are ways to say which form an answer has, the best first; one that the server does not know is not
        tried again. An answer is kept under the question in its best form, whichever brought it.

        Raises:
            Unanswered: no attempt brought one.
            ExtractorError: the address refuses, so that no later question would be answered either.
        """
        body = {"model": self._setup.model, "messages": [*messages], "temperature": 0}
        if self._setup.tokens:
            body["max_tokens"] = self._setup.tokens
        questions = [_written({**body, **form}) for form in forms]
        kept = self._kept(questions[0])
        answer = _load(kept) if kept is not None else None
        if answer is None or not usable(answer):
            answer = self._in_some_form(questions, usable)
            if kept is not None:
                _keep(kept, answer)
        return answer

    def _in_some_form(self, questions: Sequence[bytes], usable: Callable[[Answer], bool]) -> Answer:
        for question in questions[self._unknown_forms : -1]:
            try:
                return self._asked(question, usable)
            except UnknownForm:
                self._unknown_forms += 1
        return self._asked(questions[-1], usable)

    def _asked(self, sent: bytes, usable: Callable[[Answer], bool]) -> Answer:
        """Ask again while that may help: not what is too long, was cut short or came out the same twice."""
        trouble = before = ""
        for attempt in range(self._setup.attempts):
            if attempt:
                time.sleep(min(self._setup.pause * 2 ** (attempt - 1), LONGEST_PAUSE))
            try:
                answer = _read(self._send(sent))
            except (TooLong, UnknownForm):
                raise
            except Unanswered as reason:
                trouble = str(reason)
                continue
            if usable(answer):
                return answer
            trouble = CUT_SHORT if answer.cut else MALFORMED
            if answer.cut or answer.content == before:
                break
            before = answer.content
        raise Unanswered(trouble)

    def _send(self, sent: bytes) -> bytes:
        headers = {"Content-Type": "application/json"}
        if self._setup.key:
            headers["Authorization"] = f"Bearer {self._setup.key}"
        address = f"{self._setup.url}/chat/completions"
        deadline = time.monotonic() + self._setup.seconds
        try:
            with httpx.stream("POST", address, content=sent, headers=headers, timeout=self._setup.seconds) as response:
                if response.status_code == httpx.codes.OK:
                    return _limited(response, deadline)
                self._refused(response.status_code, _said(response), address)
        except httpx.TimeoutException:
            raise Unanswered(LATE) from None
        except httpx.HTTPError:
            raise Unanswered("no connection") from None

    def _refused(self, status: int, said: str, address: str) -> NoReturn:
        """Tell why there is no answer: what a server says is looked into, and repeated without the key."""
        if status in EXPLAINED and any(words in said.lower() for words in TOO_LONG):
            raise TooLong("longer than the model takes at once")
        if status in EXPLAINED and any(words in said for words in UNKNOWN_FORM):
            raise UnknownForm("the form of an answer cannot be asked for")
        if status in SETTLED:
            why = f"; it says: {_message(said, self._setup.key)}" if _message(said, self._setup.key) else ""
            raise ExtractorError(f"{address} answers {status}: {SETTLED[status]}{why}")
        raise Unanswered("busy or broken" if status in PASSING else f"status {status}")

    def _kept(self, sent: bytes) -> Path | None:
        digest = hashlib.sha256(self._setup.url.encode() + b"\0" + sent).hexdigest()
        return None if self._setup.cache is None else self._setup.cache / f"{digest}.json"


def _written(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def _said(response: httpx.Response) -> str:
    """The first part of what a refusal says; no more is waited for."""
    body = b""
    for part in response.iter_bytes():
        body += part
        if len(body) > LARGEST_REFUSAL:
            break
    return body[:LARGEST_REFUSAL].decode(errors="replace")


def _message(said: str, key: str) -> str:
    """The message of a refusal in the form that OpenAI gave it, on one line."""
    try:
        message = json.loads(said)["error"]["message"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    line = " ".join(str(message).split())
    return (line.replace(key, "…") if key else line)[:LONGEST_MESSAGE]


def _limited(response: httpx.Response, deadline: float) -> bytes:
    body = bytearray()
    for part in response.iter_bytes():
        body += part
        if len(body) > LARGEST:
            raise Unanswered("too long an answer")
        if time.monotonic() > deadline:
            raise Unanswered("no answer in time")
    return bytes(body)


def _read(body: bytes) -> Answer:
    try:
        answer = json.loads(body)
        choice = answer["choices"][0]
        content = choice["message"]["content"]
        cut = choice.get("finish_reason") == "length"
        usage = answer.get("usage") or {}
        tokens = (int(usage.get("prompt_tokens") or 0), int(usage.get("completion_tokens") or 0))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        raise Unanswered(MALFORMED) from None
    if not isinstance(content, str):
        raise Unanswered(MALFORMED)
    return Answer(content, *tokens, cut)


def _load(path: Path) -> Answer | None:
    try:
        return Answer(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _keep(path: Path, answer: Answer) -> None:
    """Write it beside its place and rename it, so that what is there is whole; a full disk only costs asking again."""
    beside = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(asdict(answer), ensure_ascii=False, sort_keys=True), encoding="utf-8")
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
