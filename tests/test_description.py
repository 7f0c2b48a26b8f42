"""Every named graph is described, with its terms where they are ours or a source's."""

from __future__ import annotations

from spacekg import description
from spacekg.model import Document
from spacekg.reference import Source


def test_a_source_and_a_document_are_described() -> None:
    source = Source("atlas", "An atlas", "https://example.org/terms", "The Atlas", "https://example.org/", "2025-01-02")
    document = Document("note", "text/plain", "", "", "", "A note")
    quads = description.assemble([source], [document])
    stated = {
        (quad.subject.value.rpartition("/graph/")[2], quad.predicate.value.rpartition("/")[2]): quad.object.value
        for quad in quads
    }
    assert {quad.graph_name for quad in quads} == {description.GRAPH}
    assert stated["reference/atlas", "license"] == "https://example.org/terms"
    assert stated["reference/atlas", "bibliographicCitation"] == "The Atlas"
    assert stated["document/note", "source"] == "https://w3id.org/spacekg/document/note"
    assert ("document/note", "license") not in stated
    assert stated["inferred", "license"] == description.OWN_LICENCE
    parts = {quad.object for quad in quads if quad.predicate.value.endswith("hasPart")}
    titled = {quad.subject for quad in quads if quad.predicate.value.endswith("title")}
    assert parts == titled - {description.DATASET}
