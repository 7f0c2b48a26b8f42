"""turnstile  lets a client have only so many queries at a time, and so many seconds of answering in a minute."""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from spacekg.answers import SpentError, TooManyError

WINDOW = 60.0
"""Seconds after which a client that asks nothing has all its time again."""
KNOWN = 10_000
"""Clients that are remembered; with more, those that have all their time are forgotten."""


@dataclass(slots=True)
class _Account:
    inside: int
    seconds: float
    """Left to use; below zero when the last query took longer than there was left."""
    at: float
    """When that was so."""


class Turnstile:
    """Counts, for each client, the queries that run or wait, and the time that its answers took."""

    def __init__(self, places: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._places = places
        self._seconds = seconds
        self._clock = clock
        self._accounts: dict[str, _Account] = {}
        self._counting = threading.Lock()

    @contextmanager
    def passed(self, client: str) -> Iterator[None]:
        """Let a query of a client through and count it until it is answered.

        Raises:
            TooManyError: this client has as many inside as it may.
            SpentError: it has used up its time.
        """
        with self._counting:
            account = self._refilled(client)
            if account.inside >= self._places:
                raise TooManyError(
                    f"{self._places} queries of yours run or wait already: ask again when one is answered"
                )
            if account.seconds <= 0:
                wait = math.ceil((1 - account.seconds) * WINDOW / self._seconds)
                raise SpentError(
                    f"your queries have used more than {self._seconds:g} seconds in a minute: ask again in {wait} "
                    "seconds, or ask for less at a time",
                    wait,
                )
            account.inside += 1
        try:
            yield
        finally:
            with self._counting:
                account.inside -= 1

    def charge(self, client: str, seconds: float) -> None:
        """Take the seconds that an answer took off a client's time."""
        with self._counting:
            self._refilled(client).seconds -= seconds

    def _refilled(self, client: str) -> _Account:
        now = self._clock()
        account = self._accounts.get(client)
        if account is None:
            self._forget(now)
            account = self._accounts[client] = _Account(0, self._seconds, now)
        account.seconds = self._left(account, now)
        account.at = now
        return account

    def _left(self, account: _Account, now: float) -> float:
        return min(self._seconds, account.seconds + (now - account.at) * self._seconds / WINDOW)

    def _forget(self, now: float) -> None:
        if len(self._accounts) >= KNOWN:
            self._accounts = {
                client: account
                for client, account in self._accounts.items()
                if account.inside or self._left(account, now) < self._seconds
            }


@lru_cache(KNOWN)
def client_at(address: str) -> str:
    """Name the client at an address; in IPv6 whoever has one address has 2^64 of them, so their network counts."""
    try:
        place = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((place, 64), strict=False)) if place.version == 6 else str(place)
