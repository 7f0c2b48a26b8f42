"""service   everything of one view of identity that answers a client."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from spacekg.answers import Engine
from spacekg.matching.records import Record
from spacekg.reconciliation import manifest, requests, written
from spacekg.reconciliation.extension import Extender
from spacekg.reconciliation.finding import Seeker
from spacekg.reconciliation.problems import UnknownIdError
from spacekg.reconciliation.questions import Question, Reader
from spacekg.reconciliation.register import Register
from spacekg.reconciliation.suggestions import KINDS, Suggester
from spacekg.reconciliation.types import Types
from spacekg.reconciliation.views import View
from spacekg.reconciliation.voice import Voice

CLASSIC, MODERN = "0.2", "1.0-draft"
"""The versions of the API; 0.1 is answered as 0.2 is."""

Json = dict[str, Any]
REMEMBERED = 10_000
"""Answers that are kept at hand, of 3 kB at most but for very long lists of candidates."""


@dataclass(frozen=True, slots=True)
class Answer:
    """JSON as it is sent, and the languages of the names in it."""

    text: str
    languages: tuple[str, ...]


class Answers:
    """Answers questions in JSON; columns repeat their values, so answers are remembered."""

    def __init__(self, seeker: Seeker, voice: Voice) -> None:
        self._seeker = seeker
        self._voice = voice
        self.given = lru_cache(REMEMBERED)(self.made)

    def made(self, question: Question, version: str, languages: tuple[str, ...]) -> str:
        """Answer a question with names in these languages; `given` does the same, and remembers it."""
        write = {CLASSIC: written.classic, MODERN: written.modern}[version]
        return json.dumps(write(self._seeker.find(question), replace(self._voice, languages=languages)))


@dataclass(frozen=True, slots=True)
class Service:
    """Answers in JSON; every method but those named for one version is the same in both.

    `asked` are the languages that a client asks for, lower-case tags with the most wanted first.
    """

    engine: Engine
    register: Register
    voice: Voice
    """How things are named to who asks for no language."""
    reader: Reader
    answers: Answers
    suggester: Suggester

    @property
    def view(self) -> View:
        """How things are identified."""
        return self.voice.view

    def manifest(self, root: str, version: str, asked: Sequence[str] = ()) -> Json:
        """Say what the service can do, to a client of a version; `root` is the address of the site."""
        write = {CLASSIC: manifest.classic, MODERN: manifest.modern}[version]
        return write(self.voice.speaking(asked), root, self.engine.summary.release)

    def batch(self, content: object, asked: Sequence[str] = ()) -> Answer:
        """Answer a batch of version 0.2."""
        questions = self.reader.batch(content)
        texts = (self._answered(each, CLASSIC, asked) for each in questions.values())
        return Answer(written.batch(zip(questions, texts, strict=True)), self._heard(questions.values(), asked))

    def single(self, content: object, asked: Sequence[str] = ()) -> Answer:
        """Answer the one query of a request of version 0.1."""
        question = self.reader.classic(content, "query")
        return Answer(self._answered(question, CLASSIC, asked), self._heard([question], asked))

    def match(self, content: Mapping[str, Any], asked: Sequence[str] = ()) -> Answer:
        """Answer a batch of version 1.0."""
        questions = self.reader.matches(content)
        texts = (self._answered(each, MODERN, asked) for each in questions)
        return Answer(written.results(texts), self._heard(questions, asked))

    def extend(self, content: object, version: str, asked: Sequence[str] = ()) -> Json:
        """Give the values that a list is extended with."""
        extender = Extender(self.engine, self.register, self.voice.speaking(asked))
        write = {CLASSIC: extender.classic, MODERN: extender.modern}[version]
        return write(extender.read(content))

    def propose(self, given: Mapping[str, str]) -> Json:
        """Propose properties to extend with."""
        if kind := requests.id(given.get("type"), "type"):
            given = {**given, "type": self.reader.kind(kind, "type")}
        return Extender(self.engine, self.register, self.voice).proposed(given)

    def suggest(self, kind: str, given: Mapping[str, str], asked: Sequence[str] = ()) -> Json:
        """Complete what somebody types."""
        return {"result": self.suggester.suggest(kind, given, self.voice.speaking(asked))}

    def entity(self, id: str) -> Record:
        """Give the entity of an id.

        Raises:
            UnknownIdError: there is none.
        """
        found = self.view.find(self.register.matcher.index, requests.id(id, "id"))
        if found is None:
            raise UnknownIdError(f"nothing has the id {id[:60]!a}: find ids with suggest/entity?prefix=")
        return found

    def described(self, kind: str, id: str, asked: Sequence[str] = ()) -> Mapping[str, str]:
        """Give the name and description of a type or property, or of an entity.

        Raises:
            UnknownIdError: there is none.
        """
        voice = self.voice.speaking(asked)
        if kind == KINDS[0]:
            record = self.entity(id)
            named = {"name": voice.name(record), "type": voice.kind(record.kind)["name"]}
            return {**named, "description": record.description}
        given = {"prefix": requests.id(id, "id"), "limit": str(requests.MOST)}
        for row in self.suggester.suggest(kind, given, voice):
            if row["id"] == id:
                return {"name": row["name"], "description": row.get("description", ""), "type": ""}
        raise UnknownIdError(f"no {kind} has the id {id[:60]!a}: find ids with suggest/{kind}?prefix=")

    def languages(self, asked: Sequence[str]) -> tuple[str, ...]:
        """Tell which languages the names in an answer are in."""
        return self.voice.speaking(asked).content

    def _answered(self, question: Question, version: str, asked: Sequence[str]) -> str:
        # What a client asks to read goes before what its own texts are in.
        languages = self.voice.speaking(asked or question.languages).languages
        answer = self.answers.given if question.small else self.answers.made
        return answer(question, version, languages)

    def _heard(self, questions: Iterable[Question], asked: Sequence[str]) -> tuple[str, ...]:
        spoken = {each.languages for each in questions} if not asked else set()
        more = {language for each in spoken for language in self.languages(each)}
        return tuple(dict.fromkeys([*self.languages(asked), *sorted(more)]))


def make(view: View, engine: Engine, register: Register) -> Service:
    """Make the service of a view."""
    voice = Voice(view, register.matcher.index, Types(engine, register.matcher.index))
    return Service(
        engine,
        register,
        voice,
        Reader(register, view),
        Answers(Seeker(register.matcher, view), voice),
        Suggester(register, view),
    )
