"""templating  what every template may use: where an IRI has its page here, and short ways to write IRIs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, request
from werkzeug.routing import MapAdapter

from spacekg.declared import BASE
from spacekg.web import addresses

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SHORT = {
    "http://www.wikidata.org/entity/": "Wikidata ",
    "https://ror.org/": "ROR ",
    f"{BASE}graph/reference/": "",
    f"{BASE}graph/document/": "",
    f"{BASE}graph/": "",
    f"{BASE}ontology#": "",
    f"{BASE}vocab/": "",
}
"""How the beginning of an IRI is written for people."""
MENU = (
    ("explore", "Explore"),
    ("queries", "Questions"),
    ("disputes", "Disputes"),
    ("sparql", "SPARQL"),
    ("link", "Link a list"),
    ("downloads", "Downloads"),
    ("about", "About"),
)
FOOT = (
    ("documents", "Documents"),
    ("ontology", "Ontology"),
    ("vocab", "Vocabulary"),
    ("void", "Dataset"),
    ("api", "API"),
    ("status", "Status"),
    ("status/fair", "Promises kept?"),
)
"""Path and name of the pages that every page leads to; what a site does not have is left out."""
OVERRIDES = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of the text behind them; where there is no markup, nothing else ends that."""


def register(app: Flask) -> None:
    """Give the templates of an app their functions."""
    app.jinja_env.filters |= {"shortened": shortened, "source": shortened, "plain": plain}
    app.jinja_env.filters |= {"fragment": last_part, "last_part": last_part}
    paths = PathsOf(app.url_map.bind(""))
    shared = {
        "href": href,
        "menu": [row for row in MENU if row[0] in paths],
        "foot": [row for row in FOOT if row[0] in paths],
        "paths": paths,
        "searching": "search" in paths,
        "suggesting": "reconcile/suggest/entity" in paths,
    }

    @app.context_processor
    def functions() -> dict[str, Any]:
        return {**shared, "home": f"{request.script_root}/"}


def place(app: Flask, base_url: str) -> None:
    """Give the links of an app the path below which a proxy serves it."""
    path = urlsplit(base_url).path.rstrip("/")
    if path:
        app.wsgi_app = _below(path, app.wsgi_app)  # type: ignore[assignment, method-assign]  # it is how Flask wants it done


@dataclass(frozen=True, slots=True)
class PathsOf:
    """The paths that a site has pages at, so that templates can ask whether one is among them."""

    routes: MapAdapter

    def __contains__(self, path: str) -> bool:
        return self.routes.test(f"/{path}")


def href(iri: str) -> str:
    """Give the address of a page about an IRI: here for ours, the IRI itself on the web, nothing for all others."""
    path = addresses.of_iri(iri)
    if path is not None:
        return f"{request.script_root}/{path}"
    return iri if iri.startswith(("https://", "http://")) and not iri.startswith(BASE) else ""


def shortened(iri: str) -> str:
    """Write an IRI so that people can read it."""
    for beginning, short in SHORT.items():
        if iri.startswith(beginning):
            return short + iri.removeprefix(beginning)
    return iri.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")


def plain(text: str) -> str:
    """Take the characters out of a text that would turn the direction of what stands behind it."""
    return OVERRIDES.sub("", text)


def last_part(iri: str) -> str:
    """Give the end of an IRI, which is the anchor of its place on a page."""
    return iri.rpartition("/")[2]


def _below(path: str, app: WSGIApplication) -> WSGIApplication:
    """Serve below a path, whether or not the proxy takes it off before it asks."""

    def served(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked = environ.get("PATH_INFO", "")
        if asked == path or asked.startswith(f"{path}/"):
            environ["PATH_INFO"] = asked.removeprefix(path) or "/"
        environ["SCRIPT_NAME"] = path
        return app(environ, start_response)

    return served
