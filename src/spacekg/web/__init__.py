"""web       create_app   an engine → a site: its SPARQL endpoint, pages and state; prepare: its first page is quick."""

from __future__ import annotations

from flask import Flask

from spacekg.answers import Engine
from spacekg.entities import Entities
from spacekg.publication import Publication
from spacekg.reconciliation.register import Register
from spacekg.web import (
    compression,
    discovery,
    editor,
    errors,
    explore,
    fair,
    finding,
    gate,
    graph_store,
    graphs,
    guide,
    headers,
    health,
    linking,
    linter,
    log,
    lookup,
    metrics,
    operation,
    pages,
    preparation,
    reconcile,
    releases,
    resources,
    running,
    sparql,
    templating,
)
from spacekg.web.front import Front
from spacekg.web.operation import Counted, Operation
from spacekg.web.preparation import prepare as prepare
from spacekg.web.straight import Straight

LARGEST_REQUEST = 1_000_000
"""Bytes a request may send; the query in it has its own, smaller limit."""


def create_app(
    engine: Engine,
    base_url: str = "",
    published: Publication | None = None,
    operated: Operation | None = None,
    register: Register | None = None,
) -> Flask:
    """Make the site that serves what an engine answers, and what is published beside it.

    `base_url` is the address the world knows it by, with its last slash; without one, links are relative, so that they
    work wherever it runs, and the endpoint's description takes the address that each request came to. `operated` is
    shared by the sites of all releases that a server serves one after the other. Names are looked up and reconciled
    only where there is a register of them.
    """
    operated = operated or operation.begin(engine.limits)
    merged = {old: now.to for old, now in register.matcher.index.redirects.items()} if register else {}
    site = resources.Site(Entities(engine), published or Publication(), base_url or "/", merged)
    app = Flask("spacekg", root_path=__path__[0])
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    app.url_map.strict_slashes = False
    # To merge slashes is to redirect, and Werkzeug takes the host for that from the request.
    app.url_map.merge_slashes = False
    _watch(app, engine, operated)
    checker = linter.Linter(engine, site.published.prefixes)
    preparation.register(app, checker.prepare)
    endpoint = sparql.Endpoint(Counted(engine, operated), base_url, checker)
    _answer_queries(app, endpoint)
    app.register_blueprint(pages.blueprint(engine, base_url, site))
    for about in (explore, guide):
        app.register_blueprint(about.blueprint(engine, site))
    for part in (resources, graphs, discovery, fair):
        app.register_blueprint(part.blueprint(site))
    _add_releases(app, site)
    _find_names(app, engine, site, register)
    templating.register(app)
    headers.register(app)
    compression.register(app)
    _go_before(app, Straight(app.wsgi_app, endpoint, operated.metrics), engine.limits.kept_bytes)
    return app


def _answer_queries(app: Flask, endpoint: sparql.Endpoint) -> None:
    """Serve the endpoint, and what else is asked in SPARQL's words."""
    app.register_blueprint(sparql.blueprint(endpoint))
    app.register_blueprint(graph_store.blueprint(endpoint.engine, endpoint.base_url))
    app.register_blueprint(linter.blueprint(endpoint.linter))
    app.register_blueprint(editor.blueprint(endpoint.engine, endpoint.linter))


def _go_before(app: Flask, straight: Straight, kept: int) -> None:
    """Answer before Flask what needs none: queries, and what was answered before, of which so many bytes are kept."""
    app.wsgi_app = straight  # type: ignore[method-assign]  # it is how Flask wants it done
    templating.place(app, straight.endpoint.base_url)
    app.wsgi_app = front = Front(app.wsgi_app, straight.metrics, kept, straight.answering)  # type: ignore[method-assign]
    # The server looks for these.
    app.again, app.answering = front.again, front.answering  # type: ignore[attr-defined]


def _watch(app: Flask, engine: Engine, operated: Operation) -> None:
    """Keep a log and figures of what is asked, show what runs, and refuse a client that asks too much."""
    log.register(app, operated.metrics)
    app.register_blueprint(health.blueprint(engine))
    app.register_blueprint(metrics.blueprint(operated.metrics, engine))
    app.register_blueprint(running.blueprint(operated.running, operated.operator))
    gate.close(app, operated.names)


def _add_releases(app: Flask, site: resources.Site) -> None:
    """Serve what only a release has: its files, and the releases before it."""
    if site.published.release is not None:
        app.register_blueprint(releases.blueprint(site, site.published.release))


def _find_names(app: Flask, engine: Engine, site: resources.Site, register: Register | None) -> None:
    """Add what finds things by their names, as far as there is a register of them."""
    finder = finding.Finder(engine, site, register)
    app.register_blueprint(finding.blueprint(finder))
    errors.register(app, finder.like)
    preparation.register(app, site.entities.read, finder.read)
    if register is not None:
        app.register_blueprint(lookup.blueprint(register.matcher, engine.summary.release, site.published.retired))
        app.register_blueprint(reconcile.blueprint(engine, register, site.root))
        app.register_blueprint(linking.blueprint(engine, register.matcher))
