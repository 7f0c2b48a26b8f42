"""guide     /disputes, /about, /downloads, /api, /status: what the whole graph and the whole site are like."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

from flask import Blueprint, Response, current_app, render_template, request

from spacekg.answers import Engine
from spacekg.declared import BASE
from spacekg.entities.overview import MOST_DISPUTES
from spacekg.entities.values import START
from spacekg.web import openapi, profile, responses
from spacekg.web.resources import Site

QUALITY = Path(__file__).parent / "quality.csv"
"""Figures of docs/quality.md, with the day they were measured."""
CLAIM = re.compile(re.escape(f"{BASE}claim/") + "[0-9a-f]{1,64}")


def blueprint(engine: Engine, site: Site) -> Blueprint:
    """Make the pages about the graph and the site as a whole."""
    part = Blueprint("guide", __name__)

    @part.get("/disputes")
    def disputes() -> Response:
        asked = request.args.get("after", "")
        return _disputes(site, asked if CLAIM.fullmatch(asked) else START)

    @part.get("/about")
    def about() -> Response:
        overview = site.entities.overview
        return _sent("about.html", sources=overview.sources(), standing=overview.standing(), quality=_quality())

    @part.get("/downloads")
    def downloads() -> Response:
        return _sent("downloads.html", summary=engine.summary)

    @part.get("/downloads/claims.csv")
    def claims() -> Response:
        response = responses.whole(site.entities.overview.claims(), "text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="spacekg-claims.csv"'
        return response

    _about_the_site(part, engine, site)
    return part


def _about_the_site(part: Blueprint, engine: Engine, site: Site) -> None:
    @part.get("/api")
    def api() -> Response:
        return _sent("api.html", document=openapi.describe(current_app, responses.absolute(site.root)))

    @part.get("/openapi.json")
    def description() -> Response:
        document = openapi.describe(current_app, responses.absolute(site.root))
        content = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
        return responses.whole(content.encode(), "application/vnd.oai.openapi+json;version=3.1")

    @part.get("/status")
    def status() -> Response:
        page = render_template("status.html", summary=engine.summary, state=engine.state(), limits=engine.limits)
        response = Response(page, content_type=responses.PAGE)
        response.headers["Cache-Control"] = "no-store"
        return response


def _disputes(site: Site, after: str) -> Response:
    found = site.entities.overview.disputed(site.entities.claim, after)
    shown = found[:MOST_DISPUTES]
    following = shown[-1].iri if len(found) > MOST_DISPUTES else ""
    return _sent("disputes.html", claims=shown, opposed=profile.opposed(site.entities, shown), following=following)


def _quality() -> list[dict[str, str]]:
    with QUALITY.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _sent(template: str, **shown: object) -> Response:
    return responses.whole(render_template(template, **shown).encode(), responses.PAGE)
