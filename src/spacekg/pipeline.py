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
    partitioned,
    release,
    settling,
    summary,
)
from spacekg.declared import Declared
from spacekg.extractors import Extractor
from spacekg.matching import index
from spacekg.partitioned import opening
from spacekg.reference import Reference
from spacekg.release import Release


def build(  # noqa: PLR0913  # what a build is made from, and the plug-ins that most builds go without
    paths: Sequence[Path | str],
    out: Path,
    declared: Declared,
    reference: Reference,
    tell: Callable[[str], None],
    *,
    plugins: Sequence[Extractor] = (),
    engine: corpus.Engine | None = None,
) -> Release:
    """Read documents, make the graph of what they say and of the reference tables, and publish it below `out`.

    `tell` is told what is being done, in words for people; `plugins` read the documents beside the rules;
    `engine` reads them in place of this machine's processes; those that it cannot, or that nobody can open, are set
    aside.

    Raises:
        DocumentError: a document cannot be read.
        ClusterError: the engine is not there or was lost; what it read is kept.
        ExtractorError: a plug-in cannot work at all.
        DeclarationError: a table of `data/lexicon` is wrong.
        InvalidGraphError: the graph breaks a shape; nothing is published.
        ReleaseError: `out` cannot be written.
    """
    words = lexicon.read(declared.folder / "data" / "lexicon", declared)
    means = corpus.Means(out / corpus.FOLDER, engine=engine)
    tell("reading documents")
    reading = documents.read(paths, means.excuse)
    tell(f"extracting claims from {len(reading.documents)} documents")
    read = corpus.extract(reading.documents, reference, words, means, tell)
    extended = extractors.extend(read, read.documents, plugins, reference, declared)
    judged = disputes.judge(extended.claims, reference, declared)
    tell(f"assembling {len(judged)} claims and {len(reference.entities)} known entities")
    known = [*declared.ontology, *declared.vocab, *backbone.assemble(reference)]
    assemble = partial(
        graph.assemble,
        links=read.links,
        documents=read.documents,
        declared=declared,
        entities=reference.entities,
    )
    tell(f"inferring from {len(known)} known statements and what was claimed, and checking all")
    settled = settling.settle(judged, assemble, known, declared)
    held = [*known, *settled.said, *settled.inferred, *mappings.assemble(reference), *declared.alignments]
    described = description.assemble(reference.sources, read.documents, declared, held)
    tell("publishing")
    return release.publish(
        [*held, *described],
        read.documents,
        summary.inputs(read.documents, declared.folder),
        {
            "counts": summary.counts(
                documents=read.documents,
                passages=read.passages,
                mentions=read.mentions,
                links=read.links,
                claims=settled.claims,
                asserted=[*known, *settled.said],
                inferred=settled.inferred,
            ),
            "candidates": summary.candidates(settled.claims),
            "extractors": extended.report,
            "set_aside": {**reading.aside, **read.aside},
            "unused": summary.unused(reading.ignored, read.open, settled.claims, read.unparsed, read.documents),
            "validation": summary.passed(settled.report),
        },
        out,
        names=index.make(reference, declared),
        refused=summary.refused(extended.refused),
    )


def build_in_parts(  # noqa: PLR0913  # as of `build`
    paths: Sequence[Path | str],
    out: Path,
    declared: Declared,
    reference: Reference,
    tell: Callable[[str], None],
    *,
    shards: int,
    spread: partitioned.Spread,
    engine: corpus.Engine | None = None,
) -> Release:
    """Publish what `build` publishes, made in parts and in so many shards, which `spread` has somebody work on.

    What is on the way lies below `out`, which all that work on it have to reach.

    Raises:
        DocumentError: a document cannot be read.
        ClusterError: the engine is not there or was lost; what it read is kept.
        InvalidGraphError: the graph breaks a shape; nothing is published.
        ReleaseError: `out` cannot be written.
    """
    words = lexicon.read(declared.folder / "data" / "lexicon", declared)
    means = corpus.Means(out / corpus.FOLDER, engine=engine)
    with partitioned.workplace(out) as folder:
        tell("reading documents")
        reading = opening.read(paths, folder / "opened", spread, means.excuse)
        tell(f"extracting claims from {len(reading.documents)} documents")
        said = corpus.told(reading.documents, reference, words, means, tell)
        made = partitioned.make(said, reference, declared, folder, shards=shards, spread=spread, tell=tell)
        tell("publishing")
        return release.publish_canonical(
            made.graph.write,
            said.documents,
            summary.inputs(said.documents, declared.folder),
            {
                **made.tallies.report(reading.ignored),
                "extractors": {},
                "set_aside": {**reading.aside, **said.aside},
                "validation": summary.passed(made.report),
            },
            out,
            names=index.make(reference, declared),
            refused=summary.refused(made.tallies.refused),
        )
