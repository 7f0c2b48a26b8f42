"""ontology  the command ontology, with its command docs."""

from __future__ import annotations

from pathlib import Path

import click

from spacekg import ontology_docs
from spacekg.cli import releases, screen
from spacekg.release import open_release


@click.group("ontology")
def ontology() -> None:
    """Work with the ontology that comes with spacekg.

    \b
    spacekg ontology docs
    """  # noqa: D301  # \b keeps click from filling the lines


@ontology.command("docs", short_help="Write pages about every class, property and concept.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("ontology-docs"),
    show_default=True,
    help="Folder to write into.",
)
@click.option("--release", "folder", type=click.Path(path_type=Path), help="A release to count and take examples from.")
def docs(out: Path, folder: Path | None) -> None:
    """Write pages about every class, property and concept, and the files to import.

    The pages are plain HTML that can be opened from disk or served from any folder. Beside them stand the ontology,
    the vocabulary, the alignments and the shapes as Turtle, RDF/XML and JSON-LD.

    \b
    spacekg ontology docs
    spacekg ontology docs --out site --release release
    """  # noqa: D301  # \b keeps click from filling the lines
    rules = releases.shipped()
    written = ontology_docs.write(rules, out, open_release(folder).quads() if folder else ())
    screen.say(f"{len(written)} files in {out}; begin with {written[0]}")
