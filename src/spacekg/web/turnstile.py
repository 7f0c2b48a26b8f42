"""turnstile  lets a client have only so many queries at a time, and so many seconds of answering in a minute."""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections.abc import Callable
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

    def passed(self, client: str) -> Passage:
        """Let a query of a client through and count it until it is answered: `with` what this gives.

        Raises:
            TooManyError: this client has as many inside as it may.
            SpentError: it has used up its time.
        """
        return Passage(self, client)

    def enter(self, client: str) -> None:
        """Count a query of a client; see `passed`."""
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

    def leave(self, client: str, seconds: float) -> None:
        """Count a query no more, and take what its answer took off its client's time."""
        with self._counting:
            account = self._refilled(client)
            account.seconds -= seconds
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


class Passage:
    """A query that is counted while it is answered; what contextlib would make of this takes three times as long."""

    __slots__ = ("_client", "_turnstile", "seconds")

    def __init__(self, turnstile: Turnstile, client: str) -> None:
        self._turnstile = turnstile
        self._client = client
        self.seconds = 0.0
        """What its answer took, once that is known."""

    def __enter__(self) -> Passage:
        self._turnstile.enter(self._client)
        return self

    def __exit__(self, *_: object) -> None:
        self._turnstile.leave(self._client, self.seconds)


@lru_cache(KNOWN)
def client_at(address: str) -> str:
    """Name the client at an address; in IPv6 whoever has one address has 2^64 of them, so their network counts."""
    try:
        place = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((place, 64), strict=False)) if place.version == 6 else str(place)
