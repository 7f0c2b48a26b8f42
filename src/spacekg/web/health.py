"""health    /health says whether the site can answer, and from which release."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from spacekg.answers import Engine, Request

PROBE = "DESCRIBE <https://w3id.org/spacekg/>"
"""The least that shows that queries are answered."""


def blueprint(engine: Engine) -> Blueprint:
    """Make the state of an engine visible: a real query is asked each time."""
    part = Blueprint("health", __name__)

    @part.get("/health")
    def health() -> Response:
        engine.answer_own(Request(PROBE))
        summary = engine.summary
        response = jsonify(
            status="ok", release=summary.release, triples=summary.triples, graphs=dict(summary.graphs)
        )  # fmt: skip
        response.headers["Cache-Control"] = "no-store"
        return response

    return part
