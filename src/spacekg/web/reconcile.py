"""reconcile  /reconcile: the Reconciliation Service API in both versions, of our ids and of Wikidata's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, g, render_template, request

from spacekg.answers import Engine
from spacekg.reconciliation import requests, service
from spacekg.reconciliation.problems import BadBatchError
from spacekg.reconciliation.register import Register
from spacekg.reconciliation.service import CLASSIC, MODERN, Service
from spacekg.reconciliation.suggestions import KINDS
from spacekg.reconciliation.views import VIEWS, View
from spacekg.web import responses
from spacekg.web.addresses import ITEM

MODERN_TYPE = "application/reconciliation.v1+json"
"""What a client of version 1.0 accepts when the same request would mean something in 0.2."""
SHOWN = 5
"""The most values of a column in a preview."""
PREVIEWED = ("wikidata", "ror", "cospar", "launchDate", "country", "partners")
"""Columns whose values a preview shows."""

Json = dict[str, Any]


def blueprint(engine: Engine, register: Register, root: str) -> Blueprint:
    """Make the services of all views."""
    part = Blueprint("reconcile", __name__)
    for view in VIEWS:
        part.register_blueprint(_of_view(view, service.make(view, engine, register), root))
    return part


def _of_view(view: View, answering: Service, root: str) -> Blueprint:
    part = Blueprint(view.path.replace("/", "_"), __name__, url_prefix=f"/{view.path}")

    @part.get("")
    def asked() -> Response:
        answer = _parameters(answering, request.args)
        if answer is None:
            answer = answering.manifest(responses.absolute(root), _version())
        return _sent(answer)

    @part.post("")
    def posted() -> Response:
        answer = _parameters(answering, request.form)
        return _sent(_body(answering) if answer is None else answer)

    @part.post("/match")
    def match() -> Response:
        return _sent(answering.match(_object()))

    @part.post("/extend")
    def extend() -> Response:
        return _sent(answering.extend(_object(), MODERN))

    @part.get("/extend/propose")
    def propose() -> Response:
        return _sent(answering.propose(request.args))

    _completing(part, answering)
    return part


def _completing(part: Blueprint, answering: Service) -> None:
    """Add what helps while somebody types, and what shows a thing."""

    @part.get(f"/suggest/<any({','.join(KINDS)}):kind>")
    def suggest(kind: str) -> Response:
        return _sent(answering.suggest(kind, request.args))

    @part.get(f"/flyout/<any({','.join(KINDS)}):kind>")
    def flyout(kind: str) -> Response:
        id = request.args.get("id", "")
        return _sent({"id": id, "html": render_template("flyout.html", **answering.described(kind, id))})

    @part.get("/preview")
    def preview() -> Response:
        record = answering.entity(request.args.get("id", ""))
        columns = [{"id": each.id} for each in answering.register.columns if each.id in PREVIEWED]
        values = answering.extend({"ids": [answering.view.id(record)], "properties": columns}, CLASSIC)
        (cells,) = values["rows"].values()
        shown = [(each["name"], [_shown(cell) for cell in cells[each["id"]][:SHOWN]]) for each in values["meta"]]
        about = answering.described(KINDS[0], answering.view.id(record))
        g.framed = True  # a client shows it in a frame
        page = render_template("preview.html", **about, iri=record.iri, rows=[row for row in shown if row[1]])
        return responses.whole(page.encode(), responses.PAGE)


def _parameters(answering: Service, given: Mapping[str, str]) -> Json | None:
    """Answer what the parameters of version 0.1 or 0.2 ask; None if there are none."""
    if "queries" in given:
        return answering.batch(requests.parse(given["queries"], "queries"))
    if "extend" in given:
        return answering.extend(requests.parse(given["extend"], "extend"), CLASSIC)
    if "query" in given:
        text = given["query"]
        return answering.single(requests.parse(text, "query") if text.lstrip().startswith("{") else text)
    return None


def _body(answering: Service) -> Json:
    """Answer a body of JSON by what is in it."""
    content = _object()
    if "ids" in content:
        return answering.extend(content, MODERN)
    if isinstance(content.get("queries"), dict):
        return answering.batch(content["queries"])
    if "queries" in content:
        return answering.match(content)
    raise BadBatchError("the request asks nothing: send the form field queries or extend, or JSON with queries or ids")


def _object() -> Json:
    return requests.record(requests.parse(request.get_data(), "the body"), "the body")


def _version() -> str:
    return MODERN if MODERN_TYPE in request.accept_mimetypes.values() else CLASSIC


def _shown(cell: Mapping[str, Any]) -> str:
    if ITEM.fullmatch(cell.get("id", "")):
        return f"{cell['name']} ({cell['id']})"
    return str(next((cell[name] for name in ("name", "str") if name in cell), cell.get("date", "")[:10]))


def _sent(content: Json) -> Response:
    kind = MODERN_TYPE if _version() == MODERN else "application/json"
    response = responses.whole(json.dumps(content).encode() + b"\n", kind, vary="Accept")
    response.headers["Content-Language"] = "en"
    return response
