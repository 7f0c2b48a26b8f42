"""service   everything of one view of identity that answers a client."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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

CLASSIC, MODERN = "0.2", "1.0-draft"
"""The versions of the API; 0.1 is answered as 0.2 is."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Service:
    """Answers in JSON; every method but those named for one version is the same in both."""

    view: View
    engine: Engine
    register: Register
    types: Types
    reader: Reader
    seeker: Seeker
    suggester: Suggester
    extender: Extender

    def manifest(self, root: str, version: str) -> Json:
        """Say what the service can do, to a client of a version; `root` is the address of the site."""
        write = {CLASSIC: manifest.classic, MODERN: manifest.modern}[version]
        return write(self.view, root, self.types, self.engine.summary.release)

    def batch(self, content: object) -> Json:
        """Answer a batch of version 0.2."""
        return {name: self._classic(question) for name, question in self.reader.batch(content).items()}

    def single(self, content: object) -> Json:
        """Answer the one query of a request of version 0.1."""
        return self._classic(self.reader.classic(content, "query"))

    def match(self, content: Mapping[str, Any]) -> Json:
        """Answer a batch of version 1.0."""
        questions = self.reader.matches(content)
        return written.modern([self.seeker.find(each) for each in questions], self.view, self.types)

    def extend(self, content: object, version: str) -> Json:
        """Give the values that a list is extended with."""
        write = {CLASSIC: self.extender.classic, MODERN: self.extender.modern}[version]
        return write(self.extender.read(content))

    def propose(self, given: Mapping[str, str]) -> Json:
        """Propose properties to extend with."""
        if kind := requests.id(given.get("type"), "type"):
            given = {**given, "type": self.reader.kind(kind, "type")}
        return self.extender.proposed(given)

    def suggest(self, kind: str, given: Mapping[str, str]) -> Json:
        """Complete what somebody types."""
        return {"result": self.suggester.suggest(kind, given)}

    def entity(self, id: str) -> Record:
        """Give the entity of an id.

        Raises:
            UnknownIdError: there is none.
        """
        found = self.view.find(self.register.matcher.index, requests.id(id, "id"))
        if found is None:
            raise UnknownIdError(f"nothing has the id {id[:60]!a}: find ids with suggest/entity?prefix=")
        return found

    def described(self, kind: str, id: str) -> Mapping[str, str]:
        """Give the name and description of a type or property, or of an entity.

        Raises:
            UnknownIdError: there is none.
        """
        if kind == KINDS[0]:
            record = self.entity(id)
            return {"name": record.label, "description": record.description, "type": self.types.name(record.kind)}
        for row in self.suggester.suggest(kind, {"prefix": requests.id(id, "id"), "limit": str(requests.MOST)}):
            if row["id"] == id:
                return {"name": row["name"], "description": row.get("description", ""), "type": ""}
        raise UnknownIdError(f"no {kind} has the id {id[:60]!a}: find ids with suggest/{kind}?prefix=")

    def _classic(self, question: Question) -> Json:
        return written.classic(self.seeker.find(question), self.view, self.types)


def make(view: View, engine: Engine, register: Register) -> Service:
    """Make the service of a view."""
    types = Types(engine, register.matcher.index)
    return Service(
        view,
        engine,
        register,
        types,
        Reader(register, view),
        Seeker(register.matcher, view),
        Suggester(register, types, view),
        Extender(engine, register, types, view),
    )
