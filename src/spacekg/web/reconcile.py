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
from spacekg.reconciliation.service import CLASSIC, MODERN, Answer, Service
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
            return _sent(answering, answering.manifest(responses.absolute(root), _version(), responses.languages()))
        return _told(answer)

    @part.post("")
    def posted() -> Response:
        answer = _parameters(answering, request.form)
        return _told(_body(answering) if answer is None else answer)

    @part.post("/match")
    def match() -> Response:
        return _told(answering.match(_object(), responses.languages()))

    @part.post("/extend")
    def extend() -> Response:
        return _sent(answering, answering.extend(_object(), MODERN, responses.languages()))

    @part.get("/extend/propose")
    def propose() -> Response:
        return _sent(answering, answering.propose(request.args))

    _completing(part, answering)
    return part


def _completing(part: Blueprint, answering: Service) -> None:
    """Add what helps while somebody types, and what shows a thing."""

    @part.get(f"/suggest/<any({','.join(KINDS)}):kind>")
    def suggest(kind: str) -> Response:
        return _sent(answering, answering.suggest(kind, request.args, responses.languages()))

    @part.get(f"/flyout/<any({','.join(KINDS)}):kind>")
    def flyout(kind: str) -> Response:
        id = request.args.get("id", "")
        about = answering.described(kind, id, responses.languages())
        return _sent(answering, {"id": id, "html": render_template("flyout.html", **about)})

    @part.get("/preview")
    def preview() -> Response:
        record, asked = answering.entity(request.args.get("id", "")), responses.languages()
        columns = [{"id": each.id} for each in answering.register.columns if each.id in PREVIEWED]
        values = answering.extend({"ids": [answering.view.id(record)], "properties": columns}, CLASSIC, asked)
        (cells,) = values["rows"].values()
        shown = [(each["name"], [_shown(cell) for cell in cells[each["id"]][:SHOWN]]) for each in values["meta"]]
        about = answering.described(KINDS[0], answering.view.id(record), asked)
        g.framed = True  # a client shows it in a frame
        page = render_template("preview.html", **about, iri=record.iri, rows=[row for row in shown if row[1]])
        response = responses.whole(page.encode(), responses.PAGE, vary="Accept-Language")
        response.headers["Content-Language"] = ", ".join(answering.languages(asked))
        return response


def _parameters(answering: Service, given: Mapping[str, str]) -> Answer | None:
    """Answer what the parameters of version 0.1 or 0.2 ask; None if there are none."""
    asked = responses.languages()
    if "queries" in given:
        return answering.batch(requests.parse(given["queries"], "queries"), asked)
    if "extend" in given:
        wanted = requests.parse(given["extend"], "extend")
        return _written(answering, answering.extend(wanted, CLASSIC, asked))
    if "query" in given:
        text = given["query"]
        return answering.single(requests.parse(text, "query") if text.lstrip().startswith("{") else text, asked)
    return None


def _body(answering: Service) -> Answer:
    """Answer a body of JSON by what is in it."""
    content, asked = _object(), responses.languages()
    if "ids" in content:
        return _written(answering, answering.extend(content, MODERN, asked))
    if isinstance(content.get("queries"), dict):
        return answering.batch(content["queries"], asked)
    if "queries" in content:
        return answering.match(content, asked)
    raise BadBatchError("the request asks nothing: send the form field queries or extend, or JSON with queries or ids")


def _object() -> Json:
    return requests.record(requests.parse(request.get_data(), "the body"), "the body")


def _version() -> str:
    return MODERN if MODERN_TYPE in request.accept_mimetypes.values() else CLASSIC


def _shown(cell: Mapping[str, Any]) -> str:
    if ITEM.fullmatch(cell.get("id", "")):
        return f"{cell['name']} ({cell['id']})"
    return str(next((cell[name] for name in ("name", "str") if name in cell), cell.get("date", "")[:10]))


def _sent(answering: Service, content: Json) -> Response:
    return _told(_written(answering, content))


def _written(answering: Service, content: Json) -> Answer:
    return Answer(json.dumps(content), answering.languages(responses.languages()))


def _told(answer: Answer) -> Response:
    kind = MODERN_TYPE if _version() == MODERN else "application/json"
    response = responses.whole(f"{answer.text}\n".encode(), kind, vary="Accept, Accept-Language")
    response.headers["Content-Language"] = ", ".join(answer.languages)
    return response
