"""building  the command build."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from spacekg import corpus, extractors, pipeline, reference
from spacekg.cli import dumping, releases, screen, sharding
from spacekg.declared import Declared
from spacekg.errors import MissingExtraError
from spacekg.extractors import Extractor
from spacekg.partitioned import Spread, spreading
from spacekg.release import Release

if TYPE_CHECKING:
    from spacekg.corpus.cluster import Cluster

MOST_NAMES = 10
"""How many of the names that stayed open a terminal shows; the report has all."""


@click.command("build")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=releases.DEFAULT,
    show_default=True,
    help="The folder that holds releases.",
)
@click.option(
    "--extractor",
    "names",
    metavar="NAME",
    multiple=True,
    help="An extractor plug-in that reads the documents too, such as llm; may be given several times.",
)
@click.option("--dumps", is_flag=True, help="Write the files for download too, as `spacekg dumps` does.")
@click.option(
    "--shards", metavar="N", type=click.IntRange(1, 99_999), help="Write so many shards too, as `spacekg shards` does."
)
@click.option("--shards-to", metavar="ADDRESS", help="The folder or URL, such as s3://bucket/folder, for the shards.")
@click.option(
    "--engine",
    type=click.Choice(["processes", "dask"]),
    default="processes",
    show_default=True,
    help="What reads the documents: processes of this machine, or a Dask cluster, which sets aside what it cannot.",
)
@click.option("--scheduler", metavar="ADDRESS", help="The Dask cluster, such as tcp://host:8786; else one made here.")
@click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    default=2,
    show_default=True,
    help="Of the Dask cluster made here, or processes for --partitions.",
)
@click.option(
    "--partitions",
    metavar="N",
    type=click.IntRange(1, 99_999),
    help="Open documents in parts, and assemble, infer, check and describe in so many shards: none has to hold all.",
)
def build(  # noqa: PLR0913, PLR0917  # each is an option
    paths: tuple[str, ...],
    out: Path,
    names: tuple[str, ...],
    engine: str,
    scheduler: str | None,
    workers: int,
    dumps: bool,
    shards: int | None,
    shards_to: str | None,
    partitions: int | None,
) -> None:
    """Read documents and publish the graph of what they say.

    PATH is a file (.txt, .md, .html, .pdf), a folder of them, or a file of many documents (.jsonl, .parquet, .warc),
    which may be a URL; without one, the documents that come with spacekg are read. The release gets a folder of its
    own below --out and is the one that is served from then on.
    In a pipe, the name of that folder is all that is printed.

    \b
    spacekg build
    spacekg build articles/ report.pdf --out release
    """  # noqa: D301  # \b keeps click from filling the lines
    _check_usage(scheduler is None or engine == "dask", "--scheduler is of --engine dask")
    _check_usage(shards_to is None or shards is not None, "--shards-to wants --shards")
    _check_usage(partitions is None or not names, "--extractor is not for --partitions")
    cluster = _cluster(scheduler, workers) if engine == "dask" else None
    found = [path if "://" in path else Path(path) for path in paths]
    rules = releases.shipped()
    if partitions:
        with _spread(cluster, workers) as (spread, reader):
            release = built_in_parts(found, out, rules, (partitions, spread), reader)
    else:
        release = built(found, out, rules, extractors.load(names), cluster.read if cluster else None)
    if dumps:
        dumping.written(release, rules)
    if shards:
        sharding.written(release, shards, shards_to)
    if screen.on_terminal():
        _summarise(release)
    else:
        click.echo(release.folder)
    for name, reason in release.report["set_aside"].items():
        click.echo(f"set aside: {name}: {reason}", err=True)


def _check_usage(fits: object, trouble: str) -> None:
    if not fits:
        raise click.UsageError(trouble)


def _cluster(scheduler: str | None, workers: int) -> Cluster:
    try:
        from spacekg.corpus.cluster import Cluster  # noqa: PLC0415  # it is an extra
    except ModuleNotFoundError as error:
        raise MissingExtraError("Dask", "scale") from error
    return Cluster(scheduler, workers)


@contextmanager
def _spread(cluster: Cluster | None, workers: int) -> Iterator[tuple[Spread, corpus.Engine | None]]:
    """Give who works on parts, and what reads documents: one cluster for both, or processes of this machine."""
    if cluster is None:
        with spreading.processes(workers) as spread:
            yield spread, None
        return
    with cluster.opened() as one, one.spread() as spread:
        yield spread, one.read


def built(
    paths: Sequence[Path | str],
    out: Path,
    rules: Declared,
    plugins: Sequence[Extractor] = (),
    engine: corpus.Engine | None = None,
) -> Release:
    """Build a release of these documents, or of those that come with spacekg, and show the progress."""
    with screen.progress() if engine is None else screen.steps() as tell:
        tell("reading the reference tables")
        known = reference.read(rules.folder / "data" / "reference")
        read = paths or (rules.folder / "data" / "documents",)
        return pipeline.build(read, out, rules, known, tell, plugins=plugins, engine=engine)


def built_in_parts(
    paths: Sequence[Path | str],
    out: Path,
    rules: Declared,
    spread: tuple[int, Spread],
    engine: corpus.Engine | None,
) -> Release:
    """Build the same release in so many shards."""
    shards, by = spread
    with screen.steps() as tell:
        known = reference.read(rules.folder / "data" / "reference")
        read = paths or (rules.folder / "data" / "documents",)
        return pipeline.build_in_parts(read, out, rules, known, tell, shards=shards, spread=by, engine=engine)


def _summarise(release: Release) -> None:
    unused = release.report["unused"]
    rows = [*release.report["counts"].items()]
    rows += [(f"claims {status}", number) for status, number in release.manifest["claims"].items()]
    rows += [(f"claims held back: {reason}", number) for reason, number in unused["held_back"].items()]
    rows += [(f"passages not parsed: {where}", number) for where, number in unused["unparsed_passages"].items()]
    for name, did in release.report["extractors"].items():
        rows += [(f"{name}: {what}", str(number)) for what, number in did.items()]
    rows += [("documents set aside", len(release.report["set_aside"]))]
    rows += [("files ignored", len(unused["ignored_files"])), ("names left open", len(unused["open_names"]))]
    rows += [("documents of which nothing is claimed", len(unused["silent_documents"]))]
    rows += [("new names", len(release.report["candidates"]))]
    screen.table(("what", "number"), rows, f"release {release.id}")
    for name, number in list(unused["open_names"].items())[:MOST_NAMES]:
        screen.say(f"left open: {name} ({number})")
    for new in list(release.report["candidates"].values())[:MOST_NAMES]:
        screen.say(f"new name: {new['name']} ({', '.join(new['classes'])})")
    screen.say(f"{release.folder}: serve it with: spacekg serve --release {release.folder.parent}")
