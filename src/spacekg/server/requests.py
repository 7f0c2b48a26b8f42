"""requests    a request as it is read from its connection; headers that are sent each time are read once."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from waitress.parser import HTTPRequestParser, ParsingError, TransferEncodingNotImplemented

from spacekg.repeats import Reply

KNOWN = 8_192
"""Bytes of a request that may be known again as it was sent."""
SAID = 2_000
"""Bytes of headers that are read only once for all who send them."""
_LENGTH = re.compile(rb"\r\n(?i:Content-Length):[ \t]*[0-9]+(?=\r\n(?![ \t]))")
"""The line that is another one for each body; one that goes on behind its end is left to waitress."""


class Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """A request that is read; one that came at once and asks for nothing unusual can be known again by its bytes."""

    whole = b""
    environ: dict[str, Any] | None = None
    """Its environment, once it is made."""
    reply: Reply | None = None
    """Its answer, once the thread that reads has made it."""

    @property
    def is_small(self) -> bool:
        """Whether nobody is kept waiting while it is read."""
        return not self.error and int(self.header_bytes_received) + int(self.body_bytes_received) <= KNOWN

    @property
    def stays(self) -> bool:
        """Whether its connection is kept open behind it, as HTTP/1.1 has it where nothing else is said."""
        return bool(self.headers.get("CONNECTION", "keep-alive").lower() == "keep-alive" and self.version == "1.1")

    def parse_header(self, head: bytes) -> None:
        """Read a head; the headers that a client sends each time are read once, and the length of a body each time."""
        first = head.partition(b"\r\n")[0]
        lines = head[len(first) :]
        usual = first.startswith((b"GET ", b"POST ")) and first.endswith(b" HTTP/1.1") and len(lines) <= SAID
        found = _LENGTH.search(lines) if usual and first.startswith(b"POST ") else None
        length, rest = (found[0], lines[: found.start()] + lines[found.end() :]) if found else (b"", lines)
        said = _said(self.adj, rest) if usual else None
        super().parse_header(head if said is None else b"%s%s\r\n" % (first, length))
        self.headers.update(said or {})

    def received(self, data: bytes) -> int:
        """Read on; gives how many bytes were of this request."""
        begun = self.header_plus or self.headers_finished
        consumed = int(super().received(data))
        if self.completed and not begun and consumed == len(data) <= KNOWN and self._is_plain():
            self.whole = data
        return consumed

    def _is_plain(self) -> bool:
        if self.error or self.empty or self.expect_continue or self.body_rcv is not None:
            return False
        return bool(self.stays and self.command == "GET")


@lru_cache(maxsize=128)
def _said(adjustments: Any, lines: bytes) -> dict[str, str] | None:
    """Read headers; None where they are wrong or say how the request is to be read."""
    parser = HTTPRequestParser(adjustments)
    try:
        parser.parse_header(b"GET / HTTP/1.1" + lines)
    except (ParsingError, TransferEncodingNotImplemented):
        return None
    plain = "CONTENT_LENGTH" not in parser.headers and parser.body_rcv is None
    plain = plain and not parser.expect_continue and not parser.connection_close
    return dict(parser.headers) if plain else None
