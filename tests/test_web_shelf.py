"""What was written is kept, up to a number of bytes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from spacekg.web.shelf import Shelf, Written


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 40)), max_size=40), st.integers(0, 60))
def test_it_gives_what_belongs_to_a_key_and_never_keeps_too_much(asked: list[tuple[int, int]], limit: int) -> None:
    shelf = Shelf(limit)
    for key, size in asked:
        content = shelf.fetch((key, size), lambda key=key, size=size: Written(bytes([key]) * size, ())).content
        assert content == bytes([key]) * size
        assert shelf.size <= limit
        assert shelf.size == sum(len(each.content) for each in shelf.kept)


def test_what_was_asked_for_last_stays() -> None:
    written: list[str] = []

    def write(name: str) -> Written:
        written.append(name)
        return Written(b"12345", ())

    shelf = Shelf(10)
    for name in ("a", "b", "a", "c", "a", "b"):
        shelf.fetch(name, lambda name=name: write(name))
    assert written == ["a", "b", "c", "b"]


def test_a_failure_is_not_kept() -> None:
    shelf = Shelf()

    def fail() -> Written:
        raise ValueError("not now")

    for _ in range(2):
        try:
            shelf.fetch("key", fail)
        except ValueError:
            continue
        raise AssertionError("it did not fail")
    assert shelf.fetch("key", lambda: Written(b"x", ())).content == b"x"
