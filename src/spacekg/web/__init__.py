"""web       create_app   an engine → a site: its SPARQL endpoint, pages and state."""

from __future__ import annotations

from flask import Flask

from spacekg.answers import Engine
from spacekg.web import errors, headers, health, pages, sparql

LARGEST_REQUEST = 1_000_000
"""Bytes a request may send; the query in it has its own, smaller limit."""


def create_app(engine: Engine, base_url: str = "") -> Flask:
    """Make the site that serves what an engine answers.

    `base_url` is the address the world knows it by, with its last slash; without one, links and descriptions take the
    address that each request came to.
    """
    app = Flask("spacekg", root_path=__path__[0])
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    app.url_map.strict_slashes = False
    app.register_blueprint(sparql.blueprint(engine, base_url))
    app.register_blueprint(pages.blueprint(engine, base_url))
    app.register_blueprint(health.blueprint(engine))
    errors.register(app)
    headers.register(app)
    return app
