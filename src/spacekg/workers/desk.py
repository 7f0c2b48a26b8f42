"""desk      where queries wait for a worker or connection: first come, first served among clients that have fewest."""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from spacekg.answers import AbandonedError, BusyError, Caller
from spacekg.steps import Need, Steps

Place = TypeVar("Place")

LOOK_UP = 0.2
"""Seconds between two looks whether whoever asked has gone away."""


@dataclass(frozen=True, slots=True, eq=False)
class _Ticket:
    client: str


class Desk(Generic[Place]):
    """Places for workers; a place may be empty, and then whoever takes it fills it.

    A client has at most `at_work` of them, and the last free one goes only to a client that has none, so that a few
    clients with slow queries do not keep others waiting.
    """

    def __init__(self, places: Iterable[Place | None], waiting: int, seconds: float, at_work: int) -> None:
        self._idle = list(places)
        self.size = len(self._idle)
        self._limit = waiting
        self._seconds = seconds
        self._at_work = at_work
        self._working: Counter[str] = Counter()
        self._queue: list[_Ticket] = []
        self._changed = threading.Condition()

    def taking(self, caller: Caller, until: float = math.inf) -> Steps[Place | None]:
        """Take a worker or an empty place, at once where it is this caller's turn; see `take`."""
        began = time.monotonic()
        taken = self._taken_at_once(caller)
        while not taken and (yield Need.PLACE):
            taken = self._taken_at_once(caller)
        return taken[0] if taken else self.take(caller, until, began)

    def take(self, caller: Caller, until: float = math.inf, began: float = 0.0) -> Place | None:
        """Wait for one's turn, but not longer than `until`, and take a worker or an empty place.

        Who has waited before says when that `began`; both are times of `time.monotonic`.

        Raises:
            BusyError: too many wait already, or this one has waited too long.
            AbandonedError: whoever asked has gone away.
        """
        ticket = _Ticket(caller.client)
        began = began or time.monotonic()
        end = min(began + self._seconds, until)
        with self._changed:
            if len(self._queue) >= self._limit:
                raise BusyError(f"{self._limit} queries wait already: ask again in a few seconds")
            self._queue.append(ticket)
            try:
                while self._next() is not ticket:
                    self._changed.wait(min(LOOK_UP, max(0.0, end - time.monotonic())))
                    if time.monotonic() >= end:
                        raise BusyError(f"no worker was free for {end - began:.3g} seconds: ask again in a while")
                    if caller.gone():
                        raise AbandonedError("whoever asked has gone away before the query began")
                self._working[ticket.client] += 1
                return self._idle.pop()
            finally:
                self._queue.remove(ticket)
                self._changed.notify_all()

    def put(self, worker: Place | None, caller: Caller) -> None:
        """Give a place back."""
        with self._changed:
            self._idle.append(worker)
            self._working[caller.client] -= 1
            if not self._working[caller.client]:
                del self._working[caller.client]
            self._changed.notify_all()

    def cleared(self) -> list[Place]:
        """Take away whatever has nothing to do; its places stay empty."""
        with self._changed:
            resting = [place for place in self._idle if place is not None]
            self._idle = [None] * len(self._idle)
            return resting

    @property
    def idle(self) -> int:
        """How many places have nothing to do."""
        return len(self._idle)

    @property
    def waiting(self) -> int:
        """How many queries wait."""
        return len(self._queue)

    def _taken_at_once(self, caller: Caller) -> list[Place | None]:
        """Take a worker or an empty place if nobody else has to have it first; nothing otherwise."""
        with self._changed:
            if not self._may_have(caller.client) or (self._queue and not self._is_next(_Ticket(caller.client))):
                return []
            self._working[caller.client] += 1
            return [self._idle.pop()]

    def _is_next(self, ticket: _Ticket) -> bool:
        """Whether it would be somebody's turn before all that wait."""
        self._queue.append(ticket)
        try:
            return self._next() is ticket
        finally:
            self._queue.remove(ticket)

    def _next(self) -> _Ticket | None:
        """Whose turn it is, if it is anybody's."""
        allowed = [ticket for ticket in self._queue if self._may_have(ticket.client)]
        return min(allowed, key=lambda ticket: self._working[ticket.client], default=None)

    def _may_have(self, client: str) -> bool:
        """Whether a client may have one of the places that are free."""
        most = min(self._at_work, 1 if len(self._idle) == 1 and self.size > 1 else self._at_work)
        return bool(self._idle) and (not client or self._working[client] < most)
