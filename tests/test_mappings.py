"""Why links are believed: stated for each verified link, never for a candidate, and small."""

from __future__ import annotations

from collections import Counter

import pytest
from pyoxigraph import NamedNode, Quad

from spacekg import backbone, mappings
from spacekg.reference import Entity, Identifier, Reference

PROBE = Entity("probe", "SpaceProbe", "Probe", "", "wikidata", 1)


def linked(value: str, status: str = "verified", method: str = "by hand", **more: object) -> Identifier:
    cells = {"match": "exact", "confidence": 1.0, "evidence": "seen", "scheme": "wikidata"} | more
    return Identifier(entity="probe", value=value, status=status, source="wikidata", method=method, **cells)  # type: ignore[arg-type]


def stated(*links: Identifier) -> list[Quad]:
    return mappings.assemble(Reference({"probe": PROBE}, (), links, (), (), (), ()))


def objects(quads: list[Quad], relation: NamedNode) -> list[str]:
    return sorted(getattr(quad.object, "value", "") for quad in quads if quad.predicate == relation)


def test_a_link_has_its_evidence_method_and_confidence() -> None:
    quads = stated(linked("Q1", confidence=0.9, match="close"))
    assert objects(quads, mappings.REFERENCES) == ["http://www.wikidata.org/entity/Q1"]
    assert objects(quads, mappings.PREDICATE) == ["http://www.w3.org/2004/02/skos/core#closeMatch"]
    assert objects(quads, mappings.EVIDENCE) == ["seen"]
    assert objects(quads, mappings.CONFIDENCE) == ["0.90"]
    assert objects(quads, mappings.JUSTIFICATION) == [f"{mappings.SEMAPV}ManualMappingCuration"]
    assert {quad.graph_name for quad in quads} == {mappings.GRAPH}


def test_links_made_in_the_same_way_share_a_linkset() -> None:
    assert objects(stated(linked("Q1"), linked("Q2")), mappings.TRIPLES) == ["2"]
    assert objects(stated(linked("Q1"), linked("Q2", evidence="seen elsewhere")), mappings.TRIPLES) == ["1", "1"]
    assert objects(stated(linked("Q1"), linked("Q2", confidence=0.5)), mappings.TRIPLES) == ["1", "1"]


def test_a_linkset_is_a_part_of_the_one_that_the_description_counts() -> None:
    (part,) = (quad for quad in stated(linked("Q1", match="close")) if quad.predicate == mappings.SUBSET)
    assert part.subject == NamedNode("https://w3id.org/spacekg/dataset#links-wikidata-close")
    assert objects(stated(linked("Q1")), mappings.TO) == ["https://w3id.org/spacekg/dataset#other-wikidata"]
    assert objects(stated(linked("Q1")), mappings.FROM) == ["https://w3id.org/spacekg/dataset"]


@pytest.mark.parametrize("status", ["candidate", "rejected"])
def test_only_verified_links_are_stated(status: str) -> None:
    assert stated(linked("Q1", status)) == []


def test_an_unknown_method_is_called_unspecified() -> None:
    assert objects(stated(linked("Q1", method="a dream")), mappings.JUSTIFICATION) == [
        f"{mappings.SEMAPV}UnspecifiedMatching"
    ]


def test_every_method_of_the_tables_has_a_name(known: Reference) -> None:
    links = [one for one in known.identifiers if one.scheme in mappings.SPACES and one.status == "verified"]
    assert {one.method for one in links} <= set(mappings.JUSTIFIED)


def test_every_served_match_has_evidence_and_just_one(known: Reference) -> None:
    matches = {
        quad.object: quad.predicate for quad in backbone.assemble(known) if quad.predicate in backbone.MATCHES.values()
    }
    quads = mappings.assemble(known)
    referenced = Counter(quad.object for quad in quads if quad.predicate == mappings.REFERENCES)
    assert set(referenced) == set(matches)
    assert set(referenced.values()) == {1}
    predicates = {quad.subject: quad.object for quad in quads if quad.predicate == mappings.PREDICATE}
    assert all(predicates[q.subject] == matches[q.object] for q in quads if q.predicate == mappings.REFERENCES)


def test_the_evidence_is_small_beside_what_it_is_about(known: Reference) -> None:
    assert len(mappings.assemble(known)) < 0.15 * len(backbone.assemble(known))
