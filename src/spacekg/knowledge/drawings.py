"""drawings  a thing and its neighbours → a small picture in SVG for a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import cos, pi, sin

from spacekg.entities.values import Named

MOST = 12
"""Neighbours that are drawn; whoever draws says how many more there are."""
_WIDTH, _HEIGHT, _LONGEST = 640, 360, 26


def around(centre: Named, neighbours: Sequence[tuple[str, Named]]) -> str:
    """Draw a thing in the middle and its neighbours, each with how it is linked, on a ring; all text is escaped."""
    shown = neighbours[:MOST]
    lines, names = [], [_name(centre, _WIDTH / 2, _HEIGHT / 2)]
    for at, (link, thing) in enumerate(shown):
        turn = 2 * pi * at / len(shown) - pi / 2
        x, y = _WIDTH / 2 + 240 * cos(turn), _HEIGHT / 2 + 150 * sin(turn)
        lines.append(f'<line x1="{_WIDTH / 2:.0f}" y1="{_HEIGHT / 2:.0f}" x2="{x:.0f}" y2="{y:.0f}" stroke="#999"/>')
        names.append(_name(thing, x, y))
        names.append(_text(link, (x + _WIDTH / 2) / 2, (y + _HEIGHT / 2) / 2, "#666"))
    box = f'viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}"'
    title = f"<title>{escape(centre.name)} and its neighbours</title>"
    return f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {box}>{title}{"".join(lines + names)}</svg>'


def _name(thing: Named, x: float, y: float) -> str:
    text = _text(thing.name, x, y, "#005ea2")
    if thing.iri.startswith(("http://", "https://")):
        return f'<a href="{escape(thing.iri)}">{text}</a>'
    return text


def _text(text: str, x: float, y: float, colour: str) -> str:
    short = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    style = 'stroke="#fff" stroke-width="3" paint-order="stroke"'
    place = f'x="{x:.0f}" y="{y:.0f}" text-anchor="middle" font-size="11" font-family="sans-serif"'
    return f'<text {place} fill="{colour}" {style}>{escape(short)}</text>'
