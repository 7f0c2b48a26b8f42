"""written   candidates → the JSON of either version of the API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from spacekg.matching.scoring import Candidate
from spacekg.reconciliation.types import Types
from spacekg.reconciliation.views import View

FEATURES = {
    "name_similarity": "similarity of the name, 0 to 1",
    "type_match": "whether it is of the wanted type, 0 to 1",
    "property_agreement": "share of the given properties that agree",
    "prominence": "in how many languages Wikipedia has an article, about",
}
"""What tells candidates apart besides their score, and what it means."""

Json = dict[str, Any]


def classic(found: Iterable[Candidate], view: View, types: Types) -> Json:
    """Write the candidates of a query of version 0.2."""
    return {"result": [_candidate(each, view, types) for each in found]}


def modern(answers: Iterable[Sequence[Candidate]], view: View, types: Types) -> Json:
    """Write the candidates of a batch of version 1.0."""
    return {"results": [{"candidates": [_named(_candidate(each, view, types)) for each in found]} for found in answers]}


def _candidate(found: Candidate, view: View, types: Types) -> Json:
    record = found.record
    return {
        "id": view.id(record),
        "name": record.label,
        **({"description": record.description} if record.description else {}),
        "type": [types.reference(record.kind)],
        "score": found.score,
        "features": _features(found.features),
        "match": found.match,
    }


def _features(features: Mapping[str, float | None]) -> list[Json]:
    return [{"id": name, "value": value} for name in FEATURES if (value := features.get(name)) is not None]


def _named(candidate: Json) -> Json:
    features = [{**each, "name": FEATURES[each["id"]]} for each in candidate["features"]]
    return {**candidate, "features": features}
