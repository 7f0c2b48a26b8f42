"""turnstile  lets only so many queries of one client through at a time."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from spacekg.answers import TooManyError


class Turnstile:
    """Counts, for each client, the queries that run or wait."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._inside: Counter[str] = Counter()
        self._counting = threading.Lock()

    @contextmanager
    def passed(self, client: str) -> Iterator[None]:
        """Let a query of a client through and count it until it is answered.

        Raises:
            TooManyError: this client has as many inside as it may.
        """
        with self._counting:
            if self._inside[client] >= self._limit:
                raise TooManyError(
                    f"{self._limit} queries of yours run or wait already: ask again when one is answered"
                )
            self._inside[client] += 1
        try:
            yield
        finally:
            with self._counting:
                self._inside[client] -= 1
                if not self._inside[client]:
                    del self._inside[client]
