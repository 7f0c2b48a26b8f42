"""plotting  the command plot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from spacekg import exploration, plots, remote
from spacekg.answers import Row
from spacekg.cli import releases, screen
from spacekg.declared import Declared
from spacekg.errors import PlotError
from spacekg.exploration import Filter
from spacekg.release import open_release

EARLIEST, LATEST = 1900, 2100
"""Years among which missions and collaborations are looked for when only one end is given."""
TOP = {"network": 24, "matrix": 16, "timeline": 30}

Ask = Callable[[str], Sequence[Row]]


@click.command("plot")
@click.argument("picture", type=click.Choice(list(TOP)))
@click.option(
    "-o", "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="A .svg or .png file."
)
@click.option("--kind", help="Only this type of collaboration, such as joint-mission; of missions crewed or uncrewed.")
@click.option("--since", type=click.IntRange(EARLIEST, LATEST), help="Only what began in this year or later.")
@click.option("--until", type=click.IntRange(EARLIEST, LATEST), help="Only what began in this year or before.")
@click.option(
    "--status",
    type=click.Choice(exploration.STATUSES),
    help="What became of the claims behind it; accepted if not given. Not for the timeline.",
)
@click.option("--top", type=click.IntRange(2, 100), help="How many to draw: those with the most partners or agents.")
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead of a release.")
@releases.release_option
def plot(picture: str, out: Path, endpoint: str | None, folder: Path, top: int | None, **wanted: object) -> None:
    """Draw who works with whom, or missions in time, for a paper or a talk.

    The picture holds the same data as the pages under /explore, says from which release it is, and has the same
    bytes each time. What has no date is left out once --since or --until is given.

    \b
    spacekg plot network -o network.svg
    spacekg plot matrix -o matrix.png --kind joint-mission
    spacekg plot timeline -o crewed.svg --kind crewed --until 1975 --top 40
    """  # noqa: D301  # \b keeps click from filling the lines
    ending = out.suffix.lower().removeprefix(".")
    if ending not in plots.ENDINGS:
        raise PlotError(f"{out.name}: a picture is a .svg or a .png file")
    chosen = _filter(picture, wanted)
    rules = releases.shipped()
    ask, source = _asked(endpoint, folder, rules)
    text = rules.query(exploration.MISSIONS if picture == "timeline" else exploration.PAIRS).text
    rows = ask(exploration.question(text, chosen))
    note = f"spacekg, {source}{_told(wanted)}"
    most = top or TOP[picture]
    if picture == "timeline":
        content = plots.timeline(exploration.missions(rows), most, note, ending)
    else:
        content = plots.DRAWN[picture](exploration.ties(exploration.pairs(rows)), most, note, ending)
    out.write_bytes(content)
    screen.say(f"{out}: {len(content):,} bytes")


def _asked(endpoint: str | None, folder: Path, rules: Declared) -> tuple[Ask, str]:
    """Give what answers a query, and what to call it below the picture."""
    if endpoint:
        return lambda text: remote.rows(remote.Endpoint(endpoint), text), endpoint
    release = open_release(folder)
    return releases.stored(release, rules, releases.OWN_MACHINE).answer_text, f"release {release.id}"


def _filter(picture: str, wanted: dict[str, object]) -> Filter:
    since, until = wanted["since"], wanted["until"]
    first, last = int(str(since or EARLIEST)), int(str(until or LATEST))
    if first > last:
        raise PlotError(f"--since {first} --until {last}: no year is after the one and before the other")
    if picture == "timeline" and wanted["status"]:
        raise PlotError("--status: the dates of missions are facts of the graph, which have none; leave it out")
    status = () if picture == "timeline" else (str(wanted["status"] or exploration.STATUSES[0]),)
    years = tuple(str(year) for year in range(first, last + 1)) if since or until else ()
    return Filter(kind=(str(wanted["kind"]),) if wanted["kind"] else (), year=years, status=status)


def _told(wanted: dict[str, object]) -> str:
    return "".join(f" · {name} {value}" for name, value in sorted(wanted.items()) if value)
