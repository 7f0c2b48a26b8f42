"""llm       an extractor plug-in: a language model behind an OpenAI-compatible address reads documents for claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from spacekg.errors import ExtractorError
from spacekg.extractors.protocol import Extraction, Stated, Terms
from spacekg.llm import answers, prompt
from spacekg.llm.endpoint import Answer, Endpoint, TooLong, Unanswered
from spacekg.llm.setup import Setup
from spacekg.model import Document, Passage

WINDOW = 6_000
"""Characters of a document that are sent at once."""
SHORT = 1_000
"""A model that cannot take so few beside the orders cannot take the orders."""

Numbers = defaultdict[str, float]


class LanguageModel:
    """Asks a model for the claims of each piece of a document; nothing it answers is believed without its quote."""

    def __init__(self, setup: Setup) -> None:
        self.name = f"llm:{setup.model}"
        self._setup = setup
        self._endpoint = Endpoint(setup)

    def extract(self, document: Document, terms: Terms) -> Extraction:
        """Read a document, a window at a time; one that is longer than the model takes is halved.

        The numbers are tokens and cost of the answers used, kept ones included, so that the same answers give the
        same report; `failed` counts the windows that no usable answer came for, `cut short` the answers that only
        begin to answer.

        Raises:
            ExtractorError: the address refuses the key or the model, or the model cannot take even the orders.
        """
        numbers: Numbers = defaultdict(float)
        stated = [
            each
            for start, end in windows(terms.passages)
            for each in self._read(document, replace(terms, passages=_within(terms.passages, start, end)), numbers)
        ]
        return Extraction(tuple(stated), dict(numbers))

    def _read(self, document: Document, terms: Terms, numbers: Numbers) -> list[Stated]:
        """Ask for the claims of the passages of `terms`, which are one window, and count what that took."""
        window = start, end = terms.passages[0].start, terms.passages[-1].end
        asked = prompt.messages(document.text[start:end], terms)
        try:
            answer = self._endpoint.ask(asked, prompt.forms(terms), lambda answer: answers.claims(answer) is not None)
        except TooLong as reason:
            if len(terms.passages) > 1:
                return [each for half in _halves(terms) for each in self._read(document, half, numbers)]
            if end - start < SHORT:
                orders = len(asked[0]["content"])
                raise ExtractorError(
                    f"{self._setup.url}: the orders alone ({orders:,} characters) are longer than "
                    f"{self._setup.model} takes at once; serve it with a longer context"
                ) from None
            return _failed(numbers, reason)
        except Unanswered as reason:
            return _failed(numbers, reason)
        for name, value in {"windows": 1, "cut short": answer.cut, **self._spent(answer)}.items():
            if value or name == "cost":
                numbers[name] += value
        return [*_stated(answers.claims(answer) or [], document.text, window)]

    def _spent(self, answer: Answer) -> dict[str, float]:
        if not answer.tokens_in:
            return {"answers without numbers of tokens": 1}
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


def _within(passages: Sequence[Passage], start: int, end: int) -> tuple[Passage, ...]:
    return tuple(passage for passage in passages if start <= passage.start and passage.end <= end)


def _halves(terms: Terms) -> Iterator[Terms]:
    middle = len(terms.passages) // 2
    yield replace(terms, passages=terms.passages[:middle])
    yield replace(terms, passages=terms.passages[middle:])


def _failed(numbers: Numbers, reason: Unanswered) -> list[Stated]:
    numbers["windows"] += 1
    numbers[f"failed: {reason}"] += 1
    return []


def _stated(claims: Iterable[Mapping[str, Any]], text: str, window: tuple[int, int]) -> Iterator[Stated]:
    """Each claim at the first place of the window where its quote stands; -1 where it does not stand at all."""
    for claim in claims:
        at = text.find(claim["quote"], *window) if claim["quote"] else -1
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
