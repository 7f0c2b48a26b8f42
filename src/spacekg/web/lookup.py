"""lookup    /lookup: a name, an IRI or an identifier → the entity it stands for, singly and in bulk, as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, request

from spacekg.matching import lookup, records
from spacekg.matching.records import Record
from spacekg.matching.scoring import Matcher, Query
from spacekg.reconciliation import requests
from spacekg.reconciliation.problems import BadBatchError, UnknownIdError
from spacekg.web import responses

MOST = 1_000
"""Questions that are answered at once."""
SCHEMES = tuple(name for name in records.SCHEMES if name not in ("qid", "wikidata"))
ASKED = ("name", "iri", "q", *SCHEMES)

Json = dict[str, Any]


def blueprint(matcher: Matcher, release: str, retired: Mapping[str, str]) -> Blueprint:
    """Make the address at which names are looked up; `retired` leads from ids that are no more to those of now."""
    part = Blueprint("lookup", __name__)
    desk = Desk(matcher, retired)

    @part.get("/lookup")
    def single() -> Response:
        pairs = [pair for pair in request.args.items(multi=True) if pair[0] in ASKED]
        if len(pairs) != 1:
            raise BadBatchError(f"ask for one of {', '.join(ASKED)}, such as /lookup?name=NASA; for more, POST a list")
        name, value = pairs[0]
        answer = desk.answer(name, value)
        if not answer["results"]:
            raise UnknownIdError(f"nothing here has the {name} {value[:60]!a}")
        return _sent({"release": release, **answer})

    @part.post("/lookup")
    def bulk() -> Response:
        asked = requests.listed(requests.parse(request.get_data(), "the body"), "the body", MOST)
        pairs = [_pair(each, f"entry {number}") for number, each in enumerate(asked)]
        return _sent({"release": release, "answers": [desk.answer(name, value) for name, value in pairs]})

    return part


class Desk:
    """Looks up one thing after the other."""

    def __init__(self, matcher: Matcher, retired: Mapping[str, str]) -> None:
        self._matcher = matcher
        self._retired = retired
        index = matcher.index
        self._ways: dict[str, Callable[[str], Sequence[Record]]] = {
            "": lambda text: lookup.find(index, text),
            "iri": lambda iri: lookup.by_iri(index, self._now(iri)),
            "q": lambda item: lookup.by_qid(index, item),
        }

    def answer(self, name: str, value: str) -> Json:
        """Answer what is called so; names have scores, all else is or is not."""
        asked = {"query": {name or "text": value}}
        if name == "name":
            return {**asked, "results": self._matched(value)}
        way = self._ways.get(name) or (lambda text: lookup.by_identifier(self._matcher.index, name, text))
        return {**asked, **self._moved(name, value), "results": [_written(each) for each in way(value)]}

    def _matched(self, name: str) -> list[Json]:
        found = self._matcher.match(Query(name))
        return [
            {**_written(each.record), "name": each.name, "score": each.score, "match": each.match, "why": each.why}
            for each in found
        ]

    def _now(self, iri: str) -> str:
        local = iri.removeprefix(records.ID)
        return records.ID + self._retired[local] if self._retired.get(local) and local != iri else iri

    def _moved(self, name: str, value: str) -> Json:
        """Say where a Wikidata item, or an id of ours, is now."""
        found = lookup.QID.fullmatch(value.strip())
        moved = self._matcher.index.redirects.get(found[1].upper()) if found else None
        if moved is not None:
            return {"redirected": {"to": moved.to, "date": moved.date}}
        now = self._now(value)
        return {"redirected": {"to": now}} if name == "iri" and now != value else {}


def _written(record: Record) -> Json:
    same = [
        {"scheme": each.scheme, "value": each.value, "iri": each.iri or None, "relation": each.relation or None}
        for each in lookup.equivalents(record)
    ]
    return {**lookup.summary(record), "equivalents": same}


def _pair(entry: object, where: str) -> tuple[str, str]:
    """Read an entry of a list: an object with one name and one value, or a text that may be anything."""
    if isinstance(entry, str):
        return "", entry
    if not isinstance(entry, dict) or len(entry) != 1 or next(iter(entry)) not in ASKED:
        raise BadBatchError(f"{where} is neither a text nor an object with one of {', '.join(ASKED)}")
    name, value = next(iter(entry.items()))
    return name, requests.text(value, f"{where}: {name}")


def _sent(content: Json) -> Response:
    return responses.whole(json.dumps(content).encode() + b"\n", "application/json")
