"""editor    /sparql for people: a form, and with scripts an editor that completes what /sparql/words lists."""

from __future__ import annotations

import json
from pathlib import Path

from flask import Blueprint, Response, current_app, render_template

from spacekg import formats
from spacekg.answers import Engine, Row
from spacekg.declared import BASE
from spacekg.errors import UnknownQueryError
from spacekg.linting import Vocabulary
from spacekg.web import examples, responses
from spacekg.web.linter import Linter

SCRIPTS = ("yasqe.js", "yasqe.css")
"""What the editor cannot do without; both come from npm when the package is built."""
LABELS = "pages/words"
FIRST = "jwst_participants"
"""The question that the page begins with, where it is shipped."""


def blueprint(engine: Engine, linter: Linter) -> Blueprint:
    """Make the address at which the editor gets what it completes."""
    part = Blueprint("editor", __name__)

    @part.get("/sparql/words")
    def words() -> Response:
        vocabulary, ready = linter.words(), linter.ready
        content = {"ready": ready, "prefixes": dict(vocabulary.prefixes), "terms": _terms(engine, vocabulary)}
        # Until all are read, there are fewer of them than later.
        cache = responses.REVALIDATED if ready else "no-store"
        return responses.whole(json.dumps(content, ensure_ascii=False).encode(), "application/json", cache=cache)

    return part


def page(engine: Engine) -> Response:
    """Write the page on which people ask."""
    listed = examples.listed(engine)
    first = next((each for each in listed if each.name == FIRST), listed[0] if listed else None)
    vendor = Path(current_app.static_folder or "", "vendor")
    content = render_template(
        "form.html",
        summary=engine.summary,
        limits=engine.limits,
        results=formats.RESULTS,
        query=first.text if first else "",
        examples=listed,
        editing=all((vendor / name).is_file() for name in SCRIPTS),
        base=BASE,
    )
    return responses.whole(content.encode(), responses.PAGE, vary="Accept")


def _terms(engine: Engine, vocabulary: Vocabulary) -> list[dict[str, object]]:
    """Give each class and property with its name, what it is for and how often it is used, the most used first."""
    try:
        told = {_value(row, "iri"): row for row in engine.answer_named(LABELS)}
    except UnknownQueryError:  # this graph came without our queries
        told = {}
    kinds = (("class", vocabulary.classes), ("property", vocabulary.properties))
    return [
        {
            "iri": iri,
            "kind": kind,
            "label": _value(told.get(iri, {}), "label"),
            "about": _value(told.get(iri, {}), "about"),
            "uses": uses,
        }
        for kind, counted in kinds
        for iri, uses in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def _value(row: Row, name: str) -> str:
    return str(getattr(row.get(name), "value", ""))
