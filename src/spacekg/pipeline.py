"""pipeline  build     documents to published graph, one stage a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from spacekg import (
    backbone,
    corpus,
    description,
    disputes,
    documents,
    extractors,
    graph,
    lexicon,
    mappings,
    release,
    settling,
    summary,
)
from spacekg.declared import Declared
from spacekg.extractors import Extractor
from spacekg.matching import index
from spacekg.reference import Reference
from spacekg.release import Release


def build(  # noqa: PLR0913  # what a build is made from, and the plug-ins that most builds go without
    paths: Sequence[Path],
    out: Path,
    declared: Declared,
    reference: Reference,
    tell: Callable[[str], None],
    *,
    plugins: Sequence[Extractor] = (),
) -> Release:
    """Read documents, make the graph of what they say and of the reference tables, and publish it below `out`.

    `tell` is told what is being done, in words for people; `plugins` read the documents beside the rules.

    Raises:
        DocumentError: a document cannot be read.
        ExtractorError: a plug-in cannot work at all.
        DeclarationError: a table of `data/lexicon` is wrong.
        InvalidGraphError: the graph breaks a shape; nothing is published.
        ReleaseError: `out` cannot be written.
    """
    words = lexicon.read(declared.folder / "data" / "lexicon", declared)
    tell("reading documents")
    reading = documents.read(paths)
    tell(f"extracting claims from {len(reading.documents)} documents")
    read = corpus.extract(reading.documents, reference, words, corpus.Means(out / corpus.FOLDER))
    extended = extractors.extend(read, reading.documents, plugins, reference, declared)
    judged = disputes.judge(extended.claims, reference, declared)
    tell(f"assembling {len(judged)} claims and {len(reference.entities)} known entities")
    known = [*declared.ontology, *declared.vocab, *backbone.assemble(reference)]
    assemble = partial(
        graph.assemble,
        links=read.links,
        documents=reading.documents,
        declared=declared,
        entities=reference.entities,
    )
    tell(f"inferring from {len(known)} known statements and what was claimed, and checking all")
    settled = settling.settle(judged, assemble, known, declared)
    held = [*known, *settled.said, *settled.inferred, *mappings.assemble(reference), *declared.alignments]
    described = description.assemble(reference.sources, reading.documents, declared, held)
    tell("publishing")
    return release.publish(
        [*held, *described],
        reading.documents,
        summary.inputs(reading.documents, declared.folder),
        {
            "counts": summary.counts(
                documents=reading.documents,
                passages=read.passages,
                mentions=read.mentions,
                links=read.links,
                claims=settled.claims,
                asserted=[*known, *settled.said],
                inferred=settled.inferred,
            ),
            "candidates": summary.candidates(settled.claims),
            "extractors": extended.report,
            "unused": summary.unused(reading.ignored, read.open, settled.claims, read.unparsed, reading.documents),
            "validation": summary.passed(settled.report),
        },
        out,
        names=index.make(reference, declared),
        refused=summary.refused(extended.refused),
    )
