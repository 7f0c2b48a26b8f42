"""written   candidates → the JSON of either version of the API."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from spacekg.matching.scoring import Candidate
from spacekg.reconciliation.voice import Voice

FEATURES = {
    "name_similarity": "similarity of the name, 0 to 1",
    "type_match": "whether it is of the wanted type, 0 to 1",
    "property_agreement": "share of the given properties that agree",
    "prominence": "in how many languages Wikipedia has an article, about",
}
"""What tells candidates apart besides their score, and what it means."""

Json = dict[str, Any]


def classic(found: Iterable[Candidate], voice: Voice) -> Json:
    """Write the candidates of a query of version 0.2."""
    return {"result": [_candidate(each, voice) for each in found]}


def modern(found: Iterable[Candidate], voice: Voice) -> Json:
    """Write the candidates of a query of version 1.0."""
    return {"candidates": [_named(_candidate(each, voice)) for each in found]}


def batch(answers: Iterable[tuple[str, str]]) -> str:
    """Put the answers of a batch of version 0.2 together, written ones, each with the name of its query."""
    return f"{{{', '.join(f'{json.dumps(name)}: {answer}' for name, answer in answers)}}}"


def results(answers: Iterable[str]) -> str:
    """Put the answers of a batch of version 1.0 together, written ones in the order of their queries."""
    return f'{{"results": [{", ".join(answers)}]}}'


def _candidate(found: Candidate, voice: Voice) -> Json:
    return {
        **voice.described(found.record),
        "type": [voice.kind(found.record.kind)],
        "score": found.score,
        "features": _features(found.features),
        "match": found.match,
    }


def _features(features: Mapping[str, float | None]) -> list[Json]:
    return [{"id": name, "value": value} for name in FEATURES if (value := features.get(name)) is not None]


def _named(candidate: Json) -> Json:
    features = [{**each, "name": FEATURES[each["id"]]} for each in candidate["features"]]
    return {**candidate, "features": features}
