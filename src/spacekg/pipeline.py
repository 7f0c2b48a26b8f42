"""pipeline  build     documents to published graph, one stage a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from spacekg import (
    backbone,
    claims,
    description,
    disputes,
    documents,
    graph,
    lexicon,
    links,
    mentions,
    names,
    passages,
    reasoning,
    release,
    summary,
    validation,
)
from spacekg.declared import Declared
from spacekg.reference import Reference
from spacekg.release import Release


def build(
    paths: Sequence[Path], out: Path, declared: Declared, reference: Reference, tell: Callable[[str], None]
) -> Release:
    """Read documents, make the graph of what they say and of the reference tables, and publish it below `out`.

    `tell` is told what is being done, in words for people.

    Raises:
        DocumentError: a document cannot be read.
        DeclarationError: a table of `data/lexicon` is wrong.
        InvalidGraphError: the graph breaks a shape; nothing is published.
        ReleaseError: `out` cannot be written.
    """
    words = lexicon.read(declared.folder / "data" / "lexicon", declared)
    tell("reading documents")
    reading = documents.read(paths)
    split = [passage for document in reading.documents for passage in passages.split(document)]
    tell(f"finding names in {len(split)} passages of {len(reading.documents)} documents")
    found = mentions.find(split, names.index(reference.names))
    resolved = links.resolve(found, reference, words.kinds_of_noun)
    tell(f"extracting claims about {len(resolved.links)} mentions")
    stated = claims.extract(split, resolved.links, words, reference.entities)
    judged = disputes.judge(stated, reference, declared)
    tell(f"assembling {len(judged)} claims and {len(reference.entities)} known entities")
    said = graph.assemble(judged, resolved.links, reading.documents, declared, reference.entities)
    asserted = [*declared.ontology, *declared.vocab, *backbone.assemble(reference), *said]
    described = description.assemble(reference.sources, reading.documents)
    tell(f"inferring from {len(asserted)} statements")
    inferred = reasoning.infer(asserted, declared.ontology)
    tell(f"checking {len(asserted) + len(inferred)} statements")
    report = validation.check([*asserted, *inferred], declared.shapes, declared.ontology)
    tell("publishing")
    return release.publish(
        [*asserted, *inferred, *described, *declared.alignments],
        reading.documents,
        summary.inputs(reading.documents, declared.folder),
        {
            "counts": summary.counts(
                documents=reading.documents,
                passages=split,
                mentions=found,
                links=resolved.links,
                claims=judged,
                asserted=asserted,
                inferred=inferred,
            ),
            "unused": summary.unused(reading.ignored, resolved.open, judged),
            "validation": summary.passed(report),
        },
        out,
    )
