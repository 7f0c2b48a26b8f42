"""wikidata  the commands wikidata refresh and wikidata check."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from spacekg import reference, wikidata
from spacekg.cli import releases, screen
from spacekg.declared import Declared
from spacekg.reference import Reference
from spacekg.remote import Endpoint
from spacekg.wikidata.drift import OK
from spacekg.wikidata.patience import Patience
from spacekg.wikidata.questions import Inquiry

ADDRESS = "https://query.wikidata.org/sparql"
CONTACT = re.compile(r"[!-~]+@[!-~]+|https?://[!-~]+")


def _is_contact(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if value and not CONTACT.fullmatch(value):
        raise click.BadParameter("wants a mail address or the address of a page, http:// or https://")
    return value


def _asking(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say whom to ask, who asks, and how long to wait."""
    options = (
        click.option("--endpoint", "address", default=ADDRESS, show_default=True, metavar="URL", help="Ask this one."),
        click.option("--contact", default="", callback=_is_contact, metavar="MAIL_OR_URL", help="Who is asking."),
        click.option("--timeout", "seconds", default=65.0, show_default=True, help="Seconds to wait for an answer."),
        click.option("--tries", type=click.IntRange(1), default=6, show_default=True, help="How often to ask."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.group("wikidata", short_help="Compare the reference tables with Wikidata, or fetch them anew.")
def wikidata_() -> None:
    """Compare the reference tables with a SPARQL endpoint of Wikidata, or fetch them anew.

    Only one question is asked at a time. Tell with --contact who you are; Wikidata asks for that.

    \b
    spacekg wikidata check
    spacekg wikidata refresh --out raw --contact me@example.org
    """  # noqa: D301  # \b keeps click from filling the lines


@wikidata_.command("refresh", short_help="Write the raw Wikidata tables anew.")
@_asking
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("raw"), show_default=True)
def refresh(address: str, contact: str, seconds: float, tries: int, out: Path) -> None:
    """Write the raw Wikidata tables anew, as OUT/wikidata.

    The tables before stay until the new ones are whole. Run the same again after it was broken off: what was
    answered is not asked again. tools/make_reference.py makes the reference tables of what this writes.

    \b
    spacekg wikidata refresh --out raw --contact me@example.org
    """  # noqa: D301  # \b keeps click from filling the lines
    rules, known = _known()
    with screen.progress() as tell:
        patience = Patience(tries, pause=_told(tell))
        inquiry = Inquiry(Endpoint(address, seconds, contact), rules, patience, tell)
        day = datetime.now(UTC).date().isoformat()
        done = wikidata.refresh(inquiry, known, out, day)
    counts = [(name, number) for name, number in done.rows.items() if name != "moved"]
    deleted = sum(not target for target in done.moved.values())
    counts += [("new items", len(done.new)), ("deleted", deleted), ("redirected", len(done.moved) - deleted)]
    screen.table(("what", "number"), counts, str(done.folder))


@wikidata_.command("check", short_help="Report items that were merged, deleted or changed.")
@_asking
def check(address: str, contact: str, seconds: float, tries: int) -> int:
    """Report what has become of every Wikidata item that an entity is linked to.

    A terminal shows what needs attention, a pipe gets a row for every item. Exits with 1 when anything does.

    \b
    spacekg wikidata check
    spacekg wikidata check | grep -v ,ok,
    """  # noqa: D301  # \b keeps click from filling the lines
    rules, known = _known()
    with screen.progress() as tell:
        patience = Patience(tries, pause=_told(tell))
        inquiry = Inquiry(Endpoint(address, seconds, contact), rules, patience, tell)
        found = wikidata.check(inquiry, known)
    wrong = [one for one in found if one.what != OK]
    shown = wrong if screen.on_terminal() else found
    rows = [(one.qid, one.entity, one.what, one.ours, one.theirs) for one in shown]
    screen.table(("item", "entity", "what", "ours", "theirs"), rows)
    screen.say(", ".join(f"{number:,} {what}" for what, number in sorted(Counter(one.what for one in found).items())))
    return 1 if wrong else 0


def _known() -> tuple[Declared, Reference]:
    rules = releases.shipped()
    return rules, reference.read(rules.folder / "data" / "reference")


def _told(tell: Callable[[str], None]) -> Callable[[float], None]:
    """A pause that says on the screen that it is one."""

    def pause(seconds: float) -> None:
        tell(f"no answer just now; asking again in {seconds:g} seconds")
        time.sleep(seconds)

    return pause
