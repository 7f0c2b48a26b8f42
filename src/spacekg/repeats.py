"""repeats   what a server and a site agree on, so that what needs no thread of its own is answered without one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from spacekg.steps import Steps

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

SENT = "spacekg.sent"
"""Where in a request's environment stands what was sent, if the same may be asked again in the same words."""
LARGEST = 256 * 1024
"""Bytes of an answer that the thread which reads all connections may send; larger ones would keep others waiting."""


class Sent(NamedTuple):
    """All bytes of a request without a body, and which proxy it came through, for it says who asks."""

    proxy: str
    """Empty when whoever is at the other end asks."""
    content: bytes


@dataclass(frozen=True, slots=True)
class Repeat:
    """An answer as it is sent: its status and headers, each line with its end, without a date; and its body."""

    head: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer as WSGI has it."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    left: tuple[Callable[[], object], ...] = field(default=(), compare=False)
    """What is left to do for it, by whoever sends it: when it is sent, so that nobody waits for that, or before."""

    def then(self, *more: Callable[[], object]) -> Reply:
        """Give the same answer with more to do for it."""
        return Reply(self.status, self.headers, self.body, (*more, *self.left))

    def end(self) -> None:
        """Do what is left to do."""
        for do in self.left:
            do()

    @property
    def is_whole(self) -> bool:
        """Whether there is nothing more to be found out about it: all that was asked for, and of a length it names."""
        return self.status == "200 OK" and ("Content-Length", str(len(self.body))) in self.headers

    @property
    def head(self) -> bytes:
        """Its status and headers as they are sent, each line with its end."""
        lines = "".join([f"{name}: {value}\r\n" for name, value in self.headers])
        return f"HTTP/1.1 {self.status}\r\n{lines}".encode("latin-1")


def again(site: Any, sent: Sent, there: str) -> Repeat | None:
    """Have a site answer what was sent from `there`, if it can do so at once; most WSGI applications cannot."""
    answer = getattr(site, "again", None)
    repeat: Repeat | None = answer(sent, there) if answer else None
    return repeat


def answering(site: Any, environ: WSGIEnvironment) -> Steps[Reply] | None:
    """Have a site answer a request step by step, if it can; most WSGI applications cannot."""
    answer = getattr(site, "answering", None)
    work: Steps[Reply] | None = answer(environ) if answer else None
    return work
