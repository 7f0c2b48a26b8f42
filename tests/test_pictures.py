"""Drawings of who is linked to whom: everything has its place on the paper, and the same input the same place."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis.strategies import integers, lists, text, tuples

from spacekg.entities.overview import Tie
from spacekg.entities.values import Named
from spacekg.web import pictures

numbers = integers(0, 40)
ties = lists(tuples(numbers, numbers, integers(1, 99)).filter(lambda each: each[0] < each[1]), min_size=1, max_size=80)
pairs = lists(tuples(text(max_size=60), text(max_size=200)), max_size=30)


def thing(number: int) -> Named:
    return Named(f"https://example.org/{number:02}", f"Thing {number}")


@given(ties)
def test_a_ring_has_room_for_all_it_shows_and_counts_the_others(rows: list[tuple[int, int, int]]) -> None:
    given_ties = [Tie(thing(one), thing(other), weight) for one, other, weight in rows]
    picture = pictures.ring(given_ties)
    assert picture == pictures.ring(given_ties)
    everybody = {number for one, other, _ in rows for number in (one, other)}
    assert len(picture.dots) + picture.left_out == len(everybody)
    assert len(picture.dots) == min(len(everybody), pictures.MOST)
    assert all(0 < dot.x < picture.width and 0 < dot.text_y < picture.height for dot in picture.dots)
    middle = (picture.width / 2, picture.height / 2)
    assert all(abs(math.dist((dot.x, dot.y), middle) - pictures.RADIUS) < 2 for dot in picture.dots)


@given(pairs, pairs)
def test_neighbours_stand_beside_the_thing_without_touching(
    before: list[tuple[str, str]], behind: list[tuple[str, str]]
) -> None:
    left, right = ([(word, Named(name, name)) for word, name in side] for side in (before, behind))
    picture = pictures.neighbours(thing(0), left, right)
    assert len(picture.dots) - 1 + picture.left_out == len(before) + len(behind)
    assert len(picture.lines) == len(picture.dots) - 1
    places = [(dot.x, dot.y) for dot in picture.dots]
    assert len({*places}) == len(places)
    assert all(0 < dot.y < picture.height and len(dot.label) <= pictures.LONGEST for dot in picture.dots)
