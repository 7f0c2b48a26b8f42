"""cutting   a sorted file of quads → as many pieces of about one size, each subject whole in one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Protocol

from spacekg.declared import BASE

CLAIM = f"<{BASE}claim/".encode()
THING = len(CLAIM) + 24
"""How long the part of a claim's IRI is that those of its evidence begin with."""


class Taking(Protocol):
    """Whatever takes bytes, such as a file."""

    def write(self, data: bytes) -> object:
        """Take some."""


def thing(line: bytes) -> bytes:
    """Give what a line speaks of: its subject, or the claim of which that is the evidence."""
    return line[:THING] if line.startswith(CLAIM) else line[: line.find(b" ")]


def cut(lines: Iterable[bytes], size: int, number: int) -> Iterator[Iterator[bytes]]:
    """Give exactly so many pieces of `size` bytes in all; each has to be read before the next is asked for.

    Where it is cut depends on nothing but the lines and the number.
    """
    groups = _Ahead(groupby(lines, thing))
    for at in range(number):
        yield groups.until(size * (at + 1) // number if at + 1 < number else None)


class _Ahead:
    """The lines of one thing after the other, with how many bytes were given."""

    def __init__(self, groups: Iterator[tuple[bytes, Iterator[bytes]]]) -> None:
        self._groups = groups
        self._given = 0

    def until(self, end: int | None) -> Iterator[bytes]:
        """Give things until so many bytes were given since the beginning, or all that are left."""
        while end is None or self._given < end:
            _, lines = next(self._groups, (b"", None))
            if lines is None:
                return
            for line in lines:
                self._given += len(line)
                yield line


def copied(lines: Iterable[bytes], *targets: Taking) -> dict[str, Any]:
    """Write lines to each target; tells their number, and the first and last thing they speak of."""
    quads, first, last = 0, b"", b""
    for line in lines:
        quads += 1
        last = thing(line)
        first = first or last
        for target in targets:
            target.write(line)
    return {"quads": quads, "first": first.decode(), "last": last.decode()}
