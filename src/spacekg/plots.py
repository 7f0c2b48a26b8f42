"""plots     who works with whom, missions in time → pictures for papers: SVG or PNG, the same bytes each time."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from spacekg import exploration
from spacekg.entities.overview import Tie
from spacekg.entities.values import Named
from spacekg.errors import MissingExtraError, PlotError
from spacekg.exploration import Mission

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ENDINGS = ("svg", "png")
BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#595959"
"""Two colours that those tell apart who see colours differently (Okabe and Ito, 2008), and one for the small print."""
WIDTH = 6.5
"""Inches: the text of a page of A4 or Letter."""
STYLE: dict[Any, Any] = {  # its keys are a long list of words that only matplotlib knows
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 8,
    "svg.fonttype": "none",
    "svg.hashsalt": "spacekg",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
}
LONGEST = 32
"""Characters of a name that have room."""


def network(ties: Sequence[Tie], top: int, note: str, ending: str) -> bytes:
    """Draw the `top` with the most ties on a ring: the thicker the line, the more they do together.

    Raises:
        PlotError: there is nothing to draw.
        MissingExtraError: matplotlib is not installed.
    """
    shown, note = _chosen(ties, top, note)
    kept = exploration.among(ties, shown)
    with _figure(4.1) as (figure, axes):
        places = {thing.iri: math.tau * (0.25 - at / len(shown)) for at, thing in enumerate(shown)}
        most = max(tie.together for tie in kept)
        for tie in kept:
            _bend(axes, places[tie.first.iri], places[tie.second.iri], 0.6 + 3.4 * tie.together / most)
        for thing in shown:
            _label(axes, thing, places[thing.iri])
        axes.set(xlim=(-2.1, 2.1), ylim=(-1.22, 1.22), aspect="equal")
        axes.axis("off")
        return _written(figure, note, ending)


def matrix(ties: Sequence[Tie], top: int, note: str, ending: str) -> bytes:
    """Draw how often each two of the `top` with the most ties work together; the number stands in its field.

    Raises:
        PlotError: there is nothing to draw.
        MissingExtraError: matplotlib is not installed.
    """
    shown, note = _chosen(ties, top, note)
    at = {thing.iri: number for number, thing in enumerate(shown)}
    fields = [[0] * len(shown) for _ in shown]
    for tie in exploration.among(ties, shown):
        one, other = at[tie.first.iri], at[tie.second.iri]
        fields[one][other] = fields[other][one] = tie.together
    most = max(max(row) for row in fields)
    with _figure(1.6 + 0.24 * len(shown)) as (figure, axes):
        axes.imshow(fields, cmap="Blues", vmin=0, vmax=most * 1.25)
        for y, row in enumerate(fields):
            for x, count in enumerate(row):
                if count:
                    axes.text(
                        x, y, str(count), ha="center", va="center", color="white" if count > most * 0.7 else "black"
                    )
        names = [_shortened(thing.name) for thing in shown]
        axes.set_xticks(range(len(names)), names, rotation=45, ha="left", rotation_mode="anchor")
        axes.set_yticks(range(len(names)), names)
        axes.tick_params(length=0, top=False, labeltop=True, labelbottom=False)
        axes.spines[:].set_visible(False)
        return _written(figure, note, ending)


def timeline(missions: Sequence[Mission], top: int, note: str, ending: str) -> bytes:
    """Draw when the `top` missions with the most agents began and ended; crewed ones are orange squares.

    Raises:
        PlotError: there is nothing to draw.
        MissingExtraError: matplotlib is not installed.
    """
    if not missions:
        raise _nothing()
    shown = exploration.foremost(missions, top)
    with _figure(1 + 0.19 * len(shown)) as (figure, axes):
        for row, mission in enumerate(shown):
            begin, end = exploration.span(mission)
            colour, mark = (ORANGE, "s") if mission.kind == "crewed" else (BLUE, "o")
            axes.plot([begin, end], [row, row], color=colour, linewidth=3, solid_capstyle="butt")
            axes.plot([begin], [row], color=colour, marker=mark, markersize=4.5, linestyle="none")
        axes.set_yticks(range(len(shown)), [_shortened(mission.thing.name) for mission in shown])
        axes.set_ylim(len(shown) - 0.4, -0.6)
        axes.locator_params(axis="x", integer=True)
        axes.grid(axis="x", color="#d5d8dd", linewidth=0.5)
        axes.set_axisbelow(True)
        axes.tick_params(axis="y", length=0)
        for colour, mark, words in ((ORANGE, "s", "crewed"), (BLUE, "o", "uncrewed")):
            axes.plot([], [], color=colour, marker=mark, linewidth=3, markersize=4.5, label=words)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False)
        return _written(figure, _less(note, len(missions) - len(shown)), ending)


def _chosen(ties: Sequence[Tie], top: int, note: str) -> tuple[list[Named], str]:
    if not ties:
        raise _nothing()
    everybody = exploration.agents(ties)
    shown = everybody[: max(top, 2)]
    kept = exploration.agents(exploration.among(ties, shown)) or [ties[0].first, ties[0].second]
    return kept, _less(note, len(everybody) - len(kept))


def _nothing() -> PlotError:
    return PlotError("nothing fits the filters, so there is nothing to draw: leave one of them out")


def _less(note: str, left_out: int) -> str:
    return f"{note} · {left_out} more not shown" if left_out else note


def _bend(axes: Axes, one: float, other: float, width: float) -> None:
    steps = [step / 24 for step in range(25)]
    ends = (math.cos(one), math.sin(one)), (math.cos(other), math.sin(other))
    bend = [0.35 * (ends[0][axis] + ends[1][axis]) / 2 for axis in (0, 1)]
    line = [
        [(1 - t) ** 2 * ends[0][axis] + 2 * t * (1 - t) * bend[axis] + t**2 * ends[1][axis] for t in steps]
        for axis in (0, 1)
    ]
    axes.plot(*line, color=BLUE, alpha=0.45, linewidth=width, solid_capstyle="round", zorder=1)


def _label(axes: Axes, thing: Named, angle: float) -> None:
    x, y = math.cos(angle), math.sin(angle)
    align = "center" if abs(x) < 0.1 else "left" if x > 0 else "right"
    axes.plot([x], [y], marker="o", color=BLUE, markersize=5, zorder=2)
    axes.text(1.06 * x, 1.1 * y, _shortened(thing.name), ha=align, va="center")


def _shortened(name: str) -> str:
    # A dollar sign would begin a formula.
    return (name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…").replace("$", r"\$")


@contextmanager
def _figure(height: float) -> Iterator[tuple[Figure, Axes]]:
    try:
        import matplotlib as mpl  # noqa: PLC0415  # an extra that only pictures need
        from matplotlib.figure import Figure  # noqa: PLC0415  # likewise
    except ImportError:
        raise MissingExtraError("matplotlib", "plots") from None
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        yield figure, figure.add_subplot()


def _written(figure: Figure, note: str, ending: str) -> bytes:
    figure.text(0.01, 0.0, note.replace("$", r"\$"), fontsize=6, color=GREY, va="bottom")
    figure.get_layout_engine().set(rect=(0, 0.03, 1, 0.97))  # type: ignore[union-attr, call-arg]  # it is a constrained one
    content = io.BytesIO()
    metadata = {"Date": None, "Creator": "spacekg"} if ending == "svg" else {"Software": "spacekg"}
    figure.savefig(content, format=ending, dpi=200, metadata=metadata)
    return content.getvalue()


DRAWN: dict[str, Callable[[Sequence[Tie], int, str, str], bytes]] = {"network": network, "matrix": matrix}
"""The pictures of who works with whom."""
