"""graph_store  the read side of the Graph Store Protocol: /store gives a graph by its IRI, or the default graph."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, urljoin

from flask import Blueprint, Response, request

from spacekg import formats
from spacekg.answers import Answer, AnswerTooLargeError, Engine, Request
from spacekg.declared import BASE
from spacekg.errors import BadQueryError, SpacekgError
from spacekg.formats import GraphFormat
from spacekg.web import negotiation, responses, versions

WHOLE = "store/whole"
NAMED = "graph"
DEFAULT = "default"


class UnknownGraphError(SpacekgError):
    """There is no graph of this name."""


def blueprint(engine: Engine, base_url: str) -> Blueprint:
    """Make the addresses that give whole graphs."""
    part = Blueprint("graph_store", __name__)

    @part.get("/store")
    def indirect() -> Response:
        return _written(engine, _asked(engine, f"{base_url or request.url_root}store"))

    @part.get("/store/<path:name>")
    def direct(name: str) -> Response:
        places = (f"{base_url or request.url_root}store/", BASE)
        # The path comes decoded, and the IRI of a graph may be encoded.
        spellings = (name, quote(name, safe="/:@!$&'()*+,;=~"))
        return _written(engine, _existing(engine, [place + each for place in places for each in spellings]))

    return part


def _asked(engine: Engine, address: str) -> str:
    """Read which graph a request asks for; empty for the default graph.

    Raises:
        BadQueryError: none, or more than one.
        UnknownGraphError: there is none of that name.
    """
    names, default = request.args.getlist(NAMED), DEFAULT in request.args
    if len(names) + default != 1:
        raise BadQueryError("name one graph: ?graph= and its IRI, or ?default for the default graph")
    return "" if default else _existing(engine, (urljoin(address, names[0]),))


def _existing(engine: Engine, names: Sequence[str]) -> str:
    for name in names:
        if name in engine.summary.graphs:
            return name
    raise UnknownGraphError(f"there is no graph {names[0][:300]}: the description at /sparql lists them all")


def _written(engine: Engine, graph: str) -> Response:
    named = [value for name in negotiation.NAMING for value in request.args.getlist(name)]
    format = negotiation.choose(named, negotiation.accepted(request), formats.TRIPLES)
    version = versions.asked(request, format)
    tag = responses.tag(engine.summary.release, graph, format.media_type, version)
    unchanged = responses.unchanged(request, lambda: tag)
    if unchanged is not None:
        return unchanged
    answer = _whole(engine, graph, format)
    return responses.tagged(answer.content, versions.content_type(answer, request), tag)


def _whole(engine: Engine, graph: str, format: GraphFormat) -> Answer:
    """Give all that a graph says.

    Raises:
        AnswerTooLargeError: that is more than one answer may hold.
    """
    try:
        return engine.answer(Request(engine.shipped(WHOLE), graph=format, default_graphs=(graph,) if graph else ()))
    except AnswerTooLargeError as error:
        advice = (
            "ask for what you need of it by a CONSTRUCT query" if graph else "ask for its graphs one by one, by ?graph="
        )
        raise AnswerTooLargeError(
            f"the graph is too large for one answer: {advice}; who runs the server can give all by `spacekg export`"
        ) from error
