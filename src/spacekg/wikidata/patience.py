"""patience  a question that could not be answered just now → asked again after a while, and not for ever."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from spacekg.errors import RemoteError
from spacekg.remote import PassingError

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a question is asked, and how long to wait in between, in seconds.

    The first pause is doubled after each failure unless the endpoint says how long to wait. Nobody is asked sooner
    than they said: when that is more than `longest`, we give up.
    """

    tries: int = 6
    first: float = 2.0
    longest: float = 180.0
    pause: Callable[[float], None] = time.sleep

    def until_answered(self, ask: Callable[[], Answer]) -> Answer:
        """Ask until there is an answer.

        Raises:
            RemoteError: another try would not help, there were enough of them, or the next one would be too late.
        """
        for attempt in range(1, self.tries):
            try:
                return ask()
            except PassingError as error:
                wait = min(self.first * 2 ** (attempt - 1), self.longest) if error.wait is None else error.wait
                if wait > self.longest:
                    raise RemoteError(f"{error}: that is longer than we wait here; run the same again then") from None
            self.pause(wait)
        try:
            return ask()
        except PassingError as error:
            raise RemoteError(f"{error} (asked {self.tries} time{'s' if self.tries > 1 else ''})") from None
