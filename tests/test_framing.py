"""JSON-LD of one stable shape: true to the graph, the same keys always, and as its JSON Schema says."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from pyld import jsonld
from pyoxigraph import RdfFormat

from spacekg import framing, publication, store
from spacekg.declared import BASE, SKG, Declared
from spacekg.entities import Entities
from spacekg.entities.values import Description
from spacekg.publication import Publication
from spacekg.release import Release

CLAIMS = Path(__file__).parent / "graphs" / "claims.trig"
PROBE = f"{BASE}id/probe"
MOST = 4
"""Things of each shape that are looked at."""


@pytest.fixture(scope="module")
def published(rules: Declared) -> Publication:
    return publication.read(rules)


@pytest.fixture(scope="module")
def probe(rules: Declared) -> Description:
    queries = {query.name: query.text for query in rules.queries.values()}
    return Entities(store.open_file(CLAIMS, "r", queries, {})).describe(PROBE)


def framed(description: Description, published: Publication, name: str) -> dict[str, Any]:
    return framing.frame(description.thing.iri, description.quads, published.frames[name], published.context)


def triples(document: dict[str, Any]) -> set[str]:
    """What PyLD, which passes the tests of JSON-LD, reads in a document; as pyoxigraph writes it."""
    written = jsonld.to_rdf(document, {"format": "application/n-quads"})
    return {str(quad.triple) for quad in pyoxigraph.parse(io.BytesIO(written.encode()), format=RdfFormat.N_QUADS)}


def test_a_thing_reads_as_plain_json(probe: Description, published: Publication) -> None:
    document = framed(probe, published, "SpaceAsset")
    assert document["id"] == PROBE
    assert document["type"] == ["SpaceProbe", "Spacecraft"]
    assert document["prefLabel"] == {"en": ["Probe"], "fr": ["Sonde"]}
    assert document["altLabel"] == {"@none": ["plain"], "en": ["P-1", "P-I"]}
    assert document["operator"] == [{"id": f"{BASE}id/north", "prefLabel": {"en": ["North Agency"]}}]
    assert document["launchDate"] == [{"@value": "2001-02-03", "type": "xsd:date"}]
    assert document["launchVehicle"] == []
    first = document["claims"][0]
    assert first["status"] == {"id": f"{BASE}vocab/accepted"}
    quote = next(each for each in first["wasDerivedFrom"][0]["hasSelector"] if "exact" in each)
    assert quote["exact"] == "North flies it."


@pytest.mark.parametrize("name", ["SpaceAsset", "Agent", "Launch", "Thing"])
def test_the_keys_of_a_frame_are_always_there(probe: Description, published: Publication, name: str) -> None:
    wanted = {key for key in published.frames[name] if not key.startswith("@")}
    assert wanted <= framed(probe, published, name).keys()
    nothing = framing.frame("https://example.org/x", (), published.frames[name], published.context)
    assert wanted | {"@context", "id"} == nothing.keys()


def test_nothing_is_invented_and_nothing_of_its_own_is_lost(probe: Description, published: Publication) -> None:
    read = triples(framed(probe, published, "SpaceAsset"))
    said = {str(quad.triple) for quad in probe.quads}
    assert read <= said
    assert {str(quad.triple) for quad in probe.quads if str(quad.subject) == f"<{PROBE}>"} <= read


def test_what_is_written_is_json_with_its_context(probe: Description, published: Publication) -> None:
    document = framed(probe, published, "SpaceAsset")
    assert json.loads(framing.written(document)) == document
    assert document["@context"].keys() >= published.context["@context"].keys()


@pytest.fixture(scope="module")
def samples(rules: Declared, shipped_release: Release, published: Publication) -> dict[str, list[Description]]:
    """Some things of each shape in the shipped release."""
    queries = {query.name: query.text for query in rules.queries.values()}
    known = Entities(store.open_file(shipped_release.graph, shipped_release.id, queries, rules.prefixes))
    found: dict[str, list[str]] = {}
    for quad in shipped_release.quads():
        if quad.predicate.value.endswith("#type") and str(quad.subject).startswith(f"<{BASE}"):
            name = quad.object.value.rpartition("#")[2]  # type: ignore[union-attr]
            iri = quad.subject.value  # type: ignore[union-attr]
            if name in published.frames and "#" not in iri and iri not in found.setdefault(name, []):
                found[name] += [iri] if len(found[name]) < MOST else []
    return {name: [known.describe(iri) for iri in iris] for name, iris in found.items()}


def test_there_is_a_schema_for_every_frame(published: Publication, rules: Declared) -> None:
    assert published.frames.keys() == published.schemas.keys() - {"common"}
    assert published.frames.keys() - {"Thing", "Concept"} <= rules.classes.keys()
    for name, schema in published.schemas.items():
        assert schema["$id"] == f"{BASE}schema/{name}.json"


def test_every_shape_is_as_its_schema_says(samples: dict[str, list[Description]], published: Publication) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    referencing = pytest.importorskip("referencing")
    resources = [(each["$id"], referencing.Resource.from_contents(each)) for each in published.schemas.values()]
    registry = referencing.Registry().with_resources(resources)
    assert samples.keys() >= published.frames.keys() - {"Thing"}
    for name, descriptions in samples.items():
        validator = jsonschema.Draft202012Validator(published.schemas[name], registry=registry)
        for description in descriptions:
            wrong = [each.message for each in validator.iter_errors(framed(description, published, name))]
            assert wrong == [], description.thing.iri
        assert not validator.is_valid({"@context": {}, "id": PROBE})


def test_every_shape_is_true_to_the_graph(samples: dict[str, list[Description]], published: Publication) -> None:
    for name, descriptions in samples.items():
        for description in descriptions[:2]:
            read = triples(framed(description, published, name))
            said = {str(quad.triple) for quad in description.quads}
            own = {str(each.triple) for each in description.quads if str(each.subject) == f"<{description.thing.iri}>"}
            assert read <= said, description.thing.iri
            assert own <= read, description.thing.iri


def test_a_property_has_a_list_or_never_has_one() -> None:
    context = {"@version": 1.1, "skg": SKG, "id": "@id", "Launch": "skg:Launch", "rule": "skg:rule", "unit": "skg:unit"}
    stable = framing.stable({"@context": context}, {"rule"})["@context"]
    assert stable == {**context, "unit": {"@id": "skg:unit", "@container": "@set"}}
