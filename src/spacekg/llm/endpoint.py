"""endpoint  the door to httpx: messages → a model's answer, asked again while that may help, and kept."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from spacekg.errors import ExtractorError
from spacekg.llm.setup import Setup

LARGEST = 4_000_000
"""Bytes of the largest answer that is read."""
PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
"""Statuses after which the same question may get an answer later."""
SETTLED = {
    400: "it does not take the question, or knows no structured answers",
    401: "it does not take the key",
    403: "the key may not use this model",
    404: "there is no such address or model",
}
LONGEST_PAUSE = 60.0


class Unanswered(Exception):  # it is no error: what it says is counted and the reading goes on
    """No usable answer came for one question; the message is the reason, the same words for all of its kind."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model wrote, and what it counted."""

    content: str
    tokens_in: int
    tokens_out: int


class Endpoint:
    """An OpenAI-compatible address; usable answers are kept in a folder and not asked for again."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup

    def ask(self, messages: Sequence[dict[str, str]], schema: dict[str, Any], usable: Callable[[str], bool]) -> Answer:
        """Give a usable answer: a kept one, or the first that comes within the attempts there are.

        Raises:
            Unanswered: no attempt brought one.
            ExtractorError: the address refuses, so that no later question would be answered either.
        """
        body = {
            "model": self._setup.model,
            "messages": [*messages],
            "temperature": 0,
            "response_format": {"type": "json_schema", "json_schema": schema},
        }
        sent = json.dumps(body, ensure_ascii=False, sort_keys=True).encode()
        kept = self._kept(sent)
        answer = _load(kept) if kept is not None else None
        if answer is None or not usable(answer.content):
            answer = self._asked(sent, usable)
            if kept is not None:
                _keep(kept, answer)
        return answer

    def _asked(self, sent: bytes, usable: Callable[[str], bool]) -> Answer:
        trouble = ""
        for attempt in range(self._setup.attempts):
            if attempt:
                time.sleep(min(self._setup.pause * 2 ** (attempt - 1), LONGEST_PAUSE))
            try:
                answer = _read(self._send(sent))
            except Unanswered as reason:
                trouble = str(reason)
                continue
            if usable(answer.content):
                return answer
            trouble = "not the form that was asked for"
        raise Unanswered(trouble)

    def _send(self, sent: bytes) -> bytes:
        headers = {"Content-Type": "application/json"}
        if self._setup.key:
            headers["Authorization"] = f"Bearer {self._setup.key}"
        address = f"{self._setup.url}/chat/completions"
        deadline = time.monotonic() + self._setup.seconds
        try:
            with httpx.stream("POST", address, content=sent, headers=headers, timeout=self._setup.seconds) as response:
                if response.status_code in SETTLED:
                    raise ExtractorError(f"{address} answers {response.status_code}: {SETTLED[response.status_code]}")
                if response.status_code != httpx.codes.OK:
                    passing = response.status_code in PASSING
                    raise Unanswered("busy or broken" if passing else f"status {response.status_code}")
                return _limited(response, deadline)
        except httpx.TimeoutException:
            raise Unanswered("no answer in time") from None
        except httpx.HTTPError:
            raise Unanswered("no connection") from None

    def _kept(self, sent: bytes) -> Path | None:
        digest = hashlib.sha256(self._setup.url.encode() + b"\0" + sent).hexdigest()
        return None if self._setup.cache is None else self._setup.cache / f"{digest}.json"


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
        content = answer["choices"][0]["message"]["content"]
        usage = answer.get("usage") or {}
        tokens = (int(usage.get("prompt_tokens", 0)), int(usage.get("completion_tokens", 0)))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        raise Unanswered("not the form that was asked for") from None
    if not isinstance(content, str):
        raise Unanswered("not the form that was asked for")
    return Answer(content, *tokens)


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
