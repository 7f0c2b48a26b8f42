"""Draw the outlines of land behind the map of launch sites: src/spacekg/web/static/land.svg.

    python tools/make_land.py land-110m.json src/spacekg/web/static/land.svg

The first file is that of the npm package world-atlas (ISC), which package.json lists: the land of Natural Earth 1:110m,
which is in the public domain, as TopoJSON. The map is an equirectangular one, half a degree a unit; islands that are
smaller than two units are left out. The same file gives the same bytes.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterator
from pathlib import Path

WIDTH, NORTH, SOUTH = 720, 84, -60
Point = tuple[int, int]


def main() -> None:
    """Read the outlines, write the picture."""
    source, target = map(Path, sys.argv[1:])
    topology = json.loads(source.read_text(encoding="utf-8"))
    paths = "".join(path(ring) for ring in rings(topology) if large(ring))
    height = (NORTH - SOUTH) * 2
    target.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">'
        f'<path fill="#7a8190" fill-opacity=".3" d="{paths}"/></svg>\n',
        encoding="utf-8",
    )


def rings(topology: dict) -> Iterator[list[Point]]:
    """Give each outline as points of the drawing, none twice in a row."""
    (scale_x, scale_y), (first_x, first_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        steps = itertools.accumulate(arc, lambda one, other: [one[0] + other[0], one[1] + other[1]])
        arcs.append([(x * scale_x + first_x, y * scale_y + first_y) for x, y in steps])
    for geometry in topology["objects"]["land"]["geometries"]:
        for polygon in geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]:
            for ring in polygon:
                line = [place for at in ring for place in (arcs[at] if at >= 0 else arcs[~at][::-1])]
                yield from copies([point for point, _ in itertools.groupby(placed(*place) for place in line)])


def copies(ring: list[Point]) -> Iterator[list[Point]]:
    """Give an outline that crosses the edge of the map once at each edge, whole: what is outside is not seen."""
    whole, turns = ring[:1], 0
    for (x, _), (next_x, next_y) in itertools.pairwise(ring):
        turns += (x - next_x > WIDTH / 2) - (next_x - x > WIDTH / 2)
        whole.append((next_x + turns * WIDTH, next_y))
    least, greatest = min(x for x, _ in whole), max(x for x, _ in whole)
    for shift in (-WIDTH, 0, WIDTH):
        if least + shift < WIDTH and greatest + shift > 0:
            yield [(x + shift, y) for x, y in whole]


def placed(longitude: float, latitude: float) -> Point:
    """Give the place of a point in the drawing; what is further south than its edge is put on it."""
    return round((longitude + 180) * 2), round((NORTH - max(latitude, SOUTH)) * 2)


def large(ring: list[Point]) -> bool:
    """Whether an outline can be seen, and is not all on the southern edge."""
    across, down = ({point[axis] for point in ring} for axis in (0, 1))
    return len(down) > 1 and max(across) - min(across) + max(down) - min(down) > 4


def path(ring: list[Point]) -> str:
    """Write an outline by relative steps, which are short."""
    steps = itertools.pairwise(ring)
    return f"M{ring[0][0]} {ring[0][1]}l{' '.join(f'{x - a} {y - b}' for (a, b), (x, y) in steps)}z".replace(" -", "-")


if __name__ == "__main__":
    main()
