"""Laws of the parts of a document: together they are its text and its claims, and none is large."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from spacekg.entities.outline import CHARACTERS, CLAIMS, Spot, cut

lines = st.lists(st.integers(0, 30_000), max_size=12)
places = st.lists(st.tuples(st.integers(-1, 200_000), st.integers(1, 500)), max_size=400)


@given(lines, places)
def test_parts_are_together_the_text_and_all_of_its_claims(lengths: list[int], found: list[tuple[int, int]]) -> None:
    text = "".join(f"{'x' * length}\n" for length in lengths)
    spots = [
        Spot(start, start + length if start >= 0 else -1, f"claim-{at}")
        for at, (start, length) in enumerate(found)
        if start + length <= len(text)
    ]
    parts = cut(text, spots)
    assert [spot for part in parts for spot in part.spots] == sorted(spots)
    reached = 0
    for part in parts:
        assert part.start <= reached
        assert len(part.spots) <= CLAIMS
        assert part.end - part.start <= 2 * CHARACTERS
        assert all(part.start <= spot.start < spot.end <= part.end for spot in part.spots if spot.start >= 0)
        reached = max(reached, part.end)
    assert reached == len(text)


def test_a_text_is_cut_behind_lines() -> None:
    text = f"{'a' * 30_000}\n{'b' * 30_000}\n"
    assert [text[part.start : part.end][:1] for part in cut(text, [])] == ["a", "b"]
    assert cut("", []) == cut("", ())
    assert [(part.start, part.end) for part in cut("short", [])] == [(0, 5)]
