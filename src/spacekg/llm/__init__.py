"""llm       an extractor plug-in: a language model behind an OpenAI-compatible address reads documents for claims."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from spacekg.extractors.protocol import Extraction, Stated, Terms
from spacekg.llm import prompt
from spacekg.llm.endpoint import Answer, Endpoint, Unanswered
from spacekg.llm.setup import Setup
from spacekg.model import Document, Passage

WINDOW = 6_000
"""Characters of a document that are sent at once."""


class LanguageModel:
    """Asks a model for the claims of each piece of a document; nothing it answers is believed without its quote."""

    def __init__(self, setup: Setup) -> None:
        self.name = f"llm:{setup.model}"
        self._setup = setup
        self._endpoint = Endpoint(setup)

    def extract(self, document: Document, terms: Terms) -> Extraction:
        """Read a document, a window at a time.

        The numbers are tokens and cost of the answers used, kept ones included, so that the same answers give the
        same report; `failed` counts the windows that no usable answer came for.

        Raises:
            ExtractorError: the address refuses the key or the model.
        """
        stated: list[Stated] = []
        numbers: dict[str, float] = {}

        def count(name: str, value: float = 1) -> None:
            numbers[name] = numbers.get(name, 0) + value

        for start, end in windows(terms.passages):
            count("windows")
            try:
                answer = self._endpoint.ask(prompt.messages(document.text[start:end], terms), prompt.SCHEMA, _usable)
            except Unanswered as reason:
                count(f"failed: {reason}")
                continue
            for name, value in self._spent(answer).items():
                count(name, value)
            stated += _stated(json.loads(answer.content), document.text, start, end)
        return Extraction(tuple(stated), numbers)

    def _spent(self, answer: Answer) -> dict[str, float]:
        per_token = (self._setup.price_in / 1e6, self._setup.price_out / 1e6)
        cost = answer.tokens_in * per_token[0] + answer.tokens_out * per_token[1]
        return {"tokens_in": answer.tokens_in, "tokens_out": answer.tokens_out, "cost": cost}


def plugin() -> LanguageModel:
    """Make the extractor with what the environment says; the entry point `llm` of `spacekg.extractors`.

    Raises:
        ExtractorError: no address or no model is set.
    """
    return LanguageModel(Setup.from_environment())


def windows(passages: Sequence[Passage]) -> Iterator[tuple[int, int]]:
    """Join passages that follow one another into stretches of at most `WINDOW` characters, or one passage."""
    start = end = -1
    for passage in passages:
        if start >= 0 and passage.end - start > WINDOW:
            yield start, end
            start = -1
        start = passage.start if start < 0 else start
        end = passage.end
    if start >= 0:
        yield start, end


def _usable(content: str) -> bool:
    """Whether an answer has the form that was asked for."""
    try:
        answer = json.loads(content)
    except ValueError:
        return False
    claims = answer.get("claims") if isinstance(answer, dict) else None
    return isinstance(claims, list) and all(_is_claim(claim) for claim in claims)


def _is_claim(claim: object) -> bool:
    return isinstance(claim, dict) and all(
        isinstance(claim.get(name), kind) and not isinstance(claim.get(name), bool)
        for name, kind in prompt.FIELDS.items()
    )


def _stated(answer: Mapping[str, Any], text: str, start: int, end: int) -> Iterator[Stated]:
    """Each claim at the first place of the window where its quote stands; -1 where it does not stand at all."""
    for claim in answer["claims"]:
        at = text.find(claim["quote"], start, end) if claim["quote"] else -1
        yield Stated(
            start=at,
            end=at + len(claim["quote"]),
            quote=claim["quote"],
            subject=claim["subject"],
            predicate=claim["predicate"],
            object=claim["object"],
            datatype=claim["datatype"],
            confidence=float(claim["confidence"]),
            polarity=claim["polarity"],
            modality=claim["modality"],
        )
