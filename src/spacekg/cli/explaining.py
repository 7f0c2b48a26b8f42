"""explaining the command explain."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from spacekg import documents, explanation, lexicon, reference
from spacekg.cli import releases, screen
from spacekg.corpus.extraction import Tools
from spacekg.errors import DocumentError
from spacekg.explanation import Explained, Explanation, page

STYLES = {"accepted": "bold green", "uncertain": "bold yellow", "disputed": "bold red"}
NAME, QUIET = "cyan underline", "dim"
WHITE = re.compile(r"\s+")
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@click.command("explain", short_help="Show what is read out of a document, and why.")
@click.argument("document", metavar="DOC", type=click.Path(path_type=Path))
@click.option(
    "--html", type=click.Path(dir_okay=False, path_type=Path), help="Write a page that needs nothing else to this file."
)
def explain(document: Path, html: Path | None) -> None:
    """Show sentence by sentence what is read out of a document: the names and whom they stand for, the claims with
    rule, confidence, mood and status, and what was refused and why.

    Accepted claims are green, uncertain ones yellow, disputed ones red.

    \b
    spacekg explain article.md
    spacekg explain report.pdf --html report.html
    spacekg explain article.md | grep disputed
    """  # noqa: D205, D301  # \b keeps click from filling the lines
    rules = releases.shipped()
    if document.is_dir():
        raise DocumentError(f"{document}: is a folder; name one document of it")
    with screen.progress() as tell:
        tell("reading")
        words = lexicon.read(rules.folder / "data" / "lexicon", rules)
        tools = Tools(reference.read(rules.folder / "data" / "reference"), words)
        told = explanation.explain(documents.read([document]).documents[0], tools)
    if html is not None:
        _write(html, page.render(told))
        screen.say(f"{html}: {_counted(told)}")
        return
    console = Console(file=sys.stdout, soft_wrap=True, highlight=False)
    for each in told.passages:
        for line in _lines(each):
            console.print(line)
    console.print(Text(_counted(told)))


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise DocumentError(f"{path}: cannot be written ({error.strerror}); name another file") from error


def _counted(told: Explanation) -> str:
    return ", ".join(f"{number} {name}" for name, number in told.counts().items())


def _lines(each: Explained) -> Iterator[Text]:
    yield Text.assemble(
        (f"{each.passage.kind:8} ", QUIET),
        *((visible(words), NAME if named else "") for words, named in each.pieces),
    )
    for named in each.names:
        about = f"  ({named.kind}, {named.entity}, {named.method})"
        yield Text.assemble("    name       ", (visible(named.surface), NAME), f" → {named.label}", (about, QUIET))
    for stated in each.claims:
        claim = stated.claim
        about = f"  (rule {claim.rule}, confidence {claim.confidence:.2f}, {stated.mood})"
        said = visible(f"{stated.subject} – {stated.predicate} – {stated.object}")
        yield Text.assemble("    ", (f"{claim.status:11}", STYLES[claim.status]), said, (about, QUIET))
        if claim.reason:
            yield Text(f"               because {visible(claim.reason)}", STYLES[claim.status])
    for refused in each.refused:
        word = f" «{visible(refused.surface)}»" if refused.surface else ""
        yield Text(f"    refused    {refused.what}{word}: {visible(refused.reason)}", QUIET)


def visible(text: str) -> str:
    """A text on one line, without what would steer a terminal: control characters and marks that turn its direction."""
    flat = WHITE.sub(" ", text)
    return "".join("\ufffd" if unicodedata.category(c) == "Cc" or c in TURNING else c for c in flat)
