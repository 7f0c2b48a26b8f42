"""linter    /lint says what is probably wrong in a query; /sparql says it where that is asked for or it refuses one."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from functools import lru_cache

from flask import Blueprint, Response, request

from spacekg import linting
from spacekg.answers import Engine, QuerySyntaxError
from spacekg.errors import BadQueryError, SpacekgError
from spacekg.linting import Finding, Vocabulary
from spacekg.web import parameters

HEADER = "Query-Lint"
REMEMBERED = 256
"""Queries whose findings are kept."""
UNASKED = 8_192
"""Characters above which a query is checked at /lint only: this process would read it while others wait."""
PATIENCE = 5.0
"""Seconds that a check at /lint waits until the words are read."""
HASTE = 0.2
"""Seconds that an answer waits for that; after them it goes without the findings that need the words."""


class ExplainedError(QuerySyntaxError):
    """A query that cannot be read, with what is probably the reason."""

    def __init__(self, error: QuerySyntaxError, findings: tuple[Finding, ...]) -> None:
        reasons = [finding.message for finding in findings if finding.code == "unknown-prefix"]
        super().__init__("; ".join([error.message, *reasons]), error.line, error.column)
        self.findings = findings


class Linter:
    """Knows the words of a release, which it begins to read when `prepare` is called or the first check comes.

    A check at /lint waits a little for them; while they are not read, or when they cannot be, only prefixes are known.
    """

    def __init__(self, engine: Engine, prefixes: Mapping[str, str]) -> None:
        self._engine = engine
        self._little = Vocabulary(prefixes)
        self._known: Vocabulary | None = None
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._beginning = threading.Lock()
        self._remembered = lru_cache(REMEMBERED)(linting.check)

    def prepare(self) -> None:
        """Begin to read the words, beside whatever else is done."""
        with self._beginning:
            if self._reader.ident is None:
                self._reader.start()

    def check(self, query: str, patience: float = PATIENCE) -> tuple[Finding, ...]:
        """Check a query; while the words are being read, wait for them so many seconds."""
        known = self.words(patience)
        return self._remembered(query, known) if self.ready else linting.check(query, known)

    def words(self, patience: float = PATIENCE) -> Vocabulary:
        """Give the words it knows; while they are being read, wait for them so many seconds."""
        self.prepare()
        self._reader.join(patience)
        return self._known or self._little

    @property
    def ready(self) -> bool:
        """Whether it will find the same in a query from now on."""
        return self._known is not None

    def explained(self, error: QuerySyntaxError, query: str) -> ExplainedError:
        """Give an error with what the linter finds in the query."""
        return ExplainedError(error, self.unasked(query))

    def unasked(self, query: str) -> tuple[Finding, ...]:
        """Check a query beside answering or refusing it; a long one is let pass."""
        return self.check(query, HASTE) if len(query) <= UNASKED else ()

    def _read(self) -> None:
        try:
            self._known = linting.vocabulary.read(self._engine, self._little.prefixes)
        except SpacekgError:
            self._known = self._little


def blueprint(linter: Linter) -> Blueprint:
    """Make the address that checks a query and does not answer it."""
    part = Blueprint("linter", __name__)

    @part.route("/lint", methods=["GET", "POST"])
    def lint() -> Response:
        query = parameters.read(request).query
        if query is None:
            raise BadQueryError("there is no query to check: send it as the parameter `query`")
        content = {"findings": linting.as_json(linter.check(query))}
        response = Response(json.dumps(content, ensure_ascii=False) + "\n", content_type="application/json")
        response.headers["Cache-Control"] = "no-cache"
        return response

    return part
